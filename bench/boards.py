"""What boards and the annual report read, against counting the events themselves."""

import statistics
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.db.models import Count, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from bench.county import county
from bench.figures import Figure, spread
from bench.measure import Sample, alternating
from mingtang.base.ids import next_id
from mingtang.counts import queries as counts
from mingtang.counts.models import DayCount
from mingtang.ledger.models import Event
from mingtang.reports.queries import live_facts
from mingtang.reports.rules.figures import Style

ROUNDS, LOOKS, REPORT_SECONDS = 5, 20, 2.0
MEASURES = ["case.submitted", "case.received", "case.accepted", "case.granted", "case.refused"]
SINCE, UNTIL = date(2013, 1, 1), date(2013, 12, 31)


def run(size: str) -> list[Figure]:
    """Day counts are filled from the copied events, as their follower would count them."""
    hall = county(size).hall
    DayCount.objects.all().delete()  # those of the run before, in a county that is kept
    _fill()
    assert _told() == _counted()
    unit = hall.world.water.id
    works: dict[str, Callable[[], object]] = {
        "board": lambda: [_told() for _ in range(LOOKS)],
        "raw": lambda: [_counted() for _ in range(LOOKS)],
        "report": lambda: live_facts(unit, 2013, Style.NEW, {}),
    }
    taken = alternating(works, ROUNDS)
    board, raw = ([one.cpu / LOOKS * 1e3 for one in taken[name]] for name in ("board", "raw"))
    return [_board(board, raw), _report(taken["report"])]


def _fill() -> None:
    own = KT("facts__organisation_id")
    unit = Coalesce(own, "organisation_id", output_field=TextField())
    rows = Event.objects.filter(kind__startswith="case.").annotate(unit=unit).order_by()
    found = rows.values_list("effective_on", "kind", "unit").annotate(total=Count("id"))
    DayCount.objects.bulk_create(
        DayCount(id=next_id(), date=day, measure=kind, organisation_id=int(one or 0), count=total)
        for day, kind, one, total in found
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _told() -> dict[int, dict[str, int]]:
    return counts.by_organisation(MEASURES, SINCE, UNTIL)


def _counted() -> dict[int, dict[str, int]]:
    """The same from the events, by one raw statement."""
    unit = "facts->>'organisation_id'"
    sql = (
        f"SELECT COALESCE({unit}, organisation_id), kind, count(*) FROM ledger_event"
        f" WHERE kind IN ({', '.join(['%s'] * len(MEASURES))})"
        " AND effective_on BETWEEN %s AND %s GROUP BY 1, 2"
    )
    table: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*MEASURES, SINCE.isoformat(), UNTIL.isoformat()])
        for one, kind, total in cursor.fetchall():
            table.setdefault(int(one), dict.fromkeys(MEASURES, 0))[kind] = total
    return table


def _board(board: list[float], raw: list[float]) -> Figure:
    """By CPU: on a machine that others use, waiting for a turn would outweigh both."""
    ratio = statistics.median(board) / statistics.median(raw)
    return Figure(
        row="9",
        what=f"numbers of a year by office, {Event.objects.count():,} events",
        goal="≤ 1 % of the raw group-by",
        figure=spread(board, "ms CPU"),
        yardstick=f"raw group-by {spread(raw, 'ms CPU')}",
        ratio=ratio,
        most=0.01,
        cpu_ms=statistics.median(board),
        note="" if ratio <= 0.01 else BOARD_WHY,
    )


def _report(rounds: list[Sample]) -> Figure:
    times = [one.wall * 1e3 for one in rounds]
    median = statistics.median(times) / 1e3
    return Figure(
        row="9",
        what="figures of the annual report of an office",
        goal=f"≤ {REPORT_SECONDS:.0f} s",
        figure=spread(times, "ms"),
        yardstick=f"{REPORT_SECONDS:.0f} s",
        ratio=median / REPORT_SECONDS,
        most=1,
        cpu_ms=statistics.median(one.cpu for one in rounds) * 1e3,
        note="" if median <= REPORT_SECONDS else "the report counts rows, not day counts.",
    )


BOARD_WHY = (
    "the day counts are a few hundred rows, read by one statement that the ORM writes each time;"
    " the more events there are, the less that is beside counting them."
)
