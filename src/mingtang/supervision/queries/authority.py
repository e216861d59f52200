"""Reads of authority at the window: who may decide there, and what was decided behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import Scope
from mingtang.base.clock import legal_date
from mingtang.ledger.queries import Event, events_within, histories
from mingtang.regions import queries as regions
from mingtang.supervision.queries.lists import units_of
from mingtang.supervision.rules.authority import LOOKED_AT, READ_BEFORE, Done, Hall, Office, offices


@dataclass(frozen=True)
class InHall:
    """An office with its windows and the letters that hold at the end of the span."""

    office: Office
    window_count: int
    letters: tuple[accounts.Letter, ...]
    can_tell: bool  # somebody of the office is registered at a window


def authority(scope: Scope, since: date, until: date) -> list[InHall]:
    """The offices that a reader sees which have a window, a letter, or decided in the span; by id.
    As many statements for many cases as for few, up to 500 of them."""
    units = units_of(scope)
    events = [one for one in events_within(LOOKED_AT, since, until) if _unit(one) in units]
    before = histories({one.stream for one in events}, READ_BEFORE)
    seats = accounts.seats_between(since, until)
    letters = [
        one for one in accounts.letters_between(since, until) if one.organisation_id in units
    ]
    hall = Hall(seats, letters)
    told = {stream: [_done(one) for one in rows] for stream, rows in before.items()}
    found = offices((_done(one) for one in events), told, hall)
    windows = _windows(units)
    standing = [one for one in letters if one.is_in_force(until)]
    shown = {*found, *windows, *(one.organisation_id for one in letters)}
    return [
        InHall(
            office=found.get(unit, Office(unit)),
            window_count=windows.get(unit, 0),
            letters=tuple(one for one in standing if one.organisation_id == unit),
            can_tell=unit in hall.units,
        )
        for unit in sorted(shown)
    ]


def _unit(event: Event) -> int:
    return int(event.facts.get("organisation_id") or event.organisation_id or 0)


def _done(event: Event) -> Done:
    people = (event.actor_id, event.acting_for_id)
    return Done(
        stream=event.stream,
        seq=event.seq,
        kind=event.kind,
        on=legal_date(event.at),
        unit_id=_unit(event),
        people=tuple(int(one) for one in people if one),
        who=event.actor_label,
        facts=event.facts,
    )


def _windows(units: Iterable[int]) -> dict[int, int]:
    """How many windows of their own these units have."""
    wanted, found = set(units), dict[int, int]()
    for window in regions.all_windows():
        if window.organisation_id in wanted and window.organisation_id is not None:
            found[window.organisation_id] = found.get(window.organisation_id, 0) + 1
    return found
