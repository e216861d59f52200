"""Rules: what differs between two texts of an item, sentence by sentence. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from mingtang.catalogue.rules.drafts import FIELD_LABELS, SERVED
from mingtang.catalogue.rules.gate import limit_of
from mingtang.catalogue.rules.kinds import KINDS, ItemKind
from mingtang.catalogue.rules.profiles import PROFILES

Content = Mapping[str, Any]
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


def compare(before: Content, after: Content) -> list[Line]:
    """Every field of an item, side by side, in the order of its page."""
    return [
        line
        for field in FIELD_LABELS
        if field not in OF_THE_ITEM or field in before or field in after
        for line in (
            _materials(before, after) if field == "materials" else [_line(field, before, after)]
        )
    ]


def changed_labels(before: Content, after: Content) -> list[str]:
    """The fields that differ, each named once: what the ledger notes of a saving."""
    lines = [line for line in compare(before, after) if line.change != "same"]
    return list(dict.fromkeys(FIELD_LABELS[line.field] for line in lines))


def _line(field: str, before: Content, after: Content) -> Line:
    return _sides(field, FIELD_LABELS[field], shown(field, before), shown(field, after))


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
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value or "")


def _materials(before: Content, after: Content) -> Iterator[Line]:
    """Materials are matched by their ids, which outlive a change of name."""
    old = {line["id"]: line for line in before.get("materials") or []}
    new = {line["id"]: line for line in after.get("materials") or []}
    for number, key in enumerate(dict.fromkeys([*new, *old]), 1):
        label = f"{FIELD_LABELS['materials']} {number}"
        yield _sides("materials", label, _material(old.get(key)), _material(new.get(key)))


def _material(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return ""
    copies = f"{line['copies']}份" if line.get("copies") else ""
    parts = (line.get("name"), line.get("need"), copies, line.get("form"), line.get("note"))
    return "，".join(str(part) for part in parts if part)


def _sides(field: str, label: str, old: str, new: str) -> Line:
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
