"""`mingtang archive make|check`: packages of archived cases, made and looked through."""

import uuid
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.cases.packaging import make_package
from mingtang.cases.queries.archive import archived_between
from mingtang.cases.rules.package import Property, check_package
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.witness import lines_of
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "制作已归档办件的归档包（表单、材料、文书、记录、凭证），检查归档包的四性。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="一件一个文件夹；已经有的不再做")
        make.add_argument("--since", type=date.fromisoformat, required=True, help="归档日期从")
        make.add_argument("--until", type=date.fromisoformat, required=True, help="到，含当天")
        make.add_argument("--out", type=Path, required=True)
        check = verbs.add_parser("check", help="真实、完整、可用、安全，不用数据库")
        check.add_argument("folder", type=Path)
        check.add_argument("--key", default="", help="账本公布的公钥")
        check.add_argument("--keys", type=Path, help="公钥历次交接的证明")

    def handle(self, *args: Any, **options: Any) -> None:
        (self._make if options["verb"] == "make" else self._check)(options)

    def _make(self, options: dict[str, Any]) -> None:
        """One that fails is named, and the others are made."""
        made, failed, out = 0, 0, options["out"]
        for case in archived_between(options["since"], options["until"]):
            if (out / case.number).exists():
                continue
            try:
                make_package(case, out, actor=SYSTEM, at=now(), command_id=uuid.uuid4().hex)
                made += 1
            except DomainError as error:
                failed += 1
                self.stderr.write(f"{case.number} 没有做成：{error.message}")
        self.tell(f"制作 {made} 个归档包，{failed} 个没有做成。", made=made, failed=failed)
        if failed:
            raise SystemExit(1)

    def _check(self, options: dict[str, Any]) -> None:
        folder, keys = options["folder"], options["keys"]
        if not folder.is_dir():
            raise CommandError(f"没有文件夹 {folder}。")
        flaws = check_package(folder, options["key"], lines_of(keys) if keys else ())
        for one in Property:
            found = [flaw.text for flaw in flaws if flaw.of is one]
            self.tell(f"{one.value}：{'；'.join(found) or '符合'}", **{one.name.lower(): found})
        if not options["key"]:
            self.stdout.write("没有给 --key：请把签名公钥和公布的核对。")
        if flaws:
            raise SystemExit(1)
