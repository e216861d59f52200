"""`mingtang ship`: what SQLite acknowledged goes to a second disk, every few seconds."""

import logging
import os
import signal
import sqlite3
import threading
from argparse import ArgumentParser
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections, connection

from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.marks import check_key, check_place
from mingtang.site.command import HouseCommand
from mingtang.site.shipping import Shipper

log = logging.getLogger(__name__)


class Command(HouseCommand):
    help = "连续备份：每隔几秒把数据库新写的内容和新文件送到 MINGTANG_SHIP 指定的文件夹。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=5, metavar="SECONDS", help="每隔几秒")
        parser.add_argument("--once", action="store_true", help="送一次就退出")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                "这条命令只用于 SQLite：PostgreSQL 请用它自带的连续归档（docs/operations.md）。"
            )
        if settings.MINGTANG_SHIP is None:
            raise CommandError("没有设置 MINGTANG_SHIP：请指定另一块磁盘上的文件夹，再重新启动。")
        if not 1 <= options["every"] <= 3600:
            raise CommandError("--every 应为 1 到 3600 秒。")
        check_place()
        check_key()
        os.umask(0o077)  # what is shipped is its owner's alone
        with closing(Shipper(settings.MINGTANG_SHIP)) as shipper:
            if options["once"]:
                count = shipper.ship(now())
                self.tell(f"已送到 {shipper.shipment}：新写的 {count} 页。", pages=count)
            else:
                self._go_on(shipper, options["every"])

    def _go_on(self, shipper: Shipper, seconds: int) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                shipper.ship(now())
            except (OSError, DomainError, DatabaseError, sqlite3.Error) as error:
                log.warning("not shipped, trying again: %s", error)
            stop.wait(seconds)
