"""Reads of many requests: the worklist by due date, the register, the statistics page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Count, Q, QuerySet

from mingtang.base.clock import day_bounds
from mingtang.base.paging import Cursor, DateCursor
from mingtang.requests.models import IS_OPEN, Remedy, Request
from mingtang.requests.rules.kinds import Kind
from mingtang.timing.queries import current_calendar, last_due_dates
from mingtang.timing.rules import ClockKind, WorkingCalendar

PAGE = 30
LEAST_SHOWN = 5  # fewer answers make no median
PACE_OF = 500  # the latest answers of a year: for the pace of more, rows are not read


@dataclass(frozen=True)
class WorkPage:
    rows: list[Request]
    next: DateCursor | None


def worklist(units: Iterable[int], *, state: str = "", after: DateCursor | None = None) -> WorkPage:
    """What is open, the most urgent first; total order (next_due_date, id)."""
    found = Request.objects.filter(IS_OPEN, organisation__in=list(units))
    if state:
        found = found.filter(state=state)
    if after is not None:
        found = found.filter(
            Q(next_due_date__gt=after.day) | Q(next_due_date=after.day, id__gt=after.id)
        )
    listed = list(found.order_by("next_due_date", "id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    mark = DateCursor(last.next_due_date, last.id) if last and last.next_due_date else None
    return WorkPage(shown, mark)


def counts_by_state(units: Iterable[int]) -> dict[str, int]:
    """How many are open in each state."""
    rows = Request.objects.filter(IS_OPEN, organisation__in=list(units)).order_by("state")
    return dict(rows.values_list("state").annotate(Count("id")))


def pressing(units: Iterable[int], on: date) -> tuple[int, int]:
    """How many are open, and how many of these are past their day."""
    counts = Request.objects.filter(IS_OPEN, organisation__in=list(units)).aggregate(
        open=Count("id"), late=Count("id", filter=Q(next_due_date__lt=on))
    )
    return counts["open"], counts["late"]


@dataclass(frozen=True)
class Sought:
    """What of the register is asked for."""

    words: str = ""
    state: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None

    def condition(self) -> Q:
        found = Q()
        if self.words:
            found &= Q(number__icontains=self.words) | Q(description__icontains=self.words)
        if self.state:
            found &= Q(state=self.state)
        if self.result:
            found &= Q(result=self.result)
        if self.since:
            found &= Q(submitted_at__gte=day_bounds(self.since)[0])
        if self.until:
            found &= Q(submitted_at__lt=day_bounds(self.until)[1])
        return found


@dataclass(frozen=True)
class RegisterPage:
    rows: list[Request]
    next: Cursor | None


def register(
    units: Iterable[int], sought: Sought | None = None, after: Cursor | None = None
) -> RegisterPage:
    """All requests of these organs, the latest first; total order (submitted_at, id)."""
    found = Request.objects.filter(organisation__in=list(units))
    if sought is not None:
        found = found.filter(sought.condition())
    if after is not None:
        found = found.filter(
            Q(submitted_at__lt=after.at) | Q(id__lt=after.id), submitted_at__lte=after.at
        )
    listed = list(found.order_by("-submitted_at", "-id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    return RegisterPage(shown, Cursor(last.submitted_at, last.id) if last else None)


def requests_of(ids: Iterable[int], units: Iterable[int]) -> list[Request]:
    """The rows behind a cell of a table, by day of receipt."""
    found = Request.objects.filter(id__in=list(ids), organisation__in=list(units))
    return list(found.order_by("received_date", "id"))


def remedies_of(ids: Iterable[int], units: Iterable[int]) -> list[Remedy]:
    """The remedies behind a cell of table 4, by the day on which they were raised."""
    rows = Remedy.objects.filter(id__in=list(ids), request__organisation__in=list(units))
    return list(rows.select_related("request").order_by("raised_date", "id"))


# ── for everybody ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figures:
    """What the public is told of a year: numbers alone, no rate of too few."""

    year: int
    received: int
    answered: int
    open: int
    by_result: dict[Kind, int]
    paced: int  # of how many answers the pace is: the latest, PACE_OF at most
    on_time: int
    median_days: float | None

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.paced if self.paced >= LEAST_SHOWN else None


def figures(year: int, organisation_id: int | None = None) -> Figures:
    """A year's requests, of one organ or of all. Anybody may ask: it reads few rows."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Request.objects.filter(received_date__isnull=False)
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    answered = rows.filter(result_date__range=(first, last))
    by_result = dict(answered.order_by("result").values_list("result").annotate(Count("id")))
    days, on_time = _pace(answered)
    return Figures(
        year=year,
        received=rows.filter(received_date__range=(first, last)).count(),
        answered=sum(by_result.values()),
        open=rows.filter(received_date__lte=last)
        .filter(Q(result_date=None) | Q(result_date__gt=last))
        .count(),
        by_result={kind: by_result[kind.value] for kind in Kind if kind.value in by_result},
        paced=len(days),
        on_time=on_time,
        median_days=median(days) if len(days) >= LEAST_SHOWN else None,
    )


def _pace(answered: QuerySet[Request]) -> tuple[list[int], int]:
    """Of the latest answers: working days since receipt, and how many kept their limit."""
    calendar: WorkingCalendar = current_calendar()
    rows = [
        (f"request:{one}", received, result)
        for one, received, result in answered.order_by("-result_date", "-id").values_list(
            "id", "received_date", "result_date"
        )[:PACE_OF]
        if received is not None and result is not None
    ]
    due = last_due_dates([stream for stream, _received, _result in rows], ClockKind.REPLY)
    days = [calendar.count(received, result) for _stream, received, result in rows]
    on_time = sum(
        1 for stream, _received, result in rows if stream in due and result <= due[stream]
    )
    return days, on_time
