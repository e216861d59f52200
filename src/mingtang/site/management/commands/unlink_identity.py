"""`mingtang unlink-identity`: another system's identity opens an account no more."""

import getpass
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.accounts.queries import issuers_of, person_by_username
from mingtang.accounts.services import administrator
from mingtang.accounts.services_identity import unlink
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "解除账号和统一认证平台的关联，由管理员办理；不写平台地址就列出已关联的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="要解除关联的账号")
        parser.add_argument("--issuer", default="", help="认证平台的地址")
        parser.add_argument("--by", required=True, help="经办管理员的账号")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        asked = f"{options['by']} 的密码："
        password = input() if options["password_stdin"] else getpass.getpass(asked)
        actor = administrator(options["by"], password, now())
        person = person_by_username(options["username"])
        if person is None:
            raise CommandError("没有这个账号，请核对用户名。")
        if not options["issuer"]:
            found = list(issuers_of(person.id))
            self.tell("\n".join(found) or "没有关联认证平台。", issuers=found)
            return
        unlink(
            person_id=str(person.id),
            issuer=options["issuer"],
            actor=actor,
            at=now(),
            command_id=uuid.uuid4().hex,
        )
        self.tell("已解除关联，这个账号所有还没有退出的登录也已结束。")
