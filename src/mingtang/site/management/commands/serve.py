"""`mingtang serve`: the web server with its worker as a child."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mingtang.base.db import missing_guards


class Command(BaseCommand):
    help = "启动网页服务和后台工人。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if missing_guards():
            raise CommandError("账本的防改触发器不全，请先运行 mingtang migrate。")
        call_command("collectstatic", interactive=False, verbosity=0)
        worker = None if options["no_worker"] else _start_worker()
        try:
            _serve(options["host"], options["port"])
        finally:
            if worker is not None:
                worker.terminate()
                worker.wait(timeout=20)


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "mingtang.site.cli", "work"])


def _serve(host: str, port: int) -> None:
    """One process: SQLite has one writer, and its threads share one queue."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "mingtang.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()
