"""`mingtang score --scheme CODE --period 2013-09`: a period's scores, as its page shows them."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.assessment.queries.listing import HEADINGS, lines_of_period
from mingtang.base.errors import DomainError
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = (
        "列出一期考核的得分和名次。例：mingtang score --scheme department-monthly --period 2013-09"
    )

    forms = ("table", "csv")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", required=True, help="考核办法的代码")
        parser.add_argument("--period", required=True, help="期次：2013-09、2013-Q3 或 2013")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = lines_of_period(options["scheme"], options["period"])
        except DomainError as error:
            raise CommandError(error.message) from None
        if not found.is_opened:
            self.stderr.write("这一期还没有打开考核：下面是按现在的账簿试算的，没有保存。")
        rows = [HEADINGS, *(line.cells for line in found.lines)]
        if self.is_json:
            named = [dict(zip(HEADINGS, line.cells, strict=True)) for line in found.lines]
            self.note(is_opened=found.is_opened, scores=named)
        elif options["format"] == "csv":
            csv.writer(self.stdout, lineterminator="\n").writerows(rows)
        else:
            self.stdout.write("\n".join("  ".join(row) for row in rows))
