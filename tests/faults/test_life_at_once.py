"""Several people at the same case in the same instant: one act, one sum of money, one paper."""

from datetime import timedelta

import pytest

from mingtang.accounts.rules import Role
from mingtang.cases import services
from mingtang.cases.models import Case, CashierDay, Correction
from mingtang.cases.rules import (
    AlreadyClaimed,
    IllegalMove,
    NotNow,
    PauseReason,
    Renewal,
    State,
    Verb,
)
from mingtang.cases.rules.fees import ChargeConflict
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing
from mingtang.timing.rules import fold
from tests.faults.test_at_once import _at_once
from tests.world import new_command_id

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


@pytest.fixture
def item(world):
    return world.item(
        statutory=20,
        promised=5,
        fee="收费",
        fees="工本费|10元/证|文件",
        special="专家评审|20个工作日",
        materials="申请表",
    )


@pytest.fixture
def case(world, item, at):
    return world.file(item, at, world.citizen)


@pytest.fixture
def send(world, at):
    """Many acts at once, each by a person of its own; what came of them."""

    def run(case, acts):
        prepared = [(world.actor(who), command, more) for who, command, more in acts]
        return _at_once(
            [
                lambda actor=actor, command=command, more=more: command(
                    case_id=case.id, actor=actor, at=at, command_id=new_command_id(), **more
                )
                for actor, command, more in prepared
            ]
        )

    return run


def _kinds(case):
    return [event.kind for event in ledger.history(case.stream)]


def _one_won(results, *losers):
    won = [one for one in results if isinstance(one, dict)]
    lost = [one for one in results if not isinstance(one, dict)]
    assert len(won) == 1, results
    assert {type(one) for one in lost} <= set(losers), lost
    assert ledger.verify().is_ok
    return won[0]


@pytest.mark.slow
def test_of_fifty_claims_of_one_step_one_wins(world, case, at, send):
    world.bring(case, "accepted", at)
    handlers = [world.people.post(f"h{n}", Role.HANDLER, world.water) for n in range(MANY)]
    results = send(case, [(who, services.claim, {"step_key": "review"}) for who in handlers])
    _one_won(results, AlreadyClaimed)
    assert len(results) == MANY
    assert _kinds(case).count("case.step_claimed") == 1
    winner = next(who for who, one in zip(handlers, results, strict=True) if isinstance(one, dict))
    assert case.steps.get().claimed_by_id == winner.id
    assert all(str(winner) in str(one) for one in results if isinstance(one, AlreadyClaimed))


def test_of_two_decisions_one_stands(world, case, at, send):
    world.bring(case, "examined", at)
    boss = world.people.post("boss", Role.APPROVER, world.water)
    refuse = {"verb": Verb.REFUSE, "reason": "超过总量", "legal_basis": "《水法》"}
    grant = {"verb": Verb.GRANT, "reason": "符合条件"}
    results = send(
        case, [(world.approver, services.decide, grant), (boss, services.decide, refuse)]
    )
    won = _one_won(results, IllegalMove)
    case.refresh_from_db()
    assert case.state == won["state"]
    decisions = Document.objects.filter(subject=case.stream, kind__in=["granted", "refused"])
    assert [paper.kind for paper in decisions] == [case.outcome]


def test_a_decision_and_a_withdrawal_do_not_both_happen(world, case, at, send):
    world.bring(case, "examined", at)
    grant = {"verb": Verb.GRANT, "reason": "符合条件"}
    acts = [
        (world.approver, services.decide, grant),
        (world.citizen, services.withdraw, {"reason": "不办了"}),
    ]
    _one_won(send(case, acts), IllegalMove)
    case.refresh_from_db()
    assert (case.decided_at is None) != (case.ended_at is None)


def test_money_is_taken_once(world, case, at, send):
    world.bring(case, "received", at)
    charge = world.act(world.clerk, services.charge, case, at, fees=[("工本费", 1000)])
    one = {"charge_id": int(charge["charge_id"])}
    cashiers = [world.people.post(f"c{n}", Role.CLERK, world.water) for n in range(6)]
    results = send(case, [(who, services.pay, one) for who in cashiers])
    won = _one_won(results, ChargeConflict)
    paid = case.charges.get()
    assert (paid.state, paid.paid_cents) == ("paid", 1000)
    assert (paid.receipt_number, won["cents"]) == (won["receipt_number"], 1000)
    assert _kinds(case).count("case.paid") == 1


def test_money_is_given_back_once(world, case, at, send):
    world.bring(case, "received", at)
    charge = world.act(world.clerk, services.charge, case, at, fees=[("工本费", 1000)])
    one = {"charge_id": int(charge["charge_id"])}
    world.act(world.clerk, services.pay, case, at, **one)
    back = {**one, "cents": 1000, "reason": "撤回申请"}
    results = send(case, [(world.approver, services.refund, back)] * 4)
    _one_won(results, ChargeConflict)
    assert case.charges.get().refunded_cents == 1000


def test_receipts_given_out_at_once_have_numbers_of_their_own(world, item, at):
    made = []
    for _ in range(6):
        one = world.bring(world.file(item, at), "received", at)
        charge = world.act(world.clerk, services.charge, one, at, fees=[("工本费", 1000)])
        made.append((one, int(charge["charge_id"])))
    actor = world.actor(world.clerk)
    results = _at_once(
        [
            lambda case=case, charge_id=charge_id: services.pay(
                case_id=case.id,
                charge_id=charge_id,
                actor=actor,
                at=at,
                command_id=new_command_id(),
            )["receipt_number"]
            for case, charge_id in made
        ]
    )
    assert sorted(map(str, results)) == [f"2013{n:08d}" for n in range(1, 7)]


def test_a_correction_is_supplied_once(world, case, at, send):
    world.bring(case, "received", at)
    world.act(world.clerk, services.ask_correction, case, at, note="缺少报告")
    act = (world.citizen, services.supply, {"note": "报告", "files": []})
    _one_won(send(case, [act, act, act]), IllegalMove)
    assert (case.submissions.count(), Correction.objects.exclude(supplied_at=None).count()) == (
        2,
        1,
    )
    assert _kinds(case).count("case.supplied") == 1


def test_of_a_pause_and_an_extension_at_once_the_ledger_tells_what_happened(world, case, at, send):
    """Both may go through, in either order; the clocks are what the events add up to."""
    world.bring(case, "claimed", at)
    about = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
    world.act(world.handler, services.ask_pause, case, at, **about)
    world.act(world.handler, services.ask_extension, case, at, days=5, note="需调查")
    boss = world.people.post("boss", Role.APPROVER, world.water)
    results = send(case, [(world.approver, services.pause, {}), (boss, services.extend, {})])
    assert all(isinstance(one, dict | IllegalMove) for one in results), results
    ops = [op for event in ledger.history(case.stream) for op in event.facts.get("clocks", [])]
    last = {row.kind: row.state for row in timing.clocks_of(case.stream)}
    assert fold(ops, timing.current_calendar()) == last


def test_an_acceptance_and_the_sweep_do_not_both_happen(world, case, at):
    """On the sixth day a clerk presses 受理 while the law has done it already."""
    world.bring(case, "received", at)
    later, actor = at + timedelta(days=9), world.actor(world.clerk)
    results = _at_once(
        [
            lambda: services.accept(
                case_id=case.id, actor=actor, at=later, command_id=new_command_id()
            ),
            lambda: services.sweep_deemed(later),
        ]
    )
    case.refresh_from_db()
    assert State(case.state) is State.ACCEPTED
    kinds = _kinds(case)
    assert kinds.count("case.accepted") + kinds.count("case.deemed_accepted") == 1, results
    assert case.steps.count() == 1


def test_two_sweeps_at_once_move_each_case_once(world, item, at):
    for n in range(6):
        until = (at + timedelta(days=30 + n)).date()
        case = world.file(item, at, renewal=Renewal(f"证{n}", until))
        world.act(world.clerk, services.receive, case, at, is_renewal_seen=True)
    later = at + timedelta(days=60)
    results = _at_once([lambda: services.sweep_deemed(later)] * 2)
    assert all(isinstance(one, int) for one in results), results
    assert {State(one.state) for one in Case.objects.all()} == {State.DEEMED_GRANTED}
    for one in Case.objects.all():
        deemed = ["case.deemed_accepted", "case.deemed_granted"]
        assert _kinds(one) == ["case.submitted", "case.received", *deemed]
    assert ledger.verify().is_ok


def test_a_slip_is_signed_once_and_originals_are_sent_once(world, case, at, send):
    world.bring(case, "received", at)
    world.act(world.clerk, services.take_originals, case, at, originals=[("身份证", 1)])
    about = {
        "original_ids": [case.originals.get().id],
        "receiver_id": world.planning.id,
        "due_date": at.date(),
    }
    sent = send(case, [(world.clerk, services.send_originals, about)] * 3)
    won = _one_won(sent, NotNow)
    others = [world.people.post(f"p{n}", Role.HANDLER, world.planning) for n in range(3)]
    slip = {"slip_id": int(won["slip_id"])}
    _one_won(send(case, [(who, services.sign_slip, slip) for who in others]), NotNow)
    assert case.originals.get().place_id == world.planning.id


def test_a_day_is_closed_once(world, at):
    actor = world.actor(world.clerk)
    close = {"on": at.date(), "counted_cents": 0, "actor": actor, "at": at}
    results = _at_once([lambda: services.close_day(**close, command_id=new_command_id())] * 4)
    _one_won(results, NotNow)
    assert CashierDay.objects.count() == 1
