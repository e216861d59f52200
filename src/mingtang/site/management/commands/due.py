"""`mingtang due START N`: when a limit ends, and why. Needs no database."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import Error as DatabaseTrouble

from mingtang.base.errors import DomainError
from mingtang.site.command import HouseCommand
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import (
    Reason,
    WorkingCalendar,
    explain,
    provisional_sentence,
    shipped_calendar,
)
from mingtang.timing.rules.questions import BadQuestion, answer_csv, read_question, written


class Command(HouseCommand):
    help = "计算到期日。例：mingtang due 2013-09-17 5 --explain"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", nargs="?", default="", help="起算日期，如 2013-09-17")
        parser.add_argument("n", nargs="?", default="", help="时限，0 或更大的整数")
        parser.add_argument(
            "--unit",
            default="",
            help="working_day（默认）、calendar_day、month、office_hour",
        )
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="FROM..TO",
            help="暂停：FROM 的次日起到 TO 止不计入；可写多次",
        )
        parser.add_argument(
            "--roll", action="store_true", help="自然日、月的到期日遇休息日顺延到下一个工作日"
        )
        parser.add_argument("--explain", action="store_true", help="逐段说明怎样数到这一天")
        parser.add_argument(
            "--batch", metavar="FILE.csv", help="按 start,n,unit,pauses 各列逐行计算；- 为标准输入"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            calendar = self._calendar()
            if options["batch"]:
                self._answer_file(calendar, options)
            else:
                self._answer_one(calendar, options)
        except DomainError as error:
            self.note(error=error.message)
            self.stderr.write(error.message)
            raise SystemExit(2) from None

    def _calendar(self) -> WorkingCalendar:
        """The installation's calendar, or the shipped one where there is no installation yet."""
        try:
            return current_calendar()
        except DatabaseTrouble as trouble:
            if "timing_calendaredition" not in str(trouble):
                self.stderr.write(f"读不到数据库，改用随程序附带的日历计算：{trouble}")
            return shipped_calendar()

    def _answer_one(self, calendar: WorkingCalendar, options: dict[str, Any]) -> None:
        asked = read_question(
            options["start"],
            options["n"],
            options["unit"],
            options["pause"],
            roll=options["roll"],
        )
        found = asked.answer(calendar)
        self.tell(written(found), due=written(found), is_provisional=bool(found.provisional))
        if found.provisional:
            self.stdout.write(f"暂定：{provisional_sentence(calendar)}")
        if options["explain"]:
            lines = explain(
                calendar, asked.start, asked.amount, asked.unit, asked.pauses, roll=asked.roll
            )
            told = (line.text for line in lines if line.reason != Reason.PROVISIONAL)
            self.stdout.write("\n".join(told))

    def _answer_file(self, calendar: WorkingCalendar, options: dict[str, Any]) -> None:
        if options["start"] or options["pause"] or options["explain"]:
            raise BadQuestion("--batch 从文件读取问题，不能再写日期、--pause 或 --explain。")
        text = read_text(options["batch"])
        found = answer_csv(text, calendar, unit=options["unit"], roll=options["roll"])
        if self.is_json:
            self.note(answers=list(csv.DictReader(io.StringIO(found.text))))
        else:
            self.stdout.write(found.text, ending="")
        if found.provisional_lines:
            lines = "、".join(map(str, found.provisional_lines))
            self.stderr.write(f"暂定：第 {lines} 行。{provisional_sentence(calendar)}")


def read_text(path: str) -> str:
    """A text file as UTF-8, or as the GB18030 that spreadsheets save. Raises BadQuestion."""
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise BadQuestion(f"不能读取文件 {path}：{error.strerror}。请核对路径。") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadQuestion(f"文件 {path} 不是 UTF-8 或 GB18030 文本。请另存为 UTF-8 后再试。")
