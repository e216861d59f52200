"""Views of security keys: what the browser asks them, register one, remove one."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mingtang.accounts import keys, queries
from mingtang.accounts.again import FIELD
from mingtang.accounts.entering import HALFWAY
from mingtang.accounts.forms import KeyForm, RenewForm
from mingtang.accounts.policy import public, scope, signed_in
from mingtang.accounts.proof import proved
from mingtang.accounts.services_keys import (
    asked_to_register,
    asked_to_sign,
    register_key,
    remove_key,
)
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import for_reading, secret_fields
from mingtang.ledger.rules import Actor


def _person(request: HttpRequest) -> queries.Person:
    assert isinstance(request.user, queries.Person)
    return request.user


def _actor(request: HttpRequest) -> Actor:
    reader = scope(request)
    return queries.actor_of(reader, reader.grants[0] if reader.grants else None)


@signed_in
@require_POST
def key_options(request: HttpRequest) -> HttpResponse:
    """What a new key is asked."""
    person = _person(request)
    try:
        told, state = asked_to_register(keys.site_of(request), person.id, person.username)
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    keys.keep(request, state)
    return JsonResponse(told)


@public
@for_reading
@require_POST
def key_question(request: HttpRequest) -> HttpResponse:
    """What a known key is asked: of who gave the password a moment ago, or who is signed in."""
    halfway = request.session.get(HALFWAY)
    if halfway is not None and now().timestamp() <= halfway["until"]:
        person_id = int(halfway["person"])
    else:
        person_id = getattr(request.user, "id", None) or 0
    try:
        told, state = asked_to_sign(keys.site_of(request), person_id)
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    keys.keep(request, state)
    return JsonResponse(told)


@signed_in
@require_POST
@secret_fields(FIELD)
@proved()
def add_key(request: HttpRequest) -> HttpResponse:
    """Register the key that has answered."""
    form = KeyForm(request.POST)
    try:
        if form.is_valid():
            register_key(
                site=keys.site_of(request),
                state=keys.take(request),
                person_id=_person(request).id,
                name=form.cleaned_data["name"],
                said=form.cleaned_data["said"],
                actor=_actor(request),
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
            notes.success(request, _("密钥已登记。以后登录可以用它，也可以用手机上的 6 位数字。"))
        else:
            notes.error(
                request, " ".join(str(one) for all_ in form.errors.values() for one in all_)
            )
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("accounts:factor")


@signed_in
@require_POST
@secret_fields(FIELD)
@proved()
def drop_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """It opens nothing any more; whoever signed in elsewhere, perhaps with it, is out."""
    form = RenewForm(request.POST)
    try:
        if form.is_valid():
            remove_key(
                key_id=key_id,
                person_id=_person(request).id,
                at_session=request.session.session_key,
                actor=_actor(request),
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
            notes.success(request, _("密钥已移除，您在别处的登录也已退出。"))
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("accounts:factor")
