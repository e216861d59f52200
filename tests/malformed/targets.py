"""What there is to be asked: each route with a thing of the city in its address, the names of the
fields that its view reads, and sound values for them."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from linecache import getlines
from typing import Any

from django import forms

from mingtang.api.interface import api
from mingtang.base.errors import DomainError
from tests.access import bodies
from tests.access.routes import API, Route, routes
from tests.access.subjects import KINDS, VERBS, WORDS, Thing, kind_of
from tests.structure.reach import named_in

PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<page>\w+)>|\{(?:\w+:)?(?P<operation>\w+)\}")
READ = re.compile(
    r"\b(?:GET|POST|FILES|data|said|query|asked)(?:\.get|\.getlist|\.pop)?[\[(]\"(\w+)\""
)
ROOMS = re.compile(r"mingtang\.(\w+\.(views|forms)|base|accounts\.policy|accounts\.proof)\b")


@dataclass(frozen=True)
class Target:
    """`path` with its parts still open; `parts`: what stands there. `sound`: fields of a form or
    of a query; `body`: of JSON, where the route is an operation that acts."""

    route: Route
    method: str
    path: str
    parts: dict[str, str]
    sound: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def is_operation(self) -> bool:
        return bool(self.route.method)

    @property
    def has_fields(self) -> bool:
        """Whether there is something to fill in, of a form, a query or a body."""
        return bool(self.sound) or self.body is not None

    def address(self, parts: dict[str, str]) -> str:
        return "/" + PART.sub(lambda found: parts[_name(found)], self.path).lstrip("/")


def _name(found: re.Match[str]) -> str:
    return found["page"] or found["operation"]


@cache
def thing_of(kind: str) -> Thing | None:
    try:
        return KINDS[kind].find()
    except (AttributeError, DomainError):  # the city has none
        return None


def _parts(route: Route, verb: str) -> dict[str, str]:
    thing = thing_of(kind_of(route.name)) if kind_of(route.name) else None
    known = {name: one for name, one in (thing.values if thing else {}).items() if one is not None}
    if known:
        known.setdefault("id", next(iter(known.values())))
    values: dict[str, Any] = {**WORDS, **known, "kind": known.get("kind", "letter")}
    for name in ("verb", "act", "deed"):
        values.setdefault(name, verb or "accept")
    numbers = {_name(one) for one in PART.finditer(route.path) if one["kind"] == "int"}
    return {name: str(values.get(name, 7 if name in numbers else "x")) for name in route.names}


# ── fields ────────────────────────────────────────────────────────────────────────────────────


def fields_of(view: Any) -> dict[str, str]:
    """The names that a view reads of a form or an address, with a sound value for each."""
    found: dict[str, str] = {}
    for thing in _reached(view):
        if isinstance(thing, type):
            found |= {name: _sound(one) for name, one in thing.base_fields.items()}  # type: ignore[attr-defined]
        else:
            found |= dict.fromkeys(READ.findall(_source(thing)), "1")
    return found


def _reached(view: Any) -> Iterator[Any]:
    """The functions and forms of the rooms that meet HTTP."""
    seen: set[int] = set()
    waiting = [view]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
            yield thing
        elif inspect.isfunction(thing):
            if ROOMS.match(thing.__module__):
                yield thing
            waiting += [one for one in named_in(thing) if _is_ours(one)]
        elif isinstance(thing, dict | list | tuple):
            waiting += [one for one in named_in(thing) if _is_ours(one)]


def _is_ours(thing: Any) -> bool:
    if isinstance(thing, dict | list | tuple):
        return len(thing) < 200
    return bool(ROOMS.match(getattr(thing, "__module__", "") or ""))


@cache
def _source(function: Any) -> str:
    """The lines of a function and of those in it; inspect.getsource, which reads word by word where
    it ends, takes three times as long."""
    whole = [inspect.unwrap(function).__code__]
    for code in whole:
        whole += [one for one in code.co_consts if inspect.iscode(one)]
    last = max(line or 0 for code in whole for _begin, _end, line in code.co_lines())
    return "".join(getlines(whole[0].co_filename)[whole[0].co_firstlineno - 1 : last])


def _sound(one: forms.Field) -> str:
    choices = [value for value, _label in _choices(one) if value not in ("", None)]
    if choices:
        return str(choices[0])
    known = {forms.DateField: "2026-12-01", forms.IntegerField: "1", forms.BooleanField: "on"}
    return next((value for kind, value in known.items() if isinstance(one, kind)), "情况说明")


def _choices(one: forms.Field) -> list[tuple[Any, Any]]:
    if isinstance(one, forms.ModelChoiceField):
        return []
    found = list(getattr(one, "choices", ()))
    return [(value, label) for value, label in found if not isinstance(label, list | tuple)]


# ── all of them ───────────────────────────────────────────────────────────────────────────────


def targets() -> list[Target]:
    """Every page, asked and sent to, and every operation of the API with each of its verbs."""
    every = routes()  # loads the paths of the API, which its document is made of
    told = _queries()
    made = (_operations(one, told) if one.method else _pages(one) for one in every)
    return [target for some in made for target in some]


def _pages(route: Route) -> Iterator[Target]:
    if route.path.startswith("^") or "(?P" in route.path:
        return
    parts, sound = _parts(route, VERBS.get(route.name, "")), fields_of(route.view)
    yield Target(route, "GET", route.path, parts, sound)
    yield Target(route, "POST", route.path, parts, bodies.of_page() | sound)


def _operations(route: Route, told: dict[tuple[str, str], tuple[str, ...]]) -> Iterator[Target]:
    if route.method != "POST":
        sound = dict.fromkeys(told.get((route.method, route.path), ()), "1")
        yield Target(route, route.method, route.path, _parts(route, ""), sound)
        return
    for verb, body in bodies.verbs_of(route):
        yield Target(route, "POST", route.path, _parts(route, verb), {}, body)


def _queries() -> dict[tuple[str, str], tuple[str, ...]]:
    """Method and path → the names that the document has for the address."""
    found = {}
    for path, ways in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, said in ways.items():
            names = [one["name"] for one in said.get("parameters", ()) if one["in"] == "query"]
            found[method.upper(), f"{API}/{path.removeprefix(API).lstrip('/')}"] = tuple(names)
    return found
