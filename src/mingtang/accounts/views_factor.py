"""Views of the second factor: set it up, show who one is, reset what was lost by two people."""

from typing import Any

from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts import queries, totp
from mingtang.accounts.again import FIELD
from mingtang.accounts.forms import AgreeForm, EnrolForm, KeyForm, ProofForm, RenewForm, ResetForm
from mingtang.accounts.policy import FACTOR, before_factor, lacks_factor, scope, signed_in, staff
from mingtang.accounts.proof import ask, is_proved, note_proof, proved, shows_self
from mingtang.accounts.rules import Role
from mingtang.accounts.services_factor import (
    agree_reset,
    ask_reset,
    confirm_factor,
    offered_secret,
    renew_codes,
)
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.qr import qr_svg
from mingtang.base.web import for_reading, secret_fields
from mingtang.ledger.rules import Actor


def _person(request: HttpRequest) -> queries.Person:
    assert isinstance(request.user, queries.Person)
    return request.user


def _session_key(request: HttpRequest) -> str:
    """New at each sign-in; who signed in has one."""
    key: str | None = request.session.session_key
    assert key
    return key


def _actor(request: HttpRequest) -> Actor:
    """Staff act with their post; who has none that counts yet acts as themselves."""
    reader = scope(request)
    return queries.actor_of(reader, reader.grants[0] if reader.grants else None)


@before_factor
@for_reading
@secret_fields("code", "password")
def factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor; the recovery codes stand on the answer, this once."""
    person = _person(request)
    if queries.has_factor(person.id):
        context = {
            "is_set_up": True,
            "form": RenewForm(),
            "keys": queries.keys_of(person.id),
            "key_form": KeyForm(),
        }
        return render(request, "accounts/factor.html", context)
    secret = offered_secret(person.id, _session_key(request))
    form, status = EnrolForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _enrolled(request, person, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    written = totp.written(secret)
    context = {
        "form": form,
        "secret": " ".join(written[place : place + 4] for place in range(0, len(written), 4)),
        "is_required": lacks_factor(request),
    }
    return render(request, "accounts/factor.html", context, status=status)


def _enrolled(request: HttpRequest, person: queries.Person, form: EnrolForm) -> HttpResponse:
    codes = confirm_factor(
        person_id=person.id,
        session_key=_session_key(request),
        typed=form.cleaned_data["code"],
        password=form.cleaned_data["password"],
        actor=_actor(request),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    renewed = queries.open_account(person.id)
    update_session_auth_hash(request, renewed)  # their other sessions end
    request.session[FACTOR] = renewed.factor_key
    note_proof(request)
    return render(request, "accounts/factor.html", {"codes": codes})


@signed_in
@require_POST
@secret_fields(FIELD)
@proved()
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten other recovery codes: of those before, some are used, lost, or were never seen."""
    form = RenewForm(request.POST)
    try:
        if form.is_valid():
            codes = renew_codes(
                person_id=_person(request).id,
                actor=_actor(request),
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
            context = {"codes": codes, "are_renewed": True}
            return render(request, "accounts/factor.html", context)
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("accounts:factor")


@before_factor
@require_GET
def factor_qr(request: HttpRequest) -> HttpResponse:
    """The secret for a phone's camera, until it was confirmed."""
    person = _person(request)
    secret = offered_secret(person.id, _session_key(request))
    told = totp.address(secret, person.username, settings.MINGTANG_SITE_NAME)
    return HttpResponse(qr_svg(told), content_type="image/svg+xml")


@signed_in
@for_reading
@require_POST
@secret_fields(FIELD)
def prove(request: HttpRequest) -> HttpResponse:
    """Who it is, before something is read: then back to it."""
    form = ProofForm(request.POST)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    if is_proved(request) or (form.is_valid() and shows_self(request, form)):
        return HttpResponseRedirect(target)
    return ask(request, form, 422)


# ── a lost phone ──────────────────────────────────────────────────────────────────────────────


@staff(Role.SECURITY_ADMIN)
def resets(request: HttpRequest) -> HttpResponse:
    """Whose factor is to be reset: one administrator asks, another one agrees."""
    form, status = ResetForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said: dict[str, Any] = form.cleaned_data
                by = {"actor": _actor(request), "asker_id": _person(request).id, "at": now()}
                ask_reset(**said, **by)
                notes.success(request, _("已提出，请另一位安全管理员同意。"))
                return redirect("accounts:resets")
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    rows = [
        {
            "row": row,
            "is_own": _person(request).id in {row.asked_by_id, row.person_id},
            "form": AgreeForm(),
        }
        for row in queries.open_resets(now())
    ]
    return render(request, "accounts/resets.html", {"form": form, "rows": rows}, status=status)


@staff(Role.SECURITY_ADMIN)
@require_POST
def agree(request: HttpRequest, reset_id: int) -> HttpResponseRedirect:
    """The second of the two."""
    form = AgreeForm(request.POST)
    try:
        if form.is_valid():
            agree_reset(
                reset_id=reset_id,
                agreer_id=_person(request).id,
                actor=_actor(request),
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
            notes.success(request, _("已重置。本人下次登录时重新设置。"))
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("accounts:resets")
