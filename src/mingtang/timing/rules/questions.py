"""Rules of time: deadlines asked for in text, one by one or as a CSV file."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingtang.base.errors import DomainError
from mingtang.timing.rules.calendar import WorkingCalendar
from mingtang.timing.rules.deadlines import UNIT_LABELS, Due, Pause, Unit, due

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_MOST_DIGITS = 9


class BadQuestion(DomainError):
    """Text from which no deadline can be reckoned; one sentence a line."""


@dataclass(frozen=True)
class Question:
    """A limit as someone typed it, read and checked for shape."""

    start: dt.date
    amount: int
    unit: Unit = Unit.WORKING_DAY
    pauses: tuple[Pause, ...] = ()
    roll: bool = False

    def answer(self, calendar: WorkingCalendar) -> Due:
        return due(calendar, self.start, self.amount, self.unit, self.pauses, roll=self.roll)


def read_question(
    start: str, amount: str, unit: str = "", pauses: Sequence[str] = (), *, roll: bool = False
) -> Question:
    """Read the parts of a question. Raises BadQuestion with a sentence."""
    known = read_unit(unit)
    return Question(
        start=_read_start(start.strip(), known),
        amount=_read_amount(amount.strip()),
        unit=known,
        pauses=tuple(_read_pause(text.strip()) for text in pauses if text.strip()),
        roll=roll,
    )


def read_unit(text: str) -> Unit:
    text = text.strip() or Unit.WORKING_DAY.value
    if text not in UNIT_LABELS:
        raise BadQuestion(f"不认识的计时单位“{text}”。可用：{'、'.join(Unit)}。")
    return Unit(text)


def _read_start(text: str, unit: Unit) -> dt.date:
    if unit == Unit.OFFICE_HOUR and _MOMENT.fullmatch(text):
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            raise BadQuestion(f"起算时刻“{text}”不存在。请核对日期和钟点。") from None
    return _read_day(text, "起算日期")


def _read_day(text: str, what: str) -> dt.date:
    if not text:
        raise BadQuestion(f"缺少{what}。应写成 2013-09-17 的样子。")
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"{what}“{text}”不存在。请核对年月日。") from None
    raise BadQuestion(f"{what}“{text}”看不懂。应写成 2013-09-17 的样子。")


def _read_amount(text: str) -> int:
    if not text:
        raise BadQuestion("缺少时限。请写 0 或更大的整数。")
    if not re.fullmatch(r"[0-9]+", text):
        raise BadQuestion(f"时限“{text}”不是整数。请写 0 或更大的整数。")
    if len(text.lstrip("0")) > _MOST_DIGITS:
        raise BadQuestion("时限太大，算不出到期日。请核对数字。")
    return int(text)


def _read_pause(text: str) -> Pause:
    after, dots, until = text.partition("..")
    if not dots:
        raise BadQuestion(f"暂停“{text}”看不懂。应写成 2013-09-10..2013-09-24 的样子。")
    begin = _read_day(after.strip(), "暂停的开始日期")
    end = _read_day(until.strip(), "暂停的结束日期") if until.strip() else None
    if end and end < begin:
        raise BadQuestion(f"暂停“{text}”的结束早于开始。请核对两个日期。")
    return Pause(begin, end)


def written(found: Due) -> str:
    """A due date in ISO form; with the time of day for office hours."""
    return found.at.isoformat(timespec="minutes") if found.at else found.date.isoformat()


@dataclass(frozen=True)
class Answers:
    """The file with its `due` column, and the lines whose answer is provisional."""

    text: str
    provisional_lines: tuple[int, ...]


def answer_csv(
    text: str, calendar: WorkingCalendar, *, unit: str = "", roll: bool = False
) -> Answers:
    """A CSV with the columns start and n, and perhaps unit and pauses (`from..to;from..to`).

    All columns come back, with `due` added. `unit` and `roll` hold for rows that do not say.
    Raises BadQuestion with every row that cannot be answered.
    """
    rows = _rows(text)
    header = next(rows, None)
    if header is None:
        raise BadQuestion("文件是空的。第 1 行应为表头：start,n,unit,pauses。")
    places = _places(header[1])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header[1], "due"])
    problems, provisional = [], []
    for line, row in rows:
        try:
            found = _asked(row, places, len(header[1]), unit, roll).answer(calendar)
        except DomainError as error:
            problems.append(f"第 {line} 行：{error}")
            continue
        padding = [""] * (len(header[1]) - len(row))
        writer.writerow([*row, *padding, written(found)])
        provisional += [line] if found.provisional else []
    if problems:
        raise BadQuestion("\n".join(problems))
    return Answers(out.getvalue(), tuple(provisional))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line where they end; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise BadQuestion(f"第 {reader.line_num} 行：不是完整的 CSV（{error}）。") from None


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where the known columns stand."""
    names = [name.strip().lower() for name in header]
    missing = [name for name in ("start", "n") if name not in names]
    if missing:
        raise BadQuestion(f"第 1 行：缺少列 {'、'.join(missing)}。表头应为 start,n,unit,pauses。")
    known = ("start", "n", "unit", "pauses")
    return {name: names.index(name) for name in known if name in names}


def _asked(
    row: Sequence[str], places: dict[str, int], width: int, unit: str, roll: bool
) -> Question:
    if len(row) > width:
        raise BadQuestion(f"有 {len(row)} 列，比表头多。含逗号的内容请加引号。")

    def cell(name: str) -> str:
        place = places.get(name, width)
        return row[place] if place < len(row) else ""

    return read_question(
        cell("start"), cell("n"), cell("unit") or unit, cell("pauses").split(";"), roll=roll
    )
