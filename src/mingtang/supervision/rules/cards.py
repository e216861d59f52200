"""Rules of supervision: a card is a function of events, calendar and rules. Pure.

See docs/adr/0013-cards-are-a-function-of-events.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.supervision.rules.book import RuleVersion
from mingtang.supervision.rules.story import Told, charge
from mingtang.supervision.rules.triggers import TRIGGERS, Story, Window, told_of
from mingtang.timing.rules import WorkingCalendar


@dataclass(frozen=True)
class Due:
    """A card that falls due: by which rule, on which day, about what, whose it is."""

    rule: RuleVersion
    key: str
    family: str
    day: date
    organisation_id: str | None
    person_id: str | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Look:
    """What is due up to a day, and the next day on which something would be if nothing happens."""

    due: tuple[Due, ...]
    next_date: date | None


def look(
    events: Sequence[Told], calendar: WorkingCalendar, rules: Iterable[RuleVersion], today: date
) -> Look:
    """`events`: those of one stream, oldest first. One card per thing and code, on its first
    day."""
    found = _firings(Story(events, calendar), rules)
    due = [_due(events, calendar, rule, window, day) for rule, window, day in found if day <= today]
    later = [day for _rule, _window, day in found if day > today]
    return Look(tuple(due), min(later, default=None))


def cards_due(
    events: Sequence[Told], calendar: WorkingCalendar, rules: Iterable[RuleVersion], today: date
) -> tuple[Due, ...]:
    return look(events, calendar, rules, today).due


def next_look(
    events: Sequence[Told], calendar: WorkingCalendar, rules: Iterable[RuleVersion], today: date
) -> date | None:
    return look(events, calendar, rules, today).next_date


def _firings(story: Story, rules: Iterable[RuleVersion]) -> list[tuple[RuleVersion, Window, date]]:
    first: dict[tuple[str, str], tuple[RuleVersion, Window, date]] = {}
    for rule in rules:
        for window in TRIGGERS[rule.trigger].find(story, rule.params):
            day = _day(rule, window)
            at = (window.key, rule.code)
            if day is not None and (at not in first or day < first[at][2]):
                first[at] = (rule, window, day)
    return sorted(first.values(), key=lambda one: (one[2], one[1].key, one[0].code))


def _day(rule: RuleVersion, window: Window) -> date | None:
    """The first day on which a rule holds and it is as the rule says."""
    day = max(window.first, rule.valid_from)
    ends = [end for end in (window.last, rule.valid_until) if end is not None]
    return day if not ends or day <= min(ends) else None


def _due(
    events: Sequence[Told],
    calendar: WorkingCalendar,
    rule: RuleVersion,
    window: Window,
    day: date,
) -> Due:
    """Whose it is, is what was known then: before the day for what time brings about."""
    if window.clock:
        known = [event for event in events if event.on < day]
    else:
        known = [event for event in events if event.seq <= window.seq]
    whose = charge(known or events[:1], window.clock)
    return Due(
        rule=rule,
        key=window.key,
        family=str(rule.params.get("family") or window.key or rule.code),
        day=day,
        organisation_id=whose.organisation_id,
        person_id=whose.person_id,
        facts=told_of(window, day, calendar),
    )
