"""`mingtang tv-bundle --out DIR`: the pages of television as files, a zip for each township."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from mingtang.base import clock
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand
from mingtang.tv import bundle
from mingtang.tv.services import folder, hand_over
from mingtang.villages.queries import pilot_townships, township_by_code


class Command(HouseCommand):
    help = "把各村三务公开的电视页面打成压缩包（每个乡镇一个，附 SHA-256 清单），交有线电视运营商"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="DIR", help="放到哪个目录")
        parser.add_argument(
            "--township", default="", metavar="CODE", help="只做一个乡镇（12 位代码）"
        )
        parser.add_argument("--check", action="store_true", help="只核对已有的压缩包与清单")

    def handle(self, *args: Any, **options: Any) -> None:
        out = options["out"] or folder()
        towns = pilot_townships()
        if options["township"]:
            towns = [township_by_code(options["township"])]
        for town in towns:
            if options["check"]:
                self._check(town.name, out / f"tv-{town.code}.zip")
                continue
            made = hand_over(
                township=town.code,
                out=str(out),
                actor=SYSTEM,
                at=clock.now(),
                command_id=f"tv-{uuid.uuid4().hex}",
            )
            self.stdout.write(
                f"{town.name}：{made['pages']} 页，公开 {made['entries']} 条，"
                f"其中 {made['counted']} 条首次计入数字电视。"
            )

    def _check(self, name: str, path: Path) -> None:
        if not path.exists():
            self.stdout.write(f"{name}：没有压缩包 {path.name}，请先生成。")
            raise SystemExit(1)
        if wrong := bundle.broken(path):
            self.stdout.write(f"{name}：与清单不符的文件 {len(wrong)} 个：{'、'.join(wrong[:20])}")
            raise SystemExit(1)
        self.stdout.write(f"{name}：与清单一致。")
