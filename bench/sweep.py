"""Supervision: a round of the sweep in which nothing is due, and cards that are issued together."""

import re
import statistics
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Min, Model

from bench.county import county
from bench.figures import Figure, spread
from bench.measure import Sample, alternating, timed
from bench.town import AT
from mingtang.cases.models import Case
from mingtang.ledger.models import Event, Untold
from mingtang.ledger.rules import SYSTEM
from mingtang.supervision.models import Card, Rule, Watch
from mingtang.supervision.services import sweeping
from mingtang.timing.models import Clock

CARDS = {"small": 2_000, "large": 58_000, "million": 58_000, "ten-million": 58_000}
ROUNDS, LOOKS = 5, 20
WARM = 200
WRITTEN = (Card, Event, Untold)  # of each card; a command for some hundred of them


def run(size: str) -> list[Figure]:
    """What is watched is copied with the lives: see bench/city.py."""
    county(size)
    return [_idle(), *_issued(CARDS[size])]


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


def _issued(count: int) -> list[Figure]:
    """So many cards as a sweep issues them; the cards alone by one statement into a like table; and
    the rows of all tables that issuing wrote, by one statement each. By CPU, as above."""
    rule = Rule.objects.filter(colour="red").order_by("id")[0]
    before = Card.objects.count()  # of the runs before, in a county that is kept
    fresh = _fresh_ones(count + WARM, rule, before)
    _raise(fresh[count:])  # who is told is read once, statements are known
    marks = {model: _last(model) for model in WRITTEN}
    ours = timed(lambda: _raise(fresh[:count]))
    assert Card.objects.count() == before + count + WARM
    assert Untold.objects.filter(pk__gt=marks[Untold]).count() == count
    alone = _bare({Card: marks[Card]})
    whole = _bare(marks)
    told = {"row": "6", "figure": f"{ours.cpu:.3g} s CPU, {ours.wall:.3g} s in all"}
    told |= {"cpu_ms": ours.cpu / count * 1e3}
    return [
        Figure(
            what=f"{count:,} cards issued",
            goal="≤ 3 × one statement",
            yardstick=f"one statement, the cards alone {_told(alone)}",
            ratio=ours.cpu / alone.cpu,
            most=3,
            note="" if ours.cpu <= 3 * alone.cpu else ISSUED_WHY,
            **told,
        ),
        Figure(
            what=f"{count:,} cards issued, with an event each that is to be told",
            goal="",
            yardstick=f"the same rows of all tables, one statement each {_told(whole)}",
            ratio=ours.cpu / whole.cpu,
            **told,
        ),
    ]


def _told(one: Sample) -> str:
    return f"{one.cpu:.3g} s CPU, {one.wall:.3g} s in all"


def _fresh_ones(count: int, rule: Rule, before: int) -> list[sweeping.Fresh]:
    """Cards about cases that have none yet, as far as there are such."""
    ids = list(Case.objects.order_by("id").values_list("id", flat=True))
    begin = before if before + count <= len(ids) else 0
    ids = ids[begin : begin + count]
    places = (divmod(place, len(ids)) for place in range(count))
    return [_fresh(f"case:{ids[place]}", rule, before + turn) for turn, place in places]


def _fresh(subject: str, rule: Rule, part: int) -> sweeping.Fresh:
    key = f"promised#{part}"
    facts = {"due": AT.date().isoformat(), "days": 3}
    return sweeping.Fresh(subject, key, key, rule.id, AT.date(), None, None, facts)


def _raise(fresh: list[sweeping.Fresh]) -> None:
    together = sweeping.TOGETHER[connection.vendor]
    for start in range(0, len(fresh), together):
        cards = fresh[start : start + together]
        sweeping.raise_cards(cards=cards, actor=SYSTEM, at=AT, command_id=uuid4().hex)


def _last(model: type[Model]) -> int:
    """The key after which this model's next rows come."""
    return int(model._default_manager.order_by("-pk").values_list("pk", flat=True)[0])


def _bare(marks: Mapping[type[Model], int]) -> Sample:
    """What these tables have beyond some key, copied by the database into tables like them."""
    with connection.cursor() as cursor:
        copying = [_like(cursor, model, last) for model, last in marks.items()]

        def copied() -> None:
            with transaction.atomic():
                for sql in copying:
                    cursor.execute(sql)

        return timed(copied)


def _like(cursor: Any, model: type[Model], last: int) -> str:
    """Make an empty table like a model's, with its indexes; return what fills it."""
    table, bare = model._meta.db_table, f"bench_{model._meta.db_table}"
    cursor.execute(f"DROP TABLE IF EXISTS {bare}")
    if connection.vendor == "postgresql":
        cursor.execute(f'CREATE TABLE {bare} (LIKE "{table}" INCLUDING ALL)')
    else:
        sql = (
            "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql <> '' AND type <> 'trigger'"
        )
        cursor.execute(f"{sql} ORDER BY type DESC", [table])
        for (made,) in cursor.fetchall():
            alike = re.sub(r' REFERENCES "\w+" \("\w+"\) DEFERRABLE INITIALLY DEFERRED', "", made)
            alike = re.sub(r'( INDEX| TABLE) "(\w+)"', r'\1 "bench_\2"', alike)
            cursor.execute(alike.replace(f' ON "{table}"', f' ON "{bare}"'))
    key = model._meta.pk.column
    return f'INSERT INTO {bare} SELECT * FROM "{table}" WHERE "{key}" > {last}'


IDLE_WHY = "a round is one question of one index; with few clocks the scan costs no more than that."
ISSUED_WHY = (
    "a card is more than its row: an event of its own stream, hashed,"
    " and noted as to be told, in transactions of some hundred cards; and it is looked for"
    " first, so that none is issued twice. The next line is against the same rows of all tables."
)
