"""Rules of assessment: what people see and write down beside cases, and files of it. Pure.

考勤, 去向, 巡查, 值班, 培训, 体外循环 are one thing: somebody saw something on a day, another
confirms it. What it is worth, a scheme says.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from mingtang.base.errors import Conflict, DomainError, NotAllowed


class ObservationKind(StrEnum):
    """What was seen."""

    ABSENCE = "absence"
    LATENESS = "lateness"
    LEFT_POST = "left_post"
    LEAVE_UNCOVERED = "leave_uncovered"
    PATROL_CONDUCT = "patrol_conduct"
    PATROL_QUALITY = "patrol_quality"
    PATROL_EFFICIENCY = "patrol_efficiency"
    DUTY_MISSED = "duty_missed"
    DUTY_DONE = "duty_done"
    TRAINING_MISSED = "training_missed"
    TRAINING_DONE = "training_done"
    OFF_SYSTEM = "off_system"
    BACKDATED_ENTRY = "backdated_entry"
    PRAISE = "praise"
    BULLETIN = "bulletin"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def source(self) -> str:
        """The code of the source that counts it."""
        return f"observed_{self.value}"

    @property
    def is_patrol(self) -> bool:
        """Found on a round: confirmed by the person it is about."""
        return self.value.startswith("patrol_")


_LABELS = {
    ObservationKind.ABSENCE: "缺勤（半天）",
    ObservationKind.LATENESS: "迟到、早退",
    ObservationKind.LEFT_POST: "离岗未报去向",
    ObservationKind.LEAVE_UNCOVERED: "请假无人顶岗（AB岗）",
    ObservationKind.PATROL_CONDUCT: "巡查发现：工作作风",
    ObservationKind.PATROL_QUALITY: "巡查发现：办件质量",
    ObservationKind.PATROL_EFFICIENCY: "巡查发现：办事效率",
    ObservationKind.DUTY_MISSED: "值班、导办缺岗",
    ObservationKind.DUTY_DONE: "值班、导办到岗",
    ObservationKind.TRAINING_MISSED: "培训缺席",
    ObservationKind.TRAINING_DONE: "参加培训",
    ObservationKind.OFF_SYSTEM: "疑似体外循环（有证照无办件）",
    ObservationKind.BACKDATED_ENTRY: "事后补录",
    ObservationKind.PRAISE: "表扬、锦旗",
    ObservationKind.BULLETIN: "被通报批评",
}
KINDS_BY_NAME = {name: kind for kind in ObservationKind for name in (kind.value, kind.label)}


class SamePersonConfirms(NotAllowed):
    def __init__(self) -> None:
        super().__init__("登记人不能自己确认，请由另一位有权限的同事核对后确认。")


class NotYoursToConfirm(NotAllowed):
    def __init__(self) -> None:
        super().__init__("巡查发现的问题须由当事人本人确认；本人不认可的，请在考核公示后提出异议。")


class ConfirmedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这条记录已经确认过了，请刷新页面。")


@dataclass(frozen=True)
class ObservationRow:
    """A line of a file, read. `who`, `unit` and `window` are as written: a user name, a unit's code
    or name, a window's number."""

    line: int
    kind: ObservationKind
    on: date
    who: str
    unit: str
    window: str
    place: str
    note: str
    seen_at: time | None


@dataclass(frozen=True)
class LicenceRow:
    """A licence that a unit says it issued."""

    line: int
    unit: str
    number: str
    issued_on: date
    kind: str


class BadRows(DomainError):
    """A file with errors: all of them, by line. Nothing of it was kept."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        shown = "；".join(self.problems[:MOST_SHOWN])
        more = len(self.problems) - MOST_SHOWN
        rest = f"；还有 {more} 处" if more > 0 else ""
        super().__init__(f"文件有 {len(self.problems)} 处错误，一行也没有导入：{shown}{rest}。")


MOST_SHOWN = 30
MOST_ROWS = 5000
LONGEST_NOTE = 300
HEADINGS = {
    "kind": "类别",
    "on": "日期",
    "who": "用户名",
    "unit": "单位",
    "window": "窗口",
    "place": "地点",
    "note": "说明",
    "time": "时间",
    "number": "证照编号",
}
OBSERVATION_COLUMNS = ("kind", "on", "who", "unit", "window", "place", "time", "note")
LICENCE_COLUMNS = ("unit", "number", "on", "kind")

Cells = dict[str, str]
T = TypeVar("T")


def read_observations(text: str, today: date) -> list[ObservationRow]:
    """Rows of a CSV with the columns 类别,日期,用户名,单位,窗口,地点,时间,说明 (or their English
    names). Raises BadRows with every error."""
    return _read(text, ("kind", "on"), OBSERVATION_COLUMNS, lambda n, c: _observed(n, c, today))


def read_licences(text: str, today: date) -> list[LicenceRow]:
    """Rows of a CSV with the columns 单位,证照编号,日期,类别. Raises BadRows with every error."""
    rows: list[LicenceRow] = _read(
        text, ("unit", "number", "on"), LICENCE_COLUMNS, lambda n, c: _licence(n, c, today)
    )
    seen: dict[tuple[str, str], int] = {}
    twice = [
        f"第 {row.line} 行：证照 {row.number} 与第 {seen[row.unit, row.number]} 行重复"
        for row in rows
        if seen.setdefault((row.unit, row.number), row.line) != row.line
    ]
    if twice:
        raise BadRows(twice)
    return rows


def _read(
    text: str,
    needed: tuple[str, ...],
    known: tuple[str, ...],
    make: Callable[[int, Cells], tuple[T | None, list[str]]],
) -> list[T]:
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    names = {label: key for key, label in HEADINGS.items()}
    head = [names.get(cell.strip(), cell.strip()) for cell in lines[0]] if lines else []
    problems = [f"缺少“{HEADINGS[key]}”一列" for key in needed if key not in head]
    problems += [f"不认识的列“{key}”" for key in head if key not in known]
    if problems or len(lines) - 1 > MOST_ROWS:
        raise BadRows(problems or [f"超过 {MOST_ROWS} 行，请分开导入"])
    found: list[T] = []
    for number, line in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in line):
            row, wrong = _row(number, head, line, make)
            problems += [f"第 {number} 行：{one}" for one in wrong]
            found += [] if row is None else [row]
    if problems:
        raise BadRows(problems)
    if not found:
        raise BadRows(["文件里没有数据"])
    return found


def _row(
    number: int,
    head: list[str],
    line: list[str],
    make: Callable[[int, Cells], tuple[T | None, list[str]]],
) -> tuple[T | None, list[str]]:
    if len(line) > len(head):
        return None, [f"有 {len(line)} 格，表头只有 {len(head)} 列"]
    cells = dict.fromkeys(HEADINGS, "") | {
        key: cell.strip() for key, cell in zip(head, line, strict=False)
    }
    return make(number, cells)


def _day(text: str, today: date, wrong: list[str]) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        wrong.append(f"日期“{text}”应写成 2013-09-17 这样")
        return today
    if not date(1990, 1, 1) <= on <= today:
        wrong.append(f"日期 {on} 还没有到，或者太早")
    return on


def _time(text: str, wrong: list[str]) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        wrong.append(f"时间“{text}”应写成 09:30 这样")
        return None


def _observed(number: int, cells: Cells, today: date) -> tuple[ObservationRow | None, list[str]]:
    wrong: list[str] = []
    kind = KINDS_BY_NAME.get(cells["kind"])
    if kind is None:
        wrong.append(f"不认识的类别“{cells['kind']}”")
    on, seen_at = _day(cells["on"], today, wrong), _time(cells["time"], wrong)
    if not (cells["who"] or cells["unit"] or cells["window"]):
        wrong.append("用户名、单位、窗口至少填一项")
    if kind is not None and kind.is_patrol and not cells["who"]:
        wrong.append("巡查发现的问题要写明当事人的用户名，由本人确认")
    if len(cells["note"]) > LONGEST_NOTE or len(cells["place"]) > 60:
        wrong.append(f"说明不超过 {LONGEST_NOTE} 字，地点不超过 60 字")
    if wrong or kind is None:
        return None, wrong
    told = {name: cells[name] for name in ("who", "unit", "window", "place", "note")}
    return ObservationRow(line=number, kind=kind, on=on, seen_at=seen_at, **told), []


def _licence(number: int, cells: Cells, today: date) -> tuple[LicenceRow | None, list[str]]:
    wrong = [f"没有填“{HEADINGS[key]}”" for key in ("unit", "number") if not cells[key]]
    on = _day(cells["on"], today, wrong)
    if len(cells["number"]) > 60:
        wrong.append("证照编号不超过 60 字")
    row = LicenceRow(number, cells["unit"], cells["number"], on, cells["kind"])
    return (None, wrong) if wrong else (row, [])
