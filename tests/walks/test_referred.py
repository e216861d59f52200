"""Walk: a village takes in, its township examines too slowly and reports up, the county decides,
the applicant, who saw one case all the way, rates it."""

from datetime import date

import pytest
from django.urls import reverse

from mingtang.cases import services as cases
from mingtang.cases.rules import Finding, HandOverWay, State, Verb
from mingtang.interaction import services as interaction
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import deliver_all
from mingtang.supervision import services as supervision
from mingtang.supervision.models import Card
from tests.cases.town import FIRST, Town
from tests.supervision.making import moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
CITIZEN = Actor(None, "申请人")
TAKEN_IN, DUE = date(2013, 9, 2), date(2013, 9, 30)  # vector 10: 20 working days


def swept(on):
    deliver_all(moment(on, 23))
    supervision.sweep(moment(on, 23))
    deliver_all(moment(on, 23))


def cards(case):
    rows = Card.objects.filter(subject=case.stream).order_by("raised_date", "id")
    return [(one.rule_code, one.colour, one.raised_date) for one in rows]


@pytest.mark.parametrize("profile", ["overdue", "expiring"])
def test_village_township_county_and_one_case(client, world, profile):
    supervision.load_shipped_rules(
        since=date(2013, 1, 1),
        profile=profile,
        actor=SYSTEM,
        at=moment(TAKEN_IN),
        command_id=new_command_id(),
    )
    town = Town(world)
    case = town.take_in(town.item(), moment(TAKEN_IN), town.villager, "village")
    number = case.number
    town.act(town.villager, cases.accept, case, moment(TAKEN_IN))
    town.act(town.handler, cases.claim, case, moment(date(2013, 9, 5)), **FIRST)
    swept(DUE)
    soon, over = {"overdue": ("remind", "yellow"), "expiring": ("yellow", "red")}[profile]
    assert cards(case) == [("PRE_EXAM_DUE_SOON", soon, date(2013, 9, 29))]  # a Sunday that works
    swept(date(2013, 10, 8))  # the first working day after National Day
    assert cards(case)[1:] == [("PRE_EXAM_OVER", over, date(2013, 10, 8))]
    late = Card.objects.get(subject=case.stream, rule_code="PRE_EXAM_OVER")
    assert (late.organisation_id, late.person_id) == (town.hecun.id, town.handler.id)

    up = moment(date(2013, 10, 8), 14)
    opinion = {"opinion": "选址靠近河道，请市局把关。", "finding": Finding.UNFIT}
    town.act(town.handler, cases.refer_up, case, up, **FIRST, **opinion)
    assert (case.organisation, case.number) == (world.water, number)

    decided = moment(date(2013, 10, 11))
    step = {"step_key": "review"}
    town.act(world.handler, cases.claim, case, decided, **step)
    town.act(world.handler, cases.examine, case, decided, **step, opinion="符合防洪要求。")
    grant = {"verb": Verb.GRANT, "reason": "符合条件。"}
    town.act(world.approver, cases.decide, case, decided, **grant)
    world.seal(case, decided)
    about = {"way": HandOverWay.WINDOW, "note": "本人"}
    town.act(town.villager, cases.hand_over, case, decided, **about)  # where it came in
    assert State(case.state) is State.DELIVERED
    swept(date(2013, 10, 14))
    codes = [code for code, _colour, _day in cards(case)]
    assert codes == ["PRE_EXAM_DUE_SOON", "PRE_EXAM_OVER"]  # the county was in time

    code = cases.tracking_code(case)
    looked_up = {"number": number, "code": code}
    answer = client.post(reverse("cases:progress"), looked_up, follow=True)
    page = answer.content.decode()
    assert number in page
    assert "第一级：初审" in page
    assert "已于 2013年10月11日 作出决定" in page
    rated = {"number": number, "level": "satisfied", "text": "", "channel": "code"}
    interaction.submit(
        **rated, actor=CITIZEN, at=moment(date(2013, 10, 14)), command_id=new_command_id()
    )
    told = [event.kind for event in ledger.history(case.stream)]
    way = ["case.taken_in", "case.accepted", "case.referred_up", "case.granted", "case.delivered"]
    assert [kind for kind in told if kind in way] == way
    assert ledger.verify().is_ok
