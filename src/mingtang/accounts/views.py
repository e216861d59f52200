"""Views of sign-in and sign-out: the password, and the second factor where somebody has one."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mingtang.accounts import queries
from mingtang.accounts.forms import CodeForm, SignInForm
from mingtang.accounts.policy import FACTOR, public
from mingtang.accounts.proof import note_proof
from mingtang.accounts.rules import ROLE_LABELS, Role
from mingtang.accounts.services import check_credentials
from mingtang.accounts.services_factor import check_code
from mingtang.base.clock import now, today
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
                form.add_error(None, error.message)
                status = error.status
    context = {"form": form, "demo_accounts": _demo_accounts()}
    return render(request, "accounts/sign_in.html", context, status=status)


def _let_in(request: HttpRequest, form: SignInForm) -> HttpResponseRedirect:
    person = check_credentials(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        source=source_of(request),
        at=now(),
    )
    request.session.flush()  # what another person left in this browser goes
    target = form.cleaned_data["next"]
    if queries.has_factor(person.id):
        until = now().timestamp() + HALFWAY_SECONDS
        request.session[HALFWAY] = {"person": str(person.id), "until": until, "next": target}
        return redirect("accounts:second")
    return _enter(request, person, target)


HALFWAY, HALFWAY_SECONDS = "halfway_in", 600


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
            try:
                person_id = int(halfway["person"])
                check_code(person_id=person_id, typed=form.cleaned_data["code"], at=at)
                person = queries.open_account(person_id)
                inside = _enter(request, person, halfway["next"])
                request.session[FACTOR] = person.factor_key
                return inside
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
    answer = render(request, "accounts/second.html", {"form": form}, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _enter(request: HttpRequest, person: queries.Person, target: str) -> HttpResponseRedirect:
    request.session.flush()
    login(request, person, backend="mingtang.accounts.backend.PersonBackend")
    note_proof(request)
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(target)
    found = queries.scope_of(person, today())
    return redirect("site:today" if found.is_staff else "cases:mine")


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


@public
@for_reading
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("site:home")
