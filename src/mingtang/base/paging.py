"""Keyset pages of lists that are ordered by an instant or a day, and an id."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mingtang.base.ids import parse_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cursor:
    """Where a page ended."""

    at: datetime
    id: int

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of a page address, or None for a first page or a garbled one."""
        moment, _, number = text.partition("_")
        microseconds, found = parse_id(moment), parse_id(number)
        if microseconds is None or found is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=microseconds), found)
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}_{self.id}"


@dataclass(frozen=True)
class DateCursor:
    """Where a page ended of a list that is ordered by days."""

    day: date
    id: int

    @classmethod
    def read(cls, text: str) -> "DateCursor | None":
        """The cursor of a page address, or None for a first page or a garbled one."""
        day, _, number = text.partition("_")
        found = parse_id(number)
        try:
            return None if found is None else cls(date.fromisoformat(day), found)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.day.isoformat()}_{self.id}"
