"""Every route has a policy, and every role meets it at the gate, before any view."""

import inspect
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from scripts import make_access

from mingtang.accounts.models import Person
from mingtang.accounts.policy import Policy, public, staff
from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.api.doors import COUNTER
from mingtang.api.rules import NotSignedIn
from mingtang.base.errors import NotFound
from tests.access.proven import PROVEN
from tests.access.routes import Route, pages, routes
from tests.access.subjects import OF, kind_of

ROUTES = routes()
WITH_ROLES = [route for route in ROUTES if route.roles]
GRANT = Grant(Role.CLERK, 1, frozenset({1}), "市水利局")


class Inside(Exception):
    """Somebody came past the gate."""


def _comes(route: Route, role: Role | None) -> bool:
    """Whether a holder of the role passes the gate of a route; nobody: without signing in."""
    request = RequestFactory().get("/")
    request.user = Person(id=1, username="somebody") if role else AnonymousUser()
    grants = (replace(GRANT, role=role),) if role else ()
    request._mingtang_scope = Scope(1 if role else None, "某人", grants)
    try:
        if route.method:
            COUNTER.forget()
            return bool(route.view(request))
        return _passes(route.view, request)
    except (NotFound, NotSignedIn):
        return False


def _passes(view, request) -> bool:
    """The gate is the outermost layer: with a view that only says that it was reached."""
    cells = dict(zip(view.__code__.co_freevars, view.__closure__, strict=True))
    inner = cells["view"].cell_contents
    cells["view"].cell_contents = _reached
    try:
        return view(request).status_code != 302
    except Inside:
        return True
    finally:
        cells["view"].cell_contents = inner


def _reached(request, *args, **kwargs):
    raise Inside


def _gate(route: Route):
    """The layer of a view that declares the policy."""
    view = route.view
    while "policy" not in getattr(view, "__code__", _reached.__code__).co_freevars:
        view = view.__wrapped__
    return view


def test_nobody_passes_a_gate_whose_roles_they_do_not_hold():
    probes = 0
    for route in WITH_ROLES:
        one = route if route.method else replace(route, view=_gate(route))
        for role in [*Role, None]:
            probes += 1
            assert _comes(one, role) is (role in route.roles), (route.name, role)
    assert probes > 7_000


def test_the_gate_is_seen_to_open_where_it_should_not():
    """The controls: a gate for all staff in the place of a narrow one, and none at all."""
    narrow = staff(Role.INSPECTOR)(_reached)
    wide = staff()(_reached)
    assert not _comes(Route("x", "x", narrow.policy, narrow), Role.CLERK)
    assert _comes(Route("x", "x", narrow.policy, wide), Role.CLERK)
    assert _comes(Route("x", "x", narrow.policy, public(_reached)), None)


def test_a_route_without_a_policy_is_found():
    bare = list(pages([path("bare/<int:number>/", lambda request, number: None, name="bare")]))
    assert [route.policy.name for route in bare] == ["none"]
    assert [route.name for route in ROUTES if route.policy == Policy("none")] == []


def test_the_gate_is_asked_before_anything_else_looks_at_the_request():
    """A layer above the gate must not answer strangers: only checks of method and secrecy may."""
    for route in WITH_ROLES:
        view = route.view
        while not route.method and view is not _gate(route):
            module = inspect.getmodule(view.__code__).__name__
            assert module.startswith("django.views.decorators"), (route.name, module)
            view = view.__wrapped__


def _without_token(found):
    """Pages that take a form without its token; the doors of the API ask for it themselves."""
    return {one.name for one in found if not one.method and getattr(one.view, "csrf_exempt", False)}


def test_every_form_wants_its_token_but_for_five_that_no_session_speaks_in():
    """Systems bring a key, screens a signature; of the last one `site/views/front.py` says why."""
    assert _without_token(ROUTES) == {
        *("api:token", "screens:beat", "screens:pad_beat", "screens:pad_rate"),
        "site:preference",
    }
    bare = csrf_exempt(public(lambda request: None))
    assert _without_token(pages([path("bare/", bare, name="bare")])) == {":bare"}


def test_the_table_of_kinds_names_routes_that_are_there():
    names = {route.name for route in ROUTES}
    assert names >= PROVEN
    unused = [pattern for pattern, kind in OF if kind not in {kind_of(name) for name in names}]
    assert unused == []


@pytest.mark.parametrize("changed", [False, True])
def test_the_page_of_access_is_current(changed, monkeypatch):
    """Control: a role that is let in somewhere is a change of the page."""
    if changed:
        first = next(route for route in ROUTES if route.roles)
        policy = replace(first.policy, roles=first.roles - {min(first.roles)})
        told = [replace(one, policy=policy) if one is first else one for one in ROUTES]
        monkeypatch.setattr("tests.access.routes.routes", lambda: told)
    is_same = make_access.PAGE.read_text(encoding="utf-8") == make_access.text(set(PROVEN))
    assert is_same is not changed, "python scripts/make_access.py"
