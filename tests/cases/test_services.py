"""A case's commands: what they change, what they refuse, what they leave in the ledger."""

from datetime import date

import pytest
from django.db import connection

from mingtang.accounts.rules import LOOKUP_PER_CASE, Role, TooManyAttempts
from mingtang.base.errors import NotFound
from mingtang.cases import services
from mingtang.cases.models import Case
from mingtang.cases.rules import (
    AlreadyClaimed,
    HandOverWay,
    IllegalMove,
    MissingReason,
    SamePerson,
    State,
    StepsUnfinished,
    Verb,
)
from mingtang.cases.services.filing import SERIAL_BLOCK
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import CommandConflict
from mingtang.ledger.services import deliver_all
from mingtang.timing import queries as timing
from tests.world import KEEPERS, NUMBERS, morning, new_command_id, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5)


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


def _kinds(case):
    return [event.kind for event in ledger.history(case.stream)]


def test_a_case_goes_from_filing_to_delivery_and_every_act_is_in_the_ledger(world, case, at):
    world.bring(case, "delivered", at)
    assert State(case.state) is State.DELIVERED
    assert _kinds(case) == [
        *("case.submitted", "case.received", "case.accepted", "case.step_claimed"),
        *("case.examined", "case.granted"),
        *("document.sealed", "document.sealed", "case.delivered"),
    ]
    assert ledger.verify().is_ok


def test_filing_starts_five_working_days_for_completeness(case):
    """《行政许可法》第三十二条; vector 1 of the date vectors: over Mid-Autumn."""
    (clock,) = timing.clocks_of(case.stream)
    assert (clock.kind, clock.due_date) == ("completeness", date(2013, 9, 25))
    assert case.next_due_date == date(2013, 9, 25)


def test_acceptance_freezes_both_limits(world, case, at):
    world.bring(case, "accepted", at)
    clocks = {clock.kind: clock for clock in timing.clocks_of(case.stream)}
    assert clocks["completeness"].status == "stopped"
    assert clocks["promised"].due_date == date(2013, 9, 25)
    assert clocks["statutory"].due_date == date(2013, 10, 21)
    assert case.next_due_date == date(2013, 9, 25)


def test_a_later_edition_does_not_move_the_limits_of_an_older_case(world, case, item, at):
    world.item(item, statutory=20, promised=1)  # a new edition of the same item
    world.bring(case, "accepted", at)
    promised = next(clock for clock in timing.clocks_of(case.stream) if clock.kind == "promised")
    assert promised.amount == 5


def test_an_item_that_states_no_limit_gets_the_centres_promise_and_no_statutory_clock(world, at):
    case = world.file(world.item("330881-fw", kind="20", statutory=None, promised=None), at)
    world.bring(case, "accepted", at)
    kinds = {clock.kind: clock.amount for clock in timing.clocks_of(case.stream)}
    assert kinds["promised"] == 20
    assert "statutory" not in kinds


def test_a_grant_starts_ten_working_days_for_delivery(world, case):
    """《行政许可法》第四十四条; date vector 11: grant on 30 September 2013."""
    world.bring(case, "granted", morning(2013, 9, 30))
    delivery = timing.clocks_of(case.stream)[-1]
    assert (delivery.kind, delivery.due_date) == ("delivery", date(2013, 10, 18))
    assert case.next_due_date == date(2013, 10, 18)


def test_delivery_stops_every_clock(world, case, at):
    world.bring(case, "delivered", at)
    assert {clock.status for clock in timing.clocks_of(case.stream)} == {"stopped"}
    assert case.next_due_date is None


@pytest.mark.parametrize("state", ["received", "accepted", "claimed", "examined", "granted"])
def test_an_act_that_is_over_cannot_be_done_again(world, case, at, state):
    world.bring(case, state, at)
    with pytest.raises(IllegalMove, match="刷新"):
        world.act(world.clerk, services.receive, case, at)


def test_who_examined_may_not_decide(world, case, at):
    world.bring(case, "examined", at)
    with pytest.raises(SamePerson):
        world.act(world.handler, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")
    case.refresh_from_db()
    assert State(case.state) is State.REVIEWING


def test_no_decision_before_every_step_is_done(world, case, at):
    world.bring(case, "claimed", at)
    with pytest.raises(StepsUnfinished, match="审查"):
        world.act(world.approver, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")


def test_a_refusal_states_reason_and_law_and_stops_the_clocks(world, case, at):
    world.bring(case, "examined", at)
    refuse = {"verb": Verb.REFUSE, "reason": "取水量超过核定总量"}
    with pytest.raises(MissingReason):
        world.act(world.approver, services.decide, case, at, **refuse)
    world.act(world.approver, services.decide, case, at, legal_basis="《水法》第四十八条", **refuse)
    case.refresh_from_db()
    assert (State(case.state), case.outcome) == (State.REFUSED, "refused")
    assert {clock.status for clock in timing.clocks_of(case.stream)} == {"stopped"}


def test_of_two_claims_one_wins_and_the_other_is_told_by_whom(world, case, at):
    world.bring(case, "claimed", at)
    other = world.people.post("second", Role.HANDLER, world.water)
    with pytest.raises(AlreadyClaimed, match="handler"):
        world.act(other, services.claim, case, at, step_key="review")


def test_only_who_claimed_a_step_finishes_it(world, case, at):
    world.bring(case, "claimed", at)
    other = world.people.post("second", Role.HANDLER, world.water)
    with pytest.raises(AlreadyClaimed):
        world.act(other, services.examine, case, at, step_key="review", opinion="可以")


def test_posting_a_result_needs_the_number_of_the_letter(world, case, at):
    world.bring(case, "granted", at)
    with pytest.raises(Exception, match="邮件号码"):
        world.act(world.clerk, services.hand_over, case, at, way=HandOverWay.POST, note=" ")


def test_the_same_filing_sent_twice_is_one_case(world, item, at):
    one = new_command_id()
    first = world.file(item, at, command_id=one)
    assert world.file(item, at, command_id=one).id == first.id
    assert Case.objects.count() == 1


def test_the_same_id_with_another_content_is_refused(world, item, at):
    one = new_command_id()
    world.file(item, at, command_id=one)
    with pytest.raises(CommandConflict):
        world.file(item, at, command_id=one, answers=plain("另一件事"))
    assert Case.objects.count() == 1


def test_numbers_count_up_within_a_unit_and_day(world, item, at):
    """One by one on SQLite; on PostgreSQL a block is drawn at a time, and one that is not
    committed (as in a test) is drawn anew."""
    step = 1 if connection.vendor == "sqlite" else SERIAL_BLOCK
    numbers = [world.file(item, at).number for _ in range(3)]
    assert numbers == [f"330881016130917{1 + n * step:06d}" for n in range(3)]
    assert world.file(item, morning(2013, 9, 18)).number.endswith("130918000001")


def test_no_personal_data_goes_into_the_ledger(world, case, at):
    world.bring(case, "delivered", at)
    text = str([(event.facts, event.actor_label) for event in ledger.history(case.stream)])
    for secret in (NUMBERS[0], "毛小明", "13800000001", "峡口镇"):
        assert secret not in text


class TestQueryCode:
    def _look(self, case, code, at, source="10.0.0.1"):
        return services.case_by_code(number=case.number, code=code, source=source, at=at)

    def _code(self, case):
        return services.tracking_code(case)

    def test_number_and_code_open_a_case(self, case, at):
        assert self._look(case, self._code(case), at).id == case.id

    def test_a_wrong_code_and_a_wrong_number_look_alike(self, case, at):
        with pytest.raises(NotFound) as wrong_code:
            self._look(case, "22222-22222", at)
        case.number = "330881016130917999999"
        with pytest.raises(NotFound) as wrong_number:
            self._look(case, self._code(case), at)
        assert str(wrong_code.value) == str(wrong_number.value)

    def test_guessing_is_stopped_for_that_source_only(self, case, at):
        for _ in range(LOOKUP_PER_CASE.most):
            with pytest.raises(NotFound):
                self._look(case, "22222-22222", at)
        with pytest.raises(TooManyAttempts):
            self._look(case, self._code(case), at)
        assert self._look(case, self._code(case), at, source="10.0.0.2").id == case.id

    def test_two_cases_have_two_codes(self, world, item, at):
        assert self._code(world.file(item, at)) != self._code(world.file(item, at))


def test_a_revised_calendar_moves_the_worklist_too(world, case, at):
    """Loading a year recomputes open clocks; the case's own due date follows the event."""
    from mingtang.timing.rules import DayOff
    from mingtang.timing.services import load_calendar_year, seed_calendars

    seed_calendars(at=at)
    calendar = timing.edition_in_force(2013)
    days = [*timing.days_off_of(calendar), DayOff(date(2013, 9, 25), False, "临时放假")]
    load_calendar_year(
        year=2013,
        days_off=days,
        source="测试",
        published_on=None,
        **KEEPERS,
        at=at,
        command_id=new_command_id(),
    )
    deliver_all(at)
    case.refresh_from_db()
    assert case.next_due_date == date(2013, 9, 26)


@pytest.mark.parametrize("unit", ["", "个工作日", "个自然日", "个月", "小时"])
def test_limits_of_every_unit_can_be_accepted(world, at, unit):
    item = world.item(f"330881-u{len(unit)}", statutory_days=f"8{unit}", promised_days=f"4{unit}")
    case = world.bring(world.file(item, at), "accepted", at)
    clocks = {clock.kind: clock for clock in timing.clocks_of(case.stream)}
    assert clocks["promised"].amount == 4
    assert case.next_due_date == clocks["promised"].due_date


def test_the_name_of_who_fetched_the_result_is_sealed_and_not_in_the_ledger(world, case, at):
    world.bring(case, "sealed", at)
    note = {"way": HandOverWay.WINDOW, "note": "毛小明 13800000001"}
    world.act(world.clerk, services.hand_over, case, at, **note)
    case.refresh_from_db()
    assert case.delivered_note == "毛小明 13800000001"
    assert "毛小明" not in str([event.facts for event in ledger.history(case.stream)])


def test_a_recomputed_clock_that_is_told_late_does_no_harm(world, case, at):
    """The follower reads the clock, not the event, so the order of events does not matter."""
    case.next_due_date = date(2013, 1, 1)
    case.save(update_fields=["next_due_date"])
    services.refresh_due_date(case.stream)
    case.refresh_from_db()
    assert case.next_due_date == date(2013, 9, 25)


def test_who_was_examined_for_does_not_decide_either(world, case, at):
    """B examines in A's place; A, though an approver too, then decides nothing."""
    from dataclasses import replace

    world.bring(case, "accepted", at)
    in_place = replace(world.actor(world.handler), acting_for_id=str(world.approver.id))
    by = {"actor": in_place, "at": at}
    services.claim(case_id=case.id, step_key="review", command_id=new_command_id(), **by)
    services.examine(
        case_id=case.id, step_key="review", opinion="可以", command_id=new_command_id(), **by
    )
    with pytest.raises(SamePerson):
        world.act(world.approver, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")
