"""`mingtang move-database --to URL`: the city into another database, verified."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mingtang.site.moving import move
from mingtang.site.simulate.running import show_progress


class Command(BaseCommand):
    help = "把全部数据搬到另一个空的数据库，逐表核对；中断后再运行就接着搬。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", required=True, metavar="URL", help="postgresql://… 或 sqlite:///…"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        told = move(options["to"], show_progress)
        self.stdout.write(
            f"已搬运并核对：{told.tables} 张表，{told.rows} 行，"
            f"账本 {told.events} 条，树根 {told.root}。\n"
            "请把 DATABASE_URL 设为新地址后再启动；文件、密钥和存证不动。"
            "原数据库请留存，不要再启动。"
        )
