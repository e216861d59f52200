"""`mingtang paper-receipts --count N --out FILE`: receipts for a day without the system."""

import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.pdf import why_not
from mingtang.base.space import whole_file
from mingtang.ledger.rules import SYSTEM
from mingtang.outage.printing import receipts_pdf
from mingtang.outage.rules import MOST_AT_ONCE, code_of
from mingtang.outage.services import reserve_paper_receipts
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "印制停机时用的纸质回执（A4，每页四张，带存根），号码登记在账本里"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True, metavar="N", help="印多少张")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="要写的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["count"]
        if not 1 <= count <= MOST_AT_ONCE:
            raise CommandError(f"一次印 1 至 {MOST_AT_ONCE} 张。")
        if problem := why_not():
            raise CommandError(problem)
        try:
            made = reserve_paper_receipts(
                count=count, actor=SYSTEM, at=now(), command_id=uuid.uuid4().hex
            )
            pdf = receipts_pdf(made["first"], made["last"])
            with whole_file(options["out"]) as fresh:
                fresh.write_bytes(pdf)
        except DomainError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"不能写入文件“{options['out'].name}”：{error.strerror}。") from None
        first, last = code_of(made["first"]), code_of(made["last"])
        self.tell(f"印好 {count} 张，号码 {first} 至 {last}。", first=first, last=last)
