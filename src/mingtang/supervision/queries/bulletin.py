"""Reads of the monthly bulletin (通报): what was issued in a month, by office, window and rule."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from mingtang.accounts.queries import first_posts
from mingtang.accounts.rules import Scope
from mingtang.regions import queries as regions
from mingtang.supervision.models import COUNTS, Card
from mingtang.supervision.queries.lists import visible
from mingtang.supervision.rules import NEVER_COUNTS, Colour, State

LISTED = 200


@dataclass
class Numbers:
    """How many by colour and by state; what is scored."""

    colours: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Colour, 0))
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    score: Decimal = Decimal(0)

    def add(self, row: dict[str, Any]) -> None:
        self.colours[row["colour"]] += row["n"]
        self.states[row["state"]] += row["n"]
        if State(row["state"]) not in NEVER_COUNTS:
            self.score += row["points"]

    @property
    def count(self) -> int:
        return sum(self.colours.values())


@dataclass(frozen=True)
class Bulletin:
    """`units` by id, `windows` by their label, `rules` by code. `cards`: what is scored and not
    a reminder, the first of them; `more`: how many are not listed."""

    whole: Numbers
    units: dict[int | None, Numbers]
    windows: dict[str, Numbers]
    rules: dict[str, Numbers]
    cards: list[Card]
    more: int


def bulletin(scope: Scope, first: date, last: date, unit_id: int | None = None) -> Bulletin:
    """A month within a reader's scope, of all offices or one."""
    mine = visible(scope).filter(raised_date__range=(first, last))
    if unit_id is not None:
        mine = mine.filter(organisation=unit_id)
    keys = ("organisation_id", "person_id", "rule_code", "colour", "state")
    rows = list(mine.values(*keys).annotate(n=Count("id"), points=Sum("score")).order_by(*keys))
    windows = _windows({row["person_id"] for row in rows if row["person_id"]}, last)
    found = Bulletin(Numbers(), {}, {}, {}, *_listed(mine))
    for row in rows:
        found.whole.add(row)
        _at(found.units, row["organisation_id"]).add(row)
        _at(found.rules, row["rule_code"]).add(row)
        if window := windows.get(row["person_id"]):
            _at(found.windows, window).add(row)
    return found


def _at(table: dict[Any, Numbers], key: Hashable) -> Numbers:
    return table.setdefault(key, Numbers())


def _listed(mine: QuerySet[Card]) -> tuple[list[Card], int]:
    wanted = mine.filter(COUNTS).exclude(colour=Colour.REMIND.value)
    rows = wanted.select_related("rule", "organisation", "person")
    listed = list(rows.order_by("raised_date", "number")[:LISTED])
    return listed, max(wanted.count() - len(listed), 0)


def _windows(person_ids: Iterable[int], on: date) -> dict[int, str]:
    """The window where somebody sat on a day, as a label; whoever sat at none is left out."""
    posts = first_posts(sorted(person_ids), on)
    labels = {one.id: f"{one.place} {one.number} 号 {one.name}" for one in regions.all_windows()}
    return {
        person: labels[post.window_id] for person, post in posts.items() if post.window_id in labels
    }
