"""Rules of the board: what it may show, until when, how it falls into pages. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError

KEEPERS = frozenset({Role.CENTRE_MANAGER})
LONGEST_INSERT = 60
STALE_AFTER = timedelta(hours=24)  # without word from us a board shows no row longer
LEAST, MOST = 320, 7680  # pixels of a side
MOST_PAGES = 12


class InsertKind(StrEnum):
    """Stored."""

    NOTICE = "notice"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        return {"notice": "提示", "urgent": "紧急插播"}[self.value]


class InsertOver(Conflict):
    def __init__(self) -> None:
        super().__init__("这条插播已经结束，请刷新页面。")


class WrongSize(DomainError):
    def __init__(self) -> None:
        super().__init__(f"屏幕的宽和高应为 {LEAST} 到 {MOST} 的整数像素，例如 w=1920&h=1080。")


# ── size ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Size:
    """A screen in pixels. Everything on it is reckoned in units of `unit` pixels."""

    width: int
    height: int

    @property
    def is_tall(self) -> bool:
        return self.width < 1.2 * self.height

    @property
    def unit(self) -> int:
        """Pixels of one unit: sixty across a wide screen, thirty-six across a tall one; twenty
        down at least, so that a strip is not written small."""
        across = self.width / (36 if self.is_tall else 60)
        return max(8, int(min(across, self.height / 20)))

    @property
    def rows(self) -> int:
        """How many rows stand below head, figures and headings, above the foot."""
        height = self.height / self.unit
        return max(2, int((height - (HEAD + FIGURES + HEADINGS + FOOT + GAPS)) / ROW))


HEAD, FIGURES, HEADINGS, ROW, FOOT, GAPS = 3.4, 3.8, 2.0, 2.2, 2.4, 1.3


# Shares of the width, by table; 0 hides a column where the screen is tall. As screens.css has them.
COLUMNS = {
    "calls": (0.18, 0.42, 0.4),
    "decisions": (0.15, 0.265, 0.15, 0.19, 0.13, 0.115),
    "publications": (0.65, 0.22, 0.13),
}
TALL_COLUMNS = {
    "calls": (0.18, 0.42, 0.4),
    "decisions": (0, 0.34, 0, 0.27, 0.22, 0.17),
    "publications": (0.48, 0.3, 0.22),
}


def size_of(width: str, height: str) -> Size:
    """Raises WrongSize."""
    numbers = [
        int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
        for text in (width, height)
    ]
    if not all(LEAST <= number <= MOST for number in numbers):
        raise WrongSize
    return Size(*numbers)


# ── content ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """One line, gone from `until`. `tone` colours its last cell."""

    cells: tuple[str, ...]
    until: datetime
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under headings. `key` names the layout of its columns."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""


@dataclass(frozen=True)
class Figure:
    label: str
    value: str


@dataclass(frozen=True)
class Content:
    """All that a hall's boards show, as it was at a moment."""

    as_of: datetime
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    notices: tuple[Row, ...] = ()
    urgent: Row | None = None


@dataclass(frozen=True)
class Page:
    table: Table
    number: int
    count: int
    rows: tuple[Row, ...] = field(default=())


def fresh(rows: Iterable[Row], at: datetime) -> tuple[Row, ...]:
    """The rows that may still be shown."""
    return tuple(row for row in rows if row.until > at)


def bounded(until: datetime, as_of: datetime) -> datetime:
    """A row's end: its own, and no later than what nobody has confirmed for a day."""
    return min(until, as_of + STALE_AFTER)


def pages_of(tables: Sequence[Table], rows_each: int, at: datetime) -> list[Page]:
    """The tables as pages, each with rows; a board with nothing to tell has one empty page."""
    cut: list[tuple[Table, tuple[Row, ...]]] = [
        (table, rows[start : start + rows_each])
        for table in tables
        if (rows := fresh(table.rows, at))
        for start in range(0, len(rows), rows_each)
    ]
    if not cut:
        return [Page(table, 1, 1, ()) for table in tables if table.empty][:1]
    cut = cut[:MOST_PAGES]
    return [Page(table, place, len(cut), rows) for place, (table, rows) in enumerate(cut, start=1)]


DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


def spoken_call(label: str, window: str) -> str:
    """A call as a voice reads it: figure by figure, else A012 becomes a twelve."""
    figures = "".join(DIGITS.get(one, f"{one} ") for one in label)
    return f"请 {figures}号，到 {window} 号窗口"


def as_text(content: Content, at: datetime, moment: str) -> str:
    """For controllers that show lines alone."""
    lines = [f"数据时间 {moment}"]
    if content.urgent and content.urgent.until > at:
        lines.append(content.urgent.cells[0])
    lines += [f"{one.label} {one.value}" for one in content.figures]
    for table in content.tables:
        rows = fresh(table.rows, at)
        lines += ["", table.title] if rows else []
        lines += ["  ".join(cell for cell in row.cells if cell) for row in rows]
    notices = fresh(content.notices, at)
    lines += [""] if notices else []
    lines += [row.cells[0] for row in notices]
    return "\r\n".join(lines) + "\r\n"
