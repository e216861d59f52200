"""`mingtang export-log`: our own history as a log of events, for anybody's tools."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.bottlenecks.log.history import as_csv, as_xes
from mingtang.bottlenecks.queries.exporting import traces
from mingtang.cases.present import EVENT_TITLES as CASES
from mingtang.requests.present import EVENT_TITLES as REQUESTS
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = (
        "把办理历史导出为事件日志（CSV 或 XES）；不含个人信息。例：mingtang export-log --year 2013"
    )

    forms = ("csv", "xes")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kind", default="case", help="什么的历史：case（办件）、request（申请公开）等"
        )
        parser.add_argument("--year", type=int, help="只要这一年开始的，全部经过")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, year = options["kind"], options["year"]
        if not kind.isidentifier():
            raise CommandError(f"“{kind}”不是一种记录。例如 case、request、card。")
        found = traces(kind, {**CASES, **REQUESTS}, year)
        name = f"mingtang {kind}" + (f" {year}" if year else "")
        if self.is_json:
            self.note(events=list(csv.DictReader(line + "\n" for line in as_csv(found))))
            return
        for line in as_csv(found) if options["format"] == "csv" else as_xes(found, name):
            self.stdout.write(line)
