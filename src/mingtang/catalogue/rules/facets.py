"""Rules: by what the list of items is narrowed, and what each choice would leave.

An item has values of each facet, often several. Items with the same values of all facets share
one label, so that a list is counted from a few hundred labels, however many items it has.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

DEPARTMENT, KIND, SERVED = "department", "kind", "served"
LEVEL, THEME, LIFE = "level", "theme", "life"
FACETS = (DEPARTMENT, SERVED, KIND, LEVEL, THEME, LIFE)
AT_COUNTY = "county"  # where an item is handled that says nothing of it

Values = dict[str, tuple[str, ...]]


def label_of(values: Mapping[str, Sequence[str]]) -> str:
    """One text for these values, the same for the same values in any order."""
    ordered = [sorted(set(values.get(facet, ()))) for facet in FACETS]
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=20_000)  # a text means the same for ever, so nothing here can grow stale
def values_of(label: str) -> Values:
    """What `label_of` joined."""
    given = json.loads(label)
    return {facet: tuple(values) for facet, values in zip(FACETS, given, strict=True)}


@dataclass(frozen=True)
class Counted:
    """`labels`: those that fit all choices; `by_facet`: what each value of a facet would leave,
    the choices of the other facets kept."""

    labels: list[str]
    total: int
    by_facet: dict[str, Counter[str]]


def count(counts: Mapping[str, int], wanted: Mapping[str, str]) -> Counted:
    """Count labels (each with its number of items) under choices: facet → value."""
    chosen = {facet: value for facet, value in wanted.items() if value}
    by_facet: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    labels, total = [], 0
    for label, number in counts.items():
        values = values_of(label)
        missed = [facet for facet, value in chosen.items() if value not in values[facet]]
        if not missed:
            labels.append(label)
            total += number
        if len(missed) <= 1:
            for facet in missed or FACETS:
                for value in values[facet]:
                    by_facet[facet][value] += number
    return Counted(labels, total, by_facet)
