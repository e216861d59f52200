"""`mingtang add-client`: another system that may use the API, for the system's administrator."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from mingtang.accounts.queries import person_by_username
from mingtang.api import services
from mingtang.api.queries import clients, secret_hash
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import SYSTEM
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = "登记调用接口的系统，显示一次密钥；--list 列出，--end 停用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", help="这个系统用的账号，岗位决定能办什么")
        parser.add_argument("--name", default="", help="系统名称")
        parser.add_argument("--list", action="store_true", help="列出登记的系统")
        parser.add_argument("--end", metavar="编号", help="停用一个系统")

    def handle(self, *args: Any, **options: Any) -> None:
        ids.lease()
        if options["list"]:
            found = list(clients())
            for one in found:
                state = "已停用" if one.ended_at else "在用"
                self.stdout.write(f"{one.id}  {one.account.username}  {one.name}  {state}")
            self.note(
                clients=[
                    {
                        "id": str(one.id),
                        "username": one.account.username,
                        "name": one.name,
                        "is_ended": one.ended_at is not None,
                    }
                    for one in found
                ]
            )
            return
        try:
            self._end(options["end"]) if options["end"] else self._add(options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def _add(self, options: dict[str, Any]) -> None:
        account = person_by_username(options["username"] or "")
        if account is None:
            raise CommandError("没有这个账号，请先用 mingtang add-staff 建立。")
        secret = services.new_secret()
        made = services.register_client(
            account_id=account.id,
            name=options["name"] or account.name,
            secret_hash=secret_hash(secret),
            actor=SYSTEM,
            at=now(),
            command_id=uuid.uuid4().hex,
        )
        if not self.is_json:  # a secret goes to one place alone
            self.stdout.write(f"客户端编号：{made['client_id']}\n密钥（只显示这一次）：{secret}")
        self.note(client_id=made["client_id"], secret=secret)

    def _end(self, client_id: str) -> None:
        services.end_client(
            client_id=int(client_id) if client_id.isdecimal() else 0,
            person_id=None,
            actor=SYSTEM,
            at=now(),
            command_id=uuid.uuid4().hex,
        )
        self.stdout.write("已停用，它的令牌立即失效。")
