"""Reads of people and their rights. `scope_of` is the choke point of access."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from mingtang.accounts.models import (
    Attempt,
    LetterOfAuthority,
    Mandate,
    Person,
    Post,
    Substitution,
)
from mingtang.accounts.rules import (
    EVERY_ITEM,
    REGION_WIDE,
    Authority,
    Grant,
    Limit,
    Role,
    Scope,
)
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions

NOBODY = Scope(person_id=None, person_label="访客")


def scope_of(person: Person | None, on: date) -> Scope:
    """All that a person may do on a day: their posts, and those they hold for the absent.

    A substitute never has more than the absent one has, and only for the items named.
    """
    if person is None or not person.is_active:
        return NOBODY
    stand_ins = list(
        Substitution.objects.filter(
            substitute=person, from_date__lte=on, to_date__gte=on
        ).select_related("absent")
    )
    posts = _posts_on([person.id, *(stand_in.absent_id for stand_in in stand_ins)], on)
    held: list[tuple[Post, Substitution | None]] = [
        (post, None) for post in posts if post.person_id == person.id
    ]
    for stand_in in stand_ins:
        if stand_in.absent.is_active:
            held += [(post, stand_in) for post in posts if post.person_id == stand_in.absent_id]
    return Scope(person_id=person.id, person_label=person.name, grants=_grants(held, on), on=on)


def _posts_on(person_ids: Iterable[int], on: date) -> list[Post]:
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


def window_of(person_id: int, organisation_id: int, on: date) -> int | None:
    """The window of the post that a person holds at a unit on a day; of several, the latest."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    posts = Post.objects.filter(
        valid,
        person_id=person_id,
        organisation_id=organisation_id,
        valid_from__lte=on,
        window__isnull=False,
    )
    return posts.order_by("-valid_from", "-id").values_list("window_id", flat=True).first()


def authorities_of(person_id: int, organisation_ids: Iterable[int], on: date) -> list[Authority]:
    """The letters of authority of the posts that a chief representative holds on a day."""
    valid = Q(post__valid_to=None) | Q(post__valid_to__gte=on)
    letters = LetterOfAuthority.objects.filter(
        valid,
        post__valid_from__lte=on,
        post__person_id=person_id,
        post__role=Role.CHIEF_REPRESENTATIVE.value,
        post__organisation_id__in=list(organisation_ids),
    ).order_by("valid_from", "id")
    return [
        Authority(
            item_codes=frozenset(letter.item_codes),
            acts=frozenset(letter.acts),
            valid_from=letter.valid_from,
            valid_to=letter.valid_to,
            number=letter.document_number,
        )
        for letter in letters
    ]


def mandated_codes(person_id: int, on: date) -> list[str]:
    """The credit codes of the enterprises that a person may act for on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Mandate.objects.filter(valid, proxy_id=person_id, valid_from__lte=on)
    return list(rows.order_by("credit_code").values_list("credit_code", flat=True).distinct())


def proxies_of(credit_code: str, on: date) -> list[int]:
    """Everybody who may act for an enterprise on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Mandate.objects.filter(
        valid, credit_code=credit_code, valid_from__lte=on, proxy__is_active=True
    )
    return list(rows.order_by("proxy_id").values_list("proxy_id", flat=True).distinct())


def holders_of(organisation_id: int, roles: Iterable[Role], item_code: str, on: date) -> set[int]:
    """Who holds one of the roles at a unit on a day, for an item."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    posts = Post.objects.filter(
        valid,
        organisation_id=organisation_id,
        role__in=[role.value for role in roles],
        valid_from__lte=on,
        person__is_active=True,
    )
    rows = posts.order_by("id").values_list("person_id", "item_codes")
    return {person_id for person_id, codes in rows if _names(codes, item_code)}


def stand_ins_of(person_ids: Iterable[int], item_code: str, on: date) -> set[int]:
    """Who acts on a day for one of these people, where an item is concerned."""
    rows = Substitution.objects.filter(
        absent_id__in=list(person_ids),
        from_date__lte=on,
        to_date__gte=on,
        substitute__is_active=True,
    ).order_by("id")
    found = rows.values_list("substitute_id", "item_codes")
    return {person_id for person_id, codes in found if _names(codes, item_code)}


def _names(codes: list[str] | None, item_code: str) -> bool:
    return codes is None or EVERY_ITEM in codes or item_code in codes


def colleagues(organisation_ids: Iterable[int], roles: Iterable[Role], on: date) -> list[Person]:
    """Who holds one of the roles at these units on a day, by name."""
    valid = Q(posts__valid_from__lte=on) & (Q(posts__valid_to=None) | Q(posts__valid_to__gte=on))
    rows = Person.objects.filter(
        valid,
        posts__organisation_id__in=list(organisation_ids),
        posts__role__in=[role.value for role in roles],
        is_active=True,
    )
    return list(rows.distinct().order_by("name", "id"))


def person_by_username(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def demo_accounts() -> list[Person]:
    people = Person.objects.filter(is_demo=True, is_active=True).prefetch_related("posts")
    return list(people.order_by("joined_at", "id"))


def attempts_within(purpose: str, key: str, limit: Limit, at: datetime) -> int:
    since = at - limit.window
    return Attempt.objects.filter(purpose=purpose, key=key, at__gt=since, at__lte=at).count()
