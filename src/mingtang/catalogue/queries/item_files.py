"""Reads of an item's files: blank forms (空白表格) and filled-in samples (填写样张)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingtang.catalogue.models import Edition, Item
from mingtang.files import queries as files
from mingtang.files.rules import safe_name

COLUMNS = ("blank_form", "sample")  # of a material: the name of a file


@dataclass(frozen=True)
class ItemFile:
    name: str
    size_bytes: int
    uploaded_at: datetime
    is_public: bool
    is_drafted: bool


def subject_of(item_id: int) -> str:
    return f"item:{item_id}"


def name_of(cell: str) -> str:
    """The name under which a file is kept that a cell names."""
    return safe_name(cell)


def names_in(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The files that some materials name."""
    return (name_of(line[key]) for line in lines for key in COLUMNS if line.get(key))


def names_kept(item_id: int) -> set[str]:
    return set(_kept_at(item_id))


def names_kept_by(item_id: int, moment: datetime) -> set[str]:
    """The files that were there when an edition was published: those a second person saw."""
    return {name for name, at in _kept_at(item_id).items() if at <= moment}


def _kept_at(item_id: int) -> dict[str, datetime]:
    rows = files.uploads_of(subject_of(item_id))
    return {upload.original_name: upload.uploaded_at for upload in rows}


def names_published(item_id: int) -> set[str]:
    """The files that any published edition names: a pinned case still leads to its own.

    A file kept after that counts from the next edition on.
    """
    kept = _kept_at(item_id)
    rows = Edition.objects.filter(item=item_id).order_by("number")
    return {
        name
        for published_at, lines in rows.values_list("published_at", "materials")
        for name in names_in(lines)
        if name in kept and kept[name] <= published_at
    }


def files_of(item: Item, drafted: Iterable[Mapping[str, Any]]) -> list[ItemFile]:
    """The files of an item by name; `drafted` are the materials of its open draft."""
    public, in_draft = names_published(item.id), set(names_in(drafted))
    found = [
        ItemFile(
            name=upload.original_name,
            size_bytes=upload.size_bytes,
            uploaded_at=upload.uploaded_at,
            is_public=upload.original_name in public,
            is_drafted=upload.original_name in in_draft,
        )
        for upload in files.uploads_of(subject_of(item.id))
    ]
    return sorted(found, key=lambda one: one.name)


def names_wanted(item: Item, drafted: Iterable[Mapping[str, Any]]) -> list[str]:
    """The files that the draft, or else the edition in force, names and that are not kept yet."""
    lines = list(drafted)
    if not lines and item.current_edition:
        lines = item.current_edition.materials
    kept = names_kept(item.id)
    return sorted({name for name in names_in(lines) if name not in kept})


def kept_file(item_id: int, name: str) -> files.Upload | None:
    rows = files.uploads_of(subject_of(item_id))
    return next((one for one in rows if one.original_name == name), None)
