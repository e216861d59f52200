"""The sweep in the database: whenever and however often somebody looks, the same cards."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.accounts.models import Person
from mingtang.base.clock import legal_date
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Delivery, Event
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import command, deliver_all, record, replay
from mingtang.supervision import queries
from mingtang.supervision.models import Card, ProfileChoice, Rule, Watch
from mingtang.supervision.rules import BadRule, NotRetroactive
from mingtang.supervision.services import (
    add_rule_version,
    load_shipped_rules,
    sweep,
    sweeping,
    switch_profile,
)
from mingtang.timing import services as timing
from tests.supervision.making import CALENDAR, SHIPPED, WORKER, moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START, LAST = date(2013, 9, 9), date(2013, 10, 31)
STREAM = "case:4242"


@pytest.fixture(autouse=True)
def _worker(db):
    Person.objects.create(id=7, username="chaiwei", name="柴伟", joined_at=moment(START))


@command("test.tell")
def tell(*, kind, facts, ops, stream=STREAM, actor, at, command_id):
    """An event of a case that is not there, its clocks moved for real."""
    moves = {
        "start": timing.start_clock,
        "stop": timing.stop_clock,
        "pause": timing.pause_clock,
        "resume": timing.resume_clock,
        "extend": timing.extend_clock,
        "restart": timing.restart_clock,
    }
    clocks = [moves[op](stream=stream, **more) for op, more in ops]
    record(
        stream=stream,
        kind=kind,
        facts={**facts, "clocks": clocks},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {}


def said(kind, on, *ops, hour=10, stream=STREAM, **facts):
    tell(
        kind=kind,
        facts=facts,
        ops=list(ops),
        stream=stream,
        actor=WORKER,
        at=moment(on, hour),
        command_id=new_command_id(),
    )


def start(on, amount=5, kind="promised"):
    return ("start", {"kind": kind, "start": on, "amount": amount, "unit": "working_day"})


def step(op, on, **more):
    return (op, {"kind": "promised", **({"on": on} if op != "extend" else {}), **more})


def seeded(profile="overdue", since=date(2013, 1, 1)):
    load_shipped_rules(
        since=since,
        profile=profile,
        actor=SYSTEM,
        at=moment(date(2013, 1, 1)),
        command_id=new_command_id(),
    )


def look(day, hour=23):
    """What the worker does in a round."""
    at = moment(day, hour)
    sweep(at)
    deliver_all(at)
    sweep(at)
    deliver_all(at)


PLANS = st.lists(
    st.tuples(
        st.integers(0, 7), st.sampled_from(["pause", "resume", "extend", "stop", "restart", "fine"])
    ),
    max_size=7,
)


def script(plan):
    """What happens on which day, as far as a clock allows it."""
    state, on = "running", START
    acts = [(START, "case.accepted", [start(START)], {"document": {"id": "1"}})]
    allowed = {
        "pause": "running",
        "resume": "paused",
        "stop": "running",
        "restart": "stopped",
        "extend": "running",
    }
    after = {"pause": "paused", "resume": "running", "stop": "stopped", "restart": "running"}
    for days, op in plan:
        on += days * DAY
        if op == "fine":
            acts.append((on, "case.correction_asked", [], {"round": 2}))
        elif allowed[op] == state:
            more = {"amount": 2} if op == "extend" else {}
            acts.append((on, f"case.{op}", [step(op, on, **more)], {"document": {"id": "1"}}))
            state = after.get(op, state)
    return acts


def lived(acts, looks):
    """Run a script with looks on some days; what came of it, undone at the end."""
    with transaction.atomic():
        day = START
        while day <= LAST:
            for on, kind, ops, facts in acts:
                if on == day:
                    said(kind, on, *ops, **facts)
            for _ in range(looks(day)):
                look(day)
            day += DAY
        look(LAST)
        found = {
            (card.key, card.rule_code): (
                *(card.raised_date, card.colour, card.state, card.organisation_id),
                *(card.person_id, str(card.facts)),
            )
            for card in Card.objects.order_by("id")
        }
        transaction.set_rollback(True)
    return found


@pytest.mark.slow
@pytest.mark.once
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLANS, gone=st.integers(0, 30))
def test_daily_twice_late_or_after_three_days_out_the_cards_are_the_same(db, plan, gone):
    if not Rule.objects.exists():
        seeded()
    acts, outage = script(plan), {START + (gone + n) * DAY for n in range(3)}
    daily = lived(acts, lambda day: 1)
    assert lived(acts, lambda day: 2) == daily
    assert lived(acts, lambda day: 0) == daily
    assert lived(acts, lambda day: 0 if day in outage else 1) == daily
    if all(op == "fine" for _days, op in plan):
        assert ("promised@1", "TIME_PROMISE_OVER2") in daily


def test_red_takes_the_place_of_yellow_and_reminder_and_does_so_late_as_well():
    seeded()
    said("case.accepted", START, start(START), document={"id": "1"})  # due on Monday the 16th
    look(START)
    assert Watch.objects.get(stream=STREAM).next_date == date(2013, 9, 13)
    look(date(2013, 9, 20))
    found = {card.rule_code: card for card in queries.for_subject(STREAM)}
    assert {code: card.raised_date.day for code, card in found.items()} == {
        "TIME_DUE_SOON": 13,
        "TIME_PROMISE_OVER": 17,
        "TIME_PROMISE_OVER2": 18,
    }
    red = found["TIME_PROMISE_OVER2"]
    assert {found[code].state for code in ("TIME_DUE_SOON", "TIME_PROMISE_OVER")} == {"superseded"}
    assert found["TIME_PROMISE_OVER"].superseded_by_card_id == red.id
    assert not found["TIME_PROMISE_OVER"].counts
    assert red.counts
    assert [card.number for card in queries.for_subject(STREAM)] == [
        f"监2013{n:07d}" for n in (1, 2, 3)
    ]
    event = ledger.event_of(red.stream, 1)
    assert (event.kind, event.effective_on) == ("card.raised", date(2013, 9, 18))
    assert event.facts["over_days"] == 2
    look(date(2013, 9, 23))
    assert Card.objects.count() == 3
    assert ledger.verify().is_ok
    owed = Delivery.objects.filter(follower__startswith="supervision")
    assert list(owed.order_by("id").values_list("last_error", flat=True)) == []


def test_a_replay_fills_the_watch_again_and_issues_nothing_twice():
    seeded()
    said("case.accepted", START, start(START), document={"id": "1"})
    look(date(2013, 9, 17))
    before = Card.objects.count(), Watch.objects.get(stream=STREAM).next_date
    Watch.objects.all().delete()
    replay("supervision", moment(date(2013, 9, 17)))
    deliver_all(moment(date(2013, 9, 17), 23))
    look(date(2013, 9, 17))
    assert (Card.objects.count(), Watch.objects.get(stream=STREAM).next_date) == before


def test_one_look_at_many_streams_takes_no_more_statements(django_assert_max_num_queries):
    seeded()
    for number in range(30):
        said("case.accepted", START, start(START), stream=f"case:{number}", document={"id": "1"})
    deliver_all(moment(START))
    with django_assert_max_num_queries(45):
        assert sweep(moment(date(2013, 9, 13))) == 30


def _numbers(monkeypatch, numbered, together):
    """The number of each card and the commands, with so many streams raised, and looked at, at a
    time; undone."""
    monkeypatch.setattr(sweeping, "RAISED", numbered)
    monkeypatch.setattr(sweeping, "TOGETHER", {connection.vendor: together})
    with transaction.atomic():
        sweep(moment(date(2013, 9, 20)))
        found = {(one.subject, one.rule_code): one.number for one in Card.objects.all()}
        raised = Event.objects.filter(kind="card.raised")
        commands = set(raised.values_list("command_id", flat=True))
        transaction.set_rollback(True)
    return found, commands


def test_cards_have_the_same_numbers_however_many_streams_are_looked_at_together(monkeypatch):
    seeded()
    for number, days in enumerate((0, 2, 1, 0)):  # due one after the other, not by name
        on = START + days * DAY
        said("case.accepted", on, start(on), stream=f"case:{number}", document={"id": "1"})
    deliver_all(moment(START + 2 * DAY))
    found = _numbers(monkeypatch, 2, 2)
    assert len(found[0]) > 8
    assert _numbers(monkeypatch, 2, 4) == found
    assert _numbers(monkeypatch, 4, 4) != found  # the control: numbered all together


def test_shipped_rules_are_loaded_once_in_both_profiles():
    seeded()
    count = Rule.objects.count()
    assert count == sum(len([c for c in row["colours"].values() if c]) for row in SHIPPED["rules"])
    seeded()
    assert Rule.objects.count() == count
    assert ProfileChoice.objects.count() == 1
    assert queries.profile_on(date(2013, 9, 1)) == "overdue"
    assert queries.profile_on(date(2012, 9, 1)) is None


NEW = {
    "profile": "overdue",
    "code": "TIME_PROMISE_OVER",
    "name": "超过承诺时限三日",
    "trigger": "clock_over",
    "params": {"clocks": ["promised"], "over_days": 3, "family": "handling"},
    "colour": "yellow",
    "type": "time",
    "subject_kind": "case",
    "score": "1",
    "actor": SYSTEM,
}


def test_a_new_version_holds_from_tomorrow_and_what_runs_is_looked_at_then():
    seeded()
    said("case.accepted", START, start(START, 20), document={"id": "1"})
    look(START)
    at = moment(date(2013, 9, 10))
    with pytest.raises(NotRetroactive, match="2013-09-11"):
        add_rule_version(**NEW, valid_from=date(2013, 9, 10), at=at, command_id=new_command_id())
    made = add_rule_version(**NEW, valid_from=date(2013, 9, 11), at=at, command_id=new_command_id())
    assert made["version"] == 2
    assert Watch.objects.get(stream=STREAM).next_date == date(2013, 9, 11)
    (held,) = [r for r in queries.current_rules(date(2013, 9, 11)) if r.code == NEW["code"]]
    assert held.params["over_days"] == 3
    with pytest.raises(BadRule, match="缺少参数 clocks"):
        add_rule_version(
            **(NEW | {"params": {"over_days": 1}}),
            valid_from=date(2013, 9, 11),
            at=at,
            command_id=new_command_id(),
        )


def test_another_profile_holds_from_its_day_on():
    seeded()
    said("case.accepted", START, start(START), document={"id": "1"})
    deliver_all(moment(START))
    switch_profile(
        profile="expiring",
        since=date(2013, 9, 17),
        actor=SYSTEM,
        at=moment(date(2013, 9, 10)),
        command_id=new_command_id(),
    )
    look(date(2013, 9, 30))
    found = {card.rule_code: card.colour for card in queries.for_subject(STREAM)}
    assert found == {"TIME_DUE_SOON": "remind", "TIME_PROMISE_OVER": "red"}


def test_a_rule_is_tried_on_a_year_and_nothing_is_written():
    seeded()
    for number, days in ((1, 5), (2, 5), (3, 300)):
        said("case.accepted", START, start(START, days), stream=f"case:{number}")
    deliver_all(moment(START))
    events, cards = ledger.event_count(), Card.objects.count()
    (row,) = Rule.objects.filter(profile="overdue", code="TIME_PROMISE_OVER")
    found = queries.trial(queries.version_of(row), 2013)
    assert (found.count, found.by_month) == (2, {9: 2})
    assert found.by_organisation == {None: 2}
    assert found.subjects == (("case:1", date(2013, 9, 17)), ("case:2", date(2013, 9, 17)))
    assert queries.trial(queries.version_of(row), 2012).count == 0
    assert (ledger.event_count(), Card.objects.count()) == (events, cards)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM supervision_card",
        "UPDATE supervision_card SET colour = 'remind'",
        "UPDATE supervision_card SET raised_date = '2013-01-01'",
        "UPDATE supervision_rule SET colour = 'remind'",
        "DELETE FROM supervision_rule",
        "DELETE FROM supervision_profilechoice",
    ],
)
def test_a_card_is_never_deleted_nor_what_it_says_changed(statement):
    seeded()
    said("case.accepted", START, start(START), document={"id": "1"})
    look(date(2013, 9, 20))
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Card.objects.count() == 3
    Card.objects.update(explanation="可以写")  # what becomes of it is written later


def test_no_rules_no_cards():
    said("case.accepted", START, start(START))
    look(LAST)
    assert Card.objects.count() == 0
    assert legal_date(moment(START)) == START
    assert CALENDAR.is_working_day(date(2013, 9, 22))
