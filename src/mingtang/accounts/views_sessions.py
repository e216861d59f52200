"""Where somebody is signed in, and out again (ASVS 7.5.2)."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts import queries
from mingtang.accounts.again import FIELD
from mingtang.accounts.forms import EndSessionForm
from mingtang.accounts.policy import before_factor, scope
from mingtang.accounts.proof import proved
from mingtang.accounts.services_sessions import end_own_sessions
from mingtang.accounts.sessions import seats_of
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import for_reading, secret_fields


@before_factor
@for_reading
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    seats = seats_of(str(request.user.pk), request.session.session_key)
    rows = [
        {"seat": one, "form": EndSessionForm(initial={"mark": one.mark}, auto_id=False)}
        for one in seats
    ]
    context = {"rows": rows, "all_form": EndSessionForm(auto_id=False)}
    return render(request, "accounts/sessions.html", context)


@before_factor
@require_POST
@secret_fields(FIELD)
@proved()
def end(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, queries.Person)
    form, reader = EndSessionForm(request.POST), scope(request)
    try:
        if form.is_valid():
            told = end_own_sessions(
                person_id=request.user.id,
                mark=form.cleaned_data["mark"] or None,
                at_session=request.session.session_key,
                actor=queries.actor_of(reader, reader.grants[0] if reader.grants else None),
                at=now(),
                command_id=form.cleaned_data["command_id"],
            )
            notes.success(request, _("已退出别处的 %(count)s 个登录。") % told)
        else:
            notes.error(request, _("没有看清要退出哪一处，请在下面再选一次。"))
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("accounts:sessions")
