"""Whom a joint matter tells what, once each."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.cases import services as cases
from mingtang.cases.rules import Verb
from mingtang.joint import services as joint
from mingtang.joint.rules.occasions import OCCASIONS
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.models import Message
from mingtang.supervision.models import Card
from mingtang.supervision.services import load_shipped_rules, sweep
from tests.joint.office import Node, NodeKind, Route, Stage, node
from tests.world import morning, new_command_id

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


@pytest.mark.slow
def test_a_part_sent_back_to_the_window_is_told_to_its_lead_and_to_the_lead_department(
    client, office, accepted
):
    window_lead = office.world.people.post("fgj-lead", Role.WINDOW_LEAD, office.units["plan"])
    case = office.part(accepted, "land").case
    handler = office.handlers["land"]
    office.world.act(handler, cases.bounce, case, LATER, reason="红线图没有盖章")
    office.settle(LATER)
    told = {"fgj-lead", "fgj-handler", "fgj-approver"}
    assert _told(accepted, "joint.part_bounced") == told
    words = Message.objects.filter(subject=accepted.stream, event="joint.part_bounced")
    assert all("建设用地批准" in one.text for one in words)
    desk = f"{reverse('joint:desk')}?tab=bounced"
    with time_machine.travel(LATER, tick=False):
        client.force_login(window_lead)
        needs = {one["url"]: one["count"] for one in client.get("/today/").context["needs"]}
        assert needs[desk] == 1
        assert [one["number"] for one in client.get(desk).context["rows"]] == [accepted.number]
        client.force_login(office.approvers["water"])  # takes part, but it is not theirs to mend
        assert desk not in {one["url"] for one in client.get("/today/").context["needs"]}
        office.world.act(office.clerk, cases.hand_on, case, LATER, note="补盖了章")
        client.force_login(window_lead)
        assert desk not in {one["url"] for one in client.get("/today/").context["needs"]}


def _cards(subject, code):
    return Card.objects.filter(subject=subject, rule_code=code)


def _told_of(cards):
    streams = [one.stream for one in cards]
    rows = Message.objects.filter(subject__in=streams, event="card.raised", person__isnull=False)
    return [row.person.username for row in rows]


@pytest.mark.slow
def test_a_part_silent_beyond_its_limit_is_one_card_and_told_to_the_lead_department(office, at):
    """A case has its own limit, a part without case a clock of the whole; each is a card once."""
    load_shipped_rules(since=date(2013, 1, 1), actor=SYSTEM, at=at, command_id=new_command_id())
    visit = Node("visit", "联合踏勘", NodeKind.SITE_VISIT, organisation="gtj", days=3)
    stage = Stage("review", "审批阶段", (node("plan"), node("land"), visit), lead="fgj", days=30)
    matter = office.open(at, Route((stage,)), nodes=("plan", "land", "visit"))
    office.accept(matter, at)
    office.act(office.clerk, joint.begin_part, matter, at, part="visit", on=at.date())
    for day in (23, 24, 25):  # the third working day is over with the 23rd
        sweep(morning(2013, 9, day))
        sweep(morning(2013, 9, day, 15))
        office.settle(morning(2013, 9, day, 16))
    own = _cards(matter.stream, "JOINT_STEP_OVER")
    assert [one.key.partition("@")[0] for one in own] == ["step:visit"]
    assert [one.organisation_id for one in own] == [office.units["land"].id]
    assert _told_of(own).count("fgj-approver") == 1
    for day in (9, 10, 11):
        sweep(morning(2013, 10, day))
        office.settle(morning(2013, 10, day, 16))
    case = office.part(matter, "land").case
    late = _cards(case.stream, "TIME_PROMISE_OVER")
    assert late.count() == 1
    assert _told_of(late).count("fgj-approver") == 1
    assert not _cards(matter.stream, "TIME_PROMISE_OVER").exists()
    reminders = _cards(case.stream, "TIME_DUE_SOON")
    assert "fgj-approver" not in _told_of(reminders)  # a reminder is the office's own


def test_every_occasion_can_be_told_with_the_places_it_has():
    for one in OCCASIONS:
        facts = {name: place.example for name, place in one.places.items()}
        assert one.fallback.body.format(**facts)
        assert one.fallback.subject.format(**facts)
