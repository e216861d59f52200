"""Views of the register of intermediaries: for everybody, and for the office that keeps it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.projects import present_agents as present
from mingtang.projects.forms.agents import DeedForm
from mingtang.projects.forms.intermediaries import RegisterForm, RenewForm, StrikeOffForm
from mingtang.projects.queries import intermediaries as queries
from mingtang.projects.rules.intermediaries import Trade
from mingtang.projects.services import intermediaries as services

STRIKE_OFF, RENEW = "strike-off", "renew"
FORMS: dict[str, type[DeedForm]] = {RENEW: RenewForm, STRIKE_OFF: StrikeOffForm}
COMMANDS: dict[str, Callable[..., Any]] = {
    RENEW: services.renew,
    STRIKE_OFF: services.strike_off,
}
LABELS = {RENEW: "更新资质有效期", STRIKE_OFF: "移出名录"}


def _listed(request: HttpRequest, *, with_struck_off: bool) -> dict[str, Any]:
    on, trade = today(), request.GET.get("trade", "")
    after = queries.NameCursor.read(request.GET.get("after", ""))
    page = queries.register_page(on, trade=trade, with_struck_off=with_struck_off, after=after)
    given = {"trade": trade} if trade in set(Trade) else {}
    return {
        "rows": [present.firm(one, on) for one in page.rows],
        "next_url": "?" + urlencode({**given, "after": str(page.next)}) if page.next else "",
        "trades": [(one.value, _(one.label)) for one in Trade],
        "trade": trade,
        "least": settings.MINGTANG_AGENCY_LEAST,
    }


@public
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """Who may be engaged, and how fast they have been: for owners to choose from."""
    return render(request, "agents/directory.html", _listed(request, with_struck_off=False))


@staff(*queries.KEEPERS)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The whole register, the struck off too, and a form for a new entry."""
    return _register(request, RegisterForm())


def _register(request: HttpRequest, form: DeedForm, status: int = 200) -> HttpResponse:
    context = _listed(request, with_struck_off=True) | {
        "act": {
            "verb": "add",
            "label": _("登记一家机构"),
            "url": reverse("agents:register_firm"),
            "form": form,
        }
    }
    return render(request, "agents/register.html", context, status=status)


@staff(*queries.KEEPERS)
@require_POST
def register_firm(request: HttpRequest) -> HttpResponse:
    """A firm enters the register."""
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _register(request, form, 422)
    actor, key = queries.keeper(scope(request)), form.cleaned_data["command_id"]
    try:
        services.register(**form.content(), actor=actor, at=now(), command_id=key)
    except DomainError as error:
        form.add_error(None, error.message)
        return _register(request, form, error.status)
    notes.success(request, _("已登记。"))
    return redirect("agents:register")


@staff(*queries.KEEPERS)
@require_GET
def firm(request: HttpRequest, intermediary_id: int) -> HttpResponse:
    """One firm: what it may be engaged for, what may be done about its entry."""
    return _firm(request, intermediary_id)


def _firm(
    request: HttpRequest,
    intermediary_id: int,
    refused: tuple[str, DeedForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    found, on = queries.listed(intermediary_id, today()), today()
    acts = [
        {
            "verb": verb,
            "label": _(LABELS[verb]),
            "url": reverse("agents:firm_act", args=[intermediary_id, verb]),
            "tone": "danger" if verb == STRIKE_OFF else "plain",
            "form": refused[1] if refused and refused[0] == verb else FORMS[verb](),
        }
        for verb in (FORMS if found.firm.struck_off_at is None else ())
    ]
    context = {
        "one": present.firm(found, on),
        "acts": acts,
        "least": settings.MINGTANG_AGENCY_LEAST,
        "engagements": [
            present.engagement(made, on) | {"project": made.project}
            for made in queries.latest_engagements(intermediary_id)
        ],
    }
    return render(request, "agents/firm.html", context, status=status)


@staff(*queries.KEEPERS)
@require_POST
def firm_act(request: HttpRequest, intermediary_id: int, verb: str) -> HttpResponse:
    """An entry is renewed or struck off."""
    if verb not in FORMS:
        raise NotFound
    form = FORMS[verb](request.POST)
    if not form.is_valid():
        return _firm(request, intermediary_id, (verb, form), 422)
    actor, key = queries.keeper(scope(request)), form.cleaned_data["command_id"]
    content = {**form.content(), "intermediary_id": intermediary_id}
    try:
        COMMANDS[verb](**content, actor=actor, at=now(), command_id=key)
    except DomainError as error:
        form.add_error(None, error.message)
        return _firm(request, intermediary_id, (verb, form), error.status)
    notes.success(request, _("已办理：%s") % _(LABELS[verb]))
    return redirect("agents:firm", intermediary_id)
