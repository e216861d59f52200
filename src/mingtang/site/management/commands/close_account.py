"""`mingtang close-account`: for who leaves."""

import getpass
import uuid
from argparse import ArgumentParser
from typing import Any

from mingtang.accounts.services import administrator
from mingtang.accounts.services_leaving import close_account
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "停用离岗人员的账号：不能再登录，岗位今天止；手上的件请负责人移交。由管理员办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="离岗人员的账号")
        parser.add_argument("--reason", required=True, help="原因，如“调离”，记入账本")
        parser.add_argument("--by", required=True, help="经办管理员的账号")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        asked = f"{options['by']} 的密码："
        password = input() if options["password_stdin"] else getpass.getpass(asked)
        done = close_account(
            username=options["username"],
            reason=options["reason"],
            actor=administrator(options["by"], password, now()),
            at=now(),
            command_id=uuid.uuid4().hex,
        )
        self.tell(
            f"已停用 {options['username']}，{done['posts']} 个岗位今天止，登录都已退出。"
            "手上还有件的，请负责人在工作台移交。",
            username=options["username"],
            posts=done["posts"],
        )
