"""Reads for screens: lists and boards of cards, within the reader's scope.

Whoever watches over a region sees its cards; an office sees its own and those of what is below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from mingtang.accounts.rules import REGION_WIDE, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.regions import queries as regions
from mingtang.supervision.models import COUNTS, IS_OPEN, Card, Directive, Rule
from mingtang.supervision.rules import Colour, State

PAGE = 30


def units_of(scope: Scope) -> set[int]:
    """The offices whose cards a person may see."""
    units: set[int] = set()
    places: set[int] = set()
    for grant in scope.reading():
        units |= grant.organisation_ids
        if grant.role in REGION_WIDE:
            places |= grant.region_ids
    return units | set(regions.ids_in(places)) if places else units


def visible(scope: Scope) -> QuerySet[Card]:
    """The cards a person may see. Nobody's office is nobody's but who watches over a region."""
    units = Q(organisation__in=sorted(units_of(scope)))
    if any(grant.role in REGION_WIDE for grant in scope.reading()):
        units |= Q(organisation=None)
    return Card.objects.filter(units)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. None or "": not narrowed; office 0: cards of no office."""

    colour: str = ""
    state: str = ""
    rule_code: str = ""
    organisation_id: int | None = None
    person_id: int | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None
    is_open: bool | None = None
    counts: bool | None = None
    is_proposed: bool | None = None

    def narrow(self, rows: QuerySet[Card]) -> QuerySet[Card]:
        wanted = {
            "colour": self.colour,
            "state": self.state,
            "rule_code": self.rule_code,
            "organisation": self.organisation_id,
            "person": self.person_id,
            "subject": self.subject,
            "raised_date__gte": self.since,
            "raised_date__lte": self.until,
        }
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        if self.organisation_id == 0:
            rows = rows.filter(organisation=None)
        if self.is_proposed is not None:
            rows = rows.filter(proposed_at__isnull=not self.is_proposed)
        if self.is_open is not None:
            rows = rows.filter(IS_OPEN if self.is_open else ~IS_OPEN)
        if self.counts is not None:
            rows = rows.filter(COUNTS if self.counts else ~COUNTS)
        return rows


@dataclass(frozen=True)
class Page:
    """A page of cards, the newest first, and where the next one begins."""

    cards: list[Card]
    next: DateCursor | None


NOT_NARROWED = Filters()


def cards(
    scope: Scope,
    filters: Filters = NOT_NARROWED,
    after: DateCursor | None = None,
    size: int = PAGE,
) -> Page:
    """The cards a person may see: one statement, however many there are."""
    rows = filters.narrow(visible(scope)).select_related("rule", "organisation", "person")
    if after is not None:
        rows = rows.filter(Q(raised_date__lt=after.day) | Q(raised_date=after.day, id__lt=after.id))
    found = list(rows.order_by("-raised_date", "-id")[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    return Page(shown, DateCursor(last.raised_date, last.id) if last else None)


def card_of(card_id: int, scope: Scope) -> Card:
    """One card. Raises NotFound where there is none or it is not theirs to see: the two look the
    same."""
    rows = visible(scope).select_related(
        *("rule", "organisation", "person", "explained_by", "appealed_by", "upheld_by"),
        *("proposed_by", "cancelled_by", "closed_by", "superseded_by_card", "document"),
    )
    card = rows.filter(id=card_id).first()
    if card is None:
        raise NotFound("没有找到这张牌，请核对编号。")
    return card


def for_subject(stream: str) -> list[Card]:
    """All cards about a subject, oldest first; whoever shows them asks whose the subject is."""
    rows = Card.objects.filter(subject=stream).select_related("rule")
    return list(rows.order_by("raised_date", "id"))


@dataclass(frozen=True)
class Board:
    """How many cards: by office and by rule, each by colour; `today` are those of the day itself.

    Cards that were cancelled or gave way to a higher one are left out of all but `raised`.
    """

    on: date
    today: dict[str, int]
    open: dict[str, int]
    by_unit: dict[int | None, dict[str, int]]
    by_rule: dict[str, dict[str, int]]
    waiting: dict[str, int]  # what an inspector has to do: appealed, proposed


def board(scope: Scope, on: date, since: date | None = None) -> Board:
    """What stands on a day, from `since` (the first of its month) on. Five statements."""
    mine = visible(scope)
    span = mine.filter(COUNTS, raised_date__gte=since or on.replace(day=1), raised_date__lte=on)
    opened = mine.filter(IS_OPEN, raised_date__lte=on)
    waiting = opened.aggregate(
        appealed=Count("id", filter=Q(state=State.APPEALED.value)),
        proposed=Count("id", filter=Q(proposed_at__isnull=False)),
    )
    return Board(
        on=on,
        today=_colours(mine.filter(raised_date=on).values_list("colour")),
        open=_colours(opened.values_list("colour")),
        by_unit=_table(span.values_list("organisation_id", "colour")),
        by_rule=_table(span.values_list("rule_code", "colour")),
        waiting=waiting,
    )


def _none() -> dict[str, int]:
    return {colour.value: 0 for colour in Colour}


def _colours(rows: QuerySet[Card, tuple[str]]) -> dict[str, int]:
    counted = rows.annotate(count=Count("id")).order_by("colour")
    return _none() | dict(counted)


def _table(rows: QuerySet[Card, Any]) -> dict[Any, dict[str, int]]:
    table: dict[Any, dict[str, int]] = {}
    for key, colour, count in rows.annotate(count=Count("id")).order_by():
        table.setdefault(key, _none())[colour] = count
    return table


def rule_names(codes: Iterable[str]) -> dict[str, str]:
    """What rules are called, by code: the name of the version written last."""
    rows = Rule.objects.filter(code__in=list(codes)).order_by("added_at", "id")
    return dict(rows.values_list("code", "name"))


@dataclass(frozen=True)
class Choices:
    """What a list may be narrowed to: offices and rules that have cards."""

    units: list[int]
    rules: list[tuple[str, str]]


def choices(scope: Scope) -> Choices:
    """Three statements, however many cards there are."""
    mine = visible(scope)
    units = mine.exclude(organisation=None).order_by("organisation_id")
    codes = mine.order_by("rule_code").values_list("rule_code", flat=True).distinct()
    names = rule_names(codes)
    return Choices(
        units=list(units.values_list("organisation_id", flat=True).distinct()),
        rules=sorted(names.items(), key=lambda one: (one[1], one[0])),
    )


def has_cards(subject: str) -> bool:
    """Whether there is any card about a subject."""
    return Card.objects.filter(subject=subject).exists()


def numbers_of(card_ids: Iterable[int]) -> dict[int, str]:
    """Colour, number and rule of cards, by id: what colleagues call them."""
    rows = Card.objects.filter(id__in=list(card_ids)).select_related("rule").order_by("id")
    return {row.id: f"{Colour(row.colour).label} {row.number} {row.rule.name}" for row in rows}


def directive_of(directive_id: int, scope: Scope) -> Directive:
    """One directive about a card that a person may see. Raises NotFound."""
    rows = Directive.objects.select_related(
        *("card__rule", "ordering_unit", "ordered_unit", "ordered_person", "ordered_by"),
        *("answered_by", "document"),
    )
    found = rows.filter(id=directive_id, card__in=visible(scope)).first()
    if found is None:
        raise NotFound("没有找到这份督办单，请核对编号。")
    return found


def directives_of(card: Card) -> list[Directive]:
    """The directives about a card, oldest first."""
    rows = card.directives.select_related(
        *("ordering_unit", "ordered_unit", "ordered_by", "answered_by", "document")
    )
    return list(rows.order_by("ordered_at", "id"))


def as_of(on: date) -> Iterable[Card]:
    """All cards of a day's end and before, oldest first: for the command line, which is the
    operator's. The state of that day is `rules.state_on(card, on)`."""
    rows = Card.objects.filter(raised_date__lte=on, raised_at__lt=day_bounds(on)[1])
    return (
        rows.select_related("rule", "person")
        .order_by("raised_date", "number")
        .iterator(chunk_size=2000)
    )
