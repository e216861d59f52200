"""`mingtang witness`: a second party sees each head of the ledger.

The command line asks `ledger.witness` before any settings are read: the witness has no
installation. This is how it stands in `mingtang help`.
"""

from typing import Any

from django.core.management.base import CommandParser

from mingtang.ledger.witness import HELP, add_arguments, main
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        raise SystemExit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(main(list(args)))
