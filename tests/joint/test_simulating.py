"""Simulated approval: for the house alone, no licence, counted nowhere, converted by a list."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction

from mingtang.base.errors import DomainError
from mingtang.cases.models import Case
from mingtang.cases.queries import recent_decisions
from mingtang.counts.models import DayCount
from mingtang.files.queries import documents_of
from mingtang.joint import services as joint
from mingtang.joint.models import JointPart, SimulatedOpinion
from mingtang.joint.rules.parts import NotNow
from mingtang.timing.queries import clocks_of
from tests.joint.office import Need, Route, Stage, Tie, node
from tests.world import morning

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 24)


@pytest.fixture
def accepted(office, at):
    matter = office.open(at)
    office.accept(matter, at)
    return matter


@pytest.fixture
def handler(office):
    return office.handlers["water"]


def _opinion(office, accepted, handler, at, *, is_favourable=True):
    office.act(handler, joint.simulate, accepted, at, part="water")
    return office.act(
        handler,
        joint.give_opinion,
        accepted,
        at,
        part="water",
        is_favourable=is_favourable,
        opinion="水量够，取水口合理。",
    )


def _rechecked(office, accepted, *, changed=""):
    part = office.part(accepted, "water")
    return [
        joint.Rechecked(what, what != changed, "换了新图" if what == changed else "")
        for what in joint.to_recheck(part)
    ]


def _counts():
    """What is counted of decisions and licences."""
    decided = {"case.granted", "case.refused", "case.issued"}
    days = {row.measure: row.count for row in DayCount.objects.filter(measure__in=decided)}
    return days, len(recent_decisions(10)), Case.objects.exclude(licence_number="").count()


def test_only_what_the_route_lets_be_simulated_may_be(office, accepted, at):
    with pytest.raises(NotNow, match="消防"):
        office.act(office.handlers["fire"], joint.simulate, accepted, at, part="fire")
    with pytest.raises(NotNow):
        office.act(office.handlers["plan"], joint.simulate, accepted, at, part="plan")


def test_its_paper_says_what_it_is_and_has_neither_number_nor_seal(office, accepted, handler, at):
    _opinion(office, accepted, handler, at)
    paper = next(one for one in documents_of(accepted.stream) if one.kind == "simulated_opinion")
    assert paper.title == "模拟审批意见，仅供内部使用"
    assert (paper.number, paper.needs_seal) == (None, False)
    said = "".join(paper.paper().paragraphs)
    assert "不得对外使用" in said
    assert "建设用地批准" in said
    assert paper.paper().addressee == ""


def test_the_database_takes_no_seal_no_case_and_no_licence_of_it(office, accepted, handler, at):
    _opinion(office, accepted, handler, at)
    paper = next(one for one in documents_of(accepted.stream) if one.kind == "simulated_opinion")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(paper).objects.filter(id=paper.id).update(sealed_at=at, seal_name="审批专用章")
    case = Case.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        JointPart.objects.filter(joint=accepted, key="water").update(case=case)
    with pytest.raises(FieldDoesNotExist):
        SimulatedOpinion._meta.get_field("licence_number")


def test_it_is_counted_neither_as_a_decision_nor_as_a_licence(office, accepted, handler, at):
    """And a real grant is: the control without which the test could not fail."""
    before = _counts()
    _opinion(office, accepted, handler, at)
    assert _counts() == before
    office.decide(accepted, "plan", LATER)
    days, decisions, _licences = _counts()
    assert (days["case.granted"], decisions) == (1, 1)


def test_it_converts_by_a_list_when_the_need_is_met(office, accepted, handler, at):
    _opinion(office, accepted, handler, at)
    rechecked = _rechecked(office, accepted)
    with pytest.raises(NotNow, match="建设用地批准"):
        office.act(handler, joint.convert, accepted, at, part="water", rechecked=rechecked)
    office.decide(accepted, "land", LATER)
    assert office.part(accepted, "water").status == "simulating"
    assert office.part(accepted, "water").case_id is None
    with pytest.raises(DomainError, match="条件：用地合法"):
        office.act(handler, joint.convert, accepted, LATER, part="water", rechecked=rechecked[:-1])
    office.act(handler, joint.convert, accepted, LATER, part="water", rechecked=rechecked)
    part = office.part(accepted, "water")
    assert part.status == "running"
    assert Case.objects.get(id=part.case_id).accepted_at == LATER
    row = SimulatedOpinion.objects.get(part=part)
    assert [one["what"] for one in row.recheck] == [
        *("材料：营业执照复印件", "材料：项目用地红线图", "材料：申请书"),
        *("条件：符合规划", "条件：用地合法"),
    ]


@pytest.mark.slow
def test_what_has_changed_says_what_is_new(office, accepted, handler, at):
    _opinion(office, accepted, handler, at)
    office.decide(accepted, "land", LATER)
    silent = [
        joint.Rechecked(what, is_same=False)
        for what in joint.to_recheck(office.part(accepted, "water"))
    ]
    with pytest.raises(DomainError, match="变化"):
        office.act(handler, joint.convert, accepted, LATER, part="water", rechecked=silent)
    told = _rechecked(office, accepted, changed="材料：项目用地红线图")
    office.act(handler, joint.convert, accepted, LATER, part="water", rechecked=told)
    row = SimulatedOpinion.objects.get(part__joint=accepted)
    assert [one["note"] for one in row.recheck if not one["is_same"]] == ["换了新图"]


def test_its_time_is_its_own_clock_and_ends_with_the_opinion(office, accepted, handler, at):
    office.act(handler, joint.simulate, accepted, at, part="water")
    kinds = {one.kind for one in clocks_of(accepted.stream) if one.stopped_date is None}
    assert "step:water" in kinds
    office.act(
        handler,
        joint.give_opinion,
        accepted,
        at,
        part="water",
        is_favourable=False,
        opinion="水不够",
    )
    kinds = {one.kind for one in clocks_of(accepted.stream) if one.stopped_date is None}
    assert "step:water" not in kinds


def test_a_need_met_before_anybody_simulates_opens_the_real_case(office, at):
    water = node("water", Need("land", Tie.SIMULATE))
    matter = office.open(
        at, Route((Stage("s", "审批", (node("land"), water)),)), nodes=["land", "water"]
    )
    office.accept(matter, at)
    office.decide(matter, "land", LATER)
    assert office.part(matter, "water").status == "running"
    assert not SimulatedOpinion.objects.exists()
