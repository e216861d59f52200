"""A joint matter's commands: one filing, many departments, one clock."""

from datetime import date

import pytest

from mingtang.base.errors import DomainError
from mingtang.cases import services as cases
from mingtang.cases.models import Case, GivenMaterial
from mingtang.cases.rules import AnswersWrong, State, Verb
from mingtang.joint import services as joint
from mingtang.joint.rules.moves import IllegalMove
from mingtang.joint.rules.parts import NotChosen, NotNow
from mingtang.joint.rules.states import JointState
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.timing import queries as timing
from tests.joint.office import KEYS
from tests.world import morning, new_command_id, plain

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 24)


@pytest.fixture
def matter(office, at):
    return office.open(at)


@pytest.fixture
def accepted(office, matter, at):
    office.accept(matter, at)
    return matter


def _kinds(matter):
    return [event.kind for event in ledger.history(matter.stream)]


def test_one_filing_has_one_number_one_form_and_each_material_once(office, matter):
    assert matter.state == JointState.SUBMITTED
    assert matter.number.startswith("330881011130917")
    assert [one.name for one in matter.materials.order_by("id")] == [
        *("营业执照复印件", "项目用地红线图", "申请书")
    ]
    assert matter.answers == {"p1_matter": {"summary": "新建厂房。"}}
    assert not Case.objects.exists()


def test_accepting_opens_what_waits_for_nothing_and_starts_forty_five_days(office, accepted):
    assert accepted.state == JointState.ACCEPTED
    assert office.statuses(accepted) == {
        "plan": "running",
        "land": "running",
        "water": "not_ready",
        "environment": "not_ready",
        "fire": "not_ready",
    }
    dues = {clock.kind: clock.due_date for clock in timing.clocks_of(accepted.stream)}
    assert dues["statutory"] == date(2013, 11, 25)
    assert dues["promised"] == date(2013, 11, 4)
    assert accepted.next_due_date == dues["promised"]


def test_a_part_is_an_ordinary_case_with_its_own_limits_steps_and_papers(office, accepted):
    case = Case.objects.get(id=office.part(accepted, "land").case_id)
    assert (case.state, case.channel) == (State.ACCEPTED, "joint")
    assert case.organisation_id == office.units["land"].id
    assert case.intake_organisation_id == office.units["plan"].id
    assert case.steps.count() == 1
    running = {one.kind for one in timing.clocks_of(case.stream) if one.stopped_date is None}
    assert running == {"promised", "statutory"}
    assert GivenMaterial.objects.filter(submission__case=case, brought_at=None).count() == 0
    assert GivenMaterial.objects.filter(submission__case=case).count() == 3
    assert [event.kind for event in ledger.history(case.stream)] == [
        *("case.submitted", "case.accepted")
    ]


@pytest.mark.slow
def test_what_waited_opens_when_its_need_is_granted(office, accepted):
    office.decide(accepted, "land", LATER)
    assert office.statuses(accepted) == dict.fromkeys(KEYS, "running") | {"land": "done"}
    opened = Case.objects.get(id=office.part(accepted, "fire").case_id)
    assert opened.submitted_at == LATER
    assert opened.accepted_by_id == accepted.accepted_by_id


@pytest.mark.slow
def test_the_whole_is_done_when_every_required_part_is(office, accepted):
    cases_ = [office.decide(accepted, "land", LATER)]
    for key in ("plan", "water", "environment"):
        cases_.append(office.decide(accepted, key, LATER))
        assert accepted.state == JointState.ACCEPTED
    cases_.append(office.decide(accepted, "fire", LATER))
    assert accepted.state == JointState.DONE
    assert accepted.next_due_date is None
    assert all(clock.stopped_date for clock in timing.clocks_of(accepted.stream))
    for case in cases_:
        assert accepted.state == JointState.DONE
        office.deliver(case, LATER)
        accepted.refresh_from_db()
    assert accepted.state == JointState.DELIVERED
    assert _kinds(accepted)[0] == "joint.filed"
    assert _kinds(accepted)[-2:] == ["joint.done", "joint.delivered"]
    assert ledger.verify().is_ok


def test_telling_twice_or_late_changes_nothing(office, accepted):
    case = office.decide(accepted, "land", LATER)
    before = _kinds(accepted)
    for _ in range(2):
        joint.settle(case_id=case.id, actor=SYSTEM, at=LATER, command_id=new_command_id())
    assert _kinds(accepted) == before
    assert Case.objects.count() == 5


def test_an_unanswered_form_or_an_unknown_node_is_refused(office, at):
    with pytest.raises(AnswersWrong):
        office.open(at, answers={})
    with pytest.raises(NotChosen, match="nowhere"):
        office.open(at, nodes=["plan", "nowhere"])
    with pytest.raises(NotChosen):
        office.open(at, nodes=[])


def test_nothing_is_accepted_while_a_material_is_missing(office, matter, at):
    with pytest.raises(DomainError, match="营业执照复印件"):
        office.act(office.clerk, joint.accept, matter, at)
    assert not Case.objects.exists()


def test_chosen_parts_do_not_wait_for_what_was_not_chosen(office, at):
    matter = office.open(at, nodes=["plan", "fire"])
    office.accept(matter, at)
    assert office.statuses(matter) == {"plan": "running", "fire": "running"}


@pytest.mark.slow
def test_a_refused_part_is_shown_and_the_lead_goes_on_without_or_ends(office, accepted):
    office.decide(accepted, "plan", LATER, Verb.REFUSE)
    assert office.statuses(accepted)["plan"] == "refused"
    for key in ("land", "water", "environment", "fire"):
        office.decide(accepted, key, LATER)
    assert accepted.state == JointState.ACCEPTED
    lead = office.approvers["plan"]
    office.act(lead, joint.go_on_without, accepted, LATER, part="plan", reason="备案已另行办理")
    assert accepted.state == JointState.DONE


def test_a_part_that_others_wait_for_is_not_left_out_before_them(office, accepted):
    office.decide(accepted, "land", LATER, Verb.REFUSE)
    lead = office.approvers["plan"]
    with pytest.raises(NotNow, match="消防设计审核"):
        office.act(lead, joint.go_on_without, accepted, LATER, part="land", reason="不用")
    office.act(lead, joint.terminate, accepted, LATER, reason="用地未获批准")
    assert accepted.state == JointState.TERMINATED
    assert office.statuses(accepted) == {
        "plan": "running",
        "land": "refused",
        "water": "skipped",
        "environment": "skipped",
        "fire": "skipped",
    }


def test_terminating_needs_a_part_that_was_not_granted(office, accepted):
    with pytest.raises(NotNow):
        office.act(office.approvers["plan"], joint.terminate, accepted, LATER, reason="不想办")


@pytest.mark.slow
def test_withdrawing_the_whole_takes_back_what_is_not_decided(office, accepted):
    land = office.decide(accepted, "land", LATER)
    office.act(office.clerk, joint.withdraw, accepted, LATER, reason="项目不办了")
    assert accepted.state == JointState.WITHDRAWN
    land.refresh_from_db()
    assert land.state == State.GRANTED
    others = Case.objects.exclude(id=land.id)
    assert {case.state for case in others} == {State.WITHDRAWN}
    assert office.statuses(accepted) == dict.fromkeys(KEYS, "skipped") | {"land": "done"}
    with pytest.raises(IllegalMove):
        office.act(office.clerk, joint.withdraw, accepted, LATER, reason="")


def test_a_case_that_ends_by_itself_stops_its_part_and_goes_on_when_reopened(office, accepted):
    case = Case.objects.get(id=office.part(accepted, "plan").case_id)
    office.world.act(office.clerk, cases.withdraw, case, LATER, reason="填错了")
    office.settle(LATER)
    assert office.statuses(accepted)["plan"] == "stopped"
    office.world.act(office.approvers["plan"], cases.reopen, case, LATER, reason="恢复")
    office.settle(LATER)
    assert office.statuses(accepted)["plan"] == "running"


def test_a_part_sent_back_to_the_window_is_counted_and_the_limit_goes_on(office, accepted):
    case = Case.objects.get(id=office.part(accepted, "plan").case_id)
    handler, clocks = office.handlers["plan"], timing.clocks_of(accepted.stream)
    for round_ in (1, 2):
        office.world.act(handler, cases.bounce, case, LATER, reason="移交的图纸少一份。")
        office.settle(LATER)
        accepted.refresh_from_db()
        assert (office.part(accepted, "plan").bounce_count, accepted.bounce_count) == (round_,) * 2
        office.world.act(office.clerk, cases.hand_on, case, LATER, note="图纸已补上。")
        office.settle(LATER)
    told = [one for one in ledger.history(accepted.stream) if one.kind == "joint.part_bounced"]
    assert [(one.facts["part"], one.facts["count"]) for one in told] == [("plan", 1), ("plan", 2)]
    assert [(one.kind, one.due_date) for one in timing.clocks_of(accepted.stream)] == [
        (one.kind, one.due_date) for one in clocks
    ]
    assert accepted.state == JointState.ACCEPTED


def test_more_time_is_asked_by_the_lead_and_given_once_by_the_government(office, accepted):
    handler = office.handlers["plan"]
    with pytest.raises(DomainError, match="15"):
        office.act(handler, joint.ask_extension, accepted, LATER, days=16, note="复杂")
    office.act(handler, joint.ask_extension, accepted, LATER, days=15, note="需专家论证")
    office.act(office.mayor, joint.extend, accepted, LATER)
    assert accepted.next_due_date == date(2013, 12, 16)
    paper = ledger.history(accepted.stream)[-1].facts["document"]
    assert paper["kind"] == "joint_extension"
    with pytest.raises(NotNow):
        office.act(handler, joint.ask_extension, accepted, LATER, days=1, note="再延")


def test_a_rejected_extension_may_be_asked_for_again(office, accepted):
    handler = office.handlers["plan"]
    office.act(handler, joint.ask_extension, accepted, LATER, days=5, note="复杂")
    office.act(office.mayor, joint.reject_extension, accepted, LATER, reason="时间还够")
    office.act(handler, joint.ask_extension, accepted, LATER, days=5, note="确实复杂")
    assert accepted.extension_note == "确实复杂"


def test_answers_reach_each_part_in_its_own_form(office, accepted):
    case = Case.objects.get(id=office.part(accepted, "land").case_id)
    assert case.submissions.get().answers == {"form": plain("新建厂房。")}
