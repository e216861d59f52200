"""Reads of what the sweep needs: the book of rules, histories as rules read them, cards issued."""

from collections.abc import Iterable, Sequence
from datetime import date

from mingtang.base.clock import legal_date
from mingtang.base.rows import values_among
from mingtang.ledger.queries import Event
from mingtang.regions import queries as regions
from mingtang.supervision.models import Card, ProfileChoice, Rule, Watch
from mingtang.supervision.rules import Book, CardType, Colour, RuleVersion, Told, book_of
from mingtang.timing.queries import current_calendar
from mingtang.timing.rules import WorkingCalendar


def told(event: Event) -> Told:
    """An event as the rules read it."""
    return Told(
        seq=event.seq,
        kind=event.kind,
        on=legal_date(event.at),
        facts=event.facts,
        person_id=event.actor_id,
        unit_id=event.organisation_id,
    )


def calendar() -> WorkingCalendar:
    return current_calendar()


def version_of(rule: Rule, places: dict[int, frozenset[int]] | None = None) -> RuleVersion:
    """A row as the rules know it. `places`: by region, itself and those below it."""
    region_id = rule.region_id
    return RuleVersion(
        id=rule.id,
        profile=rule.profile,
        code=rule.code,
        version=rule.version,
        name=rule.name,
        trigger=rule.trigger,
        params=rule.params,
        colour=Colour(rule.colour),
        type=CardType(rule.type),
        score=str(rule.score),
        subject_kind=rule.subject_kind,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        region_id=region_id,
        region_ids=(places or {}).get(region_id, frozenset({region_id})) if region_id else None,
        is_on=rule.is_on,
    )


def book() -> Book:
    """All rules and the days on which they hold: two statements, one more where places have
    rules of their own."""
    rows = list(Rule.objects.order_by("id"))
    local = {rule.region_id for rule in rows if rule.region_id}
    places = regions.places_below(local) if local else {}
    choices = list(
        ProfileChoice.objects.order_by("since_date").values_list("since_date", "profile")
    )
    return book_of([version_of(rule, places) for rule in rows], choices)


def current_rules(on: date) -> list[RuleVersion]:
    """The rules that hold on a day, by code."""
    found = [
        rule
        for rule in book().rules
        if rule.valid_from <= on and (rule.valid_until is None or on <= rule.valid_until)
    ]
    return sorted(found, key=lambda rule: (rule.code, rule.region_id or 0))


def profile_on(on: date) -> str | None:
    """Which profile holds on a day."""
    rows = ProfileChoice.objects.filter(since_date__lte=on).order_by("since_date")
    found = rows.values_list("profile", flat=True).last()
    return str(found) if found else None


def rules_by_id(ids: Iterable[int]) -> dict[int, Rule]:
    return Rule.objects.in_bulk(list(ids))


def due_streams(today: date) -> list[str]:
    """The streams whose day has come, by name."""
    rows = Watch.objects.filter(next_date__lte=today)
    # Not by the database: two of them may sort names differently.
    return sorted(rows.values_list("stream", flat=True))


def running_streams(kind: str) -> list[str]:
    """The streams of one kind, such as `case:42`, of which some clock runs now."""
    rows = Watch.objects.filter(is_running=True, stream__gt=f"{kind}:", stream__lt=f"{kind};")
    return sorted(rows.values_list("stream", flat=True))


def issued(subjects: Iterable[str]) -> set[tuple[str, str, str]]:
    """Subject, key and code of every card that these subjects have."""
    columns = ("subject", "key", "rule_code")
    return set(values_among(Card, "subject", set(subjects), only=columns))


def cards_by_stream(streams: Iterable[str]) -> dict[str, Card]:
    """Cards by the names of their streams."""
    ids = [int(stream.removeprefix("card:")) for stream in streams]
    return {card.stream: card for card in Card.objects.filter(id__in=ids).order_by("id")}


def unit_of(events: Sequence[Told]) -> int:
    """The office of a stream by its last event that says so; 0 where none does."""
    found = (event.facts.get("organisation_id") for event in reversed(events))
    return next((int(one) for one in found if one), 0)


def regions_of(histories: Iterable[Sequence[Told]]) -> dict[int, int]:
    """By office, the place where it stands: for rules of a place."""
    units = {unit for events in histories if (unit := unit_of(events))}
    return regions.regions_of_organisations(units)
