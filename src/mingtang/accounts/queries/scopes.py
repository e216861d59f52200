"""Reads: all that a person may do on a day. `scope_of` is the choke point of access."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

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
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

NOBODY = Scope(person_id=None, person_label="访客")


def scope_of(person: Person | None, on: date) -> Scope:
    """All that a person may do on a day: their posts, and those they hold for the absent.

    A substitute never has more than the absent one has, and only for the items named; who stands
    in for one of the three administrators has none of that.
    """
    if person is None or not person.is_active:
        return NOBODY
    stand_ins = list(
        Substitution.objects.filter(
            not_ended(on), substitute=person, from_date__lte=on, to_date__gte=on
        ).select_related("absent")
    )
    posts = posts_on([person.id, *(stand_in.absent_id for stand_in in stand_ins)], on)
    held: list[tuple[Post, Substitution | None]] = [
        (post, None) for post in posts if post.person_id == person.id
    ]
    for stand_in in stand_ins:
        if stand_in.absent.is_active:
            held += [
                (post, stand_in)
                for post in posts
                if post.person_id == stand_in.absent_id and Role(post.role) not in ADMINISTRATORS
            ]
    return Scope(
        person_id=person.id,
        person_label=person.name,
        grants=_grants(held, on),
        on=on,
        identity_index=person.identity_index,
    )


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


def _grants(held: list[tuple[Post, Substitution | None]], on: date) -> tuple[Grant, ...]:
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
