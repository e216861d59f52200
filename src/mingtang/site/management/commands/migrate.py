"""`mingtang migrate`: Django's, then the triggers that keep history from being rewritten, then
the search index, which a migration empties when its form has changed."""

from argparse import SUPPRESS
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, transaction

from mingtang.base import ids
from mingtang.base.clock import now, today
from mingtang.base.db import install_guards, lift_written_guards
from mingtang.base.marks import note_key, note_place
from mingtang.catalogue.services import missing_from_index, reindex_items
from mingtang.site.command import HouseCommand
from mingtang.site.migrating import is_new, make_at_once, without_remaking


class Command(HouseCommand, Migrate):
    help = "建立数据库，或升级到这一版本；也装上防改触发器。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Those of the framework are for who writes migrations: they work, and are not shown."""
        super().add_arguments(parser)
        for action in parser._actions:
            if action.dest != "help":
                action.help = SUPPRESS

    def handle(self, *args: Any, **options: Any) -> None:
        is_real = not options["check_unapplied"] and not options["plan"]
        is_whole = options["database"] == DEFAULT_DB_ALIAS and options["app_label"] is None
        if is_real:
            lift_written_guards()
        if is_real and is_whole and is_new():
            make_at_once()
        try:
            with without_remaking():
                super().handle(*args, **options)
        finally:
            if is_real:
                install_guards()
        if is_real and is_whole:
            note_place(now())
            note_key(now())
            self._fill_index()

    def _fill_index(self) -> None:
        if missing_from_index():
            ids.lease()
            with transaction.atomic():
                reindex_items(today())
