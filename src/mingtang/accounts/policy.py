"""Policies of routes. Each view declares one; a route without one fails the build."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from mingtang.accounts.again import typed_in
from mingtang.accounts.identity import Side
from mingtang.accounts.models import Person
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import Role, Scope
from mingtang.accounts.sessions import note_moving
from mingtang.base.clock import today
from mingtang.base.errors import NotFound

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True)
class Policy:
    """Who may open a route: everyone, whoever signed in, or the holders of some roles.

    `before_factor`: also while somebody has yet to set up the second factor of their role.
    `before_own`: also while their password is one that somebody else gave them.
    """

    name: str
    roles: frozenset[Role] | None = None
    needs_sign_in: bool = False
    before_factor: bool = False
    before_own: bool = False


def scope(request: HttpRequest) -> Scope:
    """What the person behind a request may do. Read once per request.

    Whose role wants a second factor has no post until they came with one; who came as a citizen
    has none at all, whatever posts the person holds.
    """
    found = getattr(request, "_mingtang_scope", None)
    if found is None:
        user = request.user
        found = scope_of(user if isinstance(user, Person) else None, today())
        if _came_as_citizen(request):
            found = replace(found, grants=())
        if has_password_of_others(request):
            found = replace(found, grants=())
        if _needs_factor(found) and not came_with_factor(request):
            request._mingtang_lacks_factor = True  # type: ignore[attr-defined]
            found = replace(found, grants=())
        request._mingtang_scope = found  # type: ignore[attr-defined]
    assert isinstance(found, Scope)
    return found


def _needs_factor(found: Scope) -> bool:
    return found.has_role(Role(name) for name in settings.MINGTANG_SECOND_FACTOR_ROLES)


FACTOR = "factor"  # in the session: the id of the second factor that was shown
VIA = "via"  # in the session: the side of the provider of identities that somebody came by
FACTOR_THERE = "factor_there"  # in the session: the second factor that was shown over there


def _came_as_citizen(request: HttpRequest) -> bool:
    return getattr(request, "session", {}).get(VIA) == Side.CITIZENS


def _showed_factor_there(request: HttpRequest) -> bool:
    """As long as the setting trusts the staff's provider in this."""
    provider = settings.MINGTANG_OIDC.get(Side.STAFF)
    session = getattr(request, "session", {})
    came = session.get(VIA) == Side.STAFF
    return came and provider is not None and session.get(FACTOR_THERE) in provider.factors


def came_with_factor(request: HttpRequest) -> bool:
    """Whether the session came with the second factor that its person has today, or with one that
    the staff's provider has seen."""
    if _showed_factor_there(request):
        return True
    person, shown = request.user, getattr(request, "session", {}).get(FACTOR)
    return isinstance(person, Person) and shown is not None and shown == person.factor_key


def lacks_factor(request: HttpRequest) -> bool:
    """Whether somebody has to set up a second factor before their posts count."""
    scope(request)
    return bool(getattr(request, "_mingtang_lacks_factor", False))


def has_password_of_others(request: HttpRequest) -> bool:
    """Whether somebody has a password that others know, and has yet to set their own."""
    return isinstance(request.user, Person) and request.user.password_until is not None


def _way_back(request: HttpRequest) -> str:
    """The page to return to after sign-in: for a form that was sent, the page it stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    try:
        page = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # what was sent as an address is none
        return "/"
    return page.path if page.netloc == request.get_host() and page.path else "/"


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """On to the sign-in; a form that was sent stays on a page, to be sent again afterwards."""
    typed = typed_in(request)
    if not typed.fields:
        return redirect_to_login(_way_back(request), settings.LOGIN_URL)
    answer = render(request, "accounts/sign_in_again.html", {"typed": typed}, status=403)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _declare(policy: Policy, view: Any) -> Any:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if policy.needs_sign_in and not request.user.is_authenticated:
            return _sign_in_first(request)
        if policy.needs_sign_in:
            note_moving(getattr(request, "session", {}))
        if policy.needs_sign_in and not policy.before_own and has_password_of_others(request):
            return redirect("accounts:account")
        if policy.needs_sign_in and not policy.before_factor and lacks_factor(request):
            return redirect("accounts:factor")
        if policy.roles is not None and not scope(request).has_role(policy.roles):
            raise NotFound  # not allowed and not found look the same
        answer: HttpResponseBase = view(request, *args, **kwargs)
        if policy.needs_sign_in:
            answer.headers.setdefault("Cache-Control", "no-store, private")
        return answer

    guarded.policy = policy  # type: ignore[attr-defined]
    return guarded


def public(view: "View[P]") -> "View[P]":
    """Open to everyone."""
    declared: View[P] = _declare(Policy("public"), view)
    return declared


def signed_in(view: "View[P]") -> "View[P]":
    """Open to whoever signed in; what they see is narrowed by their scope."""
    declared: View[P] = _declare(Policy("signed_in", needs_sign_in=True), view)
    return declared


def before_factor(view: "View[P]") -> "View[P]":
    """Open to whoever signed in, those too who have yet to set up their second factor."""
    policy = Policy("signed_in", needs_sign_in=True, before_factor=True)
    declared: View[P] = _declare(policy, view)
    return declared


def before_own_password(view: "View[P]") -> "View[P]":
    """Open to whoever signed in, with whatever password: the page where they set their own."""
    policy = Policy("signed_in", needs_sign_in=True, before_factor=True, before_own=True)
    declared: View[P] = _declare(policy, view)
    return declared


def staff(*roles: Role) -> Callable[["View[P]"], "View[P]"]:
    """Open to the holders of one of the roles; to all staff when none is named."""

    def declare(view: "View[P]") -> "View[P]":
        wanted = frozenset(roles or Role)
        declared: View[P] = _declare(Policy("staff", wanted, needs_sign_in=True), view)
        return declared

    return declare
