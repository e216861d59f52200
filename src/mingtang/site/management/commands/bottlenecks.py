"""`mingtang bottlenecks --log FILE`: where the time of a log's cases goes.

The command line asks `bottlenecks.log` before any settings are read, so that it runs where nothing
is installed. This is the same command where Django is up already, and its line in the list.
"""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from mingtang.bottlenecks.log.command import FORMS, HELP, add_columns, run
from mingtang.bottlenecks.rules.reading import Columns, UnreadableLog
from mingtang.site.command import HouseCommand


class Command(HouseCommand):
    help = HELP
    forms = FORMS

    def add_arguments(self, parser: CommandParser) -> None:
        add_columns(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        names = (options[name] for name in ("case", "activity", "time", "resource"))
        try:
            text = run(options["log"], Columns(*names), options["format"])
        except UnreadableLog as problem:
            raise CommandError(problem.message) from None
        if self.is_json:
            self.note(**json.loads(text))
        else:
            self.stdout.write(text)
