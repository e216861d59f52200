"""Rules: by what the list of items is narrowed, and what each choice would leave.

An item has values of each facet, often several. Items with the same values of all facets share
one label, so that a list is counted from a few hundred labels, however many items it has.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

DEPARTMENT, KIND, SERVED = "department", "kind", "served"
LEVEL, THEME, LIFE = "level", "theme", "life"
FACETS = (DEPARTMENT, SERVED, KIND, LEVEL, THEME, LIFE)
AT_COUNTY = "county"  # where an item is handled that says nothing of it

Values = dict[str, tuple[str, ...]]


def label_of(values: Mapping[str, Sequence[str]]) -> str:
    """One text for these values, the same for the same values in any order."""
    ordered = [sorted(set(values.get(facet, ()))) for facet in FACETS]
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Label:
    """A label read: its values by facet, and all of them as tags, `(facet, value)` in one text."""

    values: Values
    tags: tuple[str, ...]


@lru_cache(maxsize=50_000)  # a text means the same for ever, so nothing here can grow stale
def read(label: str) -> Label:
    """What `label_of` joined."""
    given = json.loads(label)
    values = {facet: tuple(found) for facet, found in zip(FACETS, given, strict=True)}
    return Label(values, tuple(_tag(facet, one) for facet in FACETS for one in values[facet]))


def _tag(facet: str, value: str) -> str:
    return intern(f"{facet}={value}")  # the same text is the same object, and quickly counted


@dataclass(frozen=True)
class Counted:
    """`labels`: those that fit all choices; `by_facet`: what each value of a facet would leave,
    the choices of the other facets kept."""

    labels: list[str]
    total: int
    by_facet: dict[str, dict[str, int]]


def count(counts: Mapping[str, int], wanted: Mapping[str, str]) -> Counted:
    """Count labels (each with its number of items) under choices: facet → value; blank: none."""
    chosen = [(facet, value) for facet, value in wanted.items() if value]
    fitting: list[str] = []
    tallies: dict[str, int] = defaultdict(int)
    apart: list[tuple[str, Label, int]] = []
    for text, number in counts.items():
        label = read(text)
        missed = [facet for facet, value in chosen if value not in label.values[facet]]
        if not missed:
            fitting.append(text)
            for tag in label.tags:
                tallies[tag] += number
        elif len(missed) == 1:
            apart.append((missed[0], label, number))
    for facet, label, number in apart:  # would fit if this one choice were another
        for value in label.values[facet]:
            tallies[_tag(facet, value)] += number
    return Counted(fitting, sum(map(counts.__getitem__, fitting)), _by_facet(tallies))


def _by_facet(tallies: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for tag, number in tallies.items():
        facet, _, value = tag.partition("=")
        found[facet][value] = number
    return found
