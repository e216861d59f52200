"""Reads of regions: long lists of values in several statements."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
CHUNK = 400  # values in one statement; SQLite may have been built to take 999


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
