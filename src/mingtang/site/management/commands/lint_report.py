"""`mingtang lint-report FILE`: what is wrong with an annual report.

The command line asks `reports.linting` before any settings are read, so that it runs where nothing
is installed. This is the same command where Django is up already, and its line in the list.
"""

import json
from typing import Any

from django.core.management.base import CommandParser

from mingtang.reports.linting import HELP, WRONG_FILE, add_files, run
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        add_files(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        text, code = run(
            options["file"],
            year=options["year"],
            previous=options["previous"],
            form=options["format"],
        )
        if self.is_json and code != WRONG_FILE:
            self.note(**json.loads(text))
        else:
            self.stdout.write(text)
        if code:
            raise SystemExit(code)
