"""Rules of supervision: is authority really given to the window (授权到位), and is nothing accepted
a second time behind it (二次受理). Counting, no judgement. Pure.

What was done at the window: by somebody who sits there, or under a letter of authority. Where an
office has nobody registered at a window, nothing tells the one from the other: such acts are
counted apart, and are no finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from mingtang.accounts.rules import EVERY_ITEM

FILED = ("case.submitted", "case.taken_in")
TAKEN_IN = ("case.taken_in", "case.received")
ACCEPTED, ASKED = "case.accepted", "case.correction_asked"
DECIDED = ("case.granted", "case.refused")
LOOKED_AT = (ACCEPTED, ASKED, *DECIDED)
READ_BEFORE = (*FILED, *TAKEN_IN, ACCEPTED)
# Which act of a letter of authority an outcome needs.
ACTS = {"granted": "grant", "granted_partly": "grant_partly", "refused": "refuse"}


class Finding(StrEnum):
    UNUSED = "unused"
    NOT_GIVEN = "not_given"
    ACCEPTED_BEHIND = "accepted_behind"
    ASKED_BEHIND = "asked_behind"

    @property
    def label(self) -> str:
        return _FINDINGS[self][0]

    @property
    def meaning(self) -> str:
        return _FINDINGS[self][1]


_FINDINGS = {
    Finding.UNUSED: ("授权未用", "授权书许可窗口决定的，仍由后台决定。"),
    Finding.NOT_GIVEN: ("未授权", "没有授权书许可窗口决定，由后台决定。"),
    Finding.ACCEPTED_BEHIND: ("后台受理", "坐窗口的人收的件，由后台受理。"),
    Finding.ASKED_BEHIND: ("后台补正", "受理以后，后台又要求补正。"),
}


@dataclass(frozen=True)
class Done:
    """An act on a case: by whom (and for whom), for which office's case."""

    stream: str
    seq: int
    kind: str
    on: date
    unit_id: int
    people: tuple[int, ...] = ()
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Letter(Protocol):
    """A letter of authority, as the register has it."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def item_codes(self) -> tuple[str, ...]: ...
    @property
    def acts(self) -> tuple[str, ...]: ...
    def is_in_force(self, on: date) -> bool: ...


class Seat(Protocol):
    """A place at a window."""

    @property
    def person_id(self) -> int: ...
    @property
    def organisation_id(self) -> int: ...
    def is_held(self, on: date) -> bool: ...


@dataclass
class Office:
    """What an office's authority came to in a span."""

    unit_id: int
    decided: int = 0
    at_window: int = 0
    unknown: int = 0
    items: set[str] = field(default_factory=set)
    authorised: set[str] = field(default_factory=set)
    found: dict[Finding, list[Done]] = field(default_factory=dict)

    def count(self, finding: Finding) -> int:
        return len(self.found.get(finding, ()))


class Hall:
    """Who sits at windows, and what letters allow, on any day of a span."""

    def __init__(self, seats: Iterable[Seat], letters: Iterable[Letter]) -> None:
        self.units: set[int] = set()
        self._seats: dict[int, list[Seat]] = {}
        self._letters: dict[int, list[Letter]] = {}
        for seat in seats:
            self.units.add(seat.organisation_id)
            self._seats.setdefault(seat.person_id, []).append(seat)
        for letter in letters:
            self._letters.setdefault(letter.organisation_id, []).append(letter)

    def is_at_window(self, done: Done) -> bool:
        seats = (seat for one in done.people for seat in self._seats.get(one, ()))
        return any(seat.is_held(done.on) for seat in seats)

    def allows(self, unit_id: int, act: str, item: str, on: date) -> bool:
        """Whether some letter let the window decide that, on that day."""
        return any(
            letter.is_in_force(on)
            and act in letter.acts
            and (EVERY_ITEM in letter.item_codes or item in letter.item_codes)
            for letter in self._letters.get(unit_id, ())
        )


def offices(
    done: Iterable[Done], before: Mapping[str, Sequence[Done]], hall: Hall
) -> dict[int, Office]:
    """By office. `before`: of each stream, what was filed, taken in and accepted, oldest first."""
    found: dict[int, Office] = {}
    for one in done:
        office = found.setdefault(one.unit_id, Office(one.unit_id))
        own = [each for each in before.get(one.stream, ()) if each.seq < one.seq]
        if one.kind in DECIDED:
            finding = _decided(one, own, office, hall)
        elif one.kind == ACCEPTED:
            finding = _accepted(one, own, hall)
        else:
            finding = _asked(one, own, hall)
        if finding is None:
            continue
        if one.unit_id not in hall.units:
            office.unknown += 1
        else:
            office.found.setdefault(finding, []).append(one)
    return found


def _decided(one: Done, before: Sequence[Done], office: Office, hall: Hall) -> Finding | None:
    item = next((str(each.facts.get("item_code") or "") for each in before), "")
    act = ACTS.get(str(one.facts.get("outcome")), "")
    is_given = hall.allows(one.unit_id, act, item, one.on)
    office.decided += 1
    office.items.add(item)
    if is_given:
        office.authorised.add(item)
    if one.facts.get("authority") or hall.is_at_window(one):
        office.at_window += 1
        return None
    return Finding.UNUSED if is_given else Finding.NOT_GIVEN


def _accepted(one: Done, before: Sequence[Done], hall: Hall) -> Finding | None:
    """Taken in by somebody at a window, accepted by somebody else who sits at none."""
    taken = [each for each in before if each.kind in TAKEN_IN]
    is_second = bool(taken) and hall.is_at_window(taken[-1]) and not hall.is_at_window(one)
    return Finding.ACCEPTED_BEHIND if is_second else None


def _asked(one: Done, before: Sequence[Done], hall: Hall) -> Finding | None:
    """补正 belongs before acceptance (《行政许可法》第三十二条); after it, and not by the window,
    somebody looks a second time at what was accepted."""
    was_accepted = any(each.kind == ACCEPTED for each in before)
    return Finding.ASKED_BEHIND if was_accepted and not hall.is_at_window(one) else None
