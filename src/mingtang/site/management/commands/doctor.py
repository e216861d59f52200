"""`mingtang doctor`: what needs a person."""

from argparse import ArgumentParser
from typing import Any

from mingtang.base.clock import now, today
from mingtang.base.space import free_ballast, keep_ballast
from mingtang.site.command import HouseCommand
from mingtang.site.doctor import at_once, findings


class Command(HouseCommand):
    help = "检查安装：触发器、投递、日历、密钥、磁盘、时钟、树头、数据库的耐久设置。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--free-ballast", action="store_true", help="磁盘写满时：删去应急文件，腾出空间"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["free_ballast"]:
            freed = free_ballast()
            self.tell(f"已腾出 {freed // 1024**2} MB，请尽快清理磁盘。", freed_bytes=freed)
            return
        keep_ballast()
        found = [*at_once(now()), *findings(today())]
        for finding in found:
            self.stdout.write(f"{'严重' if finding.is_serious else '提醒'}：{finding.text}")
        self.note(findings=[vars(finding) for finding in found])
        if not found:
            self.stdout.write("一切正常。")
        if any(finding.is_serious for finding in found):
            raise SystemExit(1)
