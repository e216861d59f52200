"""The table of transitions of the design, one test a row, and its list of what is illegal.

Each test says what the act leaves: state, paper, clocks, event. The date vectors that concern cases
come through the real commands.
"""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from mingtang.accounts.rules import NotYourPost, Role
from mingtang.base.errors import DomainError
from mingtang.cases import queries, services
from mingtang.cases.models import Correction, Pause
from mingtang.cases.rules import (
    DECIDED,
    DECISIONS,
    MOVE_OF,
    MOVES,
    HandOverWay,
    IllegalMove,
    MissingReason,
    NoAuthority,
    NotNow,
    PauseReason,
    Renewal,
    RequestKind,
    SamePerson,
    SecondRound,
    State,
    TerminationReason,
    Unsealed,
    Verb,
    moves_from,
)
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from mingtang.timing import queries as timing
from tests.world import morning, new_command_id, plain

pytestmark = pytest.mark.django_db
SPECIAL = "专家评审|20个工作日"
WHY = {"reason": "符合条件，同意。"}
REVIEW = {"step_key": "review"}


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5, materials="申请表\n身份证明", special=SPECIAL)


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


@pytest.fixture
def act(world, case, at):
    """act("clerk", services.receive) on the case; `on` another moment than ten that morning."""

    def run(who, command, on=at, **more):
        answer = world.act(getattr(world, who), command, case, on, **more)
        case.refresh_from_db()
        return answer

    return run


@pytest.fixture
def boss(world):
    world.boss = world.people.post("boss", Role.APPROVER, world.water)
    return world.boss


def left(case):
    """What the last act left behind."""
    event = ledger.history(case.stream)[-1]
    papers = Document.objects.filter(subject=case.stream).order_by("id")
    told = event.facts.get("document", {})
    return SimpleNamespace(
        state=State(case.state),
        event=event.kind,
        facts=event.facts,
        paper=told.get("kind"),
        is_drawn=not told or told in [one.facts() for one in papers],
        ops={op["kind"]: op["op"] for op in event.facts.get("clocks", [])},
    )


def act_of_law(command, case, on):
    command(case_id=case.id, actor=SYSTEM, at=on, command_id=new_command_id())


def clock(case, kind):
    return [one for one in timing.clocks_of(case.stream) if one.kind == kind][-1]


def due(case, kind):
    return clock(case, kind).due_date


def paper_text(case):
    papers = Document.objects.filter(subject=case.stream).exclude(kind="result")
    return papers.order_by("id").last().content


# ── before acceptance ─────────────────────────────────────────────────────────────────────────


def test_t1_filing_online_gives_a_number_and_starts_the_five_days(case):
    found = left(case)
    assert (found.state, found.event) == (State.SUBMITTED, "case.submitted")
    assert found.ops == {"completeness": "start"}
    assert (len(case.number), len(services.tracking_code(case))) == (21, 11)


def test_t2_taking_in_at_the_counter_leaves_a_receipt_that_lists_the_papers(world, item, at):
    answer = services.take_in(
        item_code=item,
        applicant=world.applicant(),
        answers=plain("取水灌溉"),
        files=[],
        originals=[("身份证", 2)],
        actor=world.actor(world.clerk),
        at=at,
        command_id="a" * 32,
    )
    case = queries.filed_case(answer["number"])
    found = left(case)
    assert (found.state, found.event, found.paper) == (State.RECEIVED, "case.taken_in", "receipt")
    assert (found.ops, found.is_drawn) == ({"completeness": "start"}, True)
    assert "身份证" in paper_text(case)


def test_t3_receiving_an_online_filing_moves_no_clock_and_leaves_no_paper(case, act):
    before = due(case, "completeness")
    act("clerk", services.receive, morning(2013, 9, 18))
    found = left(case)
    assert (found.state, found.event, found.paper) == (State.RECEIVED, "case.received", None)
    assert (found.ops, due(case, "completeness")) == ({}, before)


def test_t4_not_required_is_told_with_its_reason_and_stops_the_clock(case, act):
    act("clerk", services.receive)
    with pytest.raises(MissingReason):
        act("clerk", services.not_require, reason=" ")
    act("clerk", services.not_require, reason="家庭生活少量取水不需要办理")
    found = left(case)
    assert (found.state, found.event) == (State.NOT_REQUIRED, "case.not_required")
    assert (found.paper, found.ops) == ("not_required", {"completeness": "stop"})
    assert case.next_due_date is None


def test_t5_declining_names_the_organ_that_is_competent(case, act):
    act("clerk", services.receive)
    with pytest.raises(MissingReason):
        act("clerk", services.decline, competent="", **WHY)
    act("clerk", services.decline, competent="市自然资源局", reason="不属本局职权")
    found = left(case)
    assert (found.state, found.event) == (State.DECLINED, "case.declined")
    assert (found.paper, found.ops) == ("declined", {"completeness": "stop"})
    assert "市自然资源局" in paper_text(case)


def test_t6_an_error_mended_on_the_spot_is_noted_and_moves_nothing(case, act):
    act("clerk", services.receive)
    act("clerk", services.correct_on_spot, note="手机号码")
    found = left(case)
    assert (found.state, found.event) == (State.RECEIVED, "case.corrected_on_spot")
    assert (found.paper, found.ops) == (None, {})
    assert case.submissions.count() == 2


def ask(act, on=None, **more):
    when = {"on": on} if on else {}
    act("clerk", services.ask_correction, **when, note="缺少水资源论证报告", **more)


def test_t7_one_notice_of_all_that_is_missing_ends_the_check_and_starts_thirty_days(case, act):
    act("clerk", services.receive)
    missing = [{"id": one["id"], "name": one["name"]} for one in case.edition.materials]
    act("clerk", services.ask_correction, missing=missing)
    found = left(case)
    assert (found.state, found.event) == (State.CORRECTING, "case.correction_asked")
    assert (found.paper, found.is_drawn) == ("correction", True)
    assert found.ops == {"completeness": "stop", "correction": "start"}
    assert due(case, "correction") == date(2013, 10, 17)
    assert all(line["name"] in paper_text(case) for line in missing)


def test_t7_ends_with_the_fifth_working_day(case, act):
    act("clerk", services.receive)
    with pytest.raises(DomainError, match="视为受理"):
        ask(act, on=morning(2013, 9, 26))
    ask(act, on=morning(2013, 9, 25, 23))
    assert State(case.state) is State.CORRECTING


def test_t8_corrections_that_are_complete_count_from_the_day_they_came(case, act):
    act("clerk", services.receive)
    ask(act)
    act("citizen", services.supply, morning(2013, 9, 24), note="报告", files=[])
    found = left(case)
    assert (found.state, found.event) == (State.RECEIVED, "case.supplied")
    assert found.paper == "correction_receipt"
    assert found.ops == {"correction": "stop", "completeness": "start"}
    act("clerk", services.accept, morning(2013, 9, 26))
    assert clock(case, "statutory").start_date == date(2013, 9, 24)


def test_t8_what_is_still_missing_is_noted_and_the_same_notice_holds_on(case, act):
    act("clerk", services.receive)
    with pytest.raises(DomainError, match="还没有补正过"):
        act("clerk", services.still_missing, note="报告没有盖章")
    ask(act)
    act("citizen", services.supply, morning(2013, 9, 20), note="报告", files=[])
    act("clerk", services.still_missing, morning(2013, 9, 23), note="报告没有盖章")
    found = left(case)
    assert (found.state, found.event) == (State.CORRECTING, "case.found_incomplete")
    assert found.ops == {"completeness": "stop", "correction": "start"}
    assert due(case, "correction") == date(2013, 10, 20)  # three days lay with us
    assert (case.correction_count, Correction.objects.count()) == (1, 1)


def test_t9_sending_back_waits_for_the_end_of_the_applicants_time_or_their_wish(case, act):
    act("clerk", services.receive)
    ask(act)
    with pytest.raises(DomainError, match="届满"):
        act("clerk", services.send_back, morning(2013, 10, 17), **WHY)
    act("clerk", services.send_back, morning(2013, 10, 18), reason="逾期没有补正")
    found = left(case)
    assert (found.state, found.event) == (State.RETURNED, "case.returned")
    assert (found.paper, found.ops) == ("returned", {"correction": "stop"})


def test_t9_or_the_applicant_asks_for_it(case, act):
    act("clerk", services.receive)
    ask(act)
    act("clerk", services.send_back, asked_by_applicant=True, **WHY)
    assert left(case).facts["asked_by_applicant"] is True


def test_t10_acceptance_leaves_a_notice_with_both_dates_and_lays_out_the_work(case, act):
    act("clerk", services.receive)
    act("clerk", services.accept)
    found = left(case)
    assert (found.state, found.event) == (State.ACCEPTED, "case.accepted")
    assert (found.paper, found.is_drawn) == ("accepted", True)
    assert found.ops == {"completeness": "stop", "promised": "start", "statutory": "start"}
    assert "2013年9月25日" in paper_text(case)
    assert "2013年10月21日" in paper_text(case)
    assert [step.status for step in case.steps.all()] == ["ready"]


def test_t11_nothing_told_in_five_days_is_acceptance_as_of_the_day_of_receipt(case, at):
    """Vector 19: received 2013-09-17, nothing by 09-25: statutory limit until 10-21."""
    assert services.sweep_deemed(morning(2013, 9, 25, 23)) == 0
    assert services.sweep_deemed(morning(2013, 9, 26, 0)) == 1
    assert services.sweep_deemed(morning(2013, 9, 26, 0)) == 0
    case.refresh_from_db()
    found = left(case)
    assert (found.state, found.event) == (State.ACCEPTED, "case.deemed_accepted")
    assert (found.paper, found.facts["since"]) == ("deemed_accepted", "2013-09-17")
    assert found.ops == {"completeness": "stop", "promised": "start", "statutory": "start"}
    assert (due(case, "statutory"), due(case, "promised")) == (
        date(2013, 10, 21),
        date(2013, 9, 25),
    )
    assert (case.is_deemed_accepted, case.accepted_by_id) == (True, None)
    assert Document.objects.get(subject=case.stream).needs_seal  # a draft until it is sealed


def test_t11_is_the_permit_laws_alone(world, at):
    case = world.file(world.item("330881-fw", kind="20", promised=3), at)
    assert services.sweep_deemed(morning(2013, 10, 30)) == 0
    with pytest.raises(NotNow, match="没有“视为受理”"):
        act_of_law(services.deem_accepted, case, morning(2013, 10, 30))


# ── examination ───────────────────────────────────────────────────────────────────────────────


def test_t12_a_claim_begins_the_review_and_an_opinion_ends_the_step(world, case, act, at):
    world.bring(case, "accepted", at)
    act("handler", services.claim, **REVIEW)
    found = left(case)
    assert (found.state, found.event, found.ops) == (State.REVIEWING, "case.step_claimed", {})
    with pytest.raises(DomainError, match="审查意见"):
        act("handler", services.examine, opinion=" ", **REVIEW)
    act("handler", services.examine, opinion="符合条件", **REVIEW)
    assert left(case).event == "case.examined"
    step = case.steps.get()
    assert (step.status, step.done_by_id) == ("done", world.handler.id)


def test_t12_a_site_visit_takes_two_officers(world, at):
    """《行政许可法》第三十四条."""
    case = world.file(world.item("330881-kc", route="踏勘|现场踏勘|审查"), at)
    world.bring(case, "accepted", at)
    visit = {"step_key": "site_visit", "opinion": "属实"}
    world.act(world.handler, services.claim, case, at, step_key="site_visit")
    with pytest.raises(DomainError, match="两名"):
        world.act(world.handler, services.examine, case, at, companion=" ", **visit)
    world.act(world.handler, services.examine, case, at, companion="周大成", **visit)
    assert case.steps.get().companion == "周大成"


def ask_pause(act, on, days=10):
    about = {"why": PauseReason.EXPERT_REVIEW, "note": "需专家评审", "days": days}
    act("handler", services.ask_pause, on, **about)


def pause(act, first, last, days=10):
    ask_pause(act, first, days)
    act("approver", services.pause, first)
    act("approver", services.resume, last, result="通过")


def test_t13_a_special_procedure_stops_the_limits_and_is_told_with_its_days(world, case, act, at):
    world.bring(case, "claimed", at)
    with pytest.raises(NotNow, match="请承办人先提出"):
        act("approver", services.pause)
    ask_pause(act, at)
    assert (left(case).event, left(case).ops) == ("case.pause_asked", {})
    act("approver", services.pause)
    found = left(case)
    assert (found.state, found.event, found.paper) == (State.PAUSED, "case.paused", "pause")
    assert found.ops == {"promised": "pause", "statutory": "pause", "pause": "start"}
    assert Pause.objects.get(case=case).document.facts() == found.facts["document"]
    assert case.next_due_date == due(case, "pause") == date(2013, 10, 8)


@pytest.mark.parametrize("why", [PauseReason.HEARING, PauseReason.AUCTION])
def test_t13_only_for_what_the_item_declares(world, case, act, at, why):
    world.bring(case, "claimed", at)
    with pytest.raises(DomainError, match="专家评审"):
        act("handler", services.ask_pause, why=why, note="需要", days=5)


def test_t14_the_result_ends_the_pause_and_the_limits_go_on(world, case, act, at):
    world.bring(case, "claimed", at)
    ask_pause(act, at)
    act("approver", services.pause)
    with pytest.raises(MissingReason):
        act("handler", services.resume, morning(2013, 9, 24), result="")
    act("handler", services.resume, morning(2013, 9, 24), result="专家评审通过")
    found = left(case)
    assert (found.state, found.event) == (State.REVIEWING, "case.resumed")
    assert found.ops == {"promised": "resume", "statutory": "resume", "pause": "stop"}


def ask_extension(act, on, days=10):
    act("handler", services.ask_extension, on, days=days, note="需要补充调查")


def test_t15_an_extension_is_told_and_leaves_the_promise_as_it_was(world, case, act, at):
    """Vectors 2 and 10: twenty working days from 17 September, and ten more."""
    world.bring(case, "claimed", at)
    promised = due(case, "promised")
    ask_extension(act, at)
    act("approver", services.extend)
    found = left(case)
    assert (found.state, found.event) == (State.REVIEWING, "case.extended")
    assert (found.paper, found.ops) == ("extension", {"statutory": "extend"})
    assert due(case, "statutory") == case.next_due_date == date(2013, 11, 4)
    assert due(case, "promised") == promised


def test_t16_a_transfer_inside_the_house_costs_the_applicant_no_day(world, case, act):
    before = case.next_due_date
    act("clerk", services.transfer, organisation_id=world.planning.id, reason="属规划职责")
    found = left(case)
    assert (found.state, found.event) == (State.SUBMITTED, "case.transferred")
    assert (found.paper, found.ops) == ("transfer", {})
    assert (case.organisation_id, case.next_due_date) == (world.planning.id, before)
    assert queries.case_for(world.scope(world.colleague), case.number)


def test_t18_a_grant_stops_the_limits_and_starts_ten_days_for_delivery(world, case, act):
    """Vector 11: granted on 30 September 2013, to be delivered by 18 October."""
    world.bring(case, "examined", morning(2013, 9, 30))
    act("approver", services.decide, morning(2013, 9, 30), verb=Verb.GRANT, **WHY)
    found = left(case)
    assert (found.state, found.event, found.paper) == (State.GRANTED, "case.granted", "granted")
    assert found.ops == {"promised": "stop", "statutory": "stop", "delivery": "start"}
    assert due(case, "delivery") == case.next_due_date == date(2013, 10, 18)


def test_t18_a_grant_in_part_refuses_the_rest_and_says_why(world, case, act, at):
    world.bring(case, "examined", at)
    with pytest.raises(MissingReason):
        act("approver", services.decide, verb=Verb.GRANT_PARTLY, **WHY)
    basis = {"legal_basis": "《水法》第四十八条"}
    act("approver", services.decide, verb=Verb.GRANT_PARTLY, **WHY, **basis)
    assert (left(case).state, left(case).paper) == (State.GRANTED, "granted_partly")
    assert "行政复议" in paper_text(case)


def test_t18_a_renewal_without_a_decision_counts_as_granted_when_the_licence_expires(
    world, item, at
):
    """《行政许可法》第五十条第二款; asked for thirty days before."""
    last = at.date() + timedelta(days=30)
    case = world.file(item, at, renewal=Renewal("取水证001", last))
    late = world.file(item, at, renewal=Renewal("取水证002", last - timedelta(days=1)))
    for one in (case, late):
        world.act(world.clerk, services.receive, one, at, is_renewal_seen=True)
    assert due(case, "renewal") == last
    services.sweep_deemed(at + timedelta(days=30))
    assert not any(State(one.state) in DECIDED for one in _fresh(case, late))
    assert services.sweep_deemed(at + timedelta(days=31)) == 1
    assert [State(one.state) for one in _fresh(case, late)] == [
        State.DEEMED_GRANTED,
        State.ACCEPTED,
    ]
    assert left(case).paper == "deemed_granted"
    assert left(case).ops["delivery"] == "start"


def test_t18_but_not_on_the_mere_claim_that_there_was_a_licence(world, item, at):
    case = world.file(item, at, renewal=Renewal("取水证001", at.date() + timedelta(days=30)))
    later = at + timedelta(days=31)
    with pytest.raises(NotNow, match="原证件还没有核对"):
        act_of_law(services.deem_granted, case, later)
    assert services.sweep_deemed(later) == 1  # accepted, and no more
    assert State(_fresh(case)[0].state) is State.ACCEPTED


def _fresh(*cases):
    for case in cases:
        case.refresh_from_db()
    return cases


def test_t19_a_refusal_states_reason_law_and_remedies_and_starts_no_clock(world, case, act, at):
    world.bring(case, "examined", at)
    for missing in ({"reason": " ", "legal_basis": "《水法》"}, {**WHY, "legal_basis": " "}):
        with pytest.raises(MissingReason):
            act("approver", services.decide, verb=Verb.REFUSE, **missing)
    whole = {"reason": "取水量超过核定总量", "legal_basis": "《水法》第四十八条"}
    act("approver", services.decide, verb=Verb.REFUSE, **whole)
    found = left(case)
    assert (found.state, found.event, found.paper) == (State.REFUSED, "case.refused", "refused")
    assert found.ops == {"promised": "stop", "statutory": "stop"}
    for words in (*whole.values(), "行政复议"):
        assert words in paper_text(case)


@pytest.mark.parametrize("reached", ["submitted", "received", "accepted", "claimed", "examined"])
def test_t20_the_applicant_may_withdraw_until_the_decision(world, case, act, at, reached):
    if reached != "submitted":
        world.bring(case, reached, at)
    act("citizen", services.withdraw, reason="")
    found = left(case)
    assert (found.state, found.event) == (State.WITHDRAWN, "case.withdrawn")
    assert (found.paper, set(found.ops.values())) == ("withdrawn", {"stop"})
    assert {one.status for one in timing.clocks_of(case.stream)} == {"stopped"}


def test_t21_what_lost_its_person_or_object_is_terminated(world, case, act, at):
    world.bring(case, "claimed", at)
    act("approver", services.terminate, why=TerminationReason.DISSOLUTION, reason="公司已注销")
    found = left(case)
    assert (found.state, found.event) == (State.TERMINATED, "case.terminated")
    assert (found.paper, found.ops) == ("terminated", {"promised": "stop", "statutory": "stop"})
    assert [step.status for step in case.steps.all()] == ["cancelled"]


def test_t21_reopened_it_goes_on_where_it_was_left_and_no_day_between_counts(world, case, act, at):
    world.bring(case, "claimed", at)
    act("approver", services.terminate, why=TerminationReason.OBJECT_GONE, reason="标的灭失")
    act("approver", services.reopen, morning(2013, 9, 24), reason="终止有误")
    found = left(case)
    assert (found.state, found.event) == (State.REVIEWING, "case.reopened")
    assert found.ops == {"promised": "start", "statutory": "start"}
    assert due(case, "statutory") == date(2013, 10, 25)  # 18, 22, 23 and 24 September


def test_t21_reopened_twice_the_last_stop_counts(world, case, act):
    """The days between the first stop and the second were the applicant's, and stay counted."""
    act("citizen", services.withdraw, morning(2013, 9, 18), reason="")
    act("approver", services.reopen, morning(2013, 9, 18), **WHY)
    act("citizen", services.withdraw, morning(2013, 9, 24), reason="")
    act("approver", services.reopen, morning(2013, 10, 8), **WHY)
    assert due(case, "completeness") == date(2013, 10, 9)


def test_t21_reopened_it_still_waits_for_what_was_deferred(world, case, act, at):
    world.bring(case, "received", at)
    one = case.edition.materials[0]
    later = services.Deferred(one["id"], "三日内补交", date(2013, 9, 23))
    act("clerk", services.accept, deferred=[later])
    act("citizen", services.withdraw, reason="")
    act("approver", services.reopen, **WHY)
    act("clerk", services.supply_deferred, material_ids=[one["id"]], files=[])
    assert left(case).ops == {"deferred": "stop"}


def test_t22_handing_over_leaves_a_receipt_and_stops_the_last_clock(world, case, act, at):
    world.bring(case, "sealed", at)
    act("clerk", services.hand_over, way=HandOverWay.POST, note="EMS123")
    found = left(case)
    assert (found.state, found.event) == (State.DELIVERED, "case.delivered")
    assert (found.paper, found.ops) == ("delivery", {"delivery": "stop"})
    assert case.next_due_date is None


def test_t22_not_before_the_decision_is_sealed(world, case, act, at):
    world.bring(case, "granted", at)
    over = {"way": HandOverWay.WINDOW, "note": ""}
    with pytest.raises(Unsealed, match=r"《准予决定书》（.*）还没有盖章登记，不能送达") as refused:
        act("clerk", services.hand_over, **over)
    assert refused.value.status == 409
    world.seal(case, at)
    act("clerk", services.hand_over, **over)
    assert State(case.state) is State.DELIVERED


def test_t18_a_decision_leaves_a_slip_to_fetch_the_result_with(world, case, act, at):
    world.bring(case, "examined", at)
    act("citizen", services.choose_delivery, way=HandOverWay.POST, address="城中路1号")
    act("approver", services.decide, verb=Verb.GRANT, **WHY)
    told = left(case).facts
    slip = Document.objects.get(subject=case.stream, kind="result")
    assert told["slip"] == slip.facts()
    said = slip.paper()
    assert (said.title, said.needs_seal) == ("办理结果告知单", False)
    text = "".join(said.paragraphs)
    for words in ("作出决定：准予。", "按您填写的地址邮寄", "最迟于 2013年10月8日 送达"):
        assert words in text


def test_t22_not_before_the_licence_is_made_and_the_fee_is_paid(world, at):
    item = world.item("330881-zz", fee="收费", fees="工本费|10元/证|文件", result_type="证照")
    case = world.bring(world.file(item, at), "sealed", at)

    def act(command, **more):
        return world.act(world.clerk, command, case, at, **more)

    made = act(services.charge, fees=[("工本费", 1000)])
    with pytest.raises(DomainError, match=r"10\.00 元 没有缴清"):
        act(services.issue, licence_number="一号")
    with pytest.raises(NotNow, match="还没有出具"):
        act(services.hand_over, way=HandOverWay.WINDOW, note="")
    act(services.pay, charge_id=int(made["charge_id"]))
    act(services.issue, licence_number="一号")
    act(services.hand_over, way=HandOverWay.WINDOW, note="")
    assert State(_fresh(case)[0].state) is State.DELIVERED


def test_t23_the_archive_wants_every_paper_sealed_and_lists_them(world, case, act, at):
    act("clerk", services.receive)
    act("clerk", services.decline, reason="不归本局管", competent="市规划局")
    with pytest.raises(NotNow, match="盖章"):
        act("clerk", services.archive)
    world.seal(case, at)
    count = Document.objects.filter(subject=case.stream).count()
    act("clerk", services.archive)
    found = left(case)
    assert (found.state, found.event) == (State.ARCHIVED, "case.archived")
    assert (found.paper, found.facts["paper_count"], found.ops) == ("archive", count, {})


def test_t23_what_the_applicant_withdrew_is_archived_too(case, act, at, world):
    act("citizen", services.withdraw, reason="")
    act("clerk", services.archive)
    assert State(case.state) is State.ARCHIVED


def test_t12_a_signer_who_was_dropped_is_not_waited_for_after_reopening(world, case, act, at):
    world.bring(case, "examined", at)
    about = {"person_id": world.approver.id, "organisation_id": world.water.id, **WHY}
    act("handler", services.add_signer, **about)
    act("handler", services.cancel_step, step_key="sign-1", **WHY)
    act("citizen", services.withdraw, reason="")
    act("approver", services.reopen, **WHY)
    assert {step.status for step in case.steps.filter(key="sign-1")} == {"cancelled"}
    act("approver", services.decide, verb=Verb.GRANT, **WHY)


def test_t10_accepted_after_five_silent_days_the_limits_count_from_receipt(case, act):
    act("clerk", services.receive)
    act("clerk", services.accept, morning(2013, 9, 27))
    assert left(case).facts["is_late"] is True
    assert due(case, "statutory") == date(2013, 10, 21)


@pytest.mark.parametrize("command", [services.not_require, services.decline])
def test_t4_and_t5_end_with_the_fifth_working_day_as_well(case, act, command):
    more = {"competent": "市自然资源局"} if command is services.decline else {}
    act("clerk", services.receive)
    with pytest.raises(DomainError, match="视为受理"):
        act("clerk", command, morning(2013, 9, 26), **WHY, **more)


# ── illegal and worth a test ──────────────────────────────────────────────────────────────────


def test_no_correction_after_acceptance_but_by_a_recorded_override(world, case, act, at):
    world.bring(case, "accepted", at)
    with pytest.raises(IllegalMove):
        ask(act)
    with pytest.raises(MissingReason):
        act("approver", services.ask_more, note="缺少报告", override_reason=" ")
    before = due(case, "statutory")
    act("approver", services.ask_more, note="缺少报告", override_reason="情况特殊，批准")
    found = left(case)
    assert (found.state, found.paper, found.ops) == (State.ACCEPTED, "correction", {})
    assert found.facts["is_after_acceptance"] is found.facts["is_override"] is True
    assert due(case, "statutory") == before


def test_no_second_round_of_corrections_but_by_a_recorded_override(world, case, act, at):
    act("clerk", services.receive)
    ask(act)
    act("citizen", services.supply, note="报告", files=[])
    for said in ("", " "):
        with pytest.raises(SecondRound):
            ask(act, override_reason=said)
    ask(act, override_reason="窗口负责人批准")
    assert (left(case).facts["round"], left(case).facts["is_override"]) == (2, True)
    assert State(case.state) is State.CORRECTING


@pytest.mark.parametrize("state", DECIDED, ids=lambda state: state.value)
def test_from_a_decision_there_is_no_way_but_to_the_applicant(state):
    moving = {move.target for move in moves_from(state)} - {None}
    assert moving == {State.DELIVERED}


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (services.withdraw, {"reason": ""}),
        (services.terminate, {"why": TerminationReason.DEATH, **WHY}),
        (services.decide, {"verb": Verb.REFUSE, "legal_basis": "《水法》", **WHY}),
        (services.take_back, REVIEW),
        (services.return_step, {**REVIEW, **WHY}),
        (services.ask_correction, {"note": "缺少报告"}),
        (services.ask_more, {"note": "缺少报告", "override_reason": "批准"}),
        (services.ask_extension, {"days": 5, "note": "需要"}),
        (services.reopen, WHY),
        (services.archive, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_nothing_undoes_a_decision(world, case, act, at, command, more):
    world.bring(case, "granted", at)
    before = ledger.event_count()
    with pytest.raises(IllegalMove):
        act("approver", command, **more)
    assert (State(case.state), ledger.event_count()) == (State.GRANTED, before)


@pytest.mark.parametrize("verb", sorted(DECISIONS), ids=lambda verb: verb.value)
def test_no_decision_while_a_special_procedure_runs(world, case, act, at, verb):
    world.bring(case, "examined", at)
    ask_pause(act, at)
    act("approver", services.pause)
    with pytest.raises(IllegalMove):
        act("approver", services.decide, verb=verb, legal_basis="《水法》", **WHY)


def test_no_decision_while_a_request_waits_for_its_answer(world, case, act, at):
    world.bring(case, "examined", at)
    ask_extension(act, at)
    with pytest.raises(NotNow, match="没有答复"):
        act("approver", services.decide, verb=Verb.GRANT, **WHY)
    act("approver", services.reject_request, kind=RequestKind.EXTENSION, reason="不必延期")
    act("approver", services.decide, verb=Verb.GRANT, **WHY)
    assert State(case.state) is State.GRANTED


def test_no_extension_after_the_limit_is_over(world, case, act, at):
    world.bring(case, "claimed", at)
    with pytest.raises(NotNow, match="届满"):
        ask_extension(act, morning(2013, 10, 22))
    ask_extension(act, morning(2013, 10, 21))  # asked for in time,
    with pytest.raises(NotNow, match="届满"):
        act("approver", services.extend, morning(2013, 10, 22))  # approved too late


def test_no_second_extension_and_none_beyond_ten_days(world, case, act, at):
    world.bring(case, "claimed", at)
    for days in (0, 11):
        with pytest.raises(DomainError, match="1 至 10"):
            ask_extension(act, at, days)
    ask_extension(act, at, 3)
    act("approver", services.extend)
    with pytest.raises(NotNow, match="已经延期一次"):
        ask_extension(act, at, 3)


@pytest.mark.parametrize("what", ["pause", "extension"])
def test_nobody_approves_what_they_asked_for(world, case, act, at, what):
    world.people.post("handler", Role.APPROVER, world.water)
    world.bring(case, "claimed", at)
    (ask_pause if what == "pause" else ask_extension)(act, at)
    with pytest.raises(SamePerson):
        act("handler", services.pause if what == "pause" else services.extend)
    assert left(case).event == f"case.{what}_asked"


def test_who_examined_a_step_that_was_sent_back_does_not_decide_either(world, case, act, at, boss):
    world.bring(case, "examined", at)
    act("approver", services.return_step, reason="意见不全", **REVIEW)
    act("boss", services.claim, **REVIEW)
    act("boss", services.examine, opinion="符合条件", **REVIEW)
    for who in ("handler", "boss"):
        with pytest.raises(SamePerson):
            act(who, services.decide, verb=Verb.GRANT, **WHY)
    act("approver", services.decide, verb=Verb.GRANT, **WHY)
    assert State(case.state) is State.GRANTED


class TestOnTheSpot:
    @pytest.fixture
    def item(self, world):
        return world.item("330881-jb", on_the_spot="是")

    @pytest.fixture
    def chief(self, world):
        world.chief = world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
        return world.chief

    def _examined(self, world, act, case, at):
        world.bring(case, "accepted", at)
        act("chief", services.claim, **REVIEW)
        act("chief", services.examine, opinion="符合条件", **REVIEW)

    def test_one_person_decides_alone_only_under_a_letter(self, world, case, act, at, chief):
        self._examined(world, act, case, at)
        with pytest.raises(SamePerson):
            act("chief", services.decide, verb=Verb.GRANT, **WHY)
        assert State(case.state) is State.REVIEWING

    def test_and_it_is_marked_with_the_letter(self, world, case, act, at, chief, item):
        world.people.letter(chief, ["grant"], [item], date(2013, 12, 31))
        self._examined(world, act, case, at)
        with pytest.raises(SamePerson):
            act("chief", services.decide, verb=Verb.REFUSE, legal_basis="《水法》", **WHY)
        act("chief", services.decide, verb=Verb.GRANT, **WHY)
        facts = left(case).facts
        assert (case.is_decided_alone, facts["is_decided_alone"]) == (True, True)
        assert facts["authority"] == case.decided_under != ""


def test_a_waiver_that_is_asked_for_pays_nothing_and_is_given_once(world, at):
    item = world.item("330881-jm", fee="收费", fees="工本费|10元/证|文件", result_type="证照")
    case = world.bring(world.file(item, at), "sealed", at)
    chief = world.people.post("chief", Role.CHIEF_REPRESENTATIVE, world.water)

    def act(who, command, **more):
        return world.act(who, command, case, at, **more)

    one = {
        "charge_id": int(act(world.clerk, services.charge, fees=[("工本费", 1000)])["charge_id"])
    }
    act(world.clerk, services.ask_waiver, cents=1000, reason="低保户", **one)
    with pytest.raises(DomainError, match="没有缴清"):
        act(world.clerk, services.issue, licence_number="一号")
    with pytest.raises(SamePerson):
        act(world.clerk, services.answer_waiver, is_approved=True, **one)
    act(chief, services.answer_waiver, is_approved=False, **one)
    act(world.clerk, services.ask_waiver, cents=400, reason="低保户", **one)
    act(chief, services.answer_waiver, is_approved=True, **one)
    with pytest.raises(DomainError, match=r"6\.00 元 没有缴清"):
        act(world.clerk, services.issue, licence_number="一号")
    with pytest.raises(NotNow, match="已经批过一次"):
        act(chief, services.ask_waiver, cents=1000, reason="低保户", **one)
    assert act(world.clerk, services.pay, **one)["cents"] == 600


# ── who may ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_post_opens_the_moves_of_its_row_and_no_other(world, case, role):
    """The whole table by roles, at the item's own department."""
    person = world.people.post("somebody", role, world.water)
    scope, on = world.scope(person), date(2013, 9, 17)
    for move in MOVES:
        try:
            queries.permit(scope, case, move.verb, on)
            may = True
        except NotYourPost:
            may = False
        except NoAuthority:  # the post is right, the letter is missing
            assert (role, move.verb in DECISIONS) == (Role.CHIEF_REPRESENTATIVE, True)
            may = True
        assert may == (role in MOVE_OF[move.verb].roles), (role, move.verb)


# ── vectors ───────────────────────────────────────────────────────────────────────────────────

FIVE_DAYS = [
    ("2013-09-17", "2013-09-25"),
    ("2013-01-31", "2013-02-07"),
    ("2013-02-08", "2013-02-20"),
    ("2013-04-26", "2013-05-06"),
    ("2013-09-28", "2013-10-10"),
    ("2013-09-29", "2013-10-11"),
    ("2025-01-20", "2025-01-26"),
    ("2026-02-10", "2026-02-24"),
]
LIMITS = [
    ("2013-09-17", 20, "2013-10-21"),
    ("2013-09-30", 1, "2013-10-08"),
    ("2013-09-30", 20, "2013-11-01"),
    ("2013-01-31", 20, "2013-03-05"),
    ("2013-09-02", 20, "2013-09-30"),
    ("2013-09-02", 30, "2013-10-18"),
    ("2013-09-02", 45, "2013-11-08"),
    ("2013-09-02", 60, "2013-11-29"),
    ("2013-09-12", 5, "2013-09-22"),
    ("2026-02-10", 20, "2026-03-16"),
    ("2026-09-30", 45, "2026-12-08"),
]
PAUSES = [  # 12 to 17; of 16 the two procedures overlap and count once
    ("2013-09-02", [("2013-09-10", "2013-09-24")], "2013-10-17"),
    ("2013-09-02", [("2013-09-10", "2013-09-21")], "2013-10-14"),
    ("2013-09-02", [("2013-09-08", "2013-09-24")], "2013-10-21"),
    ("2013-09-02", [("2013-09-10", "2013-09-24"), ("2013-10-09", "2013-10-12")], "2013-10-22"),
    ("2013-09-02", [("2013-09-10", "2013-09-27")], "2013-10-22"),
    ("2013-09-17", [("2013-10-01", "2013-10-07")], "2013-10-21"),
]


def _at(day):
    return morning(*map(int, day.split("-")))


@pytest.mark.parametrize(("filed", "expected"), FIVE_DAYS)
def test_vectors_of_the_five_days(world, item, filed, expected):
    assert world.file(item, _at(filed)).next_due_date == date.fromisoformat(expected)


@pytest.mark.parametrize(("accepted", "days", "expected"), LIMITS)
def test_vectors_of_the_limits(world, accepted, days, expected):
    item = world.item("330881-sx", statutory=days, promised=days)
    case = world.bring(world.file(item, _at(accepted)), "accepted", _at(accepted))
    assert due(case, "promised") == due(case, "statutory") == date.fromisoformat(expected)
    assert not clock(case, "statutory").is_provisional


@pytest.mark.parametrize(("accepted", "pauses", "expected"), PAUSES)
def test_vectors_of_the_pauses(world, item, accepted, pauses, expected):
    mine = world.bring(world.file(item, _at(accepted)), "claimed", _at(accepted))

    def act_on(who, command, on, **more):
        return world.act(getattr(world, who), command, mine, on, **more)

    for first, last in pauses:
        pause(act_on, _at(first), _at(last))
    assert due(mine, "statutory") == date.fromisoformat(expected)


def test_a_second_procedure_cannot_begin_while_one_runs(world, case, act, at):
    world.bring(case, "claimed", at)
    ask_pause(act, at)
    act("approver", services.pause)
    with pytest.raises(IllegalMove):
        ask_pause(act, morning(2013, 9, 20))


def test_a_limit_that_reaches_into_an_unpublished_year_is_provisional(world, item):
    case = world.bring(world.file(item, _at("2026-12-28")), "accepted", _at("2026-12-28"))
    assert clock(case, "statutory").is_provisional
