"""`mingtang backup FOLDER`: everything but the keys, while people work."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from mingtang.base.clock import now
from mingtang.site import backup
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "备份数据库、文件和存证到一个空文件夹，不用停机。密钥不在里面，请另行保管。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        told = backup.make(options["folder"], now())
        self.tell(
            f"已备份：账本 {told.events} 条，文件 {told.files} 个，树根 {told.root}。",
            **vars(told),
        )
