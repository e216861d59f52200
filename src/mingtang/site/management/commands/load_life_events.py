"""`mingtang load-life-events FILE`: life events and their packages of items, from a CSV."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.catalogue.services import load_life_events, read_life_events_file
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入“一件事”：每行一个主题，列 key,name,icon,summary,items（事项编码以分号隔开）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV（UTF-8）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = load_life_events(
                rows=read_life_events_file(options["file"]),
                actor=SYSTEM,
                at=clock.now(),
                command_id=f"load-life-events-{uuid.uuid4().hex}",
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        self.tell(
            f"共{result['events']}个主题：更新{result['changed']}个，移除{result['removed']}个。",
            **result,
        )
