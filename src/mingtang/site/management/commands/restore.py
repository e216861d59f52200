"""`mingtang restore FOLDER`: a backup into an empty place, verified."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from mingtang.site import restoring
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "把备份恢复到空的数据目录或数据库，并核对：摘要、账本、树头、存证。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keys", type=Path, metavar="FOLDER", help="另行保管的密钥文件夹")
        parser.add_argument("--accept-loss", action="store_true", help="接受比存证少的记录")

    def handle(self, *args: Any, **options: Any) -> None:
        losing = options["accept_loss"]
        told = restoring.restore(options["folder"], keys=options["keys"], losing=losing)
        self.tell(f"已恢复并核对：账本 {told.events} 条，树根 {told.root}。", **vars(told))
