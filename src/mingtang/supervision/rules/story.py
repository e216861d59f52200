"""Rules of supervision: a history as the rules read it, and when each clock ran. Pure.

The state that stands at the start of a day counts for that day: what an event of day a makes holds
for the days d with a < d ≤ b, b being the day of the next event that changes the same clock. So it
is the same whether somebody looks at midnight, at noon, or three days late.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

# Acts of who handles a case; the last of them before a card is the person responsible.
HANDLING = frozenset(
    {
        *("case.taken_in", "case.received", "case.accepted", "case.correction_asked"),
        *("case.step_claimed", "case.examined", "case.step_taken_back", "case.issued"),
        *("case.referred_up", "letter.taken"),
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event: `on` is the legal day of the act, `unit_id` the office that acted (none: citizens
    and the system)."""

    seq: int
    kind: str
    on: date
    facts: Mapping[str, Any]
    person_id: str | None = None
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A clock ran on the days d with after < d ≤ until (None: it still runs), due on `due`."""

    kind: str
    key: str  # "promised@3": where it first started; kept by a clock that goes on or is moved
    started_by: str  # the kind of that event
    due: date
    seq: int  # of the event that made it so
    after: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Clock:
    key: str
    started_by: str
    due: date | None
    is_running: bool
    seq: int
    after: date


def runs(events: Iterable[Told]) -> list[Run]:
    """When each clock of a stream ran, in the order in which that came to be."""
    found: list[Run] = []
    clocks: dict[str, _Clock] = {}
    for event in events:
        for op in event.facts.get("clocks") or ():
            kind = str(op.get("kind"))
            before = clocks.get(kind)
            after = _moved(before, op, event)
            if after is not None:
                found += _ended(kind, before, event.on)
                clocks[kind] = after
    for kind, clock in clocks.items():
        found += _ended(kind, clock, None)
    return found


def _moved(clock: _Clock | None, op: Mapping[str, Any], event: Told) -> _Clock | None:
    """The clock after an operation; None where that cannot be."""
    due = date.fromisoformat(op["due"]) if op.get("due") else None
    act = op.get("op")
    if act == "start":
        goes_on = clock if clock is not None and _goes_on(clock, op, event) else None
        key = goes_on.key if goes_on else f"{op['kind']}@{event.seq}"
        started_by = goes_on.started_by if goes_on else event.kind
        return _Clock(key, started_by, due, True, event.seq, event.on)
    if clock is None:
        return None
    is_running = {"pause": False, "stop": False, "resume": True}.get(str(act), clock.is_running)
    return replace(
        clock, due=due or clock.due, is_running=is_running, seq=event.seq, after=event.on
    )


def _goes_on(clock: _Clock, op: Mapping[str, Any], event: Told) -> bool:
    """Whether a start is of the same limit: after a stop, or moved to another day by one act."""
    return bool(op.get("pauses")) or clock.seq == event.seq


def _ended(kind: str, clock: _Clock | None, until: date | None) -> list[Run]:
    if clock is None or not clock.is_running or clock.due is None:
        return []
    return [Run(kind, clock.key, clock.started_by, clock.due, clock.seq, clock.after, until)]


def is_running(events: Iterable[Told]) -> bool:
    """Whether any clock runs or stands still: whether time alone may bring something about."""
    open_kinds: set[str] = set()
    for event in events:
        for op in event.facts.get("clocks") or ():
            (open_kinds.discard if op.get("op") == "stop" else open_kinds.add)(str(op.get("kind")))
    return bool(open_kinds)


@dataclass(frozen=True, slots=True)
class Charge:
    """Whose it is: the office, and who last handled it there."""

    organisation_id: str | None
    person_id: str | None


def charge(known: Sequence[Told], clock: str = "") -> Charge:
    """Who is responsible by what was known. A step's clock is the office's that does the step."""
    step = clock.partition(":")[2]
    organisation = _step_unit(known, step) if step else None
    if organisation is None:
        organisation = next((one for event in reversed(known) if (one := _unit(event))), None)
    return Charge(organisation, _person(known, step))


def _unit(event: Told) -> str | None:
    found = event.facts.get("organisation_id")
    return str(found) if found else None


def _step_unit(known: Sequence[Told], step: str) -> str | None:
    for event in reversed(known):
        facts = event.facts
        if facts.get("step_key") == step and facts.get("step_organisation_id"):
            return str(facts["step_organisation_id"])
        for told in facts.get("steps") or ():
            if told.get("key") == step and told.get("organisation_id"):
                return str(told["organisation_id"])
    return None


def _person(known: Sequence[Told], step: str) -> str | None:
    for event in reversed(known):
        if named := event.facts.get("person_id"):
            return str(named)
        is_hand = event.kind in HANDLING and event.unit_id is not None
        if is_hand and (not step or event.facts.get("step_key") == step):
            return event.person_id
    return None
