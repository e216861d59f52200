"""Reads for those who lead: the day of each window, how units do, decisions under letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Count, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from mingtang.accounts import queries as accounts
from mingtang.accounts.queries import Letter, LetterPage
from mingtang.accounts.rules import COUNTER_ROLES, Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.paging import Cursor, DateCursor
from mingtang.cases.models import Case
from mingtang.cases.queries.lists import PAGE, is_open, is_overdue, is_soon
from mingtang.cases.queries.reading import SEALED, of_posts
from mingtang.cases.rules.leads import (
    AUTHORITY_READERS,
    MEASURES,
    OVERSEERS,
    SHEET,
    SOON_DAYS,
    Figures,
    line_of,
)
from mingtang.counts import queries as counts
from mingtang.regions import queries as regions
from mingtang.regions.queries import WindowPlace
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind, read_pause, working_days_used


def regions_of(scope: Scope, roles: Iterable[Role]) -> list[int]:
    """The places that somebody oversees in one of these roles."""
    wanted = frozenset(roles)
    return sorted(
        {one for grant in scope.grants if grant.role in wanted for one in grant.region_ids}
    )


# ── the day of each window ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Sheet:
    """Numbers of some days by window. `elsewhere`: done at no window, for who oversees the hall."""

    lines: list[tuple[WindowPlace, list[int]]]
    elsewhere: list[int] | None


def sheet(scope: Scope, on: date, since: date | None = None) -> Sheet:
    """What the windows of a reader did on a day, or from a day to that one: all of the centre for
    its manager, those of the unit for who leads there, one's own (on the last day) for a clerk."""
    since = since or on
    managed = regions_of(scope, [Role.CENTRE_MANAGER])
    windows = regions.windows_among(
        ids=accounts.windows_held(_at_counter(scope), on),
        organisation_ids=_led(scope),
        region_ids=managed,
    )
    counted = counts.sheet(
        since=since, until=on, window_ids=[one.id for one in windows], measures=MEASURES
    )
    lines = [(window, line_of(counted[window.id])) for window in windows]
    return Sheet(lines, _elsewhere(managed, since, on) if managed else None)


def _at_counter(scope: Scope) -> list[int]:
    """Oneself and whom one stands in for, where the post is one of the counter."""
    held = [grant for grant in scope.grants if grant.role in COUNTER_ROLES]
    found = [grant.acting_for_id or scope.person_id for grant in held]
    return [one for one in dict.fromkeys(found) if one]


def _led(scope: Scope) -> list[int]:
    leading = [grant for grant in scope.grants if grant.role is Role.WINDOW_LEAD]
    return sorted({one for grant in leading for one in grant.organisation_ids})


def _elsewhere(region_ids: Sequence[int], since: date, until: date) -> list[int]:
    """What the units of these places did at no window: in the office, or by the system."""
    units = regions.ids_in(region_ids)
    return line_of(
        counts.totals(MEASURES, since=since, until=until, organisation_ids=units, window_ids=[0])
    )


# ── how units do ──────────────────────────────────────────────────────────────────────────────


def overview(scope: Scope, since: date, until: date, on: date) -> list[Figures]:
    """Each unit of the places that somebody oversees: events from the day counts, what stands
    open from its index, promises from their clocks. Units with nothing to tell are left out."""
    places = regions_of(scope, OVERSEERS)
    found = {one: Figures(one) for one in regions.ids_in(places)}
    _count_events(found, since, until)
    _count_open(found, places, on)
    _count_promises(found, places, since, until)
    return [row for row in found.values() if not row.is_blank]


def _count_events(found: dict[int, Figures], since: date, until: date) -> None:
    counted = counts.by_organisation(MEASURES, since, until)
    for unit, numbers in counted.items():
        if unit in found:
            by_key = dict(zip((one.key for one in SHEET), line_of(numbers), strict=True))
            row = found[unit]
            row.received, row.accepted = by_key["received"], by_key["accepted"]
            row.decided = by_key["decided"]


def _count_open(found: dict[int, Figures], places: Sequence[int], on: date) -> None:
    rows = Case.objects.filter(is_open(), region__in=places).values("organisation_id")
    last = timing.working_days_later(on, SOON_DAYS)
    counted = rows.annotate(
        open=Count("id"),
        soon=Count("id", filter=is_soon(on, last)),
        overdue=Count("id", filter=is_overdue(on)),
    )
    for one in counted.order_by("organisation_id"):
        row = found.get(one["organisation_id"])
        if row is not None:
            row.open, row.soon, row.overdue = one["open"], one["soon"], one["overdue"]


def _count_promises(
    found: dict[int, Figures], places: Sequence[int], since: date, until: date
) -> None:
    """What was decided, by how long its promise ran: one statement, a row for each way it went.

    A promise that stood still for a special procedure is not charged with those days.
    """
    decided = Case.objects.filter(
        region__in=places,
        decided_at__gte=day_bounds(since)[0],
        decided_at__lt=day_bounds(until)[1],
    )
    stream = Concat(Value("case:"), Cast(OuterRef("pk"), CharField()))
    clock = timing.last_clock(stream, ClockKind.PROMISED)
    ways = decided.annotate(**clock).values("organisation_id", *clock).annotate(n=Count("id"))
    calendar = timing.current_calendar()
    for way in ways.order_by("organisation_id"):
        row, stopped = found.get(way["organisation_id"]), way["clock_stopped_date"]
        if row is None or stopped is None:
            continue
        is_late = stopped > way["clock_due_date"]
        row.late += way["n"] * is_late
        row.in_time += way["n"] * (not is_late)
        spans = [read_pause(pair) for pair in way["clock_pauses"]]
        row.days += way["n"] * working_days_used(calendar, way["clock_start_date"], stopped, spans)


# ── decisions under letters of authority ──────────────────────────────────────────────────────


def letters(scope: Scope, after: DateCursor | None = None) -> LetterPage:
    """The letters that somebody may look into: their own; those of their units; of the place."""
    return accounts.letters(
        holder_ids=_holders(scope), organisation_ids=_letter_units(scope), after=after
    )


def letter_for(scope: Scope, letter_id: int) -> Letter | None:
    """One letter, if it is the reader's to look into."""
    found = accounts.letter(letter_id)
    if found is None:
        return None
    is_theirs = found.holder_id in _holders(scope)
    return found if is_theirs or found.organisation_id in _letter_units(scope) else None


def _holders(scope: Scope) -> list[int]:
    held = [grant for grant in scope.grants if grant.role is Role.CHIEF_REPRESENTATIVE]
    found = [grant.acting_for_id or scope.person_id for grant in held]
    return [one for one in dict.fromkeys(found) if one]


def _letter_units(scope: Scope) -> list[int]:
    approving = [grant for grant in scope.grants if grant.role is Role.APPROVER]
    units = {one for grant in approving for one in grant.organisation_ids}
    units.update(regions.ids_in(regions_of(scope, AUTHORITY_READERS)))
    return sorted(units)


def used_counts(scope: Scope, shown: Iterable[Letter]) -> dict[int, int]:
    """How many decisions were taken under each of these letters."""
    found = {(one.organisation_id, one.number): one.id for one in shown}
    rows = of_posts(scope).filter(decided_under__in=[number for _unit, number in found])
    counted = rows.values("organisation_id", "decided_under").annotate(n=Count("id"))
    by_key = {
        (row["organisation_id"], row["decided_under"]): row["n"]
        for row in counted.order_by("organisation_id", "decided_under")
    }
    return {letter_id: by_key.get(key, 0) for key, letter_id in found.items()}


@dataclass(frozen=True)
class DecisionPage:
    rows: list[Case]
    next: Cursor | None


def decisions_under(scope: Scope, letter: Letter, after: Cursor | None = None) -> DecisionPage:
    """What was decided under a letter, newest first; total order (decided_at, id).

    A substitute's decisions are among them: they were taken under the holder's letter. Letters
    are numbered by their unit, and name the cases of that unit alone.
    """
    rows = of_posts(scope).filter(
        decided_under=letter.number, organisation_id=letter.organisation_id
    )
    if after is not None:
        rows = rows.filter(Q(decided_at__lt=after.at) | Q(decided_at=after.at, id__lt=after.id))
    rows = rows.select_related("edition", "decided_by").defer(*SEALED, *_PERSONAL)
    found = list(rows.order_by("-decided_at", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return DecisionPage(found[:PAGE], Cursor(_decided_at(last), last.id) if last else None)


_PERSONAL = ("decided_by__identity_number", "decided_by__phone")


def _decided_at(case: Case) -> datetime:
    assert case.decided_at is not None
    return case.decided_at
