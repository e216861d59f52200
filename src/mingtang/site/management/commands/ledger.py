"""`mingtang ledger …`: its export for whoever wants to check it, its keys, another key."""

import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from mingtang.base.clock import now
from mingtang.base.space import whole_file
from mingtang.ledger import heads, queries
from mingtang.ledger.services import grow_tree
from mingtang.ledger.services_keys import rotate_key
from mingtang.ledger.verify_ledger import spelt
from mingtang.site.command import HouseCommand
from mingtang.site.two import ask_for_two, two_administrators


class Command(HouseCommand):
    help = "导出账本和签名的树头，供任何人用独立的 verify_ledger.py 核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="每行一条记录，按入树的先后")
        export.add_argument("--out", type=Path, required=True)
        export.add_argument("--head", type=Path, required=True)
        verbs.add_parser("key", help="账本的公钥，应当公布")
        verbs.add_parser("keys", help="公钥历次交接的证明，每行一次，供核对程序的 --keys 使用")
        rotate = verbs.add_parser("rotate-key", help="换一把签名密钥，由两名管理员一起办理")
        ask_for_two(rotate)

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {"key": self._key, "keys": self._keys, "rotate-key": self._rotate}
        verbs.get(options["verb"], self._export)(options)

    def _key(self, options: dict[str, Any]) -> None:
        self.tell(heads.public_key(), key=heads.public_key())

    def _keys(self, options: dict[str, Any]) -> None:
        found = list(queries.key_certificates())
        self.note(keys=found)
        for one in found:
            self.stdout.write(spelt(one).decode())

    def _rotate(self, options: dict[str, Any]) -> None:
        """Each of the two says who they are with their own password."""
        by, second = two_administrators(options)
        done = rotate_key(second=second, actor=by, at=now(), command_id=uuid.uuid4().hex)
        self.tell(
            f"已更换：前 {done['size']} 条由原来的密钥签名，以后用 {done['next_key']}。\n"
            "请公布新公钥和 mingtang ledger keys 的输出，备份新的 keys/ledger.key，"
            "再销毁 keys 里名字带 retired 的旧密钥。",
            **done,
        )

    def _export(self, options: dict[str, Any]) -> None:
        grow_tree(now(), everything=True)
        head = queries.latest_head()
        if head is None:
            raise CommandError("账本里还没有记录。")
        with whole_file(options["out"]) as out, whole_file(options["head"]) as told:
            with out.open("wb") as file:
                file.writelines(queries.exported(head))
            told.write_bytes(heads.written(head))
        self.tell(f"导出 {head.size} 条记录，树根 {head.root}。", events=head.size, root=head.root)
