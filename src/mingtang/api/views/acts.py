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
from mingtang.api.doors import Door
from mingtang.api.interface import once, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.verbs import Verb
from mingtang.api.views.common import Key, Name
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

    kept = [one for one in inspect.signature(act).parameters.values() if one.name != "about"]
    named = [
        inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY, annotation=Name)
        for one in re.findall(r"{(\w+)}", path)
    ]
    act.__signature__ = inspect.Signature([*kept, *named])  # type: ignore[attr-defined]

    def body() -> Any:
        return body_of(form, is_open=is_open)

    writes(router, path, door, shapes.Did, said, body=body, files=files_in(form))(act)
