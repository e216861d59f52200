"""`mingtang export-standard FILE --organ CODE`: an organ's standard catalogue as a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from mingtang.disclosure.services.standard import export_standard
from mingtang.regions.queries import organisation_by_code
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "把一个单位的基层政务公开标准目录导出为 CSV 或 XLSX；导入回来完全一样"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要写的文件，以 .csv 或 .xlsx 结尾")
        parser.add_argument("--organ", required=True, metavar="CODE", help="单位代码")

    def handle(self, *args: Any, **options: Any) -> None:
        count = export_standard(options["file"], organisation_by_code(options["organ"]).id)
        self.tell(f"已导出{count}条到 {options['file'].name}。", rows=count)
