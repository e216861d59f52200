"""Clocks and calendars in the database: the cache is the fold, and a load moves what it must."""

import datetime as dt
import itertools
import random
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.base import rows as base_rows
from mingtang.ledger import queries as ledger
from mingtang.ledger import services as ledger_services
from mingtang.ledger.models import Event, Untold
from mingtang.ledger.rules import SYSTEM, CommandConflict
from mingtang.ledger.services import record
from mingtang.timing import queries, rules, services
from mingtang.timing.models import CalendarEdition, Clock
from mingtang.timing.models import DayOff as DayOffRow
from mingtang.timing.rules import ClockConflict, DayOff
from tests.world import KEEPERS

pytestmark = pytest.mark.django_db
day = dt.date.fromisoformat
AT = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)
NOTICE_2027 = [
    DayOff(day("2027-01-01"), False, "元旦"),
    DayOff(day("2027-02-08"), False, "春节"),
    DayOff(day("2027-02-06"), True, "春节"),
]


def start(stream="case:1", kind="promised", on="2013-09-17", amount=5, unit="working_day", **more):
    if isinstance(on, str):
        on = day(on)
    return services.start_clock(
        stream=stream, kind=kind, start=on, amount=amount, unit=unit, **more
    )


def load(days=NOTICE_2027, year=2027, command_id=None, **more):
    return services.load_calendar_year(
        year=year,
        days_off=days,
        source="国办发明电",
        published_on=day("2026-11-04"),
        **KEEPERS | more,
        at=AT,
        command_id=command_id or uuid.uuid4().hex,
    )


def tell(stream, op):
    """Put an operation into the ledger, as a business app does."""
    record(
        stream=stream,
        kind="test.happened",
        facts={"clocks": [op]},
        actor=SYSTEM,
        at=AT,
        command_id="test",
    )


def ops_of(stream):
    return [op for event in ledger.history(stream) for op in event.facts.get("clocks", [])]


def kinds(stream):
    return [event.kind for event in ledger.history(stream)]


def the_clock(stream="case:1", kind="promised"):
    return Clock.objects.filter(stream=stream, kind=kind).order_by("id").last()


def test_starting_writes_the_row_and_returns_the_operation():
    op = start()
    assert op == {
        "kind": "promised",
        "op": "start",
        "start": "2013-09-17",
        "amount": 5,
        "unit": "working_day",
        "due": "2013-09-25",
        "provisional": False,
    }
    clock = the_clock()
    assert (clock.due_date, clock.status, clock.is_provisional) == (
        day("2013-09-25"),
        "running",
        False,
    )


def test_a_clock_pauses_resumes_is_extended_and_stops():
    start(on="2013-09-02", amount=20)
    act = {"stream": "case:1", "kind": "promised"}
    assert services.pause_clock(**act, on=day("2013-09-10")) == {
        "kind": "promised",
        "op": "pause",
        "on": "2013-09-10",
    }
    assert services.resume_clock(**act, on=day("2013-09-24"))["due"] == "2013-10-17"
    assert services.extend_clock(**act, amount=10)["due"] == "2013-10-31"
    assert services.stop_clock(**act, on=day("2013-10-31"))["op"] == "stop"
    clock = the_clock()
    assert (clock.status, clock.stopped_date) == ("stopped", day("2013-10-31"))
    assert (clock.amount, clock.due_date) == (30, day("2013-10-31"))
    assert clock.pauses == [["2013-09-10", "2013-09-24"]]


def test_a_second_clock_of_a_kind_is_refused_and_starts_after_the_stop():
    start()
    with pytest.raises(ClockConflict):
        start()
    start(stream="case:2")
    services.stop_clock(stream="case:1", kind="promised", on=day("2013-09-18"))
    start(on="2013-09-18")
    assert [clock.status for clock in queries.clocks_of("case:1")] == ["stopped", "running"]


def test_acting_on_no_clock_or_a_stopped_one_is_refused():
    with pytest.raises(ClockConflict, match="还没有开始"):
        services.stop_clock(stream="case:1", kind="promised", on=day("2013-09-18"))
    start()
    services.stop_clock(stream="case:1", kind="promised", on=day("2013-09-18"))
    with pytest.raises(ClockConflict, match="停止"):
        services.extend_clock(stream="case:1", kind="promised", amount=1)


def test_all_open_clocks_of_a_thing_stop_together():
    start()
    start(kind="statutory", amount=20)
    start(stream="case:2")
    ops = services.stop_open_clocks(stream="case:1", on=day("2013-09-18"))
    assert [(op["kind"], op["op"]) for op in ops] == [("promised", "stop"), ("statutory", "stop")]
    assert services.stop_open_clocks(stream="case:1", on=day("2013-09-18")) == []
    assert the_clock("case:2").status == "running"


def test_office_hours_keep_moments_and_need_an_instant():
    at = dt.datetime(2013, 9, 17, 9, 0, tzinfo=dt.UTC)  # 17:00 in China
    op = start(on=at, amount=1, unit="office_hour")
    assert op["start"] == "2013-09-17T17:00:00+08:00"
    assert op["due_at"] == "2013-09-18T09:30:00+08:00"
    assert the_clock().state == rules.fold([op], queries.current_calendar())["promised"]
    for wrong in (day("2013-09-17"), at.replace(tzinfo=None)):
        with pytest.raises(rules.BadClock):
            start(stream="case:2", on=wrong, amount=1, unit="office_hour")
    with pytest.raises(rules.BadClock):
        start(stream="case:2", on=at)


@pytest.mark.django_db(transaction=True)
def test_a_clock_moves_only_inside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        start()
    with transaction.atomic():
        assert start()["due"] == "2013-09-25"


BROKEN = [
    {"status": "stopped"},
    {"stopped_date": day("2013-09-18")},
    {"status": "stopped", "stopped_date": day("2013-09-01")},
    {"status": "asleep"},
    {"unit": "week"},
    {"due_date": day("2013-09-01")},
    {"due_at": AT},
    {"unit": "office_hour"},
]


@pytest.mark.parametrize("wrong", BROKEN, ids=str)
def test_the_database_refuses_a_row_that_contradicts_itself(wrong):
    start()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.update(**wrong)
    assert Clock.objects.update(status="stopped", stopped_date=day("2013-09-18")) == 1


def test_the_database_refuses_a_second_open_clock_of_a_kind():
    start()
    twin = the_clock()
    twin.id = twin.id + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    Clock.objects.filter(stream="case:1").update(status="stopped", stopped_date=day("2013-09-18"))
    twin.save(force_insert=True)


class Life:
    """A random but possible life of one clock, told to the ledger."""

    def __init__(self, number, dice):
        self.stream, self.dice = f"case:{number}", dice
        self.today = day("2026-10-08") + dt.timedelta(dice.randrange(80))
        self.begin()

    def begin(self):
        unit = self.dice.choice(["working_day", "calendar_day", "month", "office_hour"])
        at = dt.datetime.combine(
            self.today, dt.time(self.dice.randrange(24), 15), rules.OFFICE_HOURS.zone
        )
        op = start(
            self.stream,
            on=at if unit == "office_hour" else self.today,
            amount=self.dice.randrange(4 if unit == "month" else 40),
            unit=unit,
            roll=self.dice.random() < 0.5,
        )
        tell(self.stream, op)

    def go_on(self):
        self.today += dt.timedelta(self.dice.randrange(6))
        act = {"stream": self.stream, "kind": "promised"}
        status = the_clock(self.stream).status
        verb = self.dice.choice(
            {
                "running": ["pause", "pause", "extend", "stop"],
                "paused": ["resume", "resume", "extend", "stop"],
                "stopped": ["start"],
            }[status]
        )
        if verb == "start":
            self.begin()
        elif verb == "extend":
            tell(self.stream, services.extend_clock(**act, amount=self.dice.randrange(1, 9)))
        else:
            tell(self.stream, getattr(services, f"{verb}_clock")(**act, on=self.today))


def caches_and_folds(lives):
    calendar = queries.current_calendar()
    for life in lives:
        yield the_clock(life.stream).state, rules.fold(ops_of(life.stream), calendar)["promised"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_cache_is_the_fold_of_the_events(seed):
    dice = random.Random(seed)
    services.seed_calendars(at=AT)
    lives = [Life(number, dice) for number in range(12)]
    for turn in range(12):
        for life in dice.sample(lives, 6):
            life.go_on()
        if turn in {4, 8}:
            rests = dice.sample(range(1, 60), 8)
            days = [dt.date(2027, 1, 1) + dt.timedelta(n) for n in sorted(rests)]
            load([DayOff(one, one.weekday() > 4, f"第 {turn} 轮") for one in days])
        for cache, fold in caches_and_folds(lives):
            assert cache == fold
    assert Clock.objects.filter(status="stopped").exists()


def test_the_comparison_of_cache_and_fold_can_fail():
    tell("case:1", start())
    Clock.objects.update(due_date=day("2013-09-26"))
    fold = rules.fold(ops_of("case:1"), queries.current_calendar())
    assert the_clock().state != fold["promised"]


def test_without_editions_the_shipped_calendar_holds():
    assert queries.current_calendar() is rules.shipped_calendar()
    assert queries.last_official_year() == 2026


def test_seeding_fills_the_table_once():
    result = services.seed_calendars(at=AT)
    assert (result["years"][0], result["years"][-1], result["moved"]) == (2004, 2026, 0)
    assert DayOffRow.objects.count() == sum(map(len, rules.shipped_years().values()))
    events = ledger.event_count()
    assert services.seed_calendars(at=AT)["years"] == []
    assert (CalendarEdition.objects.count(), ledger.event_count()) == (23, events)
    seeded, shipped = queries.current_calendar(), rules.shipped_calendar()
    assert seeded is not shipped
    first, last = dt.date(2004, 1, 1), shipped.last_day
    assert seeded.count(first, last) == shipped.count(first, last)
    assert seeded.add(day("2013-09-17"), 5) == day("2013-09-25")


def test_a_loaded_year_moves_open_clocks_and_says_so():
    start(on="2026-12-28")  # until 2027-01-04, provisional
    start("case:2", on="2026-12-28", amount=2)  # until 2026-12-30
    start("case:3", on="2027-01-04", amount=1)  # does not move, but is no longer provisional
    start("case:4", on="2026-12-28")
    services.stop_clock(stream="case:4", kind="promised", on=day("2026-12-29"))
    result = load()
    assert result == {"year": 2027, "version": 1, "changed": True, "moved": 2}
    assert [
        (the_clock(f"case:{n}").due_date, the_clock(f"case:{n}").is_provisional)
        for n in (1, 2, 3, 4)
    ] == [
        (day("2027-01-05"), False),
        (day("2026-12-30"), False),
        (day("2027-01-05"), False),
        (day("2027-01-04"), True),
    ]
    assert ops_of("case:1") == [
        {
            "kind": "promised",
            "op": "recompute",
            "old_due": "2027-01-04",
            "due": "2027-01-05",
            "provisional": False,
        }
    ]
    assert [kinds(f"case:{n}") for n in (1, 2, 3, 4)] == [
        ["clock.recomputed"],
        [],
        ["clock.recomputed"],
        [],
    ]
    loaded = ledger.history("calendar:2027")[0]
    assert (loaded.kind, loaded.facts["version"], loaded.facts["moved"]) == (
        "calendar.loaded",
        1,
        2,
    )
    assert loaded.facts["days_off"][0] == ["2027-01-01", False, "元旦"]
    assert queries.last_official_year() == 2027


def test_two_clocks_of_one_thing_are_told_one_by_one():
    start(on="2026-12-28")
    start(on="2026-12-28", kind="statutory", amount=20)
    assert load()["moved"] == 2
    assert kinds("case:1") == ["clock.recomputed", "clock.recomputed"]
    assert {op["kind"] for op in ops_of("case:1")} == {"promised", "statutory"}


def test_the_same_content_again_changes_nothing():
    start(on="2026-12-28")
    load()
    before = (CalendarEdition.objects.count(), ledger.event_count(), the_clock().state)
    again = load([*reversed(NOTICE_2027), DayOff(day("2027-01-02"), False, "元旦")])
    assert again == {"year": 2027, "version": 1, "changed": False, "moved": 0}
    assert (CalendarEdition.objects.count(), ledger.event_count(), the_clock().state) == before


def test_a_correction_is_a_new_version_and_moves_clocks_again():
    start(on="2026-12-28")
    load()
    result = load([*NOTICE_2027, DayOff(day("2027-01-04"), False, "元旦")])
    assert (result["version"], result["moved"], the_clock().due_date) == (2, 1, day("2027-01-06"))
    assert load()["version"] == 3  # taking it back is a version too
    assert the_clock().due_date == day("2027-01-05")


def test_a_paused_clock_follows_the_calendar_too():
    start(on="2026-12-28")
    services.pause_clock(stream="case:1", kind="promised", on=day("2026-12-29"))
    load()
    assert the_clock().due_date == day("2027-01-05")
    op = services.resume_clock(stream="case:1", kind="promised", on=day("2027-01-08"))
    assert op["due"] == "2027-01-14"


def test_a_repeated_command_answers_the_same_and_other_content_is_a_conflict():
    first = load(command_id="one")
    assert load(command_id="one") == first
    with pytest.raises(CommandConflict):
        load(NOTICE_2027[:1], command_id="one")
    assert CalendarEdition.objects.filter(year=2027).count() == 1


def test_loading_into_an_empty_table_keeps_the_years_that_held_before():
    load()
    assert CalendarEdition.objects.count() == 24
    assert queries.current_calendar().official_years == frozenset(range(2004, 2028))


def test_a_gap_is_refused_and_nothing_is_written():
    with pytest.raises(rules.BadCalendar, match="2027"):
        load([DayOff(day("2028-01-03"), False, "元旦")], year=2028)
    assert not CalendarEdition.objects.exists()


def test_the_preview_shows_what_the_load_then_does():
    start(on="2026-12-28")
    start("case:2", on="2026-12-28", amount=2)
    events = ledger.event_count()
    preview = queries.preview_calendar_year(year=2027, days_off=NOTICE_2027)
    assert [(one.clock.stream, one.old.due, one.new.due) for one in preview] == [
        ("case:1", day("2027-01-04"), day("2027-01-05"))
    ]
    assert ledger.event_count() == events
    assert not CalendarEdition.objects.exists()
    assert load()["moved"] == len(preview)
    assert queries.preview_calendar_year(year=2027, days_off=NOTICE_2027) == []


def test_a_load_costs_the_same_number_of_queries_for_more_clocks():
    services.seed_calendars(at=AT)
    names = itertools.count(1)

    def queries_for(count, days):
        for _ in range(count):
            start(f"case:{next(names)}", on="2026-12-28")
        with CaptureQueriesContext(connection) as captured:
            assert load(days)["changed"]
        return len(captured)

    few = queries_for(3, NOTICE_2027[:1])
    assert queries_for(60, NOTICE_2027[:2]) <= few + 3  # a batch of statements more, not 57


def test_reading_the_clocks_of_a_thing_is_one_query(django_assert_num_queries):
    for kind in ("promised", "statutory", "delivery"):
        start(kind=kind)
    with django_assert_num_queries(1):
        assert [clock.kind for clock in queries.clocks_of("case:1")] == [
            "promised",
            "statutory",
            "delivery",
        ]


def test_a_calendar_is_kept_until_another_is_loaded():
    services.seed_calendars(at=AT)
    before = queries.current_calendar()
    assert queries.current_calendar() is before
    load()
    assert queries.current_calendar() is not before


@pytest.mark.parametrize(
    ("today", "days"), [("2026-11-01", "60 天"), ("2026-11-22", "39 天"), ("2026-12-31", "0 天")]
)
def test_the_end_of_the_calendar_is_announced_sixty_days_before(today, days):
    assert days in queries.calendar_warning(day(today))


def test_the_warning_comes_not_too_early_goes_with_the_next_year_and_stays_when_late():
    assert queries.calendar_warning(day("2026-10-31")) is None
    assert "用完" in queries.calendar_warning(day("2027-01-01"))
    load()
    assert queries.calendar_warning(day("2026-12-31")) is None


@pytest.mark.parametrize(
    ("on", "note"),
    [
        ("2013-09-18", "今天照常上班。"),
        ("2013-09-22", "今天中秋调休，照常上班。"),
        ("2013-09-19", "今天中秋放假，9 月 22 日（星期日）上班。"),
        ("2013-09-28", "今天休息，9 月 29 日（星期日）上班。"),
    ],
)
def test_the_note_of_the_day(on, note):
    assert queries.calendar_day_note(day(on)) == note


def test_who_comes_to_a_hall_hears_of_the_days_ahead():
    opening = queries.opening(day("2013-09-19"))
    assert not opening.is_open
    assert opening.opens_next == day("2013-09-22")
    told = [(spell.name, str(spell.first), str(spell.last)) for spell in opening.rests]
    assert told == [("中秋", "2013-09-20", "2013-09-21"), ("国庆节", "2013-10-01", "2013-10-07")]
    works = [str(spell.first) for spell in opening.works]
    assert works == ["2013-09-22", "2013-09-29", "2013-10-12"]
    assert not opening.is_provisional


def test_days_that_no_notice_fixes_are_called_provisional():
    assert queries.opening(day("2026-11-27")).is_provisional
    load()
    assert not queries.opening(day("2026-11-27")).is_provisional


def test_a_clock_explains_itself():
    start()
    lines = queries.explain_clock(the_clock())
    assert lines[-1] == "2013-09-25（星期三）到期，共 5 个工作日。"
    services.pause_clock(stream="case:1", kind="promised", on=day("2013-09-18"))
    assert "自 2013-09-18 起暂停" in queries.explain_clock(the_clock())[-1]


def test_a_stopped_clock_explains_that_its_date_stays():
    start(on="2026-12-28")
    services.stop_clock(stream="case:1", kind="promised", on=day("2026-12-29"))
    load()
    assert queries.explain_clock(the_clock())[-1] == "停止计时时的到期日为 2027-01-04，不再变动。"


@pytest.mark.parametrize(("on", "left"), [("2013-09-23", 2), ("2013-09-25", 0), ("2013-09-26", -1)])
def test_days_left_and_light(on, left):
    assert queries.days_left(day(on), day("2013-09-25")) == left
    assert queries.light_of(left).value == {2: "green", 0: "yellow", -1: "red"}[left]


# ── in blocks ─────────────────────────────────────────────────────────────────────────────────


def _left_by_a_holiday():
    """What one holiday more leaves: events with their hashes, clocks, what is to be told. Undone
    afterwards."""
    more = [*NOTICE_2027, DayOff(day("2027-03-10"), False, "加放一天")]
    with transaction.atomic():
        load(more, command_id="holiday")
        found = [
            list(Event.objects.order_by("stream", "seq").values_list("stream", "seq", "leaf")),
            list(Clock.objects.order_by("stream").values_list("stream", "due_date", "due_at")),
            list(Untold.objects.order_by("event__leaf").values_list("event__leaf", flat=True)),
        ]
        transaction.set_rollback(True)
    return found


def _one_by_one(model, rows, **_more):
    """The plain way: each row by the ORM."""
    names = [one.attname for one in model._meta.concrete_fields]
    for row in rows:
        model.objects.create(**dict(zip(names, row, strict=True)))
    return len(rows)


@pytest.mark.slow
def test_clocks_that_move_in_blocks_move_as_one_by_one(monkeypatch):
    load(command_id="before")
    for number in range(150):  # more than a block; some are over before, some begin after it
        stream, on = f"case:{number}", f"2027-0{1 + number % 3}-0{1 + number % 9}"
        tell(stream, start(stream, on=on, amount=9 + number % 40))
    told = {"amount": 30, "unit": "office_hour"}
    tell("case:150", start("case:150", on=dt.datetime(2027, 3, 9, 2, tzinfo=dt.UTC), **told))
    blocks = _left_by_a_holiday()
    assert len(blocks[0]) - 151 > base_rows.TOGETHER
    assert len(blocks[2]) > base_rows.TOGETHER
    with monkeypatch.context() as plain:
        plain.setattr(base_rows, "insert_values", _one_by_one)
        plain.setattr(ledger_services, "insert_values", _one_by_one)
        plain.setattr(base_rows, "TOGETHER", 1_000_000)
        plain.setattr(rules, "first_difference", lambda *_: day("2027-01-01"))
        assert _left_by_a_holiday() == blocks
    # The control: the search for what moves begins too late.
    monkeypatch.setattr(rules, "first_difference", lambda *_: day("2027-03-20"))
    assert _left_by_a_holiday() != blocks
