"""`mingtang reset-password`: for who forgot their own, by two administrators."""

import uuid
from argparse import ArgumentParser
from typing import Any

from mingtang.accounts.services_password import reset_password
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.site.command import HouseCommand
from mingtang.site.two import ask_for_two, two_administrators


class Command(HouseCommand):
    help = "忘了密码的，由两名管理员给一个初始密码：只显示一次，一天内本人登录改成自己的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="忘了密码的人的账号")
        ask_for_two(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        by, second = two_administrators(options)
        username = options["username"]
        password = reset_password(
            username=username, by=by, second=second, at=now(), command_id=uuid.uuid4().hex
        )
        self.tell(
            f"{username} 的初始密码：{password}（只显示这一次）。"
            "先核实是本人，再当面告诉；一天内登录改成自己的。原来的登录都已退出。",
            username=username,
            password=password,
        )
