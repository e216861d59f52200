"""Reads of time: the calendar in force, clocks and what is left of them, what a year would move."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.dateformat import format as date_in
from django.utils.translation import gettext as _

from mingtang.base.kept import Kept
from mingtang.base.rows import find_rows
from mingtang.base.together import Wanted
from mingtang.ledger.queries import Event
from mingtang.timing import rules
from mingtang.timing.models import IS_STOPPED, CalendarEdition, DayOff
from mingtang.timing.models import Clock as Clock  # what pages are handed
from mingtang.timing.rules import ClockState, ClockStatus, Light, WorkingCalendar

WARNING_DAYS = 60
MOST_LIMITS = 10_000
_calendars: Kept[str, WorkingCalendar] = Kept("timing_calendaredition")


def current_calendar() -> WorkingCalendar:
    """The latest version of every year; without any loaded year, the calendar that was shipped."""
    kept = _calendars.one("current", lambda _: _loaded_calendar())
    return kept or rules.shipped_calendar()


def _loaded_calendar() -> WorkingCalendar | None:
    editions = _latest_editions()
    return _calendar_of(editions) if editions else None


def _latest_editions() -> dict[int, int]:
    """Year → id of its edition in force."""
    rows = CalendarEdition.objects.order_by("year", "version").values_list("year", "id")
    return dict(rows)


def _calendar_of(editions: dict[int, int]) -> WorkingCalendar:
    days = DayOff.objects.filter(edition_id__in=editions.values())
    rows = days.order_by("date").values_list("date", "works", "name")
    return WorkingCalendar((rules.DayOff(*row) for row in rows), editions)


def edition_in_force(year: int) -> CalendarEdition | None:
    return CalendarEdition.objects.filter(year=year).order_by("version").last()


def days_off_of(edition: CalendarEdition) -> list[rules.DayOff]:
    rows = edition.days_off.order_by("date").values_list("date", "works", "name")
    return [rules.DayOff(*row) for row in rows]


def last_official_year() -> int:
    return current_calendar().last_official_year


def calendar_warning(today: dt.date, calendar: WorkingCalendar | None = None) -> str | None:
    """From 60 days before the calendar runs out; the notice usually comes in November.

    `calendar`: the one in force, from who has it at hand."""
    year = (calendar or current_calendar()).last_official_year
    days = (dt.date(year, 12, 31) - today).days
    if days > WARNING_DAYS:
        return None
    if days < 0:
        return _(
            "工作日日历已于 %(year)s年12月31日用完，之后的到期日都是暂定的。"
            "请系统管理员载入 %(next)s 年的节假日安排。"
        ) % {"year": year, "next": year + 1}
    return _(
        "工作日日历只到 %(year)s年12月31日，还有 %(days)s 天；跨年的到期日是暂定的。"
        "请系统管理员载入 %(next)s 年的节假日安排。"
    ) % {"year": year, "days": days, "next": year + 1}


def calendar_day_note(on: dt.date, calendar: WorkingCalendar | None = None) -> str:
    """What kind of day it is, for people who think of coming to the hall.

    `calendar`: the one in force, from who has it at hand."""
    calendar = calendar or current_calendar()
    off = calendar.day_off(on)
    if calendar.is_working_day(on):
        return (
            _("今天%(name)s调休，照常上班。") % {"name": off.name} if off else _("今天照常上班。")
        )
    opens = calendar.first_working_day_on_or_after(on)
    why = _("%(name)s放假") % {"name": off.name} if off else _("休息")
    return _("今天%(why)s，%(day)s上班。") % {
        "why": why,
        "day": date_in(opens, _("n 月 j 日（l）")),
    }


@dataclass(frozen=True)
class Spell:
    """Days on end, and for what holiday."""

    name: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Opening:
    """Whether offices are open on a day, when they open next, and which days ahead are unusual.

    `is_provisional`: no official notice fixes the days that are told.
    """

    is_open: bool
    note: str
    opens_next: dt.date
    works: list[Spell]  # 调休: days of rest on which offices are open
    rests: list[Spell]
    is_provisional: bool


OPENING_DAYS_AHEAD = 60


def opening(on: dt.date) -> Opening:
    """What somebody who thinks of coming to a hall has to know of the days ahead."""
    calendar = current_calendar()
    ahead = [on + dt.timedelta(days) for days in range(1, OPENING_DAYS_AHEAD + 1)]
    unusual = [off for day in ahead if (off := calendar.day_off(day))]
    return Opening(
        is_open=calendar.is_working_day(on),
        note=calendar_day_note(on),
        opens_next=calendar.first_working_day_on_or_after(ahead[0]),
        works=[Spell(off.name, off.date, off.date) for off in unusual if off.works],
        rests=_rests(calendar, ahead),
        is_provisional=ahead[-1].year > calendar.last_official_year,
    )


def _rests(calendar: WorkingCalendar, days: Iterable[dt.date]) -> list[Spell]:
    """Holidays with the days of rest that they touch: a weekend beside a holiday belongs to it."""
    runs = (list(run) for is_open, run in groupby(days, calendar.is_working_day) if not is_open)
    found = []
    for run in runs:
        names = dict.fromkeys(off.name for day in run if (off := calendar.day_off(day)))
        if names:
            found.append(Spell("、".join(names), run[0], run[-1]))
    return found


@dataclass(frozen=True)
class Held:
    """The clocks of one thing while a command moves them: services.together."""

    stream: str
    rows: list[Clock]
    calendar: WorkingCalendar
    moved: dict[int, Clock] = field(default_factory=dict)

    def take(self, row: Clock) -> None:
        """This row is to be written."""
        if row._state.adding and row.id not in self.moved:
            self.rows.append(row)
        self.moved[row.id] = row


HELD: ContextVar[Held | None] = ContextVar("held clocks", default=None)


def held_of(stream: str) -> Held | None:
    """What the command at work holds of a thing; who asks then sees what was moved already."""
    held = HELD.get()
    return held if held and held.stream == stream else None


def clocks_of(stream: str) -> list[Clock]:
    """All clocks of a thing, stopped ones too, in the order in which they started."""
    held = held_of(stream)
    return list(held.rows) if held else find_rows(Clock, order="id", stream=stream)


def clocks_wanted(stream: str) -> Wanted[Clock]:
    """The same, to be read together with others: for a page, which moves none."""
    return Wanted(Clock, "stream = %s", (stream,))


def clocks_of_kind(stream: str, kind: str, *, lock: bool = False) -> list[Clock]:
    """Those of one kind; held until the transaction ends, if asked."""
    if held := held_of(stream):
        return [one for one in held.rows if one.kind == kind]
    return find_rows(Clock, lock=lock, order="id", stream=stream, kind=kind)


def open_clocks(streams: Iterable[str]) -> dict[str, Clock]:
    """The clock that runs for each of these things, in one query; of several, the latest."""
    rows = Clock.objects.exclude(IS_STOPPED).filter(stream__in=list(streams))
    return {clock.stream: clock for clock in rows.order_by("id")}


def open_counts(on: dt.date) -> list[tuple[str, int, int]]:
    """How many clocks run or stand still, by the first word of their kind, and how many of these
    that run are past their day."""
    late = Q(due_date__lt=on, status=ClockStatus.RUNNING.value)
    rows = Clock.objects.exclude(IS_STOPPED).values_list("kind").order_by("kind")
    found: dict[str, tuple[int, int]] = {}
    for kind, count, overdue in rows.annotate(n=Count("id"), late=Count("id", filter=late)):
        word = kind.partition(":")[0]
        before = found.get(word, (0, 0))
        found[word] = before[0] + count, before[1] + overdue
    return [(word, *counts) for word, counts in found.items()]


def last_due_dates(streams: Iterable[str], kind: str) -> dict[str, dt.date]:
    """When the latest clock of a kind is or was due, by thing."""
    found: dict[str, dt.date] = {}
    names = list(streams)
    for start in range(0, len(names), 500):
        rows = Clock.objects.filter(stream__in=names[start : start + 500], kind=str(kind))
        found |= dict(rows.order_by("id").values_list("stream", "due_date"))
    return found


def clock_spans(
    streams: Iterable[str], kind: str
) -> dict[str, list[tuple[dt.date, dt.date | None]]]:
    """When clocks of a kind ran, by thing: first day, day of the stop (None while it runs)."""
    found: dict[str, list[tuple[dt.date, dt.date | None]]] = {}
    rows = Clock.objects.filter(stream__in=list(streams), kind=str(kind)).order_by("id")
    for stream, start, stopped in rows.values_list("stream", "start_date", "stopped_date"):
        found.setdefault(stream, []).append((start, stopped))
    return found


def open_clock(stream: str, kind: str) -> Clock | None:
    """The clock of a kind that still runs, or stands still, for a thing."""
    clocks = clocks_of_kind(stream, str(kind))
    return next((one for one in clocks if one.status != ClockStatus.STOPPED.value), None)


def last_clock(stream: Combinable, kind: str) -> dict[str, Subquery]:
    """The latest clock of a kind, to annotate rows of another table with: when it began and
    stopped, when it was due, its pauses. `stream`: an expression over the outer row."""
    rows = Clock.objects.filter(stream=stream, kind=str(kind)).order_by("-id")
    columns = ("start_date", "stopped_date", "due_date", "pauses")
    return {f"clock_{column}": Subquery(rows.values(column)[:1]) for column in columns}


def stopped_kinds(stream: str) -> set[str]:
    """The kinds of clocks that once ran for a thing and do not now."""
    rows, stopped = clocks_of(stream), ClockStatus.STOPPED.value
    open_kinds = {one.kind for one in rows if one.status != stopped}
    return {one.kind for one in rows if one.status == stopped} - open_kinds


def days_left(on: dt.date, due: dt.date) -> int:
    """Working days left; negative when overdue."""
    return rules.working_days_left(current_calendar(), on, due)


def working_days_later(day: dt.date, amount: int) -> dt.date:
    """The n-th working day after a day."""
    return rules.due(current_calendar(), day, amount).date


def days_left_of(clock: Clock, on: dt.date) -> int:
    """Working days left of a clock on a day; while it is paused, what was left when that began."""
    return rules.days_left_of(current_calendar(), clock.state, on)


def light_of(days_left: int) -> Light:
    """The light for what `days_left` found."""
    if days_left < 0:
        return Light.RED
    return Light.YELLOW if days_left <= rules.LIGHT_RULE.yellow_within else Light.GREEN


def explain_clock(clock: Clock, calendar: WorkingCalendar | None = None) -> list[str]:
    """Why the clock is due when it is, line by line. `calendar`: the one in force, if at hand."""
    state = clock.state
    calendar = calendar or current_calendar()
    closed = [pause for pause in state.pauses if pause.until]
    lines = rules.explain(calendar, state.start, state.amount, state.unit, closed, roll=state.roll)
    text = [str(line) for line in lines]
    if state.status == ClockStatus.PAUSED:
        text.append(
            _("自 %(day)s 起暂停计时，%(left)s；恢复后从 %(due)s 顺延。")
            % {
                "day": state.pauses[-1].after,
                "left": rules.left_sentence(state, calendar),
                "due": state.due,
            }
        )
    if not state.is_open and rules.reckoned(state, calendar).due != state.due:
        text.append(_("停止计时时的到期日为 %(day)s，不再变动。") % {"day": state.due})
    return text


def explain_history(
    clock: Clock, events: Iterable[Event], calendar: WorkingCalendar | None = None
) -> list[str]:
    """Why the clock is due when it is: what was done to it, by whom and to what effect, event by
    event; then day by day. `events` are those of its stream, oldest first."""
    calendar = calendar or current_calendar()
    acts = [
        rules.Act(event.effective_on, _who(event), op)
        for event in events
        for op in event.facts.get("clocks") or []
    ]
    own = rules.acts_of(clock.state, acts, calendar)
    return [*rules.tell_acts(own, calendar), *explain_clock(clock, calendar)]


def _who(event: Event) -> str:
    """Who acted, for whom and where, as labelled at that moment."""
    name = event.actor_label
    if event.acting_for_label:
        name = _("%(name)s代%(other)s") % {"name": name, "other": event.acting_for_label}
    return f"{event.organisation_label}{name}"


@dataclass(frozen=True)
class MovedClock:
    """An open clock that another calendar would move, or whose mark “provisional” would go.

    `clock`: as it stands; `found`: one of the same limit, reckoned anew.
    """

    clock: Clock
    found: ClockState

    @property
    def old(self) -> ClockState:
        return self.clock.state

    @property
    def new(self) -> ClockState:
        due, found = self.found.due, self.found
        return replace(self.old, due=due, provisional=found.provisional, due_at=found.due_at)

    @property
    def moves(self) -> bool:
        return (self.clock.due_date, self.clock.due_at) != (self.found.due, self.found.due_at)


COLUMNS = [one.attname for one in Clock._meta.concrete_fields]
PAUSES = COLUMNS.index("pauses")
_limit_of = itemgetter(
    *map(COLUMNS.index, ("start_date", "start_at", "amount", "unit", "rolls", "pauses"))
)
_due_of = itemgetter(*map(COLUMNS.index, ("due_date", "is_provisional", "due_at")))


def moved_by(calendar: WorkingCalendar, since: dt.date) -> Iterator[MovedClock]:
    """The open clocks, due from `since` on, that `calendar` changes. In order of stream and id.

    Many begin on the same day for as many days: each such limit is reckoned once. Pauses are read
    as text: most clocks have none, and do not move.
    """
    rows = Clock.objects.exclude(IS_STOPPED).filter(due_date__gte=since)
    read = [Cast("pauses", TextField()) if one == "pauses" else one for one in COLUMNS]
    known: dict[tuple[object, ...], tuple[ClockState, tuple[object, ...]]] = {}
    for row in rows.order_by("stream", "id").values_list(*read).iterator(chunk_size=2000):
        limit = _limit_of(row)
        if limit not in known:
            if len(known) > MOST_LIMITS:  # moments differ for each
                known.clear()
            new = rules.reckoned(_clock(row).state, calendar)
            known[limit] = new, (new.due, new.provisional, new.due_at)
        found, due = known[limit]
        if due != _due_of(row):
            yield MovedClock(_clock(row), found)


def _clock(row: Sequence[Any]) -> Clock:
    told = [*row[:PAUSES], json.loads(row[PAUSES]), *row[PAUSES + 1 :]]
    return Clock.from_db(connection.alias, COLUMNS, told)


def preview_calendar_year(*, year: int, days_off: Iterable[rules.DayOff]) -> list[MovedClock]:
    """Every open clock that loading this year would change. Writes nothing."""
    days = rules.check_notice(year, days_off)
    calendar = current_calendar().with_year(year, days)
    return list(moved_by(calendar, dt.date(year, 1, 1)))
