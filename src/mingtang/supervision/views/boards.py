"""Views: boards and lists of cards. The reader's scope decides whose."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.replica import may_lag
from mingtang.base.subjects import titles_of
from mingtang.supervision import present, queries
from mingtang.supervision.forms import CardsForm
from mingtang.supervision.queries import Filters
from mingtang.supervision.rules import READERS
from mingtang.supervision.views.common import is_overseer, span_asked


@staff(*READERS)
@may_lag
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What stands: of the region for who watches over it, of their own for an office."""
    on = today()
    since, until = span_asked(request, (on.replace(day=1), on))
    found = queries.board(scope(request), until, since)
    context = {
        "since": since,
        "until": until,
        "is_today": until == on,
        "profile": queries.profile_on(until),
        "is_overseer": is_overseer(request),
        **present.board(found, since),
    }
    return render(request, "supervision/board.html", context)


@staff(*READERS)
@may_lag
@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """A list of cards, narrowed by its address."""
    reader, on = scope(request), today()
    found = queries.choices(reader)
    names = present.unit_names(found.units, on)
    units = sorted(((str(one), names.get(one, "")) for one in found.units), key=lambda one: one[1])
    form = CardsForm(request.GET, units=units, rules=found.rules)
    asked = _asked(request, form)
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.cards(reader, _filters(form), after)
    subject = form.cleaned_data.get("subject", "")
    context = {
        "form": form,
        "is_narrowed": bool(asked),
        "chosen": _chosen(form, asked),
        "about": titles_of([subject])[subject] if subject else "",
        "rows": present.rows(page.cards, on),
        "next_url": f"?{urlencode({**asked, 'after': page.next})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(asked)}" if after else "",
        "is_overseer": is_overseer(request),
    }
    return render(request, "supervision/cards.html", context)


def _asked(request: HttpRequest, form: CardsForm) -> dict[str, str]:
    """What of an address narrows the list."""
    form.is_valid()
    return {
        name: request.GET[name]
        for name in CardsForm.base_fields
        if request.GET.get(name) and name not in form.errors
    }


def _chosen(form: CardsForm, asked: dict[str, str]) -> list[str]:
    """What narrows the list, in words; what it is about stands over it."""
    found = []
    for name in form.fields:
        if name in asked and name != "subject":
            offered = dict(getattr(form.fields[name], "choices", ()))
            found.append(str(offered.get(asked[name], f"{form.fields[name].label} {asked[name]}")))
    return found


def _filters(form: CardsForm) -> Filters:
    said: dict[str, Any] = {name: form.cleaned_data.get(name) for name in CardsForm.base_fields}
    return Filters(
        colour=said["colour"] or "",
        state=said["state"] or "",
        rule_code=said["rule"] or "",
        organisation_id=parse_id(said["unit"] or ""),
        subject=said["subject"] or "",
        since=said["since"],
        until=said["until"],
        is_open=True if said["show"] in {"open", "proposed"} else None,
        counts=True if said["show"] == "counts" else None,
        is_proposed=True if said["show"] == "proposed" else None,
    )
