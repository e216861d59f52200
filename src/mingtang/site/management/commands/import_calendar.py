"""`mingtang import-calendar FILE --year Y --source …`: load a year's holiday notice."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.site.command import HouseCommand
from mingtang.site.management.commands.due import read_text
from mingtang.site.two import ask_for_two, two_administrators
from mingtang.timing.queries import MovedClock, preview_calendar_year
from mingtang.timing.rules import (
    BadNotice,
    ClockState,
    DayOff,
    check_notice,
    clock_label,
    doubts,
    read_csv,
    read_ics,
)
from mingtang.timing.rules.notices import read_day
from mingtang.timing.services import load_calendar_year, seed_calendars


class Command(HouseCommand):
    help = "载入一年的节假日安排（CSV：date,works,name；或 ICS），先列出会变动的计时"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="CSV 或 ICS 文件")
        parser.add_argument("--year", default="", help="年份，如 2027")
        parser.add_argument("--source", default="", help="出处，如“国办发明电〔…〕…号”")
        parser.add_argument("--published-on", default="", help="公布日期，如 2026-11-04")
        parser.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
        parser.add_argument(
            "--seed", action="store_true", help="补齐随程序附带的年份；已载入的年份不动"
        )
        ask_for_two(parser, is_required=False)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["seed"]:
                self._seed(options)
            else:
                self._load(options)
        except DomainError as error:
            raise CommandError(error.message, returncode=2) from None

    def _seed(self, options: dict[str, Any]) -> None:
        if options["file"] or options["dry_run"]:
            raise BadNotice(["--seed 只补齐随程序附带的年份，不能再写文件名或 --dry-run。"])
        result = seed_calendars(at=clock.now())
        years = result["years"]
        self.note(years=years)
        if not years:
            self.stdout.write("随附的日历都已载入，没有变化。")
            return
        self.stdout.write(f"已载入随附的日历 {len(years)} 年：{years[0]}–{years[-1]}。")

    def _load(self, options: dict[str, Any]) -> None:
        year = _year(options["year"])
        source = options["source"].strip()
        if not source and not options["dry_run"]:
            raise BadNotice(["请用 --source 写明出处，例如通知的文号。"])
        published = _day(options["published_on"])
        days = _days(options["file"], year)
        moved = preview_calendar_year(year=year, days_off=days)
        if not options["dry_run"] and not (options["by"] and options["second"]):
            said = "日历一改，期限就变，须由两名管理员一起载入："
            raise BadNotice([f"{said}请用 --by 和 --second 写明两人的账号。"])
        self.note(year=year, clocks=len(moved), doubts=list(doubts(year, days)))
        self._show(year, days, moved)
        if options["dry_run"]:
            self.stdout.write("试运行：没有写入。")
            return
        by, second = two_administrators(options)
        result = load_calendar_year(
            year=year,
            days_off=days,
            source=source,
            published_on=published,
            actor=by,
            second=second,
            at=clock.now(),
            command_id=f"import-calendar-{uuid.uuid4().hex}",
        )
        self.tell(_told(result), **result)

    def _show(self, year: int, days: Sequence[DayOff], moved: Sequence[MovedClock]) -> None:
        rests = [day for day in days if not day.works]
        made_up = [day for day in days if day.works]
        self.stdout.write(
            f"{year} 年：周一至周五放假 {len(rests)} 天，调休上班 {len(made_up)} 天。"
        )
        self.stdout.write(f"放假：{_listed(rests)}")
        self.stdout.write(f"上班：{_listed(made_up)}")
        for doubt in doubts(year, days):
            self.stdout.write(f"请留意：{doubt}")
        self.stdout.write(f"会变动的计时 {len(moved)} 个。")
        for one in moved:
            self.stdout.write(_line(one))


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise BadNotice([f"请用 --year 写明四位年份，如 2027；“{text}”不是。"])
    return int(text)


def _day(text: str) -> Any:
    try:
        return read_day(text) if text else None
    except ValueError:
        raise BadNotice([f"公布日期“{text}”看不懂。应写成 2026-11-04 的样子。"]) from None


def _days(path: str, year: int) -> list[DayOff]:
    if not path:
        raise BadNotice(["请写明 CSV 或 ICS 文件；只补齐随附年份请用 --seed。"])
    text = read_text(path)
    noted = read_ics(text) if "BEGIN:VCALENDAR" in text[:200].upper() else read_csv(text)
    return check_notice(year, [one.day for one in noted], [one.line for one in noted])


def _listed(days: Iterable[DayOff]) -> str:
    return "、".join(f"{day.date:%m-%d} {day.name}" for day in days) or "无"


def _line(one: MovedClock) -> str:
    moved = f"{_when(one.old)} → {_when(one.new)}" if one.moves else f"{one.new.due} 不变"
    mark = "，不再暂定" if one.old.provisional and not one.new.provisional else ""
    return f"  {one.clock.stream} {clock_label(one.old.kind)} {moved}{mark}"


def _when(state: ClockState) -> str:
    return f"{state.due_at:%Y-%m-%d %H:%M}" if state.due_at else str(state.due)


def _told(result: dict[str, Any]) -> str:
    if not result["changed"]:
        return f"与现行的第 {result['version']} 版相同，没有变化。"
    return (
        f"已载入 {result['year']} 年日历第 {result['version']} 版，"
        f"重新计算了 {result['moved']} 个计时。"
    )
