"""`mingtang statistics`: what nodes took, half of the times and nine in ten, by the database or by
files that were written before."""

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.bottlenecks.present import days, labels
from mingtang.bottlenecks.queries import percentiles
from mingtang.bottlenecks.queries.percentiles import Line
from mingtang.bottlenecks.queries.times import Selection, last_rows
from mingtang.bottlenecks.rules.board import By
from mingtang.site.command import HouseCommand

HEADINGS = ("名称", "所属", "次数", "中位（工作日）", "九成以内（工作日）")


class Command(HouseCommand):
    help = "各环节、部门用时的中位数和九成以内。例：mingtang statistics --by department --year 2013"

    forms = ("table", "csv")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--by",
            choices=[one.value for one in By],
            default=By.NODE.value,
            help="按什么分：node 环节，stage 阶段，department 部门，edition 事项版本",
        )
        parser.add_argument("--year", type=int, help="哪一年办完的；不写是今年")
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--export", type=Path, metavar="DIR", help="把这一年写成文件，不含个人信息"
        )
        where.add_argument(
            "--files", type=Path, metavar="DIR", help="从 --export 写出的文件算，要装 duckdb"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by, year = By(options["by"]), options["year"] or today().year
        if not date.min.year <= year <= date.max.year:
            raise CommandError(f"没有 {year} 年。例如 --year 2013。")
        chosen = Selection(date(year, 1, 1), date(year, 12, 31))
        try:
            if options["export"]:
                self._export(chosen, options["export"])
            elif options["files"]:
                self._show(
                    by, percentiles.percentiles_of_files(chosen, by, options["files"]), options
                )
            else:
                self._show(by, percentiles.percentiles(chosen, by), options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from None

    def _export(self, chosen: Selection, folder: Path) -> None:
        for path in percentiles.write_files(chosen, folder):
            self.stdout.write(str(path))
        self.note(files=[str(path) for path in sorted(folder.glob("passages-*"))])

    def _show(self, by: By, lines: list[Line], options: dict[str, Any]) -> None:
        keys = [one.key for one in lines]
        called = labels(by, keys, last_rows(keys, by), today())
        rows = [
            (*called.get(one.key, ("", "")), str(one.passages), days(one.median), days(one.p90))
            for one in lines
        ]
        if self.is_json:
            named = [one._asdict() | {"name": row[0]} for one, row in zip(lines, rows, strict=True)]
            self.note(percentiles=named)
        elif options["format"] == "csv":
            csv.writer(self.stdout, lineterminator="\n").writerows(
                [guarded(cell) for cell in row] for row in [HEADINGS, *rows]
            )
        else:
            self.stdout.write("\n".join("  ".join(row) for row in [HEADINGS, *rows]))
