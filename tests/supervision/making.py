"""Histories for tests of supervision: events without a case behind them, and rules to judge by."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import mingtang
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.ledger.rules import Actor
from mingtang.supervision.rules import CardType, Colour, RuleVersion, Told, cards_due
from mingtang.timing.rules import shipped_calendar

DATA = Path(mingtang.__file__).parent / "supervision" / "data" / "rules.json"
SHIPPED = json.loads(DATA.read_text())
CALENDAR = shipped_calendar()
LONG_AGO = date(2010, 1, 1)
FAR = date(2013, 12, 31)


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour, 0), LEGAL_ZONE).astimezone(UTC)


def shipped(
    profile: str = "overdue", about: str = "case", *, with_off: bool = False
) -> list[RuleVersion]:
    """The shipped rules of a profile for a kind of subject, in force for long: those switched on,
    or all of all kinds with `with_off`."""
    return [
        RuleVersion(
            id=number,
            profile=profile,
            code=row["code"],
            version=1,
            name=row["name"],
            trigger=row["trigger"],
            params=row["params"],
            colour=Colour(row["colours"][profile]),
            type=CardType(row["type"]),
            score="0",
            subject_kind=row["subject_kind"],
            valid_from=LONG_AGO,
        )
        for number, row in enumerate(SHIPPED["rules"], 1)
        if row["colours"].get(profile)
        and (with_off or ("off_reason" not in row and row["subject_kind"] == about))
    ]


def rule(code: str, profile: str = "overdue", **more: Any) -> RuleVersion:
    (found,) = [one for one in shipped(profile, with_off=True) if one.code == code]
    return replace(found, **more)


class History:
    """A stream's events, told one after another."""

    def __init__(self, start: date = date(2013, 9, 12)) -> None:
        self.on = start
        self.events: list[Told] = []

    def tell(self, kind: str, on: date | None = None, **facts: Any) -> "History":
        self.on = on or self.on
        told = {"organisation_id": "5", **facts}
        event = Told(len(self.events) + 1, kind, self.on, told, person_id="7", unit_id="5")
        self.events.append(event)
        return self

    def clock(self, kind: str, op: str, on: date, clock: str = "promised", **more: Any):
        return self.tell(kind, on, clocks=[{"kind": clock, "op": op, **more}])

    def days(self, *rules: RuleVersion, until: date = FAR) -> dict[str, date]:
        """The day of each card, by code."""
        return {due.rule.code: due.day for due in cards_due(self.events, CALENDAR, rules, until)}


def fires(code: str, history: History, until: date = FAR) -> bool:
    return code in history.days(rule(code), until=until)


WORKER = Actor(id="7", label="柴伟", organisation_id="5", organisation_label="市水利局")
numbers = itertools.count(1)


def keys_of(found: Iterable[Any]) -> set[tuple[str, str, date]]:
    return {(one.key, one.rule_code, one.raised_date) for one in found}


def day_of(at: datetime) -> date:
    return legal_date(at)
