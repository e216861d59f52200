"""How many statements the hot acts and pages cost, as a process that runs for a while counts them.

All of them, what the papers cost too; not BEGIN and COMMIT.
"""

import functools
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.figures import Figure
from bench.town import LIFE, Hall, live
from mingtang.cases.models import Case

GOALS = {"file": 12, "accept": 10, "opinion": 10, "decide": None}
PAGES = {"worklist": 4, "case page": 8}
NO_WORK = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not one["sql"].startswith(NO_WORK) for one in captured)


def run(size: str) -> list[Figure]:
    """The numbers that tests pin as well: see tests/cases/test_query_counts.py."""
    hall = Hall()
    live(hall, hall.file(), "decide")  # what the process keeps is kept
    costs = {"file": counted(hall.file)}
    case_id = Case.objects.latest("id").id
    for name in LIFE[1:]:
        costs[name] = counted(functools.partial(getattr(hall, name), case_id))
    found = [_figure(name, costs[name], most) for name, most in GOALS.items()]
    return found + [_figure(name, _page(hall, name), most) for name, most in PAGES.items()]


def _page(hall: Hall, name: str) -> int:
    """A page as a clerk sees it; the clock stands where it stands, so that what is due is red."""
    case = live(hall, hall.file(), "receive")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(hall.world.clerk)
    address = {
        "worklist": f"{reverse('cases:desk')}?tab=window",
        "case page": reverse("cases:detail", args=[case.number]),
    }[name]
    assert client.get(address).status_code == 200, name
    return counted(lambda: client.get(address))


def _figure(name: str, cost: int, goal: int | None) -> Figure:
    return Figure(
        row="3",
        what=f"{name}: statements",
        goal=f"≤ {goal}" if goal else "",
        figure=str(cost),
        yardstick=str(goal or ""),
        ratio=cost / goal if goal else 1.0,
        most=1 if goal else None,
        note="" if goal is None or cost <= goal else PAGE_WHY if name in PAGES else ACT_WHY,
    )


ACT_WHY = (
    "every command writes its own row twice, reads the last event of the stream, writes the next"
    " and what is owed; then each table of the act takes a statement, and one sees whether what the"
    " process keeps still holds; on PostgreSQL once more after the calendar's lock, where a clock"
    " moves."
)
PAGE_WHY = (
    "the session, the person with the marks of what the process keeps, the page's own rows; and"
    " each app above that has a link to offer asks by itself."
)
