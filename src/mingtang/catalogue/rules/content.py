"""Rules: the content of an edition or a draft: one flat mapping of what an item says. Pure.

Fields of COLUMNS are always there; those of `details` only where something is said.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
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


def named_materials(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines with ids that come from their names: the same material has the same id in every
    edition, and an id that fell out of use is never given to another."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        seen[line["name"]] = nth = seen.get(line["name"], 0) + 1
        identity = {"id": identity_of(line["name"], nth)}
        found.append(identity | MATERIAL_BLANK | dict(line))
    return found


def identity_of(name: str, nth: int) -> str:
    named = name if nth == 1 else f"{name}#{nth}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def material_id(name: str, taken: Sequence[str] | set[str]) -> str:
    """The id of a new material: from its name, as an import makes it; never one in use."""
    nth = 1
    while (identity := identity_of(name, nth)) in taken:
        nth += 1
    return identity
