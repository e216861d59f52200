"""Reads of rates: by unit, by indicator, bursts at windows, what was published."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.errors import NotFound
from mingtang.interaction.models import BadRating, PublishedText, Rating, RatingDetail, Service
from mingtang.interaction.queries.tickets import of_units
from mingtang.interaction.rules import BAD, Care, Tally, TicketState, bursts
from mingtang.ledger.rules import Actor
from mingtang.regions.queries import WindowPlace, windows_among

BAD_LEVELS = [level.value for level in BAD]
TEXTS_SHOWN = 20


@dataclass(frozen=True)
class UnitRates:
    organisation_id: int
    tally: Tally
    care: Care


def by_unit(since: date, until: date, scope: Scope | None = None) -> list[UnitRates]:
    """Services completed in a span of days by unit, and what became of the bad ratings among
    them; of the units of a scope, or of all. In order of units."""
    within = Q(completed_date__gte=since, completed_date__lte=until)
    rows = Service.objects.filter(within & (of_units(scope) if scope else Q()))
    is_bad = Q(level__in=BAD_LEVELS)
    counted = rows.values("organisation_id").annotate(
        unrated=Count("id", filter=Q(level="")),
        unfounded=Count("id", filter=is_bad & Q(is_unfounded=True)),
        bad=Count("id", filter=is_bad & Q(is_unfounded=False)),
        good=Count("id", filter=~Q(level="") & ~is_bad),
    )
    cares = _cares(since, until, scope)
    return [
        UnitRates(
            row["organisation_id"],
            Tally(row["good"], row["bad"], row["unrated"], row["unfounded"]),
            cares.get(row["organisation_id"], Care()),
        )
        for row in counted.order_by("organisation_id")
    ]


def _cares(since: date, until: date, scope: Scope | None) -> dict[int, Care]:
    """By unit, of bad ratings of services completed in these days, as the other rates count;
    those found unfounded or corrected left out."""
    rows = BadRating.objects.filter(_completed(since, until))
    rows = rows.filter(of_units(scope)) if scope else rows
    counts = (
        rows.exclude(state__in=[TicketState.UNFOUNDED.value, TicketState.CORRECTED.value])
        .values("organisation_id")
        .annotate(
            valid=Count("id"),
            called=Count("id", filter=Q(contacted_at__isnull=False)),
            closed=Count("id", filter=Q(state=TicketState.CLOSED.value)),
        )
    )
    return {
        row["organisation_id"]: Care(row["valid"], row["called"], row["closed"])
        for row in counts.order_by("organisation_id")
    }


def _completed(since: date, until: date, prefix: str = "", **more: bool) -> Exists:
    """Of what is about a service: that this one was completed in these days."""
    services = Service.objects.filter(
        subject=OuterRef(f"{prefix}subject"),
        completed_seq=OuterRef(f"{prefix}completed_seq"),
        completed_date__gte=since,
        completed_date__lte=until,
        **more,
    )
    return Exists(services)


def by_indicator(since: date, until: date) -> dict[str, Tally]:
    """How each side of the services completed in these days was judged, by indicator, the later
    word counting; what was found unfounded left out."""
    rows = RatingDetail.objects.filter(
        _completed(since, until, "rating__", is_unfounded=False), rating__correction=None
    )
    counts = rows.values("indicator").annotate(
        bad=Count("id", filter=Q(level__in=BAD_LEVELS)), all=Count("id")
    )
    return {
        row["indicator"]: Tally(good=row["all"] - row["bad"], bad=row["bad"])
        for row in counts.order_by("indicator")
    }


@dataclass(frozen=True)
class Burst:
    """So many ratings at one window within a minute."""

    window: WindowPlace
    first: datetime
    last: datetime
    count: int


def bursts_at_windows(scope: Scope, since: date, until: date) -> list[Burst]:
    """Where ratings crowd at the windows of a scope: by window and time."""
    begin, end = day_bounds(since)[0], day_bounds(until)[1]
    regions = {one for grant in scope.grants for one in grant.region_ids}
    units = {one for grant in scope.grants for one in grant.organisation_ids}
    places = {one.id: one for one in windows_among(organisation_ids=units, region_ids=regions)}
    rows = Rating.objects.filter(
        window_id__in=list(places), rated_at__gte=begin, rated_at__lt=end
    ).order_by("window_id", "rated_at", "id")
    times: dict[int, list[datetime]] = defaultdict(list)
    for window_id, at in rows.values_list("window_id", "rated_at"):
        times[window_id].append(at)
    return [Burst(places[window], *found) for window in times for found in bursts(times[window])]


@dataclass(frozen=True)
class Wording:
    """Words of a rating that the centre may publish: the rater stays unnamed."""

    rating: Rating
    organisation_id: int
    is_published: bool = False


def wordings(scope: Scope, since: date, until: date) -> list[Wording]:
    """The newest words in the units of a scope, with whether they are published."""
    begin, end = day_bounds(since)[0], day_bounds(until)[1]
    services = Service.objects.filter(of_units(scope)).exclude(level="")
    rows = Rating.objects.filter(
        rated_at__gte=begin,
        rated_at__lt=end,
        correction=None,
        subject__in=services.values("subject"),
    ).select_related("published")
    units = dict(
        services.filter(subject__in=rows.values("subject"))
        .order_by("id")
        .values_list("subject", "organisation_id")
    )
    newest = rows.order_by("-rated_at", "-id")[: 10 * TEXTS_SHOWN]
    return [
        Wording(one, units[one.subject], hasattr(one, "published")) for one in newest if one.text
    ][:TEXTS_SHOWN]


def publisher_of(scope: Scope, rating_id: int) -> Actor:
    """Who of the centre that oversees the rated unit may publish what was said. Raises NotFound."""
    managing = scope.only({Role.CENTRE_MANAGER})
    rating = Rating.objects.filter(id=rating_id, correction=None).first()
    if rating is None:
        raise NotFound
    for grant in managing.grants:
        served = Service.objects.filter(of_units(replace(managing, grants=(grant,))))
        if served.filter(subject=rating.subject, completed_seq=rating.completed_seq).exists():
            return actor_of(managing, grant)
    raise NotFound


def published(organisation_id: int) -> list[PublishedText]:
    """What was published of a unit, the newest first."""
    rows = PublishedText.objects.filter(organisation_id=organisation_id)
    return list(rows.order_by("-published_at", "-id")[:TEXTS_SHOWN])


def published_counts() -> Counter[int]:
    """How many texts of each unit are published."""
    rows = PublishedText.objects.values_list("organisation_id").annotate(Count("id"))
    return Counter(dict(rows.order_by("organisation_id")))
