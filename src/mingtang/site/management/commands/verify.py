"""`mingtang verify`: recompute every chain of the ledger."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.db import missing_guards
from mingtang.ledger import queries
from mingtang.ledger.verify_ledger import Bad
from mingtang.ledger.witness import lines_of, read_witnessed
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "重算账本：编号、链接、哈希、流尾、命令登记、防改触发器。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witness", type=Path, help="见证方的 witnessed.jsonl，一并核对")
        parser.add_argument("--witness-key", help="见证方的公钥，从见证方取得")

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.verify(_witnessed(options["witness"], options["witness_key"]))
        for broken in found.breaks:
            self.stdout.write(f"断裂：{broken.stream} 第 {broken.seq} 条：{broken.reason}")
        guards = missing_guards()
        for name in guards:
            self.stdout.write(f"缺少防改触发器：{name}")
        verdict = "完好" if found.is_ok and not guards else "不完好"
        self.tell(
            f"账本{verdict}：{found.streams} 个流，{found.events} 条记录。",
            streams=found.streams,
            events=found.events,
            breaks=[vars(one) for one in found.breaks],
            missing_guards=list(guards),
        )
        if not found.is_ok or guards:
            raise SystemExit(1)


def _witnessed(path: Path | None, key: str | None) -> list[dict[str, Any]]:
    """The heads that a witness has seen, each with its signature checked."""
    if path is None:
        return []
    if not key or not path.exists():
        raise CommandError(
            f"用 --witness 时要同时给出见证方的公钥 --witness-key，并且 {path} 要在。"
        )
    try:
        return [read_witnessed(line, key) for line in lines_of(path)]
    except Bad as error:
        raise CommandError(f"见证文件 {path} 不可信：{error}。请向见证方重新索取。") from None
