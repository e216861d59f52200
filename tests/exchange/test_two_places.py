"""Batches between two places over a wire that breaks: nothing is lost, nothing comes in twice."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from mingtang.base.errors import DomainError
from mingtang.exchange import services
from mingtang.exchange.models import Batch, ReceivedRow
from mingtang.exchange.rules.writing import Span
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from tests.exchange.batches import SPAN, files, rows
from tests.world import morning, new_command_id

Files = dict[str, bytes]


def sent(count: int, cases: int) -> list[Files]:
    """So many batches, one after another, each with rows of its own."""
    made = []
    for number in range(count):
        day = SPAN.until + timedelta(days=number)
        span = Span(day, day)
        made.append(files(rows(cases, span, f"{number}-"), span))
    return made


def broken(chance: random.Random, whole: Files) -> Files:
    """What arrives where the wire is cut: a file is missing, or ends early."""
    arrived = dict(whole)
    name = chance.choice(sorted(arrived))
    if chance.random() < 0.5:
        del arrived[name]
    else:
        arrived[name] = arrived[name][: chance.randrange(len(arrived[name]))]
    return arrived


def act_guids(batches: list[Files]) -> Counter[str]:
    listed = (one["up_pro_process.csv"].decode().splitlines()[1:] for one in batches)
    return Counter(line.split(",", 1)[0] for lines in listed for line in lines)


@pytest.mark.slow
def test_what_is_cut_is_refused_whole_and_what_comes_twice_is_taken_once(db):
    chance, batches = random.Random(13), sent(4, 2)
    waiting, refused = [*batches, *batches], 0
    chance.shuffle(waiting)  # each twice, in any order
    while waiting:
        whole = waiting.pop()
        arrived = broken(chance, whole) if chance.random() < 0.5 else whole
        by = {"actor": SYSTEM, "at": morning(2013, 11, 1), "command_id": new_command_id()}
        before = ReceivedRow.objects.count()
        try:
            services.receive(files=arrived, **by)
        except DomainError:
            refused += 1
            assert ReceivedRow.objects.count() == before
            waiting.insert(0, whole)  # sent again later
    kept = ReceivedRow.objects.filter(table="up_pro_process").values_list("row_guid", flat=True)
    assert Counter(kept) == act_guids(batches)
    assert Batch.objects.filter(way="received").count() == len(batches)
    assert Event.objects.filter(kind="exchange.received").count() == len(batches)
    assert refused > 1
