"""Supervision: a round of the sweep in which nothing is due, and cards that are issued together."""

import statistics
from datetime import date, timedelta
from uuid import uuid4

from django.db import connection
from django.db.models import Min

from bench.county import county
from bench.figures import Figure, spread
from bench.measure import Sample, alternating, timed
from bench.town import AT
from mingtang.cases.models import Case
from mingtang.ledger.rules import SYSTEM
from mingtang.supervision.models import Card, Rule, Watch
from mingtang.supervision.services import sweeping
from mingtang.timing.models import Clock

CARDS = {"small": 2_000, "large": 58_000, "million": 58_000, "ten-million": 58_000}
ROUNDS, LOOKS = 5, 20
TABLE, BARE = Card._meta.db_table, "bench_card"


def run(size: str) -> list[Figure]:
    """What is watched is copied with the lives: see bench/city.py."""
    county(size)
    return [_idle(), _issued(CARDS[size])]


def _idle() -> Figure:
    """By CPU: on a machine that others use, waiting for a turn would outweigh both."""
    first = Watch.objects.aggregate(day=Min("next_date"))["day"]
    at = AT + (first - AT.date() - timedelta(days=1))
    open_count = Clock.objects.exclude(status="stopped").count()
    taken = alternating({"ours": lambda: _looks(at), "scan": lambda: _scans(at.date())}, ROUNDS)
    ours, scan = ([one.cpu / LOOKS * 1e3 for one in taken[name]] for name in ("ours", "scan"))
    ratio = statistics.median(ours) / statistics.median(scan)
    return Figure(
        row="6",
        what=f"idle sweep over {open_count:,} open clocks",
        goal="≤ 5 % of a full scan",
        figure=spread(ours, "ms CPU"),
        yardstick=f"full scan of the clocks {spread(scan, 'ms CPU')}",
        ratio=ratio,
        most=0.05,
        cpu_ms=statistics.median(ours),
        note="" if ratio <= 0.05 else IDLE_WHY,
    )


def _looks(at: object) -> None:
    for _ in range(LOOKS):
        assert sweeping.sweep(at) == 0  # type: ignore[arg-type]


def _scans(on: date) -> None:
    """Each open clock looked at: no index knows the sum."""
    day = "due_date + 0" if connection.vendor == "postgresql" else "due_date || ''"
    sql = f"SELECT count(*) FROM timing_clock WHERE status || '' <> 'stopped' AND {day} <= %s"
    with connection.cursor() as cursor:
        for _ in range(LOOKS):
            cursor.execute(sql, [on.isoformat()])
            cursor.fetchall()


def _issued(count: int) -> Figure:
    """So many cards as a sweep issues them, and their rows by one statement into a like table. By
    CPU, as above: one statement waits for no turn."""
    rule = Rule.objects.filter(colour="red").order_by("id")[0]
    before = Card.objects.count()  # of the runs before, in a county that is kept
    ids = Case.objects.order_by("id").values_list("id", flat=True)[:count]
    fresh = [_fresh(f"case:{one}", rule, before) for one in ids]
    while len(fresh) < count:  # fewer cases than cards: several of each
        part = before + len(fresh)
        fresh += [_fresh(f"case:{one}", rule, part) for one in ids[: count - len(fresh)]]
    ours = timed(lambda: _raise(fresh))
    assert Card.objects.count() == before + count
    bare = _bare(min(Card.objects.order_by("-id").values_list("id", flat=True)[:count]))
    return Figure(
        row="6",
        what=f"{count:,} cards issued",
        goal="≤ 3 × one statement",
        figure=f"{ours.cpu:.3g} s CPU, {ours.wall:.3g} s in all",
        yardstick=f"one statement, the cards alone {bare.cpu:.3g} s CPU, {bare.wall:.3g} s in all",
        ratio=ours.cpu / bare.cpu,
        most=3,
        cpu_ms=ours.cpu / count * 1e3,
        note="" if ours.cpu <= 3 * bare.cpu else ISSUED_WHY,
    )


def _fresh(subject: str, rule: Rule, part: int) -> sweeping.Fresh:
    key = f"promised#{part}"
    facts = {"due": AT.date().isoformat(), "days": 3}
    return sweeping.Fresh(subject, key, key, rule.id, AT.date(), None, None, facts)


def _raise(fresh: list[sweeping.Fresh]) -> None:
    together = sweeping.TOGETHER[connection.vendor]
    for start in range(0, len(fresh), together):
        cards = fresh[start : start + together]
        sweeping.raise_cards(cards=cards, actor=SYSTEM, at=AT, command_id=uuid4().hex)


def _bare(first: int) -> Sample:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {BARE}")
        if connection.vendor == "postgresql":
            cursor.execute(f'CREATE TABLE {BARE} (LIKE "{TABLE}" INCLUDING ALL)')
        else:
            cursor.execute(f'CREATE TABLE {BARE} AS SELECT * FROM "{TABLE}" WHERE false')
        sql = f'INSERT INTO {BARE} SELECT * FROM "{TABLE}" WHERE id >= %s'
        return timed(lambda: cursor.execute(sql, [first]))


IDLE_WHY = "a round is one question of one index; with few clocks the scan costs no more than that."
ISSUED_WHY = (
    "a card is more than its row: an event of its own stream, hashed, with the head of the stream"
    " and a debt to those who are told; and it is looked for first, so that none is issued twice."
)
