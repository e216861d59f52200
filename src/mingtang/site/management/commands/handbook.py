"""`mingtang handbook --out FILE`: the guides of all items in the hall as one PDF."""

import resource
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.base.space import whole_file
from mingtang.catalogue.printing import handbook
from mingtang.site.command import HouseCommand

LOCAL = "http://127.0.0.1:8000"


class Command(HouseCommand):
    help = "把大厅里的全部办事指南汇编成一个 PDF；印了多少份请在“印刷和发放”里登记"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="要写的文件")
        parser.add_argument("--organ", default="", metavar="CODE", help="只汇编这个单位的事项")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        site = settings.MINGTANG_PUBLIC_URL or LOCAL
        if site == LOCAL:
            self.stderr.write("没有设置 MINGTANG_PUBLIC_URL，二维码指向本机，只供校样。")
        try:
            made = handbook(on=today(), site=site, organ=options["organ"])
            with whole_file(options["out"]) as fresh:
                fresh.write_bytes(made.pdf)
        except DomainError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"不能写入文件“{options['out'].name}”：{error.strerror}。") from None
        waiting = f"，另有 {made.unpublished} 项指南还没有公布" if made.unpublished else ""
        self.tell(
            f"已汇编 {made.departments} 个部门 {made.items} 项{waiting}，"
            f"{len(made.pdf) / 1e6:.1f} MB，用时 {time.monotonic() - began:.0f} 秒，"
            f"最多用内存 {_peak() / 1e6:.0f} MB。",
            items=made.items,
            departments=made.departments,
            unpublished=made.unpublished,
            bytes=len(made.pdf),
        )


def _peak() -> int:
    """The most memory that this process has had, in bytes: Linux tells it in kilobytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
