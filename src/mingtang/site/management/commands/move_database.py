"""`mingtang move-database --to URL`: the city into another database, verified."""

from argparse import ArgumentParser
from typing import Any

from mingtang.site.command import HouseCommand
from mingtang.site.moving import move, take_back


class Command(HouseCommand):
    help = "把全部数据搬到另一个空的数据库，逐表核对；中断后再运行就接着搬。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_mutually_exclusive_group(required=True)
        ways.add_argument("--to", metavar="URL", help="postgresql://… 或 sqlite:///…")
        ways.add_argument(
            "--take-back",
            action="store_true",
            help="搬走以后，新数据库还没有用过：退回原数据库（在原数据库上运行）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["take_back"]:
            take_back()
            self.stdout.write("已退回：这个数据库又可以使用。新的那个请删除，不要启动。")
            return
        told = move(options["to"])
        self.tell(
            f"已搬运并核对：{told.tables} 张表，{told.rows} 行，"
            f"账本 {told.events} 条，树根 {told.root}。\n"
            "请把 DATABASE_URL 设为新地址后再启动；文件、密钥和存证不动。"
            "原数据库请留存，它不再提供服务。",
            **vars(told),
        )
