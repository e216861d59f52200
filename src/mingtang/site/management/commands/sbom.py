"""`mingtang sbom`: what software runs here. Needs no database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base.space import whole_file
from mingtang.site.command import HouseCommand
from mingtang.site.sbom import bill


class Command(HouseCommand):
    help = "列出本机安装的全部软件及版本（SBOM，CycloneDX 格式）。例：mingtang sbom --out sbom.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="写到这个文件；不写就显示出来")

    def handle(self, *args: Any, **options: Any) -> None:
        told = bill()
        if self.is_json:
            self.note(**told)
        text = json.dumps(told, ensure_ascii=False, indent=1)
        if options["out"] is None:
            self.stdout.write(text)
            return
        try:
            with whole_file(options["out"]) as fresh:
                fresh.write_text(text + "\n")
        except OSError as error:
            raise CommandError(f"不能写入文件“{options['out'].name}”：{error.strerror}。") from None
