"""Rules: a calendar as text (RFC 5545). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

TYPE = "text/calendar; charset=utf-8"
LINE = 75  # octets of a line without its end, §3.1
PRODUCT = "-//mingtang//mingtang//ZH"


@dataclass(frozen=True)
class Entry:
    """A day that something falls on. `key` is the same each time it is written; `noted_at`: since
    when it is known (DTSTAMP), not when it is written, so that the same days give the same text."""

    key: str
    on: date
    title: str
    noted_at: datetime
    url: str = ""


def calendar(name: str, host: str, entries: Iterable[Entry]) -> str:
    """The calendar of these days, all-day entries, lines folded and ended as §3.1 says."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"X-WR-CALNAME:{escaped(name)}"]
    for one in entries:
        lines += _event(one, host)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: Entry, host: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.key}@{host}"
    yield f"DTSTAMP:{one.noted_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(one.title)}"
    yield "TRANSP:TRANSPARENT"
    if one.url:
        yield f"URL:{one.url}"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a value, §3.3.11."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def folded(line: str) -> Iterator[str]:
    """Pieces of at most LINE octets; each but the first begins with a blank. No letter is cut."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
