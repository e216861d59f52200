"""Reads: people by their names and numbers, and how often somebody tried to sign in."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from mingtang.accounts.models import Attempt, ForeignIdentity, Person
from mingtang.accounts.rules import Limit
from mingtang.base.errors import NotFound
from mingtang.base.sealed import blind_index


def people_by_username(usernames: Iterable[str]) -> dict[str, Person]:
    """Accounts by user name; unknown names are left out."""
    rows = Person.objects.filter(username__in=list(usernames)).order_by("id")
    return {person.username: person for person in rows}


def current_staff(usernames: Iterable[str], on: date) -> dict[str, Person]:
    """Who of these accounts is open and holds a post on a day, by user name."""
    names, found = list(usernames), {}
    for start in range(0, len(names), 500):
        rows = Person.objects.filter(username__in=names[start : start + 500], is_active=True)
        held = rows.filter(
            Q(posts__valid_to=None) | Q(posts__valid_to__gte=on), posts__valid_from__lte=on
        )
        found.update({one.username: one for one in held.distinct().order_by("id")})
    return found


def person_found(text: str) -> Person | None:
    """An account that is open, by its user name or by the identity number behind it."""
    text = text.strip()
    if not text:
        return None
    open_ones = Person.objects.filter(is_active=True)
    number = blind_index("identity", text.upper())
    return (
        open_ones.filter(username=text).first()
        or open_ones.filter(identity_index=number).order_by("id").first()
    )


def person_names(person_ids: Iterable[int]) -> dict[int, str]:
    """The names of these people."""
    return dict(Person.objects.filter(id__in=list(person_ids)).values_list("id", "name"))


def people_named(person_ids: Iterable[int]) -> dict[int, Person]:
    """These people, for one who only says who they are: nothing sealed is opened."""
    return Person.objects.only("name").in_bulk(set(person_ids))


def open_account(person_id: int) -> Person:
    """An account by its id. Raises NotFound where it was closed."""
    found = Person.objects.filter(id=person_id, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def person_with_posts(person_id: int) -> Person:
    """An account, closed or not, with its posts. Raises NotFound."""
    found = Person.objects.prefetch_related("posts").filter(id=person_id).first()
    if found is None:
        raise NotFound
    return found


def issuers_of(person_id: int) -> list[str]:
    """The other systems at which a person signs in."""
    rows = ForeignIdentity.objects.filter(person=person_id).order_by("id")
    return list(rows.values_list("issuer", flat=True))


def person_by_username(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def real_name_of(person_id: int | None) -> tuple[int, str]:
    """How well somebody is known by their real name (0: not), and the blind index of their own
    number."""
    if person_id is None:
        return 0, ""
    rows = Person.objects.filter(id=person_id, is_active=True)
    return rows.values_list("real_name_level", "identity_index").first() or (0, "")


def demo_accounts() -> list[Person]:
    people = Person.objects.filter(is_demo=True, is_active=True).prefetch_related("posts")
    return list(people.order_by("joined_at", "id"))


def has_room(purpose: str, key: str, limit: Limit, at: datetime) -> bool:
    """Whether one attempt more is within a limit."""
    attempts = _attempts_within(purpose, key, limit, at)
    if limit.hangs_on_all(attempts):
        recent = Attempt.objects.filter(purpose=purpose, at__gt=at - limit.window, at__lte=at)
        return recent[: limit.overall].count() < limit.overall
    return not limit.is_reached(attempts)


def _attempts_within(purpose: str, key: str, limit: Limit, at: datetime) -> int:
    since = at - limit.window
    return Attempt.objects.filter(purpose=purpose, key=key, at__gt=since, at__lte=at).count()
