"""`flush` exists for tests only: it lifts the guards, and nobody else may."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connection, transaction

from mingtang.base.db import guards_lifted
from mingtang.base.search import clear
from mingtang.base.serials import forget_blocks

MIGRATED = {"django_content_type", "auth_permission"}  # a migration fills them, no act changes them


class Command(Flush):
    """Empties what holds rows, and touches nothing else: of two hundred tables a test fills ten."""

    def handle(self, **options: Any) -> None:
        if not getattr(settings, "IS_TEST", False):
            raise CommandError("不允许清空数据库：账本只增不改。")
        with transaction.atomic():
            clear()  # what FTS5 holds is no table that Django knows
            filled = _filled()
            with guards_lifted(filled), connection.cursor() as cursor:
                for table in filled:
                    cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
                connection.check_constraints()  # now: a table that waits for it takes no triggers
        forget_blocks()  # the series begin at 1 again


def _filled() -> list[str]:
    """The tables that hold rows; that of marks last, for to empty a kept table leaves one."""
    names = set(connection.introspection.django_table_names(only_existing=True)) - MIGRATED
    asking = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608
        for name in sorted(names - {"base_searchchange"})
    )
    with connection.cursor() as cursor:
        cursor.execute(asking)
        return [*(row[0] for row in cursor.fetchall()), "base_searchchange"]
