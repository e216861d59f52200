"""The rows that the follower keeps, against the steps, clocks and calendar of the cases."""

import datetime as dt
from collections import Counter

import pytest

from mingtang.base.clock import legal_date
from mingtang.bottlenecks.models import StepTime
from mingtang.bottlenecks.queries.past import past_of
from mingtang.bottlenecks.rules.days import days_between
from mingtang.bottlenecks.rules.steps import CHECK, DECIDE, DELIVER, NAMES
from mingtang.bottlenecks.rules.whatif import finish
from mingtang.cases import services as cases
from mingtang.cases.models import Case, Pause, Step
from mingtang.cases.rules import PauseReason
from mingtang.ledger.services import deliver_all, replay
from mingtang.timing.models import Clock
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import Pause as Still
from mingtang.timing.rules import shipped_calendar
from tests.cases.lives import PARALLEL_ROUTE, Lives
from tests.world import morning

SAME_STATUS = {
    "waiting": "not_ready",
    "ready": "ready",
    "begun": "claimed",
    "done": "done",
    "redone": "returned",
    "cancelled": "cancelled",
    "ended": "cancelled",
}


def rows_of(case: Case) -> dict[tuple[str, int], StepTime]:
    return {(one.key, one.attempt): one for one in StepTime.objects.filter(stream=case.stream)}


def told(at: dt.datetime) -> None:
    deliver_all(at + dt.timedelta(days=4000))


# ── one case by hand ──────────────────────────────────────────────────────────────────────────


def test_a_case_by_hand(world):
    """Filed on Tuesday 17 September 2013; Mid-Autumn is 19 to 21, 22 and 29 are worked on."""
    case = world.file(world.item(), morning(2013, 9, 17))
    for command, day, more in (
        (cases.receive, 18, {}),
        (cases.accept, 23, {}),
        (cases.claim, 25, {"step_key": "review"}),
        (cases.examine, 27, {"step_key": "review", "opinion": "符合条件"}),
    ):
        who = world.handler if command in {cases.claim, cases.examine} else world.clerk
        world.act(who, command, case, morning(2013, 9, day), **more)
    told(morning(2013, 9, 27))
    found = {key: row for (key, _), row in rows_of(case).items()}
    check, review, decide = found[CHECK], found["review"], found[DECIDE]
    assert (check.waiting_days, check.handling_days, check.days) == (1, 2, 3)
    assert (review.waiting_days, review.handling_days, review.status) == (2, 2, "done")
    assert (decide.status, decide.days, decide.ready_date) == ("ready", None, dt.date(2013, 9, 27))
    assert (review.item_code, review.item_name) == (case.item.code, case.edition.name)
    assert review.edition == case.edition.number == 1
    assert DELIVER not in found


def test_a_special_procedure_counts_for_nobody(world):
    case = world.file(world.item(special="专家评审|20个工作日"), morning(2013, 9, 2))
    world.bring(case, "claimed", morning(2013, 9, 2))
    why = {"why": PauseReason.EXPERT_REVIEW, "note": "请专家", "days": 5}
    world.act(world.handler, cases.ask_pause, case, morning(2013, 9, 3), **why)
    world.act(world.approver, cases.pause, case, morning(2013, 9, 4))
    world.act(world.clerk, cases.resume, case, morning(2013, 9, 10), result="通过")
    world.act(
        world.handler, cases.examine, case, morning(2013, 9, 12), step_key="review", opinion="好"
    )
    told(morning(2013, 9, 12))
    row = rows_of(case)["review", 1]
    assert (row.waiting_days, row.handling_days, row.paused_days, row.days) == (0, 4, 4, 4)


def test_what_the_applicant_has_to_bring_counts_for_nobody(world):
    case = world.file(world.item(materials="申请表"), morning(2013, 9, 2), world.citizen)
    world.act(world.clerk, cases.receive, case, morning(2013, 9, 3))
    missing = [case.edition.materials[0] | {"text": "没有盖章"}]
    world.act(world.clerk, cases.ask_correction, case, morning(2013, 9, 4), missing=missing)
    world.act(world.citizen, cases.supply, case, morning(2013, 9, 11), note="补上了")
    world.act(world.clerk, cases.accept, case, morning(2013, 9, 12))
    told(morning(2013, 9, 12))
    row = rows_of(case)[CHECK, 1]
    assert (row.waiting_days, row.handling_days, row.paused_days) == (1, 2, 5)


def test_a_step_sent_back_is_a_second_round_with_what_hangs_on_it(world):
    item = world.item(route=PARALLEL_ROUTE, promised=15, statutory=45)
    case = world.file(item, morning(2013, 9, 2))
    world.bring(case, "accepted", morning(2013, 9, 2))
    keys = [step.key for step in Step.objects.filter(case=case).order_by("id")]
    first, visit = keys[0], keys[1]
    world.act(world.handler, cases.claim, case, morning(2013, 9, 3), step_key=first)
    examined = {"step_key": first, "opinion": "好"}
    world.act(world.handler, cases.examine, case, morning(2013, 9, 4), **examined)
    world.act(world.handler, cases.claim, case, morning(2013, 9, 5), step_key=visit)
    world.act(
        world.approver, cases.return_step, case, morning(2013, 9, 6), step_key=first, reason="重看"
    )
    told(morning(2013, 9, 6))
    found = rows_of(case)
    assert found[first, 1].status == found[visit, 1].status == "redone"
    assert found[first, 2].status == "ready"
    assert found[visit, 2].status == "waiting"
    assert (found[visit, 1].waiting_days, found[visit, 1].handling_days) == (1, 1)


# ── random lives ──────────────────────────────────────────────────────────────────────────────


def check_case(case: Case) -> None:
    """Every row of the steps is there, and says the same."""
    found = rows_of(case)
    steps = {(one.key, one.attempt): one for one in Step.objects.filter(case=case)}
    assert {place for place in found if place[0] not in NAMES} == steps.keys(), case.number
    for place, step in steps.items():
        row = found[place]
        assert SAME_STATUS[row.status] == step.status, (case.number, place)
        assert (row.stage, list(row.needs), row.name) == (step.stage, step.needs, step.name)
        assert (row.kind, row.organisation_id) == (step.kind, step.organisation_id)
        assert row.limit_days == step.limit_days
        if step.done_at:
            assert row.over_date == legal_date(step.done_at)
        if step.claimed_at and row.begun_date != legal_date(step.claimed_at):
            assert row.begun_date < legal_date(step.claimed_at), "handed on since"
    check_days(case, found.values())
    check_phases(case, found)


def check_days(case: Case, rows) -> None:
    """Day by day: a working day after which it was ready, up to the one on which it was over,
    and in no special procedure."""
    calendar = current_calendar()
    pauses = [
        (legal_date(one.paused_at), legal_date(one.resumed_at))
        for one in Pause.objects.filter(case=case)
        if one.resumed_at
    ]
    for row in rows:
        if row.days is None or row.key == CHECK:
            continue
        day, counted = row.ready_date, 0
        while day < row.over_date:
            day += dt.timedelta(days=1)
            is_paused = any(after < day <= until for after, until in pauses)
            counted += calendar.is_working_day(day) and not is_paused
        assert row.days == counted, (case.number, row.key)
        assert row.days == row.waiting_days + row.handling_days


def check_phases(case: Case, found) -> None:
    checks = [row for (key, _), row in found.items() if key == CHECK]
    assert sum(row.status in {"ready", "begun", "done"} for row in checks) <= 1
    if case.accepted_at:
        assert {legal_date(case.accepted_at)} == {
            row.over_date for row in checks if row.status == "done"
        }
    deliver = found.get((DELIVER, 1))
    assert (deliver is not None) is bool(case.decided_at)
    if deliver is not None:
        assert deliver.ready_date == legal_date(case.decided_at)
        assert deliver.organisation_id == case.organisation_id
        is_over = case.state in {"delivered", "archived"}
        assert (deliver.status == "done") is is_over


def check_overdue(case: Case) -> None:
    """A clock that stopped after its end is an overdue node; the clock's own fold says which."""
    overdue = {row.key for row in StepTime.objects.filter(stream=case.stream, is_overdue=True)}
    for clock in Clock.objects.filter(stream=case.stream, kind__startswith="step:"):
        key = clock.kind.partition(":")[2]
        rows = StepTime.objects.filter(stream=case.stream, key=key)
        if clock.stopped_date and all(row.days is not None for row in rows if row.ready_date):
            is_late = clock.stopped_date > clock.due_date
            assert is_late == (key in overdue), [
                (clock.start_date, clock.due_date, clock.stopped_date, clock.pauses),
                *rows.values_list("attempt", "status", "ready_date", "over_date", "days"),
            ]


def check_longest_way(case: Case) -> int:
    """What a case took from acceptance to the decision is the longest way through its nodes, as
    the what-if reckons it, where nothing was done twice or called off. Returns how many it saw."""
    rows = list(StepTime.objects.filter(stream=case.stream).order_by("id"))
    over = [row for row in rows if row.key not in {CHECK, DELIVER}]
    if not case.accepted_at or not any(row.key == DECIDE for row in over):
        return 0
    if any(row.status != "done" or row.attempt > 1 for row in over):
        return 0
    paused = [
        Still(legal_date(one.paused_at), legal_date(one.resumed_at))
        for one in Pause.objects.filter(case=case)
        if one.resumed_at
    ]
    begun, ended = legal_date(case.accepted_at), legal_date(case.decided_at)
    took = days_between(begun, ended, paused, current_calendar())
    assert finish(past_of(case.stream, over)) == took, case.number
    return 1


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("seed", [7, 9, 10])
def test_random_lives_leave_the_rows_that_the_cases_have(world, seed):
    lives = Lives(world, seed)
    lives.tell(160)
    lives.deliver()
    told(lives.at)
    listed = list(Case.objects.select_related("item", "edition"))
    print(Counter(StepTime.objects.values_list("status", "attempt")))
    for case in listed:
        check_case(case)
        check_overdue(case)
    assert sum(check_longest_way(case) for case in listed)
    before = list(StepTime.objects.order_by("stream", "key", "attempt").values())
    replay("bottlenecks", lives.at)
    told(lives.at)
    after = list(StepTime.objects.order_by("stream", "key", "attempt").values())
    assert [one | {"id": 0} for one in before] == [one | {"id": 0} for one in after]


def test_a_pause_that_begins_after_a_step_and_goes_on_takes_nothing_from_it():
    begun, over, later = dt.date(2013, 4, 22), dt.date(2013, 4, 25), dt.date(2013, 11, 14)
    whole = days_between(begun, over, (), shipped_calendar())
    assert days_between(begun, over, [Still(later, None)], shipped_calendar()) == whole > 0
