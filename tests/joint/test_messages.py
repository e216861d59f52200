"""Whom a joint matter tells what, once each."""

import pytest

from mingtang.cases.rules import Verb
from mingtang.joint import services as joint
from mingtang.joint.rules.occasions import OCCASIONS
from mingtang.messages.models import Message
from tests.world import morning

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 24)


@pytest.fixture
def accepted(office, at):
    matter = office.open(at)
    office.settle(at)
    office.accept(matter, at)
    return matter


def _told(matter, event):
    rows = Message.objects.filter(subject=matter.stream, event=event)
    return {row.person.username for row in rows if row.person}


def test_a_filing_is_told_to_the_lead_counter_and_its_acceptance_to_the_applicant(accepted):
    assert _told(accepted, "joint.filed") == {"fgj-clerk"}
    assert _told(accepted, "joint.accepted") == {"citizen"}
    rows = Message.objects.filter(subject=accepted.stream, event="joint.accepted")
    assert rows.count() == 2  # the inbox and an SMS


def test_a_failed_part_is_told_to_who_decides(office, accepted):
    office.decide(accepted, "plan", LATER, Verb.REFUSE)
    assert _told(accepted, "joint.part_failed") == {"fgj-approver"}


def test_more_time_is_asked_of_the_government_and_told_to_the_applicant(office, accepted):
    handler = office.handlers["plan"]
    office.act(handler, joint.ask_extension, accepted, LATER, days=5, note="复杂")
    assert _told(accepted, "joint.extension_asked") == {"mayor"}
    office.act(office.mayor, joint.extend, accepted, LATER)
    assert _told(accepted, "joint.extended") == {"citizen"}


def test_who_simulated_hears_that_it_may_convert(office, accepted):
    water = office.handlers["water"]
    office.act(water, joint.simulate, accepted, LATER, part="water")
    office.decide(accepted, "land", LATER)
    assert _told(accepted, "joint.convertible") == {"slj-handler", "handler"}


def test_every_occasion_can_be_told_with_the_places_it_has():
    for one in OCCASIONS:
        facts = {name: place.example for name, place in one.places.items()}
        assert one.fallback.body.format(**facts)
        assert one.fallback.subject.format(**facts)
