"""Reads of the ledger for assessment: whose an event is, and what sources are told of a target."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from mingtang.accounts.queries import window_of
from mingtang.assessment.rules.schemes import TargetKind
from mingtang.assessment.rules.sources import (
    CARD,
    OBSERVED,
    RATING,
    READ_KINDS,
    TICKET,
    UNFOUNDED,
    Fact,
    Told,
)
from mingtang.base.clock import legal_date
from mingtang.ledger.queries import Event, events_within, histories
from mingtang.regions import queries as regions


class Seats:
    """At which window an event was done, as the day counts have it (accounts.window_of). Each
    person, unit and day is asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, date], int | None] = {}

    def of_event(self, event: Event) -> int | None:
        if not event.organisation_id:
            return None
        on, unit = legal_date(event.at), int(event.organisation_id)
        for person in (event.actor_id, event.acting_for_id):
            if person and (window := self.of_person(int(person), unit, on)):
                return window
        return None

    def of_person(self, person: int, unit: int, on: date) -> int | None:
        asked = (person, unit, on)
        if asked not in self._known:
            self._known[asked] = window_of(person, unit, on)
        return self._known[asked]


class Book:
    """What the ledger tells of a span of days, laid out by target.

    What a window took in is that window's to the end: an event done at no window (a decision in
    the office, a rating, a card) counts for the last one where somebody acted on the same case.
    """

    def __init__(self, since: date, until: date) -> None:
        self._seats = Seats()
        self.until = until
        self.unfounded = _unfounded(since)
        events = events_within(READ_KINDS, since, until)
        subjects = {event.stream for event in events} | {
            str(event.facts["subject"]) for event in events if event.facts.get("subject")
        }
        self.histories = {
            stream: self._placed(told) for stream, told in histories(subjects).items()
        }
        places = {(event.stream, event.seq) for event in events}
        placed = [
            fact
            for told in self.histories.values()
            for fact in told
            if (fact.stream, fact.seq) in places
        ]
        self.facts = sorted(
            (self._owned(fact) for fact in placed), key=lambda one: (one.on, one.stream, one.seq)
        )

    def _placed(self, events: Iterable[Event]) -> tuple[Fact, ...]:
        """A history with its windows: where nobody sat, the last one before."""
        found: list[Fact] = []
        window: int | None = None
        for event in events:
            window = self._seats.of_event(event) or window
            found.append(_fact(event, window))
        return tuple(found)

    def _owned(self, fact: Fact) -> Fact:
        """Cards, ratings and observations are not the doing of whoever recorded them."""
        if fact.kind == RATING:
            seq = int(fact.facts.get("completed_seq", 0))
            done = [one for one in self.histories[fact.stream] if one.seq == seq]
            return replace(fact, person_id=done[0].person_id if done else None)
        if fact.kind in {CARD, OBSERVED}:
            return self._charged(fact)
        if fact.stream.startswith(TICKET):
            return replace(fact, person_id=None, window_id=self._window_of(fact.stream, fact.on))
        return fact

    def _charged(self, fact: Fact) -> Fact:
        person, window = _number(fact, "person_id"), _number(fact, "window_id")
        unit = fact.organisation_id
        if window is None and person is not None and unit is not None:
            window = self._seats.of_person(person, unit, fact.on)
        if window is None and (subject := str(fact.facts.get("subject", ""))):
            window = self._window_of(subject, fact.on)
        return replace(fact, person_id=person, window_id=window)

    def _window_of(self, subject: str, on: date) -> int | None:
        """Where somebody last acted on it; a bad rating says itself which window it is about."""
        before = [one for one in self.histories.get(subject, ()) if one.on <= on]
        if subject.startswith(TICKET):
            return (_number(before[0], "window_id") or None) if before else None
        return before[-1].window_id if before else None

    def told(self, kind: TargetKind, target_ids: Iterable[int]) -> dict[int, Told]:
        """What each of these targets is told of; nothing happened: an empty telling."""
        wanted = list(target_ids)
        owners = _owners(kind, wanted)
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            for target in owners(fact):
                found[target].append(fact)
        return {one: self._told(found[one]) for one in wanted}

    def _told(self, facts: Iterable[Fact]) -> Told:
        return Told(tuple(facts), self.histories, self.until, self.unfounded)


def _unfounded(since: date) -> frozenset[tuple[str, int]]:
    """Ratings found unfounded since then, also long after the period: by stream and service."""
    found = events_within([UNFOUNDED], since, date.max)
    return frozenset(
        (str(one.facts["subject"]), int(one.facts["completed_seq"]))
        for one in found
        if one.facts.get("subject")
    )


def _number(fact: Fact, name: str) -> int | None:
    value = str(fact.facts.get(name) or "")
    return int(value) if value.isdecimal() else None


def _fact(event: Event, window: int | None) -> Fact:
    unit = event.facts.get("organisation_id") or event.organisation_id
    return Fact(
        stream=event.stream,
        seq=event.seq,
        kind=event.kind,
        on=event.effective_on,
        facts=event.facts,
        organisation_id=int(unit) if unit else None,
        window_id=window,
        person_id=int(event.actor_id) if event.actor_id else None,
    )


Owners = Callable[[Fact], Iterable[int]]


def _owners(kind: TargetKind, wanted: list[int]) -> Owners:
    """For a kind of target, whose a fact is."""
    known = frozenset(wanted)
    if kind in {TargetKind.DEPARTMENT, TargetKind.TOWNSHIP}:
        return _by_unit(wanted)
    if kind is TargetKind.SUB_CENTRE:
        halls = regions.sub_centres_of_windows()
        return lambda fact: {halls.get(fact.window_id or 0, 0)} & known
    if kind is TargetKind.WINDOW:
        return lambda fact: {fact.window_id or 0} & known
    if kind is TargetKind.AGENT:
        return lambda fact: {_number(fact, "agent_id") or 0} & known
    if kind is TargetKind.PERSON:
        return lambda fact: {fact.person_id or 0} & known
    return lambda fact: ()


def _by_unit(wanted: list[int]) -> Owners:
    """A unit answers for all units below it."""
    above: Mapping[int, set[int]] = defaultdict(set)
    for root, below in regions.subtrees(wanted).items():
        for unit in below:
            above[unit].add(root)
    return lambda fact: sorted(above.get(fact.organisation_id or 0, ()))
