"""What an operation can set off: the commands that its code names, read from the code."""

import dataclasses
import functools
import inspect
import types
from collections.abc import Iterable, Iterator
from typing import Any

OURS = "mingtang."


def commands_of(view: Any) -> set[str]:
    """The kinds of the commands that a function names: itself, or in what it calls. What a command
    does inside itself is its own affair and is not followed."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [view]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = getattr(thing, "kind", None)
        if callable(thing) and isinstance(kind, str) and hasattr(thing, "__wrapped__"):
            found.add(kind)
        else:
            if id(thing) not in KNOWN:
                KNOWN[id(thing)] = (thing, list(named_in(thing)))
            waiting += KNOWN[id(thing)][1]
    return found


KNOWN: dict[int, tuple[Any, list[Any]]] = {}  # kept with the thing: an id is good while it lives


def named_in(thing: Any) -> Iterator[Any]:
    """What a thing of ours refers to."""
    if isinstance(thing, dict):
        yield from thing.values()
    elif isinstance(thing, list | tuple):
        yield from thing
    elif isinstance(thing, functools.partial):
        yield thing.func
    elif isinstance(thing, types.FunctionType) and thing.__module__.startswith(OURS):
        yield from _named_by(thing, _codes(thing.__code__))
    elif inspect.isclass(thing) and thing.__module__.startswith(OURS):
        yield from (one for one in vars(thing).values() if callable(one))
    elif _is_ours(thing) and hasattr(thing, "__dict__"):
        yield from vars(thing).values()


def _is_ours(thing: Any) -> bool:
    """What the API is put together of, and tables of acts."""
    module = type(thing).__module__
    is_table = module.startswith(OURS) and dataclasses.is_dataclass(thing)
    return module.startswith("mingtang.api") or is_table


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _codes(one)


def _named_by(function: types.FunctionType, codes: Iterable[types.CodeType]) -> Iterator[Any]:
    """The globals that a function reads, what it takes from modules, what it closes over."""
    names = {name for code in codes for name in code.co_names}
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith(OURS):
                yield from (getattr(value, one) for one in names if hasattr(value, one))
        elif value is not None:
            yield value
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    wrapped = getattr(function, "__wrapped__", None)
    if wrapped is not None:
        yield wrapped
