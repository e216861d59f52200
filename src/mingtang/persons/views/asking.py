"""Views of those who take requests about people's own data in, and of those who answer."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mingtang.accounts.again import FIELD
from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.queries import actor_of, person_found
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date, now
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import secret_fields
from mingtang.persons import queries, services
from mingtang.persons.copying import as_download
from mingtang.persons.forms import CopyForm, DecideForm, HoldForm, LiftForm, TakeInForm
from mingtang.persons.rules import DECIDERS, HAND_OUT, KEEPERS, HandedOut, NothingKnown, RequestKind


def _by(request: HttpRequest, roles: frozenset[Role]) -> dict[str, Any]:
    reader = scope(request)
    grant = next(one for one in reader.grants if one.role in roles)
    return {"actor": actor_of(reader, grant), "at": now()}


def _person_id(found_by: str) -> int:
    found = person_found(found_by)
    if found is None:
        raise NothingKnown
    return found.id


@staff(*sorted(KEEPERS))
def data_requests(request: HttpRequest) -> HttpResponse:
    """The register, and one more of somebody who stands at the counter."""
    form, status = TakeInForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                services.ask(
                    person_id=_person_id(said["found_by"]),
                    kind=RequestKind(said["kind"]),
                    words=said["words"],
                    registered_by_id=scope(request).person_id,
                    **_by(request, KEEPERS),
                    command_id=said["command_id"],
                )
                notes.success(request, _("已登记。由另一位中心管理人员答复。"))
                return redirect("persons:data_requests")
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    return _list(request, form, HoldForm(), status)


def _list(request: HttpRequest, form: TakeInForm, hold_form: HoldForm, status: int) -> HttpResponse:
    on, may_decide = legal_date(now()), scope(request).has_role(DECIDERS)
    only = None if may_decide else scope(request).person_id  # a clerk sees those taken in here
    context = {
        "form": form,
        "hold_form": hold_form,
        "may_decide": may_decide,
        "rows": [_row(one, on) for one in queries.data_requests(only)],
        "holds": [
            {"row": one, "form": LiftForm(initial={"hold_id": one.id})}
            for one in (queries.holds() if may_decide else [])
        ],
    }
    return render(request, "persons/office/requests.html", context, status=status)


def _row(one: Any, on: Any) -> dict[str, Any]:
    state = _("等待答复") if one.decided_at is None else _("同意") if one.is_agreed else _("不同意")
    late = one.decided_at is None and on > one.due_date
    return {
        "id": one.id,
        "who": one.person.name,
        "kind": RequestKind(one.kind).label,
        "asked_at": one.asked_at,
        "due": one.due_date,
        "registered_by": one.registered_by.name if one.registered_by else "",
        "state": _("超过期限") if late else state,
        "tone": "bad" if late else "info" if one.decided_at is None else "ok",
    }


@staff(*sorted(KEEPERS))
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what would go and what would stay, and the answer of another person."""
    found = _seen(request, request_id)
    may_decide = scope(request).has_role(DECIDERS) and found.decided_at is None
    form, status = DecideForm(request.POST or None), 200
    if request.method == "POST":
        if not may_decide:
            raise NotFound
        status = 422
        if form.is_valid():
            try:
                services.decide(
                    request_id=found.id,
                    **form.cleaned_data,
                    decider_id=scope(request).person_id,
                    **_by(request, DECIDERS),
                )
                notes.success(request, _("已答复。"))
                return redirect("persons:decide", found.id)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "about": found,
        "row": _row(found, legal_date(now())),
        "parts": _plan(found),
        "hold": queries.hold_on(found.person_id),
        "form": form if may_decide else None,
        "copy_form": CopyForm() if _may_hand_out(request, found, now()) else None,
    }
    return render(request, "persons/office/request.html", context, status=status)


def _seen(request: HttpRequest, request_id: int) -> Any:
    """A request, for who answers and for who took it in. Raises NotFound."""
    found, reader = queries.data_request(request_id), scope(request)
    if not reader.has_role(DECIDERS) and found.registered_by_id != reader.person_id:
        raise NotFound
    return found


def _may_hand_out(request: HttpRequest, found: Any, at: datetime) -> bool:
    """To who stood at this clerk's counter, in the days after the answer."""
    is_agreed = found.kind == RequestKind.COPY.value and found.is_agreed is True
    is_ours = found.registered_by_id == scope(request).person_id
    return is_agreed and is_ours and at - found.decided_at <= HAND_OUT


def _plan(found: Any) -> list[dict[str, Any]]:
    """How much would go and stay, by kind: no contents, which are nobody's to read here."""
    return [
        {
            "label": part["label"],
            "goes": sum(not one["kept"] for one in part["held"]),
            "stays": sum(bool(one["kept"]) for one in part["held"]),
            "why": sorted({one["kept"] for one in part["held"] if one["kept"]}),
        }
        for part in queries.copy_of(queries.who_is(found.person_id))
    ]


@staff(*sorted(KEEPERS))
@require_POST
@secret_fields(FIELD)
@proved()
def copy_for(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """The copy, handed to who stands at the counter, once another person has agreed."""
    found, form, by = _seen(request, request_id), CopyForm(request.POST), _by(request, KEEPERS)
    if not _may_hand_out(request, found, by["at"]) or not form.is_valid():
        raise NotFound
    command_id = form.cleaned_data["command_id"]
    try:
        services.note_copy(
            person_id=found.person_id, request_id=found.id, **by, command_id=command_id
        )
    except HandedOut as error:
        notes.error(request, error.message)
        return redirect("persons:decide", found.id)
    return as_download(found.person_id, by["at"], at_counter=True)


@staff(*sorted(DECIDERS))
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Keep everything of somebody while a dispute lasts, or no longer."""
    lifting = LiftForm(request.POST)
    form = HoldForm(request.POST)
    by, who = _by(request, DECIDERS), scope(request).person_id
    try:
        if lifting.is_valid():
            services.lift(**lifting.cleaned_data, lifter_id=who, **by)
            notes.success(request, _("已解除。"))
            return redirect("persons:data_requests")
        if not form.is_valid():
            return _list(request, TakeInForm(), form, 422)
        services.place(
            person_id=_person_id(form.cleaned_data["found_by"]),
            reason=form.cleaned_data["reason"],
            holder_id=who,
            **by,
            command_id=form.cleaned_data["command_id"],
        )
        notes.success(request, _("已暂停删除。"))
    except DomainError as error:
        form.add_error(None, error.message)
        return _list(request, TakeInForm(), form, error.status)
    return redirect("persons:data_requests")
