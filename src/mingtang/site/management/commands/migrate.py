"""`mingtang migrate`: Django's, then the triggers that keep history from being rewritten."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from mingtang.base.db import install_guards


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options["check_unapplied"] and not options["plan"]:
            install_guards()
