"""`mingtang import-items FILE`: items from a CSV or XLSX table, all or nothing."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.rows import Finding
from mingtang.catalogue.services import Plan, import_items, plan_import, read_items_file
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand

SHOWN_ROWS = 20


def _lacks(plan: Plan) -> Iterator[Finding]:
    """Why rows stay drafts, as findings."""
    for one in plan.waiting:
        for lack in one.lacks:
            yield Finding(one.row.row, lack.sentence.rstrip("。"), False)


class Command(HouseCommand):
    help = "从 CSV 或 XLSX 导入服务事项；有错误则全部不导入，未变的事项不改动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV（UTF-8 或 GB18030）、XLSX 或 XLS 文件")
        parser.add_argument(
            "--as-published",
            action="store_true",
            help="这份清单已经公开施行：不齐全的也照样公开，在完整度表上列出",
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            rows = read_items_file(file)
            mode = {"as_published": options["as_published"]}
            plan = plan_import(rows, on=clock.today(), **mode)
            if not plan.errors and not options["dry_run"]:
                self._import(rows, file.name, mode)
        except DomainError as error:
            raise CommandError(error.message) from None
        written = not plan.errors and not options["dry_run"]
        show = self._note if self.is_json else self._show_text
        show(plan, len(rows), written)
        if plan.errors:
            raise SystemExit(1)

    def _import(self, rows: list[dict[str, str]], source: str, mode: dict[str, bool]) -> None:
        command_id = f"import-items-{uuid.uuid4().hex}"
        told = {"actor": SYSTEM, "at": clock.now(), "command_id": command_id}
        import_items(rows=rows, source=source, **mode, **told)

    def _show_text(self, plan: Plan, rows: int, written: bool) -> None:
        self._list("错误", plan.errors)
        self._list("存疑", plan.doubts)
        self._list("留在草稿", list(_lacks(plan)))
        done = "已导入" if written else "没有写入"
        self.stdout.write(
            f"{done}。共{rows}行：新增{len(plan.new)}，更新{len(plan.changed)}，"
            f"未变{len(plan.same)}，其中{len(plan.waiting)}项没有达到公开要求，留在草稿；错误{len(plan.errors)}处，存疑{len(plan.doubts)}处；"
            f"新登记部门{len(plan.departments)}个。"
        )

    def _list(self, label: str, findings: Sequence[Finding]) -> None:
        """The same sentence about several rows is one line."""
        rows_of: dict[str, list[int]] = {}
        for finding in findings:
            rows_of.setdefault(finding.text, []).append(finding.row)
        for text, rows in rows_of.items():
            more = f" 等{len(rows)}行" if len(rows) > SHOWN_ROWS else "行"
            shown = "、".join(map(str, rows[:SHOWN_ROWS]))
            self.stdout.write(f"{label} 第{shown}{more}：{text}。")

    def _note(self, plan: Plan, rows: int, written: bool) -> None:
        self.note(
            ok=not plan.errors,
            written=written,
            rows=rows,
            new=len(plan.new),
            changed=len(plan.changed),
            same=len(plan.same),
            drafts=len(plan.waiting),
            lacks=[asdict(finding) for finding in _lacks(plan)],
            departments_new=[one.name for one in plan.departments],
            regions_new=plan.region_codes,
            errors=[asdict(finding) for finding in plan.errors],
            doubts=[asdict(finding) for finding in plan.doubts],
        )
