"""What one act may do to time, to the public and to cards, read from the code of its command."""

import dataclasses
import dis
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import mingtang
from mingtang.timing import services as timing
from tests.structure.reach import named_in

# effect → what a function has to call for it
CALLS: dict[str, tuple[Any, ...]] = {
    "stops the time": (timing.pause_clock, timing.extend_clock),
    "ends a limit": (
        *(timing.stop_clock, timing.stop_open_clocks, timing.restart_clock),
        timing.count_from_earlier,
    ),
    "changes the calendar": (timing._rows, timing._add_shipped, timing._recompute),
}
# effect → the columns that a function has to set for it
SETS = {
    "makes public": {
        *("published_at", "published_version", "is_published", "released_at", "announced_at"),
        *("closes_at", "begins_at", "confirmed_at"),
    },
    "cancels a card": {"cancelled_at"},
}
DATES = "takes a day from who acts"  # another moment than that of the act
EFFECTS = (*CALLS, *SETS, DATES)


@cache
def commands() -> dict[str, Any]:
    """Every command by its kind."""
    found = {}
    for module in pkgutil.walk_packages(mingtang.__path__, "mingtang."):
        if not any(part in module.name for part in (".migrations", ".settings", ".wsgi")):
            for one in vars(importlib.import_module(module.name)).values():
                if _is_command(one):
                    found[one.kind] = one
    return found


def _is_command(thing: Any) -> bool:
    kind = getattr(thing, "kind", None)
    return inspect.isfunction(thing) and isinstance(kind, str) and hasattr(thing, "__wrapped__")


def effects_of(command: Any) -> set[str]:
    """What a command's own code may bring about. What it does by another command counts there."""
    body = command.__wrapped__
    found = {DATES} if _takes_a_day(body) else set()
    for function in _followed(body):
        found |= {name for name, called in CALLS.items() if function in called}
        found |= {name for name, columns in SETS.items() if columns & _stored(function)}
    return found


def _takes_a_day(body: Callable[..., Any]) -> bool:
    """Among what it is given, or in what that holds."""
    given = typing.get_type_hints(body)
    return any(_holds_a_day(one) for name, one in given.items() if name not in {"at", "return"})


@cache
def _holds_a_day(kind: Any) -> bool:
    if inspect.isclass(kind) and issubclass(kind, date):
        return True
    parts = list(typing.get_args(kind))
    if dataclasses.is_dataclass(kind):
        parts += typing.get_type_hints(kind).values()
    return any(_holds_a_day(one) for one in parts if one is not Ellipsis)


def _followed(body: Any) -> Iterator[types.FunctionType]:
    """The functions of ours that it names, and those that they name; not into the room of time."""
    seen: set[int] = set()
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list | tuple):
            waiting += one.values() if isinstance(one, dict) else one
        elif inspect.isfunction(one) and id(one) not in seen and not _is_command(one):
            seen.add(id(one))
            if one.__module__.startswith("mingtang."):
                yield one
            if one.__module__ != timing.__name__ or one is body:
                waiting += _named(one)


@cache
def _named(function: types.FunctionType) -> tuple[Any, ...]:
    return tuple(named_in(function))


@cache
def _stored(function: types.FunctionType) -> frozenset[str]:
    """Attributes that it sets, and names of what it gives to a call or lays as a row."""
    steps = dis.get_instructions(function)
    found = {str(one.argval) for one in steps if one.opname == "STORE_ATTR"}
    for const in function.__code__.co_consts:
        if isinstance(const, tuple) and all(isinstance(one, str) for one in const):
            found.update(const)
    return frozenset(found)


def names_reached(command: Any) -> set[str]:
    """Of the functions that a command's own code runs, and the classes that they name."""
    found: set[str] = set()
    for function in _followed(command.__wrapped__):
        found |= {function.__name__}
        found |= {one.__name__ for one in _named(function) if inspect.isclass(one)}
    return found
