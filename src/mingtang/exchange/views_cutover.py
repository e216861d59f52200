"""Views: the switching-off of an old system: its check list, open cases, the seal of two."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.masking import mask_addressee
from mingtang.base.web import search_text
from mingtang.exchange.forms import OutcomeForm, SourceForm, TickForm, UntickForm
from mingtang.exchange.queries import cutover as reads
from mingtang.exchange.rules.batches import KEEPERS
from mingtang.exchange.services import cutover as services

Refused = tuple[str, Any] | None  # which form, and the form with what was typed


@staff(*KEEPERS)
@require_GET
def cut_over(request: HttpRequest) -> HttpResponse:
    """One old system, or the choice of one where there are several. Raises NotFound."""
    known = reads.sources()
    source = search_text(request, "source") or (known[0] if len(known) == 1 else "")
    if source:
        return _page(request, source)
    context = {"sources": [{"name": one, "url": _url(one)} for one in known], "tab": "cut_over"}
    return render(request, "exchange/cut_over.html", context)


def _url(source: str) -> str:
    return f"{reverse('exchange:cut_over')}?{urlencode({'source': source})}"


def _page(
    request: HttpRequest, source: str, refused: Refused = None, status: int = 200
) -> HttpResponse:
    row, found = reads.cut_over(source), reads.check_list(source, today())
    is_sealed = row is not None and row.sealed_at is not None
    opened = [] if is_sealed else reads.open_cases(source)
    noted = {one.point: one for one in reads.ticks(source)}
    context = {
        "source": source,
        "rows": [
            {
                "point": line.point.value,
                "label": line.point.label,
                "is_done": line.is_done,
                "figure": line.figure,
                "todo": line.todo,
                "tick": noted.get(line.point.value),
                "act": None
                if is_sealed or not line.by_hand
                else _tick(source, line.point.value, line.point.value in noted, refused),
            }
            for line in found
        ],
        "open": [_open(source, one, refused) for one in opened],
        "left": sum(not line.is_done for line in found),
        "cut_over": row,
        "is_sealed": is_sealed,
        "seal": None if is_sealed else _seal(source, row is not None and row.proposed_at),
        "tab": "cut_over",
    }
    return render(request, "exchange/cut_over.html", context, status=status)


def _form(kind: type[Any], key: str, refused: Refused, **start: Any) -> Any:
    if refused is not None and refused[0] == key:
        return refused[1]
    return kind(initial=start, auto_id=f"{key}-%s")


def _tick(source: str, point: str, is_ticked: bool, refused: Refused) -> dict[str, Any]:
    if is_ticked:
        return {
            "label": _("撤回登记"),
            "tone": "plain",
            "url": reverse("exchange:cut_over_untick"),
            "form": _form(UntickForm, f"untick-{point}", None, source=source, point=point),
        }
    return {
        "label": _("登记"),
        "tone": "plain",
        "url": reverse("exchange:cut_over_tick"),
        "form": _form(TickForm, f"tick-{point}", refused, source=source, point=point),
    }


def _open(source: str, one: Any, refused: Refused) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "old_number": one.old_number,
        "item": one.item_name,
        "applicant": mask_addressee(one.applicant_name),
        "submitted": one.submitted_date,
        "act": {
            "label": _("登记去向"),
            "tone": "plain",
            "url": reverse("exchange:cut_over_open"),
            "form": _form(OutcomeForm, f"open-{one.id}", refused, source=source, old_id=one.id),
        },
    }


def _seal(source: str, is_second: Any) -> dict[str, Any]:
    return {
        "label": _("确认停用") if is_second else _("提出停用"),
        "tone": "primary",
        "url": reverse("exchange:cut_over_seal"),
        "form": SourceForm(initial={"source": source}, auto_id="seal-%s"),
    }


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def _done(
    request: HttpRequest,
    kind: type[SourceForm],
    key: Callable[[Any], str],
    act: Callable[..., Any],
    said: str,
) -> HttpResponse:
    """What a button sends; what is refused comes back with its words."""
    form = kind(request.POST)
    if not form.is_valid():
        name = key(form)
        form.auto_id = f"{name}-%s"
        return _page(request, form.cleaned_data.get("source", ""), (name, form), 422)
    reader = scope(request)
    grant = next(one for one in reader.grants if one.role in KEEPERS)
    source = form.cleaned_data["source"]
    try:
        act(**form.cleaned_data, actor=actor_of(reader, grant), at=now())
    except DomainError as error:
        if not form.visible_fields():
            notes.error(request, error.message)
            return redirect(_url(source))
        form.add_error(None, error.message)
        form.auto_id = f"{key(form)}-%s"
        return _page(request, source, (key(form), form), error.status)
    notes.success(request, said)
    return redirect(_url(source))


def _key(prefix: str, field: str) -> Callable[[Any], str]:
    return lambda form: f"{prefix}-{form.data.get(field, '')}"


@staff(*KEEPERS)
@require_POST
def tick(request: HttpRequest) -> HttpResponse:
    """What no machine knows is noted by who is signed in."""
    return _done(request, TickForm, _key("tick", "point"), services.tick, _("已登记。"))


@staff(*KEEPERS)
@require_POST
def untick(request: HttpRequest) -> HttpResponse:
    """What was noted is taken back."""
    return _done(request, UntickForm, _key("untick", "point"), services.untick, _("已撤回。"))


@staff(*KEEPERS)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Where an old case that was open has gone."""
    key = _key("open", "old_id")
    return _done(request, OutcomeForm, key, services.settle_open, _("已登记去向。"))


@staff(*KEEPERS)
@require_POST
@proved()
def seal(request: HttpRequest) -> HttpResponse:
    """The first says that all is ready, another seals it."""
    return _done(request, SourceForm, _key("seal", "source"), services.seal, _("已确认。"))
