"""`mingtang work`: the worker."""

import logging
import os
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections

from mingtang.base.clock import now
from mingtang.base.durability import moves
from mingtang.base.marks import check_key, check_place
from mingtang.base.metrics import database_failed
from mingtang.site.command import HouseCommand
from mingtang.site.exits import is_not_migrated
from mingtang.site.management.commands.serve import check_durability
from mingtang.site.work import DELIVERIES_A_ROUND, Worker

REST_SECONDS = 0.5
REST_AFTER_TROUBLE_SECONDS = 5
log = logging.getLogger(__name__)


class Command(HouseCommand):
    help = "投递账本记录、定时清理。--once：做完手头的就退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--with-parent", type=int, metavar="PID", help="这个进程结束时也结束")

    def handle(self, *args: Any, **options: Any) -> None:
        worker, parent = Worker(), options["with_parent"]
        if parent is None:  # a parent has looked already
            check_place()
            check_key()
        if options["once"]:
            if found := moves():
                raise CommandError("\n".join(found))
            while worker.round(now()) >= DELIVERIES_A_ROUND:
                pass
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if parent is None:
            check_durability()
        while not stop.is_set() and parent in {None, os.getppid()}:
            self._round(worker, stop)

    def _round(self, worker: Worker, stop: threading.Event) -> None:
        close_old_connections()
        try:
            if worker.round(now()) < DELIVERIES_A_ROUND:
                stop.wait(REST_SECONDS)
        except DatabaseError as error:
            if is_not_migrated(error):
                raise
            database_failed("worker")
            log.warning("database unavailable, trying again: %s", error)
            stop.wait(REST_AFTER_TROUBLE_SECONDS)
        except Exception:  # whatever one round met, the next one gets its chance
            log.exception("a round of the worker failed")
            stop.wait(REST_AFTER_TROUBLE_SECONDS)
