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
    return {upload.original_name for upload in files.uploads_of(subject_of(item_id))}


def names_published(item_id: int) -> set[str]:
    """The files that any published edition names: a pinned case still leads to its own."""
    rows = Edition.objects.filter(item=item_id).values_list("materials", flat=True)
    return {name for lines in rows.order_by("number") for name in names_in(lines)}


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
