"""Views of one's own data: what is held, a copy, a request to have it erased."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.again import FIELD
from mingtang.accounts.policy import scope, signed_in
from mingtang.accounts.proof import proved
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import secret_fields
from mingtang.persons import queries, services
from mingtang.persons.copying import as_download
from mingtang.persons.forms_own import EraseForm, OwnForm
from mingtang.persons.rules import RequestKind


def _own_id(request: HttpRequest) -> int:
    person_id = scope(request).person_id
    assert person_id is not None
    return person_id


@signed_in
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What is held, by kind, and what stays when one asks to have it erased."""
    return _page(request)


def _page(request: HttpRequest, form: EraseForm | None = None, status: int = 200) -> HttpResponse:
    person_id = _own_id(request)
    context = {
        "parts": [
            {
                "label": part["label"],
                "count": len(part["held"]),
                "kept": sorted({one["kept"] for one in part["held"] if one["kept"]}),
            }
            for part in queries.copy_of(queries.who_is(person_id))
        ],
        "asked": queries.requests_of(person_id),
        "copy_form": OwnForm(),
        "form": form or EraseForm(),
    }
    return render(request, "persons/own.html", context, status=status)


@signed_in
@require_POST
@secret_fields(FIELD)
@proved()
def own_copy(request: HttpRequest) -> HttpResponseBase:
    """Everything, to take away. Who it is, is asked anew where that was long ago."""
    form, person_id, at = OwnForm(request.POST), _own_id(request), now()
    if not form.is_valid():
        notes.error(request, _("没有下载成功，请在这个页面上再点一次。"))
        return redirect("persons:own")
    services.note_copy(
        person_id=person_id,
        request_id=None,
        actor=actor_of(scope(request)),
        at=at,
        command_id=form.cleaned_data["command_id"],
    )
    return as_download(person_id, at)


@signed_in
@require_POST
def erasure(request: HttpRequest) -> HttpResponse:
    """Ask to have it erased; somebody answers within the limit."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        services.ask(
            person_id=_own_id(request),
            kind=RequestKind.ERASE,
            words=form.cleaned_data["words"],
            registered_by_id=None,
            actor=actor_of(scope(request)),
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, form, error.status)
    notes.success(request, _("已收到。答复会写在这一页上。"))
    return redirect("persons:own")
