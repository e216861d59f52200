"""Reads: all that a person may do on a day. `scope_of` is the choke point of access."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from mingtang.accounts.models import Person, Post, Substitution
from mingtang.accounts.rules import (
    ADMINISTRATORS,
    EVERY_ITEM,
    REGION_WIDE,
    Grant,
    Role,
    Scope,
)
from mingtang.base.clock import day_bounds
from mingtang.base.kept import Kept
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

NOBODY = Scope(person_id=None, person_label="访客")
# What one's own posts give on a day; and whether one stands in for anybody.
_own: Kept[tuple[int, date], tuple[Grant, ...]] = Kept(
    *("accounts_post", "regions_organisation", "regions_organisationname", "regions_region")
)
_stand_ins: Kept[tuple[int, date], bool] = Kept("accounts_substitution")


def scope_of(person: Person | None, on: date) -> Scope:
    """All that a person may do on a day: their posts, and those they hold for the absent.

    A substitute never has more than the absent one has, and only for the items named; who stands
    in for one of the three administrators has none of that.
    """
    if person is None or not person.is_active:
        return NOBODY
    whose = (person.id, on)
    grants = _own.one(whose, lambda _: _grants(_posts_of(person.id, on), on)) or ()
    if _stand_ins.one(whose, lambda _: _substitutions(person.id, on).exists()):
        grants += _grants(_held_for_others(person.id, on), on)
    return Scope(
        person_id=person.id,
        person_label=person.name,
        grants=grants,
        on=on,
        identity_index=person.identity_index,
    )


Held = list[tuple[Post, Substitution | None]]


def _posts_of(person_id: int, on: date) -> Held:
    return [(post, None) for post in posts_on([person_id], on)]


def _substitutions(person_id: int, on: date) -> QuerySet[Substitution]:
    return Substitution.objects.filter(
        not_ended(on), substitute=person_id, from_date__lte=on, to_date__gte=on
    )


def _held_for_others(person_id: int, on: date) -> Held:
    """Never kept: an account that was closed a moment ago gives nobody anything."""
    stand_ins = list(_substitutions(person_id, on).select_related("absent"))
    posts = posts_on([stand_in.absent_id for stand_in in stand_ins], on)
    return [
        (post, stand_in)
        for stand_in in stand_ins
        if stand_in.absent.is_active
        for post in posts
        if post.person_id == stand_in.absent_id and Role(post.role) not in ADMINISTRATORS
    ]


def not_ended(on: date) -> Q:
    """Not ended early on or before a day: what is ended ends at once."""
    return Q(ended_at=None) | Q(ended_at__gte=day_bounds(on)[1])


def posts_on(person_ids: Iterable[int], on: date) -> list[Post]:
    valid = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))
    return list(
        Post.objects.filter(valid, person_id__in=list(person_ids))
        .select_related("organisation")
        .order_by("valid_from", "id")
    )


def _grants(held: Held, on: date) -> tuple[Grant, ...]:
    units = {post.organisation_id for post, _ in held}
    below, names = regions.subtrees(units), regions.names_of(units, on)
    wide = [post for post, _ in held if _reaches_the_region(Role(post.role))]
    places = regions.places_below({post.organisation.region_id for post in wide})
    return tuple(
        replace(
            _grant(post, stand_in),
            organisation_ids=frozenset(below[post.organisation_id]),
            organisation_label=names.get(post.organisation_id, ""),
            region_ids=places[post.organisation.region_id] if post in wide else frozenset(),
        )
        for post, stand_in in held
    )


def _reaches_the_region(role: Role) -> bool:
    return role is Role.GENERAL_CLERK or role in REGION_WIDE


def _grant(post: Post, stand_in: Substitution | None) -> Grant:
    """The right of a post, for whom it is held; where it reaches is added for all at once."""
    codes = None if post.item_codes is None else frozenset(post.item_codes)
    if codes is not None and EVERY_ITEM in codes:
        codes = None
    if stand_in is not None and stand_in.item_codes is not None:
        named = frozenset(stand_in.item_codes)
        codes = named if codes is None else codes & named
    return Grant(
        role=Role(post.role),
        organisation_id=post.organisation_id,
        organisation_ids=frozenset(),
        organisation_label="",
        item_codes=codes,
        acting_for_id=stand_in.absent_id if stand_in else None,
        acting_for_label=stand_in.absent.name if stand_in else "",
        acting_for_identity=stand_in.absent.identity_index if stand_in else "",
    )


def actor_of(scope: Scope, grant: Grant | None = None) -> Actor:
    """The actor that a ledger event names. Who acts for themselves is an id without a name."""
    if grant is None:
        return Actor(id=str(scope.person_id) if scope.person_id else None, label="申请人")
    return Actor(
        id=str(scope.person_id),
        label=scope.person_label,
        organisation_id=str(grant.organisation_id),
        organisation_label=grant.organisation_label,
        acting_for_id=str(grant.acting_for_id) if grant.acting_for_id else None,
        acting_for_label=grant.acting_for_label,
    )
