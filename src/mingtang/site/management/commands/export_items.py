"""`mingtang export-items FILE`: the items in force as a table that the import reads back."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.catalogue.services import export_items, write_table
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "把在用的服务事项导出为 CSV 或 XLSX；导入到别处，内容与指纹不变"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要写的文件，以 .csv 或 .xlsx 结尾")
        parser.add_argument("--department", default="", metavar="CODE", help="只导出这个单位的事项")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = export_items(on=today(), department=options["department"])
            write_table(options["file"], made.rows)
        except DomainError as error:
            raise CommandError(error.message) from None
        left_out = f"；暂停或取消的{made.left_out}项没有导出" if made.left_out else ""
        self.tell(
            f"已导出{len(made.rows)}项到 {options['file'].name}{left_out}。",
            rows=len(made.rows),
            left_out=made.left_out,
        )
