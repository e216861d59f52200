"""`mingtang serve`: the web server with its worker as a child."""

import logging
import os
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from mingtang.base.db import missing_guards
from mingtang.base.durability import weaknesses
from mingtang.base.marks import check_key, check_place
from mingtang.base.metrics import begin_anew
from mingtang.base.space import keep_ballast
from mingtang.site.command import HouseCommand

WEB_KILL_SECONDS = 5
MOST_WORKERS = 64
WORKER_KILL_SECONDS = 20
WORKER_LOOK_SECONDS = 1.0
WORKER_PAUSE_SECONDS = 5.0
log = logging.getLogger(__name__)


class Command(HouseCommand):
    help = "启动网页服务和后台工人。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true")
        parser.add_argument("--workers", type=int, default=1, help="网页进程数（1 至 64）")

    def handle(self, *args: Any, **options: Any) -> None:
        if missing_guards():
            raise CommandError("账本的防改触发器不全，请先运行 mingtang migrate。")
        check_durability()
        check_place()
        check_key()
        keep_ballast()
        begin_anew()
        check_workers(options["workers"])
        _check_port(options["host"], options["port"])
        call_command("collectstatic", interactive=False, verbosity=0)
        os.environ["MINGTANG_PARENT"] = str(os.getpid())  # wsgi.py ends when this process is gone
        self.stdout.write(f"在 http://{options['host']}:{options['port']} 提供服务，Ctrl+C 停止。")
        self.stdout.flush()
        keeper = None if options["no_worker"] else WorkerKeeper(start_worker)
        try:
            _serve(options["host"], options["port"], options["workers"])
        finally:
            if keeper is not None:
                keeper.finish()


def check_durability() -> None:
    """An acknowledged act must outlive a power cut: better no service than one that forgets."""
    if found := weaknesses():
        raise CommandError("\n".join(found))


def check_workers(count: int) -> None:
    """Each process makes its own ids: with one fixed node two would make the same."""
    if not 1 <= count <= MOST_WORKERS:
        raise CommandError(f"--workers 应为 1 至 {MOST_WORKERS}。")
    if count > 1 and settings.MINGTANG_NODE is not None:
        raise CommandError(
            "设定了 MINGTANG_NODE 时只能有一个网页进程：请去掉它，或不用 --workers。"
        )


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


class WorkerKeeper:
    """Keeps one worker running, starting it again after a pause, until told to finish."""

    def __init__(self, start: "Callable[[], subprocess.Popen[bytes]]") -> None:
        self._start = start
        self._finishing = threading.Event()
        self._child = start()  # here, not in the thread: the web server forks soon
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._finishing.wait(WORKER_LOOK_SECONDS):
            if self._child.poll() is None:
                continue
            log.warning("the worker ended with %s, starting it again", self._child.returncode)
            if not self._finishing.wait(WORKER_PAUSE_SECONDS):
                self._start_again()

    def _start_again(self) -> None:
        try:
            self._child = self._start()
        except OSError as error:  # no memory, no process left: the next look tries again
            log.warning("the worker cannot be started: %s", error)

    def finish(self) -> None:
        self._finishing.set()
        self._thread.join()
        self._child.terminate()
        try:
            self._child.wait(timeout=WORKER_KILL_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def start_worker() -> "subprocess.Popen[bytes]":
    """In a session of its own, so that Ctrl-C reaches it through `finish` alone.

    A fixed node belongs to this process: a worker with the same one would make the same ids.
    """
    taken = {"MINGTANG_NODE", "MINGTANG_PARENT"}
    return subprocess.Popen(  # noqa: S603  nothing here comes from outside
        [sys.executable, "-m", "mingtang.site.cli", "work", "--with-parent", str(os.getpid())],
        env={name: value for name, value in os.environ.items() if name not in taken},
        start_new_session=True,
    )


def _serve(host: str, port: int, workers: int) -> None:
    """Writers queue across processes (`base.queued_sqlite`); SIGHUP starts all of them anew, one
    after the other, each when it has answered what it had begun. One that dies is started again,
    the others go on; one that dies anew within seconds ends all."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "mingtang.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        workers_kill_timeout=WEB_KILL_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()
