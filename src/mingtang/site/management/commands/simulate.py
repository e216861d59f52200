"""`mingtang simulate`: a year of a city, by the real commands. One seed, one ledger."""

import json
import time
from argparse import ArgumentParser
from datetime import date, datetime
from datetime import time as clock_time
from functools import partial
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.errors import DomainError
from mingtang.base.marks import marked
from mingtang.base.progress import note
from mingtang.cases import queries as cases
from mingtang.interaction import queries as ratings
from mingtang.ledger import queries as ledger
from mingtang.site import demo
from mingtang.site.command import HouseCommand
from mingtang.site.simulate import Simulation, root, unsynced

NOT_EMPTY = "这个数据目录已有数据，模拟要从头开始。请用 MINGTANG_HOME 指定一个空目录。"


class Command(HouseCommand):
    help = "模拟一年的办件：用真实命令办理，同一种子得到同一账本。须在空的数据目录里运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, default=2013, help="模拟哪一年")
        parser.add_argument("--cases", type=int, default=300, help="办件数")
        parser.add_argument("--projects", type=int, default=60, help="重大项目数")
        parser.add_argument("--seed", type=int, default=1, help="种子")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        year = options["year"]
        span = date(year, 1, 1), date(year, 12, 31)
        call_command("migrate", verbosity=0, interactive=False)
        if marked("demo"):
            raise CommandError(NOT_EMPTY)
        counts = {"cases": options["cases"], "projects": options["projects"]}
        simulation = Simulation(seed=options["seed"], span=span, **counts)
        try:
            with simulation.foreseen(), unsynced():
                demo.load(datetime.combine(span[0], clock_time(0, 0), LEGAL_ZONE))
                told = simulation.run(partial(note, "模拟办件"))
        except DomainError as error:
            raise CommandError(error.message) from None
        found = ledger.verify()
        told |= {
            "cases": cases.states_count(),
            "ratings": ratings.count(),
            "events": found.events,
            "ledger_ok": found.is_ok,
            "root": root(),
            "seconds": round(time.monotonic() - began, 1),
        }
        self.tell(json.dumps(told, ensure_ascii=False), **told)
