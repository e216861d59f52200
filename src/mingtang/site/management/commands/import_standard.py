"""`mingtang import-standard FILE --organ CODE`: an organ's standard catalogue, all or nothing."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from mingtang.base import clock
from mingtang.disclosure.services.standard import (
    import_standard,
    plan_standard,
    read_standard_file,
)
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.queries import organisation_by_code
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "导入一个单位的基层政务公开标准目录；有一处错误则全部不导入，表里没有的条目结束"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV（UTF-8 或 GB18030）、XLSX 或 XLS 文件")
        parser.add_argument("--organ", required=True, metavar="CODE", help="单位代码")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        unit = organisation_by_code(options["organ"]).id
        rows = read_standard_file(file)
        plan = plan_standard(unit, rows)
        is_written = not plan.mistakes and not options["dry_run"]
        if is_written:
            told = {
                "actor": SYSTEM,
                "at": clock.now(),
                "command_id": f"standard-{uuid.uuid4().hex}",
            }
            import_standard(organisation_id=unit, rows=rows, source=file.name, **told)
        counts = {
            "written": is_written,
            "rows": len(rows),
            "new": len(plan.new),
            "changed": len(plan.changed),
            "ended": len(plan.ended),
            "same": plan.same_count,
        }
        mistakes = [
            {"row": one.row, "column": one.column, "text": str(one)} for one in plan.mistakes
        ]
        self.note(**counts, mistakes=mistakes)
        self._say(counts, mistakes)
        if mistakes:
            raise SystemExit(1)

    def _say(self, counts: dict[str, Any], mistakes: list[dict[str, Any]]) -> None:
        for one in mistakes:
            self.stdout.write(one["text"])
        done = "已导入" if counts["written"] else "没有写入"
        self.stdout.write(
            f"{done}。共{counts['rows']}行：新增{counts['new']}，更新{counts['changed']}，"
            f"结束{counts['ended']}，未变{counts['same']}；错误{len(mistakes)}处。"
        )
