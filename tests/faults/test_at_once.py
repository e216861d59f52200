"""Several people at once: one wins, the others are told; one id, one effect."""

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from mingtang.accounts.rules import Role
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import AlreadyClaimed, IllegalMove
from mingtang.ledger import queries as ledger
from tests.world import new_command_id

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run all acts from threads that start together; an exception is a result like another."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait()
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_clerks_at_once_one_receives_and_the_other_is_told(world, at):
    case = world.file(world.item(statutory=20, promised=5), at)
    other = world.people.post("second", Role.CLERK, world.water)
    results = _at_once(
        [lambda who=who: world.act(who, cases.receive, case, at) for who in (world.clerk, other)]
    )
    assert {type(result) for result in results} == {dict, IllegalMove}
    assert [event.kind for event in ledger.history(case.stream)].count("case.received") == 1


def test_of_many_claims_at_once_one_wins(world, at):
    case = world.bring(world.file(world.item(statutory=20, promised=5), at), "accepted", at)
    handlers = [world.people.post(f"h{n}", Role.HANDLER, world.water) for n in range(8)]
    results = _at_once(
        [
            lambda who=who: world.act(who, cases.claim, case, at, step_key="review")
            for who in handlers
        ]
    )
    assert sum(isinstance(result, dict) for result in results) == 1
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 7


def test_one_id_sent_many_times_at_once_has_one_effect_and_one_answer(world, at):
    item, one = world.item(statutory=20, promised=5), new_command_id()
    applicant = world.applicant()
    results = _at_once(
        [lambda: world.file(item, at, command_id=one, applicant=applicant).number] * 8
    )
    assert len(set(map(str, results))) == 1
    assert Case.objects.count() == 1


@pytest.mark.slow
def test_numbers_given_out_at_once_are_all_different(world, at):
    item = world.item(statutory=20, promised=5)
    results = _at_once([lambda: world.file(item, at).number] * 12)
    numbers = {str(result) for result in results}
    assert len(numbers) == 12
    assert all(re.fullmatch(r"330881016130917\d{6}", number) for number in numbers)
    assert ledger.verify().is_ok
