"""One's own account: another password, and where the rest is set."""

from django.contrib import messages as notes
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingtang.accounts import queries
from mingtang.accounts.forms import PasswordForm
from mingtang.accounts.policy import before_own_password, has_password_of_others, scope
from mingtang.accounts.proof import note_proof
from mingtang.accounts.services_password import change_password
from mingtang.base.clock import now
from mingtang.base.errors import DomainError


@before_own_password
def account(request: HttpRequest) -> HttpResponse:
    """Who signs in elsewhere has no password here, and none to change."""
    person = request.user
    assert isinstance(person, queries.Person)
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _changed(request, person, form)
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    context = {
        "form": form,
        "has_password": person.has_usable_password(),
        "is_given": has_password_of_others(request),
    }
    return render(request, "accounts/account.html", context, status=status)


def _changed(request: HttpRequest, person: queries.Person, form: PasswordForm) -> HttpResponse:
    reader = scope(request)
    change_password(
        person=person,
        old=form.cleaned_data["old_password"],
        new=form.cleaned_data["new_password"],
        at_session=request.session.session_key,
        actor=queries.actor_of(reader, reader.grants[0] if reader.grants else None),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    update_session_auth_hash(request, queries.open_account(person.id))
    note_proof(request)
    notes.success(request, _("密码已修改。别处的登录都已退出，下次登录请用新密码。"))
    return redirect("accounts:account")
