"""Reads of the book of rules for its screens: profiles, versions, what holds and what comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.base.errors import NotFound
from mingtang.supervision.models import ProfileChoice, Rule


@dataclass(frozen=True)
class RuleLine:
    """A rule of a profile: the version of a day, or the first one to come; and the last one."""

    shown: Rule
    latest: Rule

    @property
    def comes_later(self) -> bool:
        return self.latest.id != self.shown.id


def profiles() -> list[str]:
    """The profiles that have rules, by name."""
    rows = Rule.objects.order_by("profile").values_list("profile", flat=True)
    return sorted(set(rows.distinct()))


def profile_choices() -> list[tuple[date, str]]:
    """From which day which profile holds, the latest first."""
    rows = ProfileChoice.objects.order_by("-since_date", "-id")
    return list(rows.values_list("since_date", "profile"))


def rule_lines(profile: str, on: date) -> list[RuleLine]:
    """The rules of a profile, of everywhere, by kind and code: one statement."""
    rows = Rule.objects.filter(profile=profile, region=None).order_by("code", "version")
    by_code: dict[str, list[Rule]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    lines = [RuleLine(_in_force(versions, on), versions[-1]) for versions in by_code.values()]
    return sorted(lines, key=lambda line: (line.shown.type, line.shown.code))


def _in_force(versions: Iterable[Rule], on: date) -> Rule:
    listed = list(versions)
    return next((row for row in reversed(listed) if row.valid_from <= on), listed[0])


def rule_versions(profile: str, code: str) -> list[Rule]:
    """The versions of a rule of everywhere, the latest first. Raises NotFound."""
    rows = Rule.objects.filter(profile=profile, code=code, region=None)
    found = list(rows.order_by("-version"))
    if not found:
        raise NotFound("没有找到这条规则，请从规则列表重新打开。")
    return found


def numbers_in(params: dict[str, Any]) -> dict[str, int]:
    """The thresholds of a rule: what is a whole number among its parameters."""
    return {
        name: value
        for name, value in params.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
