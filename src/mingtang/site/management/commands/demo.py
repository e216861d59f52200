"""`mingtang demo`: a city to try the system on. What `./start` runs without arguments."""

import json
import time
from argparse import ArgumentParser
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import ROLE_LABELS, Role
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.marks import mark, marked
from mingtang.base.progress import note
from mingtang.site import demo, demo_walk, fresh
from mingtang.site.command import HouseCommand
from mingtang.site.simulate import Simulation, unsynced


class Command(HouseCommand):
    help = "载入演示城市，把一件事从头办到尾，然后启动服务。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="只载入，不启动服务")
        parser.add_argument("--fresh", action="store_true", help="清空演示数据重来")
        parser.add_argument("--cases", type=int, default=300, help="模拟过去一年的办件数")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            self._load(is_fresh=options["fresh"], cases=options["cases"])
        except DomainError as error:
            raise CommandError(error.message) from None
        summary = {**demo_walk.summary(), "seconds": round(time.monotonic() - began, 1)}
        self.note(**summary)
        if options["no_serve"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        self._tell(summary, options)
        call_command("serve", host=options["host"], port=options["port"])

    def _load(self, *, is_fresh: bool, cases: int) -> None:
        if is_fresh:
            fresh.clear()
        self._stage("建立数据库")
        with unsynced():
            call_command("migrate", verbosity=0, interactive=False)
            demo.load(now(), self._stage)
            self._last_year(cases)
            for line in demo_walk.walk(now()):
                self.stdout.write(line)

    def _stage(self, what: str) -> None:
        self.stdout.write(f"· {what}……")
        self.stdout.flush()

    def _last_year(self, cases: int) -> None:
        """The cases of the twelve months before today, once per installation."""
        if not cases or marked("demo_year") or marked("demo_walk"):
            return
        self._stage(f"模拟过去一年的 {cases} 件办件")
        span = today() - timedelta(days=365), today() - timedelta(days=1)
        Simulation(seed=span[1].toordinal(), cases=cases, span=span).run(partial(note, "模拟办件"))
        mark("demo_year", "yes", now())

    def _tell(self, summary: dict[str, Any], options: dict[str, Any]) -> None:
        address = f"http://{options['host']}:{options['port']}"
        cases = sum(summary["cases"].values())
        self.stdout.write(
            f"\n事项 {summary['items']} 个，办件 {cases} 件，账本 {summary['events']} 条，"
            f"{'完好' if summary['ledger_ok'] else '不完好！'}。"
        )
        self.stdout.write(
            f"\n请打开 {address}\n\n演示账号（密码都是 {settings.MINGTANG_DEMO_PASSWORD}）："
        )
        for person in accounts.demo_accounts():
            roles = [ROLE_LABELS[Role(post.role)] for post in person.posts.all()] or ["申请人"]
            self.stdout.write(f"  {person.username:<14}{person.name}  {'、'.join(roles)}")
        self.stdout.write("\n按 Ctrl+C 停止。")
        self.stdout.flush()
