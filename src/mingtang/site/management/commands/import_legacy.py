"""`mingtang import-legacy FILE`: the history of an old system, for reading alone."""

import uuid
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import now
from mingtang.exchange.rules.legacy import (
    Account,
    OldMapping,
    OldState,
    Refusal,
    profile,
    read_mapping,
)
from mingtang.exchange.services.legacy import (
    digest_of,
    import_legacy,
    opened,
    refusals_to,
    rehearse,
)
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "导入旧审批系统的历史办件（只供查询）：先 --profile，再 --dry-run，后正式导入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="旧系统导出的 CSV 或 XLSX，第一行是列名")
        parser.add_argument("--mapping", type=Path, help="映射文件（TOML）")
        parser.add_argument("--profile", action="store_true", help="看一遍文件，写出映射文件的草稿")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--refused", type=Path, help="把退回的行写到这个 CSV 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if options["profile"]:
            with opened(path) as (heads, rows):
                text = profile(heads, rows, path.stem)
                self.tell(text, profile=text)
            return
        mapping = self._mapping(options["mapping"])
        account = self._run(path, mapping, options)
        self._say(account, is_rehearsal=options["dry_run"])

    def _mapping(self, path: Path | None) -> OldMapping:
        if path is None:
            raise CommandError("请用 --mapping 指定映射文件；可以先用 --profile 写出草稿。")
        try:
            return read_mapping(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"打不开映射文件 {path.name}，它应是 UTF-8 文本。") from None

    def _run(self, path: Path, mapping: OldMapping, options: dict[str, Any]) -> Account:
        refused: Path | None = options["refused"]
        out = refused.open("w", encoding="utf-8-sig", newline="") if refused else nullcontext()
        with out as file, opened(path) as (heads, rows):
            refuse = refusals_to(file) if file else _ignore
            if options["dry_run"]:
                return rehearse(mapping, heads, rows, refuse)
            return import_legacy(
                mapping=mapping,
                digest=digest_of(path),
                heads=heads,
                rows=rows,
                refuse=refuse,
                actor=SYSTEM,
                at=now(),
                command_id=uuid.uuid4().hex,
            )

    def _say(self, account: Account, *, is_rehearsal: bool) -> None:
        self.note(**vars(account), adds_up=account.adds_up, is_rehearsal=is_rehearsal)
        did = "试导入（没有写入）" if is_rehearsal else "导入完成"
        self.stdout.write(
            f"{did}：旧系统 {account.old} 行 = 新增 {account.new} + 已有 {account.known}"
            f" + 退回 {account.refused}。{'对账相符。' if account.adds_up else '对账不平！'}"
        )
        for state, count in sorted(account.states.items()):
            self.stdout.write(f"  {OldState(state).label}：{count}")
        for column, count in account.reasons.most_common():
            self.stdout.write(f"  退回，“{column}”有问题：{count}")


def _ignore(_refusal: Refusal) -> None:
    """Nobody asked for the refused rows."""
