"""A page of the public, made anew and given from the shelf, against a server that says hello.

`first`: of an item that nobody has asked for since it changed: nothing of its page is kept.
`fresh`: by an address of its own, so that the whole page is not kept, but what does not hang on
the reader is. `kept`: the page itself.
"""

import itertools
import statistics

from django.urls import reverse

from bench.figures import Figure, spread
from bench.measure import database_cpu
from bench.town import ITEM, Hall
from bench.web import HELLO, OURS, Server, collect_static

ROUNDS, MANY, FEW = 5, 1_500, 60  # requests of a round: the clock of CPU ticks a hundred times
GOALS = {"fresh": 20, "kept": 2, "kept, 304": 2}  # of `first` the issue says nothing


def run(size: str) -> list[Figure]:
    """CPU of the server and the database for one request, alternately."""
    hall = Hall()
    page = reverse("catalogue:item", args=[hall.item])
    codes = [hall.world.item(f"330881-n{number:03}", **ITEM) for number in range(ROUNDS * FEW)]
    collect_static()
    ours, hello = Server(OURS), Server(HELLO)
    try:
        taken = _taken(ours, hello, page, codes)
    finally:
        ours.close()
        hello.close()
    yard = statistics.median(taken.pop("hello"))
    return [_figure(what, costs, yard) for what, costs in taken.items()]


def _taken(ours: Server, hello: Server, page: str, codes: list[str]) -> dict[str, list[float]]:
    """Microseconds of CPU of one request, round by round."""
    tag = {"If-None-Match": _tag(ours, page)}
    numbers, unseen = itertools.count(), (reverse("catalogue:item", args=[one]) for one in codes)
    works = {
        "hello": (hello, MANY, lambda: hello.ask("/")),
        "first": (ours, FEW, lambda: ours.ask(next(unseen))),
        "fresh": (ours, FEW, lambda: ours.ask(f"{page}?n={next(numbers)}")),
        "kept": (ours, MANY, lambda: ours.ask(page)),
        "kept, 304": (ours, MANY, lambda: ours.ask(page, tag)),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (server, count, work) in works.items():
            before = server.cpu() + database_cpu()
            for _ in range(count):
                work()
            taken[name].append((server.cpu() + database_cpu() - before) / count * 1e6)
    return taken


def _tag(ours: Server, page: str) -> str:
    for _ in range(10):  # warm: the process keeps what it may
        ours.ask(page)
    return ours.header(page, "ETag")


def _figure(what: str, costs: list[float], yard: float) -> Figure:
    cost = statistics.median(costs)
    return Figure(
        row="10",
        what=f"public page, {what}: CPU",
        goal=f"≤ {GOALS[what]} × hello" if what in GOALS else "",
        figure=spread(costs, "µs"),
        yardstick=f"granian hello {yard:.0f} µs",
        ratio=cost / yard,
        most=GOALS.get(what),
        cpu_ms=cost / 1e3,
        note=NOTES.get(what, "") if cost / yard > GOALS.get(what, cost) else "",
    )


_KEPT = (
    "before a kept page is given, it is asked whether its marks still stand: on PostgreSQL by a"
    " statement, a way to the database and back; on SQLite by a look at the file."
)
NOTES = {
    "fresh": "what surrounds a view in the framework is most of it; then the frame of the page.",
    "kept": _KEPT,
    "kept, 304": _KEPT,
}
