"""Reads of whom a scheme judges: windows, sub-centres, people, units, agents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mingtang.accounts import queries as accounts
from mingtang.accounts.rules import COUNTER_ROLES, Role
from mingtang.assessment.rules.schemes import TargetKind
from mingtang.regions import queries as regions

JUDGED = COUNTER_ROLES | {Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE}


@dataclass(frozen=True)
class Target:
    """Somebody to judge, and the unit that it belongs to."""

    id: int
    label: str
    organisation_id: int | None


def targets(kind: TargetKind, on: date) -> list[Target]:
    """Everybody of a kind on a day, in the order in which lists show them."""
    if kind is TargetKind.WINDOW:
        return [
            Target(one.id, f"{one.place} {one.number} 号 {one.name}", one.organisation_id)
            for one in regions.all_windows()
        ]
    if kind is TargetKind.SUB_CENTRE:
        return [Target(*row) for row in regions.sub_centres()]
    if kind is TargetKind.PERSON:
        return _people(on, JUDGED)
    if kind is TargetKind.AGENT:
        return _people(on, {Role.AGENT})
    if kind in {TargetKind.DEPARTMENT, TargetKind.TOWNSHIP}:
        cards = regions.organisation_cards(on, kinds=[kind.value])
        return [Target(one.id, one.name, one.id) for one in cards]
    return []


def _people(on: date, roles: Iterable[Role]) -> list[Target]:
    cards = regions.organisation_cards(on)
    names = {one.id: one.short_name for one in cards}
    held = accounts.posts_among(names, roles, on)
    return [
        Target(person.id, f"{person.name}（{names[unit]}）", unit) for person, unit in held.items()
    ]
