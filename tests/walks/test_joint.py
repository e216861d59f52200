"""The walk of a joint matter: five departments at once, two hard needs, one simulated approval,
one department late; everything shows it, and the matter is finished."""

from datetime import date

import pytest

from mingtang.accounts.rules import Role
from mingtang.cases.models import Case
from mingtang.joint import services as joint
from mingtang.joint.rules.states import JointState
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.supervision import queries as supervision
from mingtang.supervision import services as watching
from mingtang.timing.queries import clocks_of
from tests.joint.office import Office
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    made = Office()
    made.world.people.post("inspector", Role.INSPECTOR, made.world.centre)
    watching.load_shipped_rules(
        since=date(2013, 1, 1), actor=SYSTEM, at=morning(2013, 9, 2), command_id=new_command_id()
    )
    return made


def watched(office, at):
    office.settle(at)
    watching.sweep(at)
    office.settle(at)


def cards_of(stream):
    return {(card.rule.code, card.colour) for card in supervision.for_subject(stream)}


@pytest.mark.slow
def test_five_departments_side_by_side_one_of_them_late(office):
    # Filed once at one window, on a Monday; accepted as a whole two days later.
    matter = office.open(morning(2013, 9, 2))
    office.accept(matter, morning(2013, 9, 4))
    assert office.statuses(matter) == {
        "plan": "running",
        "land": "running",
        "water": "not_ready",  # may be simulated
        "environment": "not_ready",  # needs the land
        "fire": "not_ready",  # needs the land
    }

    # Water examines meanwhile; planning decides in time; land is late: due on the 18th.
    water = office.handlers["water"]
    office.act(water, joint.simulate, matter, morning(2013, 9, 5), part="water")
    office.act(
        *(water, joint.give_opinion, matter, morning(2013, 9, 6)),
        part="water",
        is_favourable=True,
        opinion="水量够，取水口合理。",
    )
    office.decide(matter, "plan", morning(2013, 9, 10))
    land = Case.objects.get(id=office.part(matter, "land").case_id)
    assert land.next_due_date == date(2013, 9, 18)
    for day in (18, 22, 23, 24):
        watched(office, morning(2013, 9, day, 20))
    codes = {code for code, _colour in cards_of(land.stream)}
    assert {"TIME_PROMISE_OVER", "TIME_PROMISE_OVER2"} <= codes
    assert cards_of(matter.stream) == set()  # the whole still has its time

    # The land is granted: two cases open by themselves, the third by its re-check list.
    office.decide(matter, "land", morning(2013, 9, 25))
    assert office.statuses(matter) == {
        "plan": "done",
        "land": "done",
        "water": "simulating",
        "environment": "running",
        "fire": "running",
    }
    rechecked = [
        joint.Rechecked(what, is_same=True)
        for what in joint.to_recheck(office.part(matter, "water"))
    ]
    converted = morning(2013, 9, 26)
    office.act(water, joint.convert, matter, converted, part="water", rechecked=rechecked)
    assert Case.objects.count() == 5

    # The promise of the whole is missed, which the card of the whole shows; then all is done.
    promised = next(one for one in clocks_of(matter.stream) if one.kind == "promised")
    assert promised.due_date == date(2013, 10, 22)
    watched(office, morning(2013, 10, 24, 20))
    assert ("JOINT_PROMISE_OVER", "yellow") in cards_of(matter.stream)
    for key in ("environment", "water", "fire"):
        case = office.decide(matter, key, morning(2013, 10, 25))
    assert matter.state == JointState.DONE
    for case in Case.objects.all():
        office.deliver(case, morning(2013, 10, 28))
    matter.refresh_from_db()
    assert matter.state == JointState.DELIVERED
    assert set(office.statuses(matter).values()) == {"done"}
    kinds = [event.kind for event in ledger.history(matter.stream)]
    assert kinds.count("joint.part_opened") == 5
    assert kinds.count("joint.part_settled") == 5
    assert kinds[-2:] == ["joint.done", "joint.delivered"]
    assert ledger.verify().is_ok


@pytest.mark.slow
def test_the_whole_past_its_statutory_limit_is_red(office):
    matter = office.open(morning(2013, 9, 2))
    office.accept(matter, morning(2013, 9, 2))
    statutory = next(one for one in clocks_of(matter.stream) if one.kind == "statutory")
    assert statutory.due_date == date(2013, 11, 8)  # vector 10: 2013-09-02 and 45 days
    watched(office, morning(2013, 11, 8, 20))
    assert ("JOINT_STATUTORY_OVER", "red") not in cards_of(matter.stream)
    watched(office, morning(2013, 11, 11, 20))
    assert ("JOINT_STATUTORY_OVER", "red") in cards_of(matter.stream)
