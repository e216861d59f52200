"""`mingtang serve`: the web server with its worker as a child."""

import socket
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mingtang.base.db import missing_guards
from mingtang.base.marks import check_key


class Command(BaseCommand):
    help = "启动网页服务和后台工人。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if missing_guards():
            raise CommandError("账本的防改触发器不全，请先运行 mingtang migrate。")
        check_key()
        _check_port(options["host"], options["port"])
        call_command("collectstatic", interactive=False, verbosity=0)
        worker = None if options["no_worker"] else _start_worker()
        try:
            _serve(options["host"], options["port"])
        finally:
            if worker is not None:
                worker.terminate()
                worker.wait(timeout=20)


def _check_port(host: str, port: int) -> None:
    """Say it in a sentence when somebody, perhaps an earlier start, listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"不能在 {host}:{port} 上提供服务（{error.strerror}）。"
                "可能已有一个在运行；请先停止它，或用 --port 换一个端口。"
            ) from None


def _start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "mingtang.site.cli", "work", "--with-parent"])


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
