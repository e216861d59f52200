"""`mingtang verify`: recompute every chain of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand

from mingtang.base.db import missing_guards
from mingtang.ledger import queries


class Command(BaseCommand):
    help = "重算账本：编号、链接、哈希、流尾、命令登记、防改触发器。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.verify()
        for broken in found.breaks:
            self.stdout.write(f"断裂：{broken.stream} 第 {broken.seq} 条：{broken.reason}")
        guards = missing_guards()
        for name in guards:
            self.stdout.write(f"缺少防改触发器：{name}")
        verdict = "完好" if found.is_ok and not guards else "不完好"
        self.stdout.write(f"账本{verdict}：{found.streams} 个流，{found.events} 条记录。")
        if not found.is_ok or guards:
            raise SystemExit(1)
