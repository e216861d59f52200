"""Reads: what units answered in a clean-up, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from mingtang.catalogue.models import Campaign, CampaignUnit
from mingtang.catalogue.rules import KINDS, ItemKind
from mingtang.catalogue.rules.campaigns import (
    After,
    Balance,
    Decision,
    UnitState,
    balance_of,
)
from mingtang.regions import queries as regions

NOBODY = "未载明"


@dataclass(frozen=True)
class UnitRow:
    organisation_id: int
    name: str
    state: UnitState
    entry_count: int | None
    is_entered_by_office: bool
    reported_at: Any
    return_reason: str
    is_late: bool


def coverage(found: Campaign, on: date) -> list[UnitRow]:
    """Each department and how far it is, those that have not answered first."""
    order = [UnitState.WAITING, UnitState.RETURNED, UnitState.REPORTED, UnitState.ACCEPTED]
    units = list(found.units.order_by("organisation__unit3", "organisation_id"))
    names = regions.short_names_of([one.organisation_id for one in units], on)
    rows = [_unit_row(one, names, found.report_due_date < on) for one in units]
    return sorted(rows, key=lambda row: order.index(row.state))


def _unit_row(one: CampaignUnit, names: Mapping[int, str], is_past: bool) -> UnitRow:
    state = UnitState(one.state)
    return UnitRow(
        organisation_id=one.organisation_id,
        name=names.get(one.organisation_id, ""),
        state=state,
        entry_count=one.entry_count,
        is_entered_by_office=one.is_entered_by_office,
        reported_at=one.reported_at,
        return_reason=one.return_reason if state is UnitState.RETURNED else "",
        is_late=is_past and state in {UnitState.WAITING, UnitState.RETURNED},
    )


def balance(found: Campaign) -> Balance:
    """The inventory beside the sum of what was decided."""
    rows = found.entries.order_by().values_list("decision").annotate(count=Count("id"))
    return balance_of(found.inventory_count, dict(rows))


@dataclass(frozen=True)
class UnitFigures:
    """Before and after, of one department."""

    name: str
    before: int
    decided: dict[str, int]
    undecided: int


def by_unit(found: Campaign, on: date) -> list[UnitFigures]:
    """How many each department had, and what became of them; in the order of units."""
    rows = found.entries.order_by().values_list("organisation_id", "decision")
    counts: dict[int | None, dict[str, int]] = {}
    for unit, decision, count in rows.annotate(count=Count("id")):
        counts.setdefault(unit, {})[decision] = count
    names = regions.short_names_of([one for one in counts if one], on)
    ordered = sorted(counts, key=lambda one: (one is None, names.get(one or 0, ""), one or 0))
    return [
        UnitFigures(
            names.get(one, NOBODY) if one else NOBODY,
            sum(counts[one].values()),
            {each.value: counts[one].get(each.value, 0) for each in Decision},
            counts[one].get("", 0),
        )
        for one in ordered
    ]


@dataclass(frozen=True)
class KindFigures:
    label: str
    before: int
    after: int


def by_kind(found: Campaign) -> list[KindFigures]:
    """How many items of each kind before, and after: what is retained here, what is converted."""
    kept = Q(decision__in=["", Decision.RETAIN.value])
    before = found.entries.order_by().values_list("before_kind").annotate(count=Count("id"))
    after = dict(
        found.entries.filter(kept).order_by().values_list("before_kind").annotate(count=Count("id"))
    )
    converted = found.entries.filter(decision=Decision.CONVERT.value).order_by()
    for kind, count in converted.values_list("after_kind").annotate(count=Count("id")):
        after[kind] = after.get(kind, 0) + count
    counts = dict(before)
    kinds = [kind.value for kind in ItemKind if kind.value in {*counts, *after}]
    return [
        KindFigures(KINDS[ItemKind(one)].label, counts.get(one, 0), after.get(one, 0))
        for one in kinds
    ]


def after_both(found: Campaign) -> After | None:
    """How many of this kind there are with what the campaigns beside it converted into it."""
    others = Campaign.objects.filter(beside=found).order_by("id")
    converted, is_inside = 0, None
    for other in others:
        rows = other.entries.filter(decision=Decision.CONVERT.value, after_kind=found.scope_kind)
        converted += rows.count()
        is_inside = other.is_converted_inside
    return After(balance(found).retained, converted, is_inside) if converted else None
