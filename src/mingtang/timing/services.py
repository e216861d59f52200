"""Services of time: clocks moved inside other commands, and the command that loads a calendar."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction

from mingtang.base.db import steady
from mingtang.base.kept import look_again
from mingtang.base.rows import find_rows, insert_rows, update_row, update_rows
from mingtang.ledger.rules import SYSTEM, Actor, canonical, check_two_people
from mingtang.ledger.services import Entry, command, record, record_all
from mingtang.timing import queries, rules
from mingtang.timing.models import CalendarEdition, Clock, DayOff
from mingtang.timing.queries import MovedClock
from mingtang.timing.rules import Op, Pause

CALENDAR_LOCK = 0x6D696E67  # any number no one else uses for pg_advisory_xact_lock
BATCH = 1000
MOVING = (
    *("status", "start_date", "start_at", "amount", "unit", "rolls"),
    *("pauses", "due_date", "due_at", "is_provisional", "stopped_date"),
)


def start_clock(
    *,
    stream: str,
    kind: str,
    start: dt.date,
    amount: int,
    unit: str,
    pauses: Iterable[Pause] = (),
    roll: bool = False,
) -> Op:
    """Start a limit inside the open transaction. Returns the operation for the event's facts.

    Office hours need an aware datetime as start. One clock of a kind at a time ("step:KEY" where
    several steps run side by side); after a stop it may start again.
    """
    op: Op = {
        "kind": str(kind),
        "op": "start",
        "start": _written_start(start, unit),
        "amount": amount,
        "unit": str(unit),
    }
    if written := rules.written_pauses(pauses):
        op["pauses"] = written
    if roll:
        op["roll"] = True
    return _move(stream, op, recording_due=True)


def start_clock_until(*, stream: str, kind: str, start: dt.date, due_date: dt.date) -> Op:
    """Start a limit that ends on a day already fixed, such as the day a licence expires.

    Kept as calendar days, so that it folds, pauses and explains itself like any other.
    """
    if isinstance(start, dt.datetime) or isinstance(due_date, dt.datetime):
        raise rules.BadClock("到期日已定的计时只用日期，不带时刻。")
    if due_date < start:
        raise rules.BadClock(f"到期日 {due_date} 早于起算日 {start}。请核对两个日期。")
    return start_clock(
        stream=stream,
        kind=kind,
        start=start,
        amount=(due_date - start).days,
        unit=rules.Unit.CALENDAR_DAY,
    )


def _written_start(start: dt.date, unit: str) -> str:
    is_moment = isinstance(start, dt.datetime)
    if is_moment != (unit == rules.Unit.OFFICE_HOUR):
        raise rules.BadClock("按办公小时计时须有开始的时刻；按日、按月计时只用日期。")
    if isinstance(start, dt.datetime):
        if start.tzinfo is None:
            raise rules.BadClock("开始的时刻须带时区。")
        return start.astimezone(rules.OFFICE_HOURS.zone).isoformat()
    return start.isoformat()


def stop_clock(*, stream: str, kind: str, on: dt.date) -> Op:
    """Stop a running or paused clock. Its due date stays as it is, for good."""
    return _move(stream, {"kind": str(kind), "op": "stop", "on": on.isoformat()})


def stop_open_clocks(*, stream: str, on: dt.date) -> list[Op]:
    """Stop whatever still runs for a thing."""
    with together(stream):
        running = [one.kind for one in queries.clocks_of(stream) if one.stopped_date is None]
        return [stop_clock(stream=stream, kind=kind, on=on) for kind in running]


def pause_clock(*, stream: str, kind: str, on: dt.date) -> Op:
    """Days after `on` are not counted until the clock resumes."""
    return _move(stream, {"kind": str(kind), "op": "pause", "on": on.isoformat()})


def resume_clock(*, stream: str, kind: str, on: dt.date) -> Op:
    """Counting goes on with the day after `on`."""
    op = {"kind": str(kind), "op": "resume", "on": on.isoformat()}
    return _move(stream, op, recording_due=True)


def extend_clock(*, stream: str, kind: str, amount: int) -> Op:
    """Make an open limit longer, in its own unit."""
    op = {"kind": str(kind), "op": "extend", "amount": amount}
    return _move(stream, op, recording_due=True)


def restart_clock(*, stream: str, kind: str, on: dt.date) -> Op:
    """Start the last stopped clock of a kind again, as it was: the days since it stopped are not
    counted, those before are."""
    row = _locked_clock(stream, str(kind))
    if row is None or row.stopped_date is None:
        raise rules.ClockConflict(f"{rules.clock_label(str(kind))}没有停止，不能再继续计时。")
    state = row.state
    return start_clock(
        stream=stream,
        kind=kind,
        start=state.start,
        amount=state.amount,
        unit=state.unit,
        pauses=[*state.pauses, Pause(row.stopped_date, max(on, row.stopped_date))],
        roll=state.roll,
    )


def count_from_earlier(
    *, stream: str, kind: str, start: dt.date, on: dt.date, more: int = 0
) -> list[Op]:
    """An open limit in days counts from an earlier day, because what it counts from was earlier:
    stopped on the day on which that became known, and started again as it was; by `more` days
    longer, where the law of the earlier day gives them."""
    row = _locked_clock(stream, str(kind))
    if row is None or row.stopped_date is not None:
        raise rules.ClockConflict(f"{rules.clock_label(str(kind))}没有在计时，不能改起算日。")
    state = row.state
    ended = [pause for pause in state.pauses if pause.until is not None]
    ops = [
        stop_clock(stream=stream, kind=kind, on=on),
        start_clock(
            stream=stream,
            kind=kind,
            start=start,
            amount=state.amount + more,
            unit=state.unit,
            pauses=ended,
            roll=state.roll,
        ),
    ]
    if len(ended) < len(state.pauses):
        ops.append(pause_clock(stream=stream, kind=kind, on=state.pauses[-1].after))
    return ops


@contextmanager
def together(stream: str, *, is_new: bool = False) -> Iterator[None]:
    """What a command does to the clocks of one thing, read once before and written once after.

    For a command that moves several, or moves them and asks what they say now. `is_new`: nothing
    was ever counted for it. Within another one of the same thing it is part of that.
    """
    if queries.held_of(stream):
        yield
        return
    _check_transaction()
    _hold_calendar(exclusively=False)
    rows = [] if is_new else find_rows(Clock, lock=True, order="id", stream=stream)
    held = queries.Held(stream, rows, queries.current_calendar())
    token = queries.HELD.set(held)
    try:
        yield
    finally:
        queries.HELD.reset(token)
    _write(held.moved.values())


def _write(moved: Iterable[Clock]) -> None:
    """Stops before starts: of one kind there is one open at most."""
    for row in moved:
        if not row._state.adding:
            update_row(row, *MOVING)
    insert_rows([row for row in moved if row._state.adding])


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a clock moves inside a transaction")


def _move(stream: str, op: Op, *, recording_due: bool = False) -> Op:
    """Apply an operation to the clock's row by the same rule that folds the history."""
    held = queries.held_of(stream)
    if held is None:
        _check_transaction()
        _hold_calendar(exclusively=False)
    rules.check_kind(op["kind"])
    row = _locked_clock(stream, op["kind"])
    calendar = held.calendar if held else queries.current_calendar()
    state = rules.apply(row.state if row else None, op, calendar)
    if row is None or op["op"] == "start":
        row = Clock(stream=stream)
    row.take(state)
    if held:
        held.take(row)
    else:
        _write([row])
    return {**op, **rules.written_due(state)} if recording_due else op


def _locked_clock(stream: str, kind: str) -> Clock | None:
    """The open clock of this kind, or else the last one that was stopped."""
    clocks = queries.clocks_of_kind(stream, kind, lock=True)
    return max(clocks, key=lambda one: (one.stopped_date or dt.date.max, one.id), default=None)


def _hold_calendar(*, exclusively: bool) -> None:
    """Keep the calendar as it is until the transaction ends, or be the one who changes it.

    Otherwise a clock that starts while a calendar is loaded would keep the old due date for ever.
    SQLite needs nothing: it has one writer at a time.
    """
    if connection.vendor == "postgresql":
        shared = "" if exclusively else "_shared"
        with steady() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [CALENDAR_LOCK])
        look_again()  # it may have been loaded while we waited


def seed_calendars(*, at: dt.datetime, actor: Actor = SYSTEM) -> dict[str, Any]:
    """Load the shipped years that the database does not have. Loaded years are left alone.

    Returns {"years": […], "moved": n}. A second run does nothing.
    """
    missing = _missing_years()
    if not missing:
        return {"years": [], "moved": 0}
    content = canonical([(year, rules.shipped_years()[year]) for year in missing])
    command_id = f"calendar-seed-{hashlib.sha256(content).hexdigest()[:40]}"
    return _seed(years=missing, actor=actor, at=at, command_id=command_id)


def _missing_years() -> list[int]:
    known = set(CalendarEdition.objects.values_list("year", flat=True))
    return sorted(rules.shipped_years().keys() - known)


@command("calendar.seed")
def _seed(
    *, years: Sequence[int], actor: Actor, at: dt.datetime, command_id: str
) -> dict[str, Any]:
    _hold_calendar(exclusively=True)
    added = _add_shipped(at)
    moved = _recompute(dt.date(min(added, default=dt.MAXYEAR), 1, 1), actor, at, command_id)
    facts = {"years": added, "source": rules.SHIPPED_SOURCE, "moved": moved}
    record(
        stream="calendar:shipped",
        kind="calendar.seeded",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"years": added, "moved": moved}


def _add_shipped(at: dt.datetime) -> list[int]:
    years = _missing_years()
    editions = [
        CalendarEdition(year=year, version=1, source=rules.SHIPPED_SOURCE, loaded_at=at)
        for year in years
    ]
    CalendarEdition.objects.bulk_create(editions)
    rows = [row for edition in editions for row in _rows(edition, rules.shipped_years())]
    DayOff.objects.bulk_create(rows, batch_size=BATCH)
    return years


def _rows(edition: CalendarEdition, days_off: Mapping[int, Iterable[rules.DayOff]]) -> list[DayOff]:
    return [
        DayOff(edition=edition, date=day.date, works=day.works, name=day.name)
        for day in days_off[edition.year]
    ]


@command("calendar.load")
def load_calendar_year(
    *,
    year: int,
    days_off: Sequence[rules.DayOff],
    source: str,
    published_on: dt.date | None,
    second: Actor,
    actor: Actor,
    at: dt.datetime,
    command_id: str,
) -> dict[str, Any]:
    """Load a year's notice as a new edition and reckon every open clock anew; two people do.

    Records "calendar.loaded", and "clock.recomputed" on the stream of each clock that moves or is
    no longer provisional. Content that is in force already changes nothing. Returns
    {"year", "version", "changed", "moved"}. Raises BadNotice, BadCalendar,
    OnePersonAlone.
    """
    check_two_people(actor, second, "载入日历（期限会跟着变）")
    days = rules.check_notice(year, days_off)
    _hold_calendar(exclusively=True)
    if not CalendarEdition.objects.exists():
        _add_shipped(at)  # until now the shipped calendar held; a single year would hide it
    queries.current_calendar().with_year(year, days)  # refuses a gap
    last = queries.edition_in_force(year)
    if last and queries.days_off_of(last) == days:
        return {"year": year, "version": last.version, "changed": False, "moved": 0}
    edition = CalendarEdition.objects.create(
        year=year,
        version=last.version + 1 if last else 1,
        source=source,
        published_on=published_on,
        loaded_at=at,
    )
    DayOff.objects.bulk_create(_rows(edition, {year: days}))
    since = rules.first_difference(queries.days_off_of(last), days) if last else None
    moved = _recompute(since or dt.date(year, 1, 1), actor, at, command_id)
    _tell_loaded(edition, days, moved, second, actor, at, command_id)
    return {"year": year, "version": edition.version, "changed": True, "moved": moved}


def _tell_loaded(
    edition: CalendarEdition,
    days: Iterable[rules.DayOff],
    moved: int,
    second: Actor,
    actor: Actor,
    at: dt.datetime,
    command_id: str,
) -> None:
    published = edition.published_on.isoformat() if edition.published_on else None
    facts = {
        "year": edition.year,
        "version": edition.version,
        "source": edition.source,
        "published_on": published,
        "days_off": [[day.date.isoformat(), day.works, day.name] for day in days],
        "moved": moved,
        "agreed_by": [second.id, second.label],
    }
    record(
        stream=f"calendar:{edition.year}",
        kind="calendar.loaded",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def _recompute(since: dt.date, actor: Actor, at: dt.datetime, command_id: str) -> int:
    """Reckon anew the open clocks that reach a day; one event for each that changes.

    Returns how many did."""
    if since.year == dt.MAXYEAR:
        return 0
    found = queries.moved_by(queries.current_calendar(), since)
    if connection.vendor == "sqlite":  # which may meet again what it has just moved
        found = iter(list(found))
    count = 0
    while part := list(islice(found, BATCH)):
        entries = [_recomputed(one) for one in part]
        for one in part:
            one.clock.due_date, one.clock.due_at = one.found.due, one.found.due_at
            one.clock.is_provisional = one.found.provisional
        update_rows([one.clock for one in part], "due_date", "due_at", "is_provisional")
        record_all(entries, actor=actor, at=at, command_id=command_id)
        count += len(part)
    return count


def _recomputed(one: MovedClock) -> Entry:
    op = {
        "kind": one.clock.kind,
        "op": "recompute",
        "old_due": one.clock.due_date.isoformat(),
        **rules.written_due(one.found),
    }
    return Entry(one.clock.stream, "clock.recomputed", {"clocks": [op]})
