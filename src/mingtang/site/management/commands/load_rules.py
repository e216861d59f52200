"""`mingtang load-rules`: the rules of supervision that come with the system."""

import uuid
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import legal_date, now
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand
from mingtang.supervision import queries
from mingtang.supervision.services import load_shipped_rules


class Command(HouseCommand):
    help = "载入随附的监察规则（两套方案）。已有的规则不动；没有选过方案的，选“overdue”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="", metavar="DATE", help="从哪一天起生效，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        try:
            since = date.fromisoformat(options["since"]) if options["since"] else legal_date(at)
        except ValueError:
            raise CommandError(f"“{options['since']}”不是日期，请写成 2013-09-30。") from None
        try:
            made = load_shipped_rules(
                since=since, actor=SYSTEM, at=at, command_id=f"load-rules-{uuid.uuid4().hex}"
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        holding = queries.profile_on(legal_date(at)) or "无"
        self.tell(
            f"新增 {made['added']} 条规则；现行方案：{holding}。",
            added=made["added"],
            profile=holding,
        )
