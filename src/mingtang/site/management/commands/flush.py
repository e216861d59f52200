"""`flush` exists for tests only: it lifts the guards, and nobody else may."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush

from mingtang.base.db import guards_lifted
from mingtang.base.search import clear
from mingtang.base.serials import forget_blocks


class Command(Flush):
    def handle(self, **options: Any) -> None:
        if not getattr(settings, "IS_TEST", False):
            raise CommandError("不允许清空数据库：账本只增不改。")
        with guards_lifted():
            clear()  # before: what FTS5 holds is no table that Django knows
            super().handle(**options)
        forget_blocks()  # the series begin at 1 again
