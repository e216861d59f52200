"""`mingtang lint-report FILE`: what is wrong with an annual report.

The command line asks `reports.linting` before any settings are read, so that it runs where nothing
is installed. This is the same command where Django is up already, and its line in the list.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mingtang.reports.linting import HELP, add_arguments, run


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        text, code = run(
            options["file"],
            year=options["year"],
            previous=options["previous"],
            form=options["format"],
        )
        self.stdout.write(text)
        if code:
            raise SystemExit(code)
