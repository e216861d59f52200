"""Reads of disclosure: for the public, for those who publish, of numbers."""

from mingtang.base.errors import NotFound
from mingtang.disclosure.queries.numbers import doubts_of_item, organ_of, schemes_for
from mingtang.disclosure.queries.public import (
    PublicPage,
    PublicSought,
    public_by_number,
    public_count,
    public_counts,
    public_file,
    public_item,
    public_items,
    public_latest,
    public_numbers,
    public_organs,
    public_versions,
)

__all__ = [
    "NotFound",
    "PublicPage",
    "PublicSought",
    "doubts_of_item",
    "organ_of",
    "public_by_number",
    "public_count",
    "public_counts",
    "public_file",
    "public_item",
    "public_items",
    "public_latest",
    "public_numbers",
    "public_organs",
    "public_versions",
    "schemes_for",
]
