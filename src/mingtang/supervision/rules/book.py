"""Rules of supervision: versions of rules, the profile in force, and the book of both. Pure.

A rule never works backwards: a day is judged by the version and the profile of that day, however
late somebody looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from mingtang.supervision.rules.codes import BadRule, CardType, Colour, Told
from mingtang.supervision.rules.triggers import faults_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class RuleVersion:
    """One version of a rule. `region_ids`: where it holds, the places below too; None: all."""

    id: int
    profile: str
    code: str
    version: int
    name: str
    trigger: str
    params: Mapping[str, Any]
    colour: Colour
    type: CardType
    score: str  # a decimal, as text: what an assessment takes off
    subject_kind: str
    valid_from: date
    valid_until: date | None = None
    region_id: int | None = None
    region_ids: frozenset[int] | None = None
    is_on: bool = True


def check_rule(rule: RuleVersion) -> None:
    """Raises BadRule with every fault at once."""
    faults = faults_of(rule.trigger, rule.params)
    known = set(Told)
    faults += [
        f"不认识的通知对象 {one}" for one in rule.params.get("tells", ()) if one not in known
    ]
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        faults.append(f"失效日期 {rule.valid_until} 早于生效日期 {rule.valid_from}")
    if faults:
        raise BadRule(rule.code, faults)


@dataclass(frozen=True)
class Book:
    """All rules of the profiles in force, each with the days on which it holds."""

    rules: tuple[RuleVersion, ...]

    def for_subject(self, kind: str, region_id: int | None) -> list[RuleVersion]:
        """The rules for a kind of subject in a place: a rule of the place goes before the general
        one of the same code."""
        fitting = [
            rule
            for rule in self.rules
            if rule.subject_kind == kind
            and (rule.region_ids is None or region_id in rule.region_ids)
        ]
        local = {rule.code for rule in fitting if rule.region_ids is not None}
        return [rule for rule in fitting if rule.region_ids is not None or rule.code not in local]

    @property
    def subject_kinds(self) -> frozenset[str]:
        return frozenset(rule.subject_kind for rule in self.rules)


def book_of(versions: Iterable[RuleVersion], choices: Sequence[tuple[date, str]]) -> Book:
    """`choices`: from which day which profile holds; of one day the last one counts."""
    spans = _profile_spans(choices)
    found = [
        cut
        for rule in _succeeding(versions)
        for profile, since, until in spans
        if rule.profile == profile and (cut := _cut(rule, since, until))
    ]
    return Book(tuple(sorted(found, key=lambda one: (one.valid_from, one.code, one.id))))


def _profile_spans(choices: Sequence[tuple[date, str]]) -> list[tuple[str, date, date | None]]:
    by_day = sorted(dict(choices).items())
    starts = [day for day, _profile in by_day]
    ends: list[date | None] = [later - DAY for _day, later in pairwise(starts)]
    return [
        (profile, day, until) for (day, profile), until in zip(by_day, [*ends, None], strict=False)
    ]


def _succeeding(versions: Iterable[RuleVersion]) -> list[RuleVersion]:
    """Each version until the day before the next one; what is off is left out after that."""
    rows: dict[tuple[str, str, int | None], list[RuleVersion]] = {}
    for one in sorted(versions, key=lambda one: one.version):
        rows.setdefault((one.profile, one.code, one.region_id), []).append(one)
    found: list[RuleVersion] = []
    for line in rows.values():
        for place, one in enumerate(line):
            later = [other.valid_from - DAY for other in line[place + 1 :]]
            cut = _cut(one, one.valid_from, min(later, default=None))
            found += [cut] if cut and one.is_on else []
    return found


def _cut(rule: RuleVersion, since: date, until: date | None) -> RuleVersion | None:
    """The rule within these days, or None where nothing is left."""
    ends = [day for day in (rule.valid_until, until) if day is not None]
    first, last = max(rule.valid_from, since), min(ends, default=None)
    if last is not None and last < first:
        return None
    return replace(rule, valid_from=first, valid_until=last)
