"""`mingtang import-basic FILE --from DATE`: a list of the basic catalogue, all or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.basic_list import Changes
from mingtang.catalogue.rules.rows import Finding
from mingtang.catalogue.services import load_basic_items, plan_basic_items, read_basic_file
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--from 应写成 2026-01-31 这样的日期，现在是“{text}”。") from None


class Command(HouseCommand):
    help = "从 CSV 或 XLSX 导入基本目录，自某日起施行；有错误则全部不导入，未变的不改动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV（UTF-8 或 GB18030）、XLSX 或 XLS 文件")
        parser.add_argument(
            "--from", dest="since", type=_day, required=True, metavar="DATE", help="施行日期"
        )
        parser.add_argument(
            "--partial", action="store_true", help="部分清单：清单里没有的编码照旧施行"
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        mode = {"valid_from": options["since"], "is_partial": options["partial"]}
        try:
            rows = read_basic_file(file)
            changes = plan_basic_items(rows, **mode)
            if written := not changes.errors and not options["dry_run"]:
                self._load(rows, file.name, mode)
        except DomainError as error:
            raise CommandError(error.message) from None
        show = self._note if self.is_json else self._show_text
        show(changes, len(rows), written)
        if changes.errors:
            raise SystemExit(1)

    def _load(self, rows: list[dict[str, str]], source: str, mode: dict[str, Any]) -> None:
        told = {"actor": SYSTEM, "at": clock.now()}
        command_id = f"import-basic-{uuid.uuid4().hex}"
        load_basic_items(rows=rows, source=source, command_id=command_id, **mode, **told)

    def _show_text(self, changes: Changes, rows: int, written: bool) -> None:
        self._list("错误", changes.errors)
        self._list("存疑", changes.doubts)
        done = "已导入" if written else "没有写入"
        changed = len(changes.replaced) + len(changes.corrected)
        self.stdout.write(
            f"{done}。共{rows}行：新增{len(changes.new)}，更新{changed}，未变{changes.same_count}，"
            f"停止施行{len(changes.ended)}；错误{len(changes.errors)}处，存疑{len(changes.doubts)}处。"
        )

    def _list(self, label: str, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self.stdout.write(f"{label} 第{finding.row}行：{finding.text}。")

    def _note(self, changes: Changes, rows: int, written: bool) -> None:
        self.note(
            ok=not changes.errors,
            written=written,
            rows=rows,
            new=len(changes.new),
            changed=len(changes.replaced) + len(changes.corrected),
            same=changes.same_count,
            ended=[row.code for row in changes.ended],
            errors=[asdict(finding) for finding in changes.errors],
            doubts=[asdict(finding) for finding in changes.doubts],
        )
