"""`mingtang add-staff`: an account with a post, for the system's administrator."""

import uuid
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from mingtang.accounts import services
from mingtang.accounts.passwords import made_by_chance
from mingtang.accounts.rules import ROLE_LABELS, Role
from mingtang.base import ids
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.ledger.rules import SYSTEM
from mingtang.regions import queries as regions
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = (
        "新增工作人员并安排岗位。初始密码自动生成、只显示一次（或用 --password-stdin 给一个），"
        "七天内本人登录改成自己的。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        roles = "、".join(f"{role.value}（{label}）" for role, label in ROLE_LABELS.items())
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, help=roles)
        parser.add_argument("--organisation", required=True, help="单位代码")
        parser.add_argument("--items", help="事项代码，用逗号分开；综合窗口必填，* 为全部")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat)
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] not in {role.value for role in Role}:
            raise CommandError(f"没有角色“{options['role']}”，可用：{'、'.join(Role)}。")
        password = input() if options["password_stdin"] else made_by_chance()
        try:
            self._add(password, options)
        except DomainError as error:
            raise CommandError(error.message) from None
        made = {} if options["password_stdin"] else {"password": password}
        told = f"初始密码：{password}（只显示这一次）。" if made else ""
        self.tell(
            f"已新增 {options['username']}（{options['name']}）。{told}"
            "请本人七天内登录，改成自己的密码。",
            username=options["username"],
            **made,
        )

    def _add(self, password: str, options: dict[str, Any]) -> None:
        """Both or neither: a person without a post could not be given one by trying again."""
        by = {"actor": SYSTEM, "at": now()}
        unit = regions.organisation_by_code(options["organisation"])
        ids.lease()
        with transaction.atomic():
            made = services.add_person(
                username=options["username"],
                name=options["name"],
                password=password,
                is_first_password=True,
                command_id=uuid.uuid4().hex,
                **by,
            )
            services.assign_post(
                person_id=int(made["person_id"]),
                organisation_id=unit.id,
                role=Role(options["role"]),
                item_codes=options["items"].split(",") if options["items"] else None,
                valid_from=options["valid_from"] or today(),
                command_id=uuid.uuid4().hex,
                **by,
            )
