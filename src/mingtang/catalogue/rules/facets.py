"""Rules: by what the list of items is narrowed, and what each choice would leave.

An item has values of each facet, often several. Items with the same values of all facets share
one label, so that a list is counted from a few hundred labels, however many items it has.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

DEPARTMENT, KIND, SERVED = "department", "kind", "served"
LEVEL, THEME, LIFE = "level", "theme", "life"
FACETS = (DEPARTMENT, SERVED, KIND, LEVEL, THEME, LIFE)
HALF = 4
AT_COUNTY = "county"  # where an item is handled that says nothing of it

Values = dict[str, tuple[str, ...]]


def label_of(values: Mapping[str, Sequence[str]]) -> str:
    """One text for these values, the same for the same values in any order."""
    ordered = [sorted(set(values.get(facet, ()))) for facet in FACETS]
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Label:
    """A label read. `halves`: the same in two texts, each shared with many other labels."""

    values: Values
    halves: tuple[str, str]


@lru_cache(maxsize=50_000)  # a text means the same for ever, so nothing here can grow stale
def read(label: str) -> Label:
    """What `label_of` joined."""
    given = json.loads(label)
    first, second = (json.dumps(half) for half in (given[:HALF], given[HALF:]))
    values = {facet: tuple(found) for facet, found in zip(FACETS, given, strict=True)}
    return Label(values, (intern(first), intern(second)))


@dataclass(frozen=True)
class Counted:
    """`labels`: those that fit all choices; `by_facet`: what each value of a facet would leave,
    the choices of the other facets kept."""

    labels: list[str]
    total: int
    by_facet: dict[str, Counter[str]]


def count(counts: Mapping[str, int], wanted: Mapping[str, str]) -> Counted:
    """Count labels (each with its number of items) under choices: facet → value; blank: none."""
    chosen = [(facet, value) for facet, value in wanted.items() if value]
    fitting: list[str] = []
    firsts: dict[str, int] = defaultdict(int)  # halves of labels that fit
    seconds: dict[str, int] = defaultdict(int)
    almost: dict[tuple[str, str], int] = defaultdict(int)  # facet, value: but for this one choice
    for text, number in counts.items():
        label = read(text)
        missed = [facet for facet, value in chosen if value not in label.values[facet]]
        if not missed:
            fitting.append(text)
            first, second = label.halves
            firsts[first] += number
            seconds[second] += number
        elif len(missed) == 1:
            for value in label.values[missed[0]]:
                almost[missed[0], value] += number
    found = {facet: Counter[str]() for facet in FACETS}
    for (facet, value), number in almost.items():
        found[facet][value] += number
    _unfold(firsts, FACETS[:HALF], found)
    _unfold(seconds, FACETS[HALF:], found)
    return Counted(fitting, sum(map(counts.__getitem__, fitting)), found)


def _unfold(
    halves: Mapping[str, int], facets: Sequence[str], into: Mapping[str, Counter[str]]
) -> None:
    for text, number in halves.items():
        for facet, values in zip(facets, json.loads(text), strict=True):
            for value in values:
                into[facet][value] += number
