"""`mingtang keys …`: which keys seal personal data, another one, and sealing anew."""

import uuid
from argparse import ArgumentParser
from typing import Any

from mingtang.base import sealed
from mingtang.base.clock import now
from mingtang.base.marks import check_key
from mingtang.base.resealing import count_by_key, reseal
from mingtang.ledger.services_sealing import prepare_sealing_key, rotate_sealing_key
from mingtang.site.command import HouseCommand
from mingtang.site.two import ask_for_two, two_administrators


class Command(HouseCommand):
    help = "封存个人信息的密钥：看用了哪几把，换一把，把能改的数据改用新的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="每把密钥封存着多少项")
        verbs.add_parser("prepare", help="先生成下一把，暂不启用，供复制到其他机器")
        rotate = verbs.add_parser("rotate", help="启用下一把密钥，由两名管理员一起办理")
        ask_for_two(rotate)
        verbs.add_parser("reseal", help="把能改的数据改用最新的密钥，可随时中断再来")

    def handle(self, *args: Any, **options: Any) -> None:
        check_key()
        getattr(self, f"_{options['verb']}")(options)

    def _status(self, options: dict[str, Any]) -> None:
        newest, counts = sealed.newest_key(), count_by_key()
        self.tell(f"现在用第 {newest} 把封存。", newest=newest, counts=counts)
        for number, count in counts.items():
            self.stdout.write(f"第 {number} 把：{count} 项")

    def _prepare(self, options: dict[str, Any]) -> None:
        number = prepare_sealing_key()
        path = sealed.key_path(number, is_next=True)
        said = f"已生成 {path}，尚未启用。请备份，并复制到每台机器的同一位置。"
        self.tell(said, number=number, path=path)

    def _rotate(self, options: dict[str, Any]) -> None:
        by, second = two_administrators(options)
        done = rotate_sealing_key(second=second, actor=by, at=now(), command_id=uuid.uuid4().hex)
        self.tell(
            f"已启用第 {done['number']} 把密钥（{sealed.key_path(done['number'])}）。请马上备份，"
            "其余各台机器重启 mingtang serve 和 work，再运行 mingtang keys reseal。",
            **done,
        )

    def _reseal(self, options: dict[str, Any]) -> None:
        done, kept = reseal()
        said = f"改用新密钥 {done} 项；{kept} 项按规定不得改动，仍用原来的密钥。"
        self.tell(said, done=done, kept=kept)
