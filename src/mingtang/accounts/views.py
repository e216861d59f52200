"""Views of sign-in: the password, and the second factor where somebody has one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingtang.accounts import queries
from mingtang.accounts.entering import HALFWAY, enter, let_in
from mingtang.accounts.forms import CodeForm, SignInForm
from mingtang.accounts.keys import check_second
from mingtang.accounts.policy import public
from mingtang.accounts.rules import ROLE_LABELS, RefusalKind, Role
from mingtang.accounts.services import check_credentials
from mingtang.accounts.services_refusals import note_refusal
from mingtang.accounts.views_oidc import offered
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import for_reading, secret_fields, source_of


@public
@for_reading
@secret_fields("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _let_in(request, form)
            except DomainError as error:
                said = form.cleaned_data["username"]
                note_refusal(request, RefusalKind.SIGN_IN, error, person__username=said)
                form.add_error(None, error.message)
                status = error.status
    context = {"form": form, "demo_accounts": _demo_accounts(), "providers": offered()}
    return render(request, "accounts/sign_in.html", context, status=status)


def _let_in(request: HttpRequest, form: SignInForm) -> HttpResponseRedirect:
    person = check_credentials(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        source=source_of(request),
        at=now(),
    )
    return let_in(request, person, form.cleaned_data["next"])


@public
@for_reading
@secret_fields("code")
def second(request: HttpRequest) -> HttpResponse:
    """The password was right: now the code of the phone, or a recovery code."""
    halfway = request.session.get(HALFWAY)
    at = now()
    if halfway is None or at.timestamp() > halfway["until"]:
        return redirect("accounts:sign_in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            person_id = int(halfway["person"])
            try:
                check_second(request, person_id, form.cleaned_data["code"], at)
                person = queries.open_account(person_id)
                via, key = halfway.get("via", ""), person.factor_key
                return enter(request, person, halfway["next"], via=via, factor_key=key)
            except DomainError as error:
                note_refusal(request, RefusalKind.SECOND, error, person_id=person_id)
                form.add_error(None, error.message)
                status = error.status
    has_keys = bool(queries.keys_of(int(halfway["person"])))
    context = {"form": form, "has_keys": has_keys}
    answer = render(request, "accounts/second.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _demo_accounts() -> list[dict[str, str]]:
    """Shown only on a demo installation, where the accounts are no secret."""
    if settings.MINGTANG_IS_PRODUCTION:
        return []
    return [
        {
            "username": person.username,
            "password": settings.MINGTANG_DEMO_PASSWORD,
            "role": "、".join(
                dict.fromkeys(ROLE_LABELS[Role(post.role)] for post in person.posts.all())
            )
            or _("申请人"),
            "name": person.name,
        }
        for person in queries.demo_accounts()
    ]
