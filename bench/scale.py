"""Whether it stays flat as the city grows: an act, a worklist's pages, a calendar's revision.

The same figures with few cases and with many, in one run; bench/city.py makes the many.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tests.world import new_command_id

from bench.acts import headers_of
from bench.city import copy_lives, life_of
from bench.figures import Figure, spread
from bench.measure import Sample, alternating, database_cpu, timed
from bench.town import AT, LIFE, Hall, led
from bench.web import OURS, Server, collect_static
from mingtang.accounts.queries import scope_of
from mingtang.cases import queries
from mingtang.cases.models import Case
from mingtang.ledger.rules import SYSTEM
from mingtang.timing.models import Clock
from mingtang.timing.rules import DayOff, shipped_years
from mingtang.timing.services import load_calendar_year, seed_calendars

FEW = {"small": 200, "large": 10_000, "million": 10_000, "ten-million": 10_000}
MANY = {"small": 3_000, "large": 200_000, "million": 1_000_000, "ten-million": 10_000_000}
ACTS, ROUNDS = 10, 5
CLIENTS, DESK = 16, "/desk/?tab=todo"
DAYS = 20  # on which the lives were filed that are copied


def run(size: str) -> list[Figure]:
    """Few cases, figures; many cases, figures again."""
    seed_calendars(at=AT)
    hall = Hall()
    lives = [life_of(led(hall, day)) for day in range(DAYS)]
    copy_lives(lives, FEW[size])
    before = _acts(hall)
    making = timed(lambda: copy_lives(lives, MANY[size] - FEW[size], first=20_000))
    rate = (MANY[size] - FEW[size]) / making.wall
    print(f"{MANY[size]:,} cases made, {rate:,.0f} a second", flush=True)
    found = [_flat(name, before[name], after) for name, after in _acts(hall).items()]
    return [*found, *_worklist(hall), _at_once(hall), _revision()]


def _acts(hall: Hall) -> dict[str, list[float]]:
    """Milliseconds of CPU of each act, round by round."""
    hall.at = AT
    costs: dict[str, list[float]] = {name: [] for name in ("file", "accept", "opinion")}
    for _ in range(ROUNDS):
        ids: list[int] = []
        for name in LIFE[:5]:
            taken = timed(lambda name=name, ids=ids: _act(hall, name, ids))
            if name in costs:
                costs[name].append(taken.cpu / ACTS * 1e3)
    return costs


def _act(hall: Hall, name: str, ids: list[int]) -> None:
    for place in range(ACTS):
        ids.append(hall.file()) if name == "file" else getattr(hall, name)(ids[place])


def _flat(name: str, before: list[float], after: list[float]) -> Figure:
    few, many = statistics.median(before), statistics.median(after)
    return Figure(
        row="5",
        what=f"{name} with many cases",
        goal="≤ 1.1 × with few",
        figure=spread(after, "ms CPU"),
        yardstick=f"with few {few:.2f} ms CPU",
        ratio=many / few,
        most=1.1,
        cpu_ms=many,
    )


def _worklist(hall: Hall) -> list[Figure]:
    """The rows of a page, and the numbers on the tabs, for a handler who sees one unit only; the
    same for who sees the whole county. All but a few cases are open and of that unit: the worst."""
    on = AT.date()
    scope = scope_of(hall.world.handler, on)
    whole = scope_of(hall.world.manager, on)
    pages = min(900, Case.objects.count() // 2 // queries.PAGE)
    late = _cursor(pages)
    works: dict[str, Callable[[], object]] = {
        "first page": lambda: queries.worklist(scope, "todo", on),
        f"page {pages}": lambda: queries.worklist(scope, "todo", on, after=late),
        "first page, whole county": lambda: queries.worklist(whole, "todo", on),
        f"page {pages}, whole county": lambda: queries.worklist(whole, "todo", on, after=late),
        "numbers on the tabs": lambda: queries.tab_counts(scope, on),
    }
    taken = alternating(works, 15)
    return [_paged(name, rounds, taken) for name, rounds in taken.items()]


def _paged(name: str, rounds: Sequence[Sample], taken: Mapping[str, Sequence[Sample]]) -> Figure:
    """A late page against the first one of the same person, all else against 50 ms."""
    times = [one.wall * 1e3 for one in rounds]
    is_late = name.startswith("page")
    first = "first page" + name[name.find(",") :] if "," in name else "first page"
    yardstick = statistics.median(one.wall * 1e3 for one in taken[first]) if is_late else 50.0
    return Figure(
        row="4",
        what=f"worklist, {name}",
        goal="≤ 1.1 × the first" if is_late else "≤ 50 ms",
        figure=spread(times, "ms"),
        yardstick=f"first page {yardstick:.2f} ms" if is_late else "50 ms",
        ratio=statistics.median(times) / yardstick,
        most=1.1 if is_late else 1,
        cpu_ms=statistics.median(one.cpu for one in rounds) * 1e3,
        note=TABS_WHY if "tabs" in name and statistics.median(times) > yardstick else "",
    )


def _at_once(hall: Hall) -> Figure:
    """The whole page over HTTP, of a handler who sees one unit only, with sixteen at once."""
    headers = headers_of(hall.world.handler)
    collect_static()
    server = Server(OURS, workers=2)
    try:
        server.asked_by(CLIENTS, 3, DESK, headers)  # warm
        before = server.cpu() + database_cpu()
        times = server.asked_by(CLIENTS, 10, DESK, headers)
        cpu = (server.cpu() + database_cpu() - before) / len(times) * 1e3
    finally:
        server.close()
    most = statistics.quantiles(times, n=20)[-1]
    return Figure(
        row="4",
        what=f"worklist over HTTP, {CLIENTS} clients at once, two processes: 95 of 100",
        goal="≤ 50 ms",
        figure=f"{most:.3g} ms (half {statistics.median(times):.3g})",
        yardstick="50 ms",
        ratio=most / 50,
        most=1,
        cpu_ms=cpu,
        note="" if most <= 50 else AT_ONCE_WHY,
    )


def _cursor(pages: int) -> queries.Cursor:
    """Where so many pages of open cases end."""
    rows = Case.objects.filter(state__in=["submitted", "received", "accepted", "reviewing"])
    place = min(pages * queries.PAGE, rows.count() - queries.PAGE - 1)
    last = rows.order_by("next_due_date", "id")[place]
    return queries.Cursor(last.next_due_date, last.id)


def _revision() -> Figure:
    """One holiday more than the notice had: every open clock over it is reckoned anew."""
    known = list(shipped_years()[2013])
    more = [DayOff(date(2013, 9, 18), works=False, name="加放一天"), *known]
    told = {"source": "试验", "published_on": None, "actor": SYSTEM, "at": AT}
    moved: list[int] = []
    taken = timed(
        lambda: moved.append(
            load_calendar_year(
                year=2013,
                days_off=sorted(more, key=lambda one: one.date),
                command_id=new_command_id(),
                **told,
            )["moved"]
        )
    )
    seconds = taken.wall / max(moved[0], 1) * 100_000
    return Figure(
        row="8",
        what=f"calendar revision, {moved[0]:,} of {Clock.objects.count():,} clocks move",
        goal="≤ 20 s for 100,000",
        figure=f"{taken.wall:.1f} s",
        yardstick=f"100,000 at this rate: {seconds:.1f} s, goal 20 s",
        ratio=seconds / 20,
        most=1,
        cpu_ms=taken.cpu / max(moved[0], 1) * 1e3,
        note=MOVED_WHY if seconds > 20 else "",
    )


AT_ONCE_WHY = "sixteen pages share two cores with the database: what one costs, eight times over."
TABS_WHY = (
    "each list is counted up to 999 in each place that the person's posts open: some fifty small"
    " questions in one statement, of which the database spends most on choosing how to answer."
)
MOVED_WHY = (
    "each clock that moves is a new event, hashed over the one before and owed to three followers;"
    " half of it is reading and reckoning the clocks in Python, half the rows of events and debts."
)
