"""`mingtang witness`: a second party sees each head of the ledger.

The command line asks `ledger.witness` before any settings are read: the witness has no
installation. This is how it stands in `mingtang help`.
"""

from typing import Any

from django.core.management.base import BaseCommand

from mingtang.ledger.witness import main


class Command(BaseCommand):
    help = "作为另一方见证账本：核对新树头延续上一个，联署后另存；有改写就拒绝。不用数据库。"

    def run_from_argv(self, argv: list[str]) -> None:
        raise SystemExit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(main(list(args)))
