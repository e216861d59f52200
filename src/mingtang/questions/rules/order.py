"""Rules: the order of sections and questions. A database keeps an object without its order, so a
schema that is kept says it beside (x-order); one that people read stands in it. Pure."""

from collections.abc import Mapping
from typing import Any

ORDER = "x-order"
Schema = Mapping[str, Any]


def ordered(schema: Any) -> Any:
    """The schema with the order of its parts said beside them, where it was not."""
    return _changed(schema, _say)


def in_order(schema: Any) -> Any:
    """The schema with its parts standing in their order, and no word of it."""
    return _changed(schema, _stand)


def _changed(part: Any, change: Any) -> Any:
    """Every level that has parts, changed from the inside; what is no schema stays as it is."""
    if not isinstance(part, Mapping):
        return part
    made = dict(part)
    if "items" in made:
        made["items"] = _changed(made["items"], change)
    if isinstance(made.get("properties"), Mapping):
        made["properties"] = {key: _changed(one, change) for key, one in part["properties"].items()}
        made = change(made)
    return made


def _say(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, ORDER: part.get(ORDER) or list(part["properties"])}


def _stand(part: dict[str, Any]) -> dict[str, Any]:
    order = part.pop(ORDER, None) or list(part["properties"])
    return {**part, "properties": {key: part["properties"][key] for key in order}}
