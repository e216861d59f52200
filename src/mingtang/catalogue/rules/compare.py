"""Rules: what differs between two texts of an item, sentence by sentence. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from mingtang.catalogue.rules.details import BY_KEY, MATERIALS
from mingtang.catalogue.rules.drafts import FIELD_LABELS, SERVED
from mingtang.catalogue.rules.fields import Row, Table, is_blank
from mingtang.catalogue.rules.gate import limit_of
from mingtang.catalogue.rules.kinds import KINDS, ItemKind
from mingtang.catalogue.rules.profiles import PROFILES
from mingtang.catalogue.rules.route import ROUTE, rows_of, units_of

Content = Mapping[str, Any]
NOTHING: Mapping[str, str] = {}
SERVED_LABELS = dict(
    zip(SERVED, ("自然人", "法人及其他组织", "自然人、法人及其他组织"), strict=True)
)
OF_THE_ITEM = ("main_item",)  # which an edition alone does not say
PARTS = re.compile(r"[^。；;，\n]*[。；;，\n]|[^。；;，\n]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both sides have, or one of them alone."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Line:
    """One field, or one material, on both sides. `change` is same, changed, added or removed."""

    field: str
    label: str
    change: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def compare(before: Content, after: Content, units: Mapping[str, str] = NOTHING) -> list[Line]:
    """Every field of an item, side by side, in the order of its page; details only where said.

    `units` names the other units of the routes by their codes.
    """
    return [
        line
        for field in FIELD_LABELS
        if (field not in OF_THE_ITEM and field not in BY_KEY)
        or not (is_blank(before.get(field)) and is_blank(after.get(field)))
        for line in _lines(field, before, after, units)
    ]


def units_named(*contents: Content) -> list[str]:
    """The other units of their routes, by code."""
    return [
        unit for content in contents if content.get("route") for unit in units_of(content["route"])
    ]


def _lines(field: str, before: Content, after: Content, units: Mapping[str, str]) -> Iterator[Line]:
    if field == "materials":
        yield from _materials(before, after)
    elif field == "route":
        yield from _rows(ROUTE, _steps(before, units), _steps(after, units))
    elif isinstance(table := BY_KEY.get(field), Table):
        yield from _rows(table, before.get(field) or [], after.get(field) or [])
    else:
        yield _line(field, before, after)


def _steps(content: Content, units: Mapping[str, str]) -> list[Row]:
    """The steps of a route in a reader's words: names for codes and for keys."""
    rows = rows_of(content["route"]) if content.get("route") else []
    names = {row["key"]: row["name"] for row in rows}
    found = []
    for row in rows:
        said = {name: value for name, value in row.items() if name != "key"}
        if unit := row.get("organisation"):
            said["organisation"] = units.get(unit, unit)
        if needs := row.get("needs"):
            said["needs"] = [names.get(need, need) for need in needs]
        found.append(said)
    return found


def _rows(table: Table, old: Sequence[Row], new: Sequence[Row]) -> Iterator[Line]:
    """Rows are matched by their first column: a step by its name, a fee by its name."""
    name = table.columns[0].key
    before, after = ({row.get(name): row for row in rows} for rows in (old, new))
    for number, key in enumerate(dict.fromkeys([*after, *before]), 1):
        both = (table.show_row(rows[key]) if key in rows else "" for rows in (before, after))
        yield sides(table.key, f"{table.label} {number}", *both)


def changed_labels(before: Content, after: Content) -> list[str]:
    """The fields that differ, each named once: what the ledger notes of a saving."""
    lines = [line for line in compare(before, after) if line.change != "same"]
    return list(dict.fromkeys(FIELD_LABELS[line.field] for line in lines))


def _line(field: str, before: Content, after: Content) -> Line:
    return sides(field, FIELD_LABELS[field], shown(field, before), shown(field, after))


def shown(field: str, content: Content) -> str:
    """A field as a reader knows it."""
    if field in {"statutory", "promised"}:
        limit = limit_of(content, field)
        return limit.label if limit else ""
    value = content.get(field)
    if field == "kind" and value:
        return KINDS[ItemKind(value)].label
    if field == "profile" and value:
        return PROFILES[value].label
    if field == "served" and value:
        return SERVED_LABELS[value]
    if field == "is_free":
        return {True: "不收费", False: "收费", None: ""}[value]
    if field in BY_KEY:
        return "" if is_blank(value) else BY_KEY[field].show(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value or "")


def _materials(before: Content, after: Content) -> Iterator[Line]:
    """Materials are matched by their ids, which outlive a change of name."""
    old = {line["id"]: line for line in before.get("materials") or []}
    new = {line["id"]: line for line in after.get("materials") or []}
    for number, key in enumerate(dict.fromkeys([*new, *old]), 1):
        label = f"{FIELD_LABELS['materials']} {number}"
        yield sides("materials", label, _material(old.get(key)), _material(new.get(key)))


def _material(line: Mapping[str, Any] | None) -> str:
    return MATERIALS.show_row(dict(line)) if line else ""


def sides(field: str, label: str, old: str, new: str) -> Line:
    """A line of two texts, cut into what both have and what one has alone."""
    if old == new:
        piece = (Piece(old, False),) if old else ()
        return Line(field, label, "same", piece, piece)
    change = "changed" if old and new else "added" if new else "removed"
    before, after = _pieces(PARTS.findall(old), PARTS.findall(new))
    return Line(field, label, change, before, after)


def _pieces(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    before, after = [], []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = tag != "equal"
        if i < j:
            before.append(Piece("".join(old[i:j]), differs))
        if k < m:
            after.append(Piece("".join(new[k:m]), differs))
    return tuple(before), tuple(after)
