"""`mingtang bottlenecks --log FILE`: where the time of a log's cases goes.

The command line asks `bottlenecks.log` before any settings are read, so that it runs where nothing
is installed. This is the same command where Django is up already, and its line in the list.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mingtang.bottlenecks.log.command import HELP, add_arguments, run
from mingtang.bottlenecks.rules.reading import Columns, UnreadableLog


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        names = (options[name] for name in ("case", "activity", "time", "resource"))
        try:
            self.stdout.write(run(options["log"], Columns(*names), options["format"]))
        except UnreadableLog as problem:
            raise CommandError(problem.message) from None
