"""`mingtang load-regions`: places, units, centres and windows of a county."""

import uuid
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions
from mingtang.site.command import HouseCommand

LABELS = {
    "regions": "区划",
    "organisations": "单位",
    "centres": "服务中心",
    "sub_centres": "分中心",
    "service_points": "便民服务站",
    "windows": "窗口",
}


class Command(HouseCommand):
    help = "载入一个县（市、区）的区划、单位、服务中心和窗口；已有的不改动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--county", default="330881", help="县级区划代码，六位（默认 330881）")

    def handle(self, *args: Any, **options: Any) -> None:
        command_id = f"load-regions-{uuid.uuid4().hex}"
        try:
            result = load_regions(
                county=options["county"], actor=SYSTEM, at=clock.now(), command_id=command_id
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        added = "，".join(f"{LABELS[key]} {count}" for key, count in result["added"].items())
        self.tell(f"区划 {result['county']}：新增{added}。", **result)
