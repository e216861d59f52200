"""Fifty ratings of one service at once: one counts, the others are told."""

import pytest

from mingtang.interaction.models import Rating
from mingtang.interaction.rules import RatedAlready
from mingtang.interaction.services import submit
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from tests.faults.test_at_once import _at_once
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_of_fifty_ratings_at_once_one_counts(world, at):
    case = world.file(world.item(statutory=20, promised=5), at, world.citizen)
    world.bring(case, "delivered", at)
    said = {"number": case.number, "level": "satisfied", "text": "", "channel": "code"}
    by = {"actor": Actor(id=None, label="申请人"), "at": at}
    results = _at_once(
        [lambda: submit(**said, **by, command_id=new_command_id()) for _ in range(50)]
    )
    assert sorted(type(one).__name__ for one in results) == ["RatedAlready"] * 49 + ["dict"]
    assert sum(isinstance(one, RatedAlready) for one in results) == 49
    assert Rating.objects.count() == 1
    assert [event.kind for event in ledger.history(case.stream)].count("rating.given") == 1
