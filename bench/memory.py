"""How much memory a web process holds after its work, and the export of the whole ledger needs."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.db import connection
from django.urls import reverse

from bench.acts import CASES as TOGETHER
from bench.acts import LIFE, Desk
from bench.city import copy_lives, life_of
from bench.county import county
from bench.figures import Figure
from bench.town import Hall, led
from bench.web import HELLO, OURS, Server, collect_static
from mingtang.base.clock import now
from mingtang.ledger.models import Event
from mingtang.ledger.services import grow_tree

FEW = {"small": 200, "large": 2_000, "million": 2_000, "ten-million": 2_000}
MANY = {"small": 3_000, "large": 70_000, "million": 70_000, "ten-million": 700_000}
PAGES, MOST = 600, 150.0  # megabytes
# The most that a command held. A small process starts it: what that one held counts, too.
WATCHED = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(size: str) -> list[Figure]:
    """The ledger of few cases is sent out, then that of many; each by the real command. In a
    folder that is kept it is the ledger of the county there."""
    if os.environ.get("MINGTANG_KEPT"):
        there = county(size)
        with there.small():
            few = _exported()
        return _figures(few, _exported())
    hall = Hall()
    page = reverse("catalogue:item", args=[hall.item])
    worker = _worker(hall, page)
    lives = [life_of(led(hall, day)) for day in range(20)]
    copy_lives(lives, FEW[size])
    few = _exported()
    copy_lives(lives, MANY[size] - FEW[size], first=20_000)
    return [worker, *_figures(few, _exported())]


def _worker(hall: Hall, page: str) -> Figure:
    """Pages of the public, each made anew, and cases led from filing to decision."""
    collect_static()
    ours, hello = Server(OURS), Server(HELLO)
    try:
        hello.ask("/")
        desk = Desk(ours, hall)
        for number in range(PAGES):
            ours.ask(f"{page}?n={number}")
        numbers = [desk.file() for _ in range(TOGETHER)]
        for name in LIFE[1:]:
            for number in numbers:
                desk.act(name, number)
        held, bare = ours.memory(), hello.memory()
    finally:
        ours.close()
        hello.close()
    acts = TOGETHER * len(LIFE)
    return Figure(
        row="13",
        what=f"web process after {PAGES} pages and {acts} acts",
        goal=f"≤ {MOST:.0f} MB",
        figure=f"{held:.0f} MB",
        yardstick=f"{MOST:.0f} MB; granian hello {bare:.0f} MB",
        ratio=held / MOST,
        most=1,
        note="" if held <= MOST else MODULES,
    )


def _exported() -> tuple[int, float]:
    """How many records the ledger has, and the megabytes that their export took at most."""
    grow_tree(now(), everything=True)
    with tempfile.TemporaryDirectory() as folder:
        to = [f"--out={Path(folder) / 'ledger'}", f"--head={Path(folder) / 'head'}"]
        command = [sys.executable, "-m", "mingtang.site.cli", "ledger", "export", *to]
        asked = [sys.executable, "-c", WATCHED, *command]
        env = os.environ | {"DATABASE_URL": _address()}
        told = subprocess.run(asked, env=env, capture_output=True, text=True, check=True).stdout
        lines = sum(1 for _ in (Path(folder) / "ledger").open("rb"))
    assert lines == Event.objects.count()
    return lines, int(told.split()[-1]) / 1024


def _address() -> str:
    """Of the database that we are connected to: of a county there are two."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite://{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def _figures(few: tuple[int, float], many: tuple[int, float]) -> list[Figure]:
    count, held = many
    return [
        Figure(
            row="13",
            what=f"export of {count:,} records, memory at most",
            goal=f"≤ {MOST:.0f} MB",
            figure=f"{held:.0f} MB",
            yardstick=f"{MOST:.0f} MB",
            ratio=held / MOST,
            most=1,
            note="" if held <= MOST else MODULES,
        ),
        Figure(
            row="13",
            what=f"export of {count:,} records against {few[0]:,}: memory",
            goal="constant (≤ 1.1 ×)",
            figure=f"{held:.0f} MB",
            yardstick=f"{few[0]:,} records {few[1]:.0f} MB",
            ratio=held / few[1],
            most=1.1,
        ),
    ]


MODULES = "mostly the modules of the whole house, read at the start."
