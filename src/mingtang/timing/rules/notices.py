"""Rules of time: reading a year's holiday notice from CSV or ICS, and refusing contradictions."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mingtang.base.errors import DomainError
from mingtang.timing.rules.calendar import FIRST_DAY, DayOff

WORKS = {"1": True, "true": True, "是": True, "班": True, "上班": True}
RESTS = {"0": False, "false": False, "否": False, "休": False, "放假": False}
REST_SIGNS = ("休", "假", "元旦", "春节", "除夕", "清明", "劳动", "端午", "中秋", "国庆", "纪念日")
USUAL_WORKING_DAYS = range(246, 254)  # 2004–2026 lie between 248 and 252
CHINA = dt.timezone(dt.timedelta(hours=8))
LONGEST_EVENT_DAYS = 31


class BadNotice(DomainError):
    """Everything that is wrong with a notice, one sentence a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Noted:
    """A day as the file gives it, and on which line."""

    line: int
    day: DayOff


def check_notice(year: int, days: Iterable[DayOff], lines: Iterable[int] = ()) -> list[DayOff]:
    """The exceptions to the weekday rule that a notice makes, in order of date.

    A rest on a weekend is no contradiction (notices say "from 1 to 7 October"); it says nothing
    new and is left out. Raises BadNotice with every contradiction.
    """
    given = list(days)
    where = [f"第 {line} 行：" for line in lines] or [""] * len(given)
    noted = list(zip(where, given, strict=True))
    problems = [text for place, day in noted for text in _wrong(place, day, year)]
    problems += _twice(noted)
    if not FIRST_DAY.year <= year <= dt.MAXYEAR:
        problems.append(f"年份 {year} 早于 {FIRST_DAY.year} 年，系统不支持。")
    if not given:
        problems.append("文件中没有任何日期。请提供该年的放假日和调休上班日。")
    if problems:
        raise BadNotice(problems)
    return sorted((day for day in given if day.is_exception), key=lambda day: day.date)


def _wrong(place: str, day: DayOff, year: int) -> Iterator[str]:
    if day.date.year != year:
        yield f"{place}{day.date} 不在 {year} 年。请只保留 {year} 年的日期。"
    if day.works and not day.is_exception:
        yield f"{place}{day.date} 是周一至周五，本来就上班，不能作为调休上班日。请核对日期。"
    if not day.name.strip():
        yield f"{place}{day.date} 没有名称。请写明节日，如“国庆节”。"
    if len(day.name) > 60:
        yield f"{place}{day.date} 的名称超过 60 个字。请写得短一些。"


def _twice(noted: Iterable[tuple[str, DayOff]]) -> Iterator[str]:
    seen: dict[dt.date, str] = {}
    for place, day in noted:
        if day.date in seen:
            before = f"（前一次在{seen[day.date].rstrip('：')}）" if seen[day.date] else ""
            yield f"{place}{day.date} 出现了两次{before}。请只保留一次。"
        seen.setdefault(day.date, place)


def doubts(year: int, days: Iterable[DayOff]) -> list[str]:
    """What looks unusual, though it may be right."""
    off = {day.date: day.works for day in days}
    first = dt.date(year, 1, 1).toordinal()
    last = dt.date(year, 12, 31).toordinal()
    year_days = map(dt.date.fromordinal, range(first, last + 1))
    count = sum(off.get(day, day.weekday() < 5) for day in year_days)
    if count in USUAL_WORKING_DAYS:
        return []
    usual = f"{USUAL_WORKING_DAYS.start}–{USUAL_WORKING_DAYS.stop - 1}"
    return [f"{year} 年共 {count} 个工作日，往年为 {usual} 个。请核对是否有遗漏。"]


def read_csv(text: str) -> list[Noted]:
    """Rows of date, works, name. Raises BadNotice with line numbers."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    problems: list[str] = []
    found: list[Noted] = []
    try:
        missing = [name for name in ("date", "works", "name") if name not in _header(reader)]
        if missing:
            raise BadNotice([f"第 1 行：缺少列 {'、'.join(missing)}。表头应为 date,works,name。"])
        for row in reader:
            _take(row, reader.line_num, found, problems)
    except csv.Error as error:
        problems.append(f"第 {reader.line_num} 行：不是完整的 CSV（{error}）。")
    if problems:
        raise BadNotice(problems)
    return found


def _header(reader: "csv.DictReader[str]") -> Sequence[str]:
    return reader.fieldnames or ()


def _take(
    row: Mapping[str, str | None], line: int, found: list[Noted], problems: list[str]
) -> None:
    date, works, name = ((row[key] or "").strip() for key in ("date", "works", "name"))
    flag = (WORKS | RESTS).get(works.lower())
    if flag is None:
        problems.append(f"第 {line} 行：works 列“{works}”不明。上班写 1，放假写 0。")
        return
    try:
        found.append(Noted(line, DayOff(read_day(date), flag, name)))
    except ValueError:
        problems.append(f"第 {line} 行：“{date}”不是日期。应写成 2027-01-01 的样子。")


def read_day(text: str) -> dt.date:
    """An ISO date with dashes and nothing else. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


def read_ics(text: str) -> list[Noted]:
    """The days of an iCalendar file's events. Raises BadNotice with line numbers.

    A summary with 班 or 补 is a make-up working day; one that names a festival or 休 or 假 is a
    rest; any other (a solar term, a birthday) is refused, for it would silently become a holiday.
    """
    problems: list[str] = []
    found: list[Noted] = []
    for line, event in _events(text, problems):
        try:
            found.extend(Noted(line, day) for day in _event_days(event))
        except ValueError as error:
            problems.append(f"第 {line} 行：{error}")
    if problems:
        raise BadNotice(problems)
    return found


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of the first physical one (RFC 5545, 3.1)."""
    start, held = 1, ""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line[:1] in {" ", "\t"}:
            held += line[1:]
            continue
        yield start, held
        start, held = number, line
    yield start, held


def _events(text: str, problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each VEVENT's properties, and the line where it begins. Alarms inside it are passed over."""
    event: dict[str, str] | None = None
    began, depth = 0, 0
    for number, line in _unfolded(text):
        name, _, value = line.partition(":")
        name, value = name.split(";")[0].strip().upper(), value.strip()
        if (name, value.upper()) == ("BEGIN", "VEVENT"):
            event, began, depth = {}, number, 0
        elif event is not None and (name, value.upper()) == ("END", "VEVENT"):
            yield began, event
            event = None
        elif event is not None:
            depth += (name == "BEGIN") - (name == "END")
            if depth == 0:
                event[name] = value
    if event is not None:
        problems.append(f"第 {began} 行：事件没有 END:VEVENT，文件不完整。")


def _event_days(event: dict[str, str]) -> list[DayOff]:
    summary = _unescaped(event.get("SUMMARY", "")).strip()
    works = _works(summary)
    if "RRULE" in event or "RDATE" in event:
        raise ValueError(f"“{summary}”是重复事件，放假安排须逐年列出。请删去重复规则。")
    first = _ics_day(event.get("DTSTART", ""))
    count = _length(event, first)
    name = re.sub(r"[（(\[【]?(?:补班|调休|上班|放假|补休|[休班])[）)\]】]?", "", summary).strip()
    return [DayOff(first + dt.timedelta(days), works, name or summary) for days in range(count)]


def _works(summary: str) -> bool:
    if "班" in summary or ("补" in summary and "休" not in summary):
        return True
    if any(sign in summary for sign in REST_SIGNS):
        return False
    raise ValueError(f"看不出“{summary}”是放假还是上班。请注明（休）或（班），或删去该事件。")


def _length(event: dict[str, str], first: dt.date) -> int:
    """How many days an event covers: DTEND is the day after its last one."""
    duration = event.get("DURATION", "")
    if found := re.fullmatch(r"\+?P(?:(\d{1,2})W)?(?:(\d{1,3})D)?", duration):
        count = int(found[1] or 0) * 7 + int(found[2] or 0)
    elif duration:
        raise ValueError(f"不能识别的时长“{duration}”。请用 DTEND 写明结束日期。")
    else:
        count = (_ics_day(event["DTEND"]) - first).days if "DTEND" in event else 1
    if not 1 <= count <= LONGEST_EVENT_DAYS:
        raise ValueError(f"事件长 {count} 天，应为 1 到 {LONGEST_EVENT_DAYS} 天。请核对起止日期。")
    return count


def _ics_day(text: str) -> dt.date:
    """20270101, or a local or UTC moment, whose day in China counts."""
    try:
        if text.endswith("Z"):
            moment = dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            return moment.astimezone(CHINA).date()
        return dt.datetime.strptime(text.partition("T")[0], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"“{text}”不是 ICS 的日期。应写成 20270101 的样子。") from None


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: found[1] if found[1] in "\\;," else " ", text)
