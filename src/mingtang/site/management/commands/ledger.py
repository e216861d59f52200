"""`mingtang ledger export --out FILE --head FILE`: the ledger for whoever wants to check it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mingtang.base.clock import now
from mingtang.base.space import whole_file
from mingtang.ledger import heads, queries
from mingtang.ledger.services import grow_tree


class Command(BaseCommand):
    help = "导出账本和签名的树头，供任何人用独立的 verify_ledger.py 核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="每行一条记录，按入树的先后")
        export.add_argument("--out", type=Path, required=True)
        export.add_argument("--head", type=Path, required=True)
        verbs.add_parser("key", help="账本的公钥，应当公布")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "key":
            self.stdout.write(heads.public_key())
            return
        grow_tree(now(), everything=True)
        head = queries.latest_head()
        if head is None:
            raise CommandError("账本里还没有记录。")
        with whole_file(options["out"]) as out, whole_file(options["head"]) as told:
            with out.open("wb") as file:
                file.writelines(queries.exported(head))
            told.write_bytes(heads.written(head))
        self.stdout.write(f"导出 {head.size} 条记录，树根 {head.root}。")
