"""What is sent along, so that a thing is asked for at all: an interface looks at the shape of a
body before it looks for the thing, and pages at the fields of a form."""

import typing
from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Any, Literal

from pydantic import BaseModel

from tests.access.routes import Route
from tests.world import new_command_id

WORDS = ("reason", "note", "text", "content", "opinion", "title", "seal_name", "detail", "finding")


def of_page() -> dict[str, str]:
    """Fields that many forms of pages have; the others do not look at them."""
    return {
        **dict.fromkeys(WORDS, "情况说明"),
        "command_id": new_command_id(),
        "volume": "30",
        "number": "1",
        "schema": "[]",
    }


def _told(route: Route, name: str) -> Any:
    found = route.told.get(name)
    return found() if callable(found) else found


def verbs_of(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
    """The verbs of an operation whose address ends in one, each with a body of its shape."""
    if "verb" not in route.names and "deed" not in route.names:
        shape = _told(route, "x-body")
        yield "", filled(shape) if shape else {}
        return
    for verb in _told(route, "x-verbs"):
        yield verb.name, filled(verb.body)


def filled(shape: type[BaseModel]) -> dict[str, Any]:
    """The least that a shape takes."""
    fields = {name: one for name, one in shape.model_fields.items() if one.is_required()}
    return {one.alias or name: _value(one.annotation) for name, one in fields.items()}


def _value(kind: Any) -> Any:
    origin, within = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return within[0]
    if origin in {typing.Union, UnionType, typing.Annotated}:
        return _value(within[0])
    if origin is list:
        return [_value(within[0])]
    if origin is dict or kind is dict:
        return {}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return filled(kind)
    known: dict[Any, Any] = {int: 1, bool: True, date: "2026-12-01", float: 1.0}
    return known.get(kind, "情况说明")
