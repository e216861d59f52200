"""`mingtang load-places FILE`: addresses, phones and opening hours of halls and service points."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import describe_places, read_places_file
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入服务点的地址、电话和上班时间：列 region（12位区划代码）,name,address,phone,hours"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV（UTF-8）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = describe_places(
                rows=read_places_file(options["file"]),
                actor=SYSTEM,
                at=clock.now(),
                command_id=f"load-places-{uuid.uuid4().hex}",
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        self.tell(f"共 {result['rows']} 行，更新 {result['changed']} 处。", **result)
