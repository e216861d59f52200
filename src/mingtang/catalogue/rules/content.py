"""Rules: the content of an edition or a draft: one flat mapping of what an item says. Pure.

Fields of COLUMNS are always there; those of `details` only where something is said.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mingtang.catalogue.rules.details import details_of
from mingtang.catalogue.rules.kinds import ItemKind, profile_for
from mingtang.catalogue.rules.route import route_of
from mingtang.ledger.rules import canonical

Content = dict[str, Any]

COLUMNS = (
    *("name", "kind", "profile", "body_code", "basis", "conditions", "materials", "procedure"),
    *("statutory_amount", "statutory_unit", "statutory_basis"),
    *("promised_amount", "promised_unit", "promised_is_default"),
    *("fee", "is_free", "route", "on_the_spot", "served"),
)
ID = re.compile(r"[0-9a-f]{12}")
MATERIAL_BLANK = {"form": "", "copies": None, "need": "", "note": ""}


def new_content(name: str, kind: ItemKind) -> Content:
    """What is known of an item that somebody begins to write down."""
    nothing = {"statutory_amount": None, "statutory_unit": None}
    nothing |= {"promised_amount": None, "promised_unit": None, "is_free": None}
    return {
        **dict.fromkeys(COLUMNS, ""),
        **nothing,
        "name": name,
        "main_item": "",
        "kind": kind.value,
        "profile": profile_for(kind).key,
        "materials": [],
        "route": route_of([]),
        "promised_is_default": False,
        "on_the_spot": False,
        "served": "both",
    }


def content_from(columns: Mapping[str, Any], details: Mapping[str, Any]) -> Content:
    """What an edition keeps in its columns and in its details, as one mapping."""
    return {name: columns[name] for name in COLUMNS} | dict(details)


def kept(content: Mapping[str, Any]) -> Content:
    """The values by which an edition is made of a content."""
    return {name: content[name] for name in COLUMNS} | {"details": details_of(content)}


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of all that is said, the main item with it: the same in every installation.

    The department is left out: its id is another everywhere.
    """
    said = {name: content[name] for name in (*COLUMNS, "main_item")} | details_of(content)
    return hashlib.sha256(canonical(said)).hexdigest()


def named_materials(
    lines: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Lines with their ids: the one they bring, that of the same name `before`, or one that comes
    from the name. So a material has the same id in every edition and everywhere, and an id that
    fell out of use is never given to another."""
    seen: Counter[str] = Counter()
    held = {(name, nth): line["id"] for name, nth, line in _counted(before)}
    brought = Counter(line["id"] for line in lines if ID.fullmatch(line.get("id", "")))
    taken = {one for one, count in brought.items() if count == 1}
    found = []
    for name, nth, line in _counted(lines):
        identity = line.get("id", "")
        if identity not in taken:
            identity = held.get((name, nth)) or identity_of(name, nth)
            while identity in taken:
                seen[name] += 1
                identity = identity_of(name, nth + seen[name])
            taken.add(identity)
        found.append(MATERIAL_BLANK | dict(line) | {"id": identity})
    return found


def for_table(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines as a table of items says them: an id that the name gives is left out."""
    return [
        {
            key: value
            for key, value in line.items()
            if key != "id" or value != identity_of(name, nth)
        }
        for name, nth, line in _counted(lines)
    ]


def _counted(
    lines: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Each line with its name and how often the name has stood till there."""
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line["name"]] += 1
        yield line["name"], seen[line["name"]], line


def identity_of(name: str, nth: int) -> str:
    named = name if nth == 1 else f"{name}#{nth}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def material_id(name: str, taken: Sequence[str] | set[str]) -> str:
    """The id of a new material: from its name, as an import makes it; never one in use."""
    nth = 1
    while (identity := identity_of(name, nth)) in taken:
        nth += 1
    return identity
