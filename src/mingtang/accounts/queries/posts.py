"""Reads: who holds which post, sits at which window, and stands in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mingtang.accounts.models import Person, Post, Substitution
from mingtang.accounts.queries.scopes import not_ended, posts_on
from mingtang.accounts.rules import EVERY_ITEM, SEES_NO_CASES, Role
from mingtang.base.kept import Kept
from mingtang.regions import queries as regions


@dataclass(frozen=True)
class Seat:
    """Somebody's place at a window, for a unit, from a day to a day (None: still)."""

    person_id: int
    organisation_id: int
    since: date
    until: date | None

    def is_held(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


_seats: Kept[int, tuple[tuple[int, date, date | None, int], ...]] = Kept("accounts_post")


def window_of(person_id: int, organisation_id: int, on: date) -> int | None:
    """The window of the post that a person holds at a unit on a day; of several, the latest."""
    for unit, first, last, window in _seats.one(person_id, _seats_of) or ():
        if unit == organisation_id and first <= on and (last is None or last >= on):
            return window
    return None


def _seats_of(person_id: int) -> tuple[tuple[int, date, date | None, int], ...]:
    """Unit, first and last day, window of the posts at a window, the latest before."""
    posts = Post.objects.filter(person_id=person_id, window__isnull=False)
    columns = ("organisation_id", "valid_from", "valid_to", "window_id")
    return tuple(posts.order_by("-valid_from", "-id").values_list(*columns))


def seats_between(since: date, until: date) -> list[Seat]:
    """Who sat at a window on some day of a span, and for which unit."""
    rows = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=since), valid_from__lte=until, window__isnull=False
    )
    named = rows.order_by("id").values_list(
        "person_id", "organisation_id", "valid_from", "valid_to"
    )
    return [Seat(*row) for row in named]


def holders_on(roles: Iterable[Role], on: date) -> set[int]:
    """Who holds one of the roles anywhere on a day."""
    posts = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        role__in=[role.value for role in roles],
        valid_from__lte=on,
        person__is_active=True,
    )
    return set(posts.order_by("person_id").values_list("person_id", flat=True))


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
        not_ended(on),
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


def posts_among(
    organisation_ids: Iterable[int], roles: Iterable[Role], on: date
) -> dict[Person, int]:
    """Who holds one of the roles at one of these units on a day, by name, with the unit of the
    first such post."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Post.objects.filter(
        valid,
        organisation_id__in=list(organisation_ids),
        role__in=[role.value for role in roles],
        valid_from__lte=on,
        person__is_active=True,
    ).select_related("person")
    found: dict[Person, int] = {}
    for post in rows.order_by("person__name", "person_id", "valid_from", "id"):
        found.setdefault(post.person, post.organisation_id)
    return found


def first_posts(person_ids: Iterable[int], on: date) -> dict[int, Post]:
    """The first post that each of these people holds on a day."""
    found: dict[int, Post] = {}
    for post in posts_on(person_ids, on):
        found.setdefault(post.person_id, post)
    return found


def posts_of(person_id: int, on: date) -> list[Post]:
    """What a person holds on a day."""
    return posts_on([person_id], on)


def related_units(person_id: int, since: date, until: date) -> set[int]:
    """The units where a person works on any of these days, those below them and above them: from
    where somebody may stand in."""
    valid = Q(valid_to=None) | Q(valid_to__gte=since)
    posts = Post.objects.filter(valid, person_id=person_id, valid_from__lte=until)
    return regions.lines_of(posts.order_by("id").values_list("organisation_id", flat=True))


def works_throughout(
    person_id: int, organisation_ids: Iterable[int], since: date, until: date
) -> bool:
    """Whether somebody holds a post that reads cases at one of these units on all these days."""
    valid = Q(valid_to=None) | Q(valid_to__gte=until)
    posts = Post.objects.filter(
        valid,
        person_id=person_id,
        valid_from__lte=since,
        organisation_id__in=list(organisation_ids),
        person__is_active=True,
    )
    return posts.exclude(role__in=[role.value for role in SEES_NO_CASES]).exists()


def staff_of(organisation_ids: Iterable[int], on: date) -> list[tuple[Person, int]]:
    """Who works at these units on a day, with the unit; by unit and name. Administrators, who
    read no cases, are left out."""
    hidden = [role.value for role in SEES_NO_CASES]
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    posts = Post.objects.filter(
        valid,
        valid_from__lte=on,
        organisation_id__in=list(organisation_ids),
        person__is_active=True,
    ).exclude(role__in=hidden)
    rows = posts.select_related("person").order_by("organisation_id", "person__name", "person_id")
    found = {(post.person_id, post.organisation_id): post for post in rows}
    return [(post.person, post.organisation_id) for post in found.values()]


def substitutions(
    on: date, *, person_ids: Iterable[int] = (), organisation_ids: Iterable[int] = ()
) -> list[Substitution]:
    """What is arranged from a day on, soonest first: for or by these people, and for whoever
    works at these units."""
    people, units = list(person_ids), list(organisation_ids)
    working = Post.objects.filter(organisation_id__in=units).values("person_id")
    whom = Q(absent__in=people) | Q(substitute__in=people)
    if units:
        whom |= Q(absent__in=working)
    rows = Substitution.objects.filter(whom, ended_at=None, to_date__gte=on)
    return list(rows.select_related("absent", "substitute").order_by("from_date", "id"))


def windows_held(person_ids: Iterable[int], on: date) -> list[int]:
    """The windows at which these people sit on a day."""
    return [post.window_id for post in posts_on(person_ids, on) if post.window_id is not None]
