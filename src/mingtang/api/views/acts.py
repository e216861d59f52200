"""Acts: what is done about things at a desk. One operation in the code, one for each verb in the
document; the form judges, and the permit of the page says who may."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.accounts.rules import Scope
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import Door, everybody
from mingtang.api.interface import once, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.verbs import Verb
from mingtang.api.views.common import Code, Key, Name
from mingtang.base.clock import now
from mingtang.ledger.rules import Actor


@dataclass(frozen=True)
class Asked:
    """An act as it was asked for: about what, with which words; files are in the request."""

    request: HttpRequest
    about: Any
    verb: Any
    data: Any
    key: str

    @property
    def reader(self) -> Scope:
        return scope(self.request)

    def by(self, actor: Actor) -> dict[str, Any]:
        return {"actor": actor, "at": now(), "command_id": self.key}

    def sound(self, form: type[forms.Form], *args: Any, **more: Any) -> Any:
        """The form, filled in and found sound. Raises BodyWrong."""
        made = form(self.data, *args, **more)
        check(made)
        return made


@dataclass(frozen=True)
class Desk:
    """What may be done about one sort of thing. `find` gives it as the reader may see it, or
    raises NotFound; `do` asks for the right, has the form judge and runs the command; `stands`
    gives number and state afterwards."""

    forms: Mapping[Any, type[forms.Form]]
    find: Callable[[HttpRequest, str], Any]
    do: Callable[[Asked], Any]
    stands: Callable[[Any], tuple[str, Any]]
    label: Callable[[Any], str] = lambda verb: str(verb.label)
    law: Callable[[Any], str] = lambda verb: ""
    is_open: bool = True  # forms have fields that hang on the thing

    def verb(self, name: str) -> Any:
        """Raises BodyWrong."""
        for verb in self.forms:
            if str(verb) == name:
                return verb
        raise BodyWrong([Fault("verb", "没有这种办理，请对照接口说明核对。")])

    def verbs(self) -> Iterator[Verb]:
        for verb, form in self.forms.items():
            body = body_of(form, is_open=self.is_open)
            yield Verb(str(verb), str(self.label(verb)), body, self.law(verb), files_in(form))


@dataclass(frozen=True)
class Mine:
    """Things of people: `find` gives one to whose it is, by number and query code, or raises
    NotFound; `stands` gives number and state afterwards."""

    find: Callable[[HttpRequest, str, str], Any]
    stands: Callable[[Any], tuple[str, Any]]


def told(number: str, state: Any, result: Any) -> dict[str, Any]:
    """How a thing stands after an act; `state` is a member with a label."""
    said = {"number": number, "state": str(state.value), "state_label": str(state.label)}
    return said | {"result": result or {}}


def acts(router: Router, path: str, door: Door, desk: Desk, said: str = "办理") -> None:
    """Declare the acts of a desk under `path`/acts/{verb}; the path names the thing by `id`."""

    @writes(router, f"{path}/acts/{{verb}}", door, shapes.MatterDone, said, verbs=desk.verbs)
    def act(request: HttpRequest, id: Name, verb: Name, key: Key) -> dict[str, Any]:
        chosen = desk.verb(verb)
        data = typed(request, desk.forms[chosen], key, is_open=desk.is_open)

        def do() -> dict[str, Any]:
            about = desk.find(request, id)
            result = desk.do(Asked(request, about, chosen, data, key))
            return told(*desk.stands(about), result)

        return once(request, key, do)


def deed(
    router: Router,
    path: str,
    door: Door,
    form: type[forms.Form],
    do: Callable[[Asked], Any],
    said: str,
    *,
    is_open: bool = True,
) -> None:
    """Declare one deed under a path of its own. What the path names reaches `do` as `about`, by
    name; what `do` returns is told as the result."""

    def act(request: HttpRequest, key: Key, **about: str) -> dict[str, Any]:
        data = typed(request, form, key, is_open=is_open)
        asked = Asked(request, about, None, data, key)
        return once(request, key, lambda: {"result": do(asked) or {}})

    def body() -> Any:
        return body_of(form, is_open=is_open)

    declared = with_names(act, path, {})
    writes(router, path, door, shapes.Did, said, body=body, files=files_in(form))(declared)


def own_act(
    router: Router,
    path: str,
    form: type[forms.Form],
    mine: Mine,
    do: Callable[[Asked], Any],
    said: str,
    *,
    is_open: bool = False,
) -> None:
    """Declare what somebody does about what is their own: signed in, or with the query code. The
    path names it by its `number`."""

    def act(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
        data = typed(request, form, key, is_open=is_open)

        def act_once() -> dict[str, Any]:
            about = mine.find(request, number, code)
            result = do(Asked(request, about, None, data, key))
            return told(*mine.stands(about), result)

        return once(request, key, act_once)

    def body() -> Any:
        return body_of(form, is_open=is_open)

    done, files = shapes.MatterDone, files_in(form)
    writes(router, path, everybody(), done, said, body=body, files=files)(act)


def with_names(view: Any, path: str, asked: Mapping[str, Any]) -> Any:
    """A view that takes what its path names, and what may be `asked` in the address, by keyword."""
    kept = [
        one
        for one in inspect.signature(view).parameters.values()
        if one.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    found = dict.fromkeys(re.findall(r"{(\w+)}", path), Name) | dict(asked)
    named = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=one,
            default="" if name in asked else inspect.Parameter.empty,
        )
        for name, one in found.items()
    ]
    view.__signature__ = inspect.Signature([*kept, *named])
    return view
