"""`mingtang load-synonyms [FILE]`: the everyday words of search, replaced as a whole."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.catalogue.services import SHIPPED_SYNONYMS, load_synonyms, read_synonyms
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "载入搜索用的同义词（CSV：word,means；多个意思用 | 分开；没有意思的词在搜索时忽略）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", default=SHIPPED_SYNONYMS, help="省略则载入随附的词表"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            result = load_synonyms(
                rows=read_synonyms(file),
                source=file.name,
                actor=SYSTEM,
                at=clock.now(),
                command_id=f"load-synonyms-{uuid.uuid4().hex}",
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.tell(f"已载入 {result['count']} 条同义词，原有的词表已被替换。", count=result["count"])
