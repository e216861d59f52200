"""Reads of people and their rights. `scope_of` is the choke point of access."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from mingtang.accounts.models import Attempt, LetterOfAuthority, Mandate, Post
from mingtang.accounts.models import Person as Person  # what pages are handed
from mingtang.accounts.models import Substitution as Substitution
from mingtang.accounts.rules import (
    EVERY_ITEM,
    REGION_WIDE,
    SEES_NO_CASES,
    Authority,
    Grant,
    Limit,
    Role,
    Scope,
)
from mingtang.base.clock import day_bounds
from mingtang.base.errors import NotFound
from mingtang.base.kept import Kept
from mingtang.base.paging import DateCursor
from mingtang.base.sealed import blind_index
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
            _not_ended(on), substitute=person, from_date__lte=on, to_date__gte=on
        ).select_related("absent")
    )
    posts = _posts_on([person.id, *(stand_in.absent_id for stand_in in stand_ins)], on)
    held: list[tuple[Post, Substitution | None]] = [
        (post, None) for post in posts if post.person_id == person.id
    ]
    for stand_in in stand_ins:
        if stand_in.absent.is_active:
            held += [(post, stand_in) for post in posts if post.person_id == stand_in.absent_id]
    return Scope(
        person_id=person.id,
        person_label=person.name,
        grants=_grants(held, on),
        on=on,
        identity_index=person.identity_index,
    )


def _not_ended(on: date) -> Q:
    """Not ended early on or before a day: what is ended ends at once."""
    return Q(ended_at=None) | Q(ended_at__gte=day_bounds(on)[1])


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
    rows = Mandate.objects.filter(_not_ended(on), valid, proxy_id=person_id, valid_from__lte=on)
    return list(rows.order_by("credit_code").values_list("credit_code", flat=True).distinct())


def proxies_of(credit_code: str, on: date) -> list[int]:
    """Everybody who may act for an enterprise on a day."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    rows = Mandate.objects.filter(
        _not_ended(on), valid, credit_code=credit_code, valid_from__lte=on, proxy__is_active=True
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
        _not_ended(on),
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


def people_by_username(usernames: Iterable[str]) -> dict[str, Person]:
    """Accounts by user name; unknown names are left out."""
    rows = Person.objects.filter(username__in=list(usernames)).order_by("id")
    return {person.username: person for person in rows}


def first_posts(person_ids: Iterable[int], on: date) -> dict[int, Post]:
    """The first post that each of these people holds on a day."""
    found: dict[int, Post] = {}
    for post in _posts_on(person_ids, on):
        found.setdefault(post.person_id, post)
    return found


# ── who stands in for whom ────────────────────────────────────────────────────────────────────


def posts_of(person_id: int, on: date) -> list[Post]:
    """What a person holds on a day."""
    return _posts_on([person_id], on)


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
    return [post.window_id for post in _posts_on(person_ids, on) if post.window_id is not None]


# ── letters of authority ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Letter:
    """A letter of authority as a register shows it. `ended`: the last day of letter and post."""

    id: int
    number: str
    holder_id: int
    holder: str
    organisation_id: int
    item_codes: tuple[str, ...]
    acts: tuple[str, ...]
    limits: str
    seal: str
    valid_from: date
    ended: date

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on <= self.ended


@dataclass(frozen=True)
class LetterPage:
    rows: list[Letter]
    next: DateCursor | None


LETTERS_SHOWN = 30


def letters(
    *,
    holder_ids: Iterable[int] = (),
    organisation_ids: Iterable[int] = (),
    after: DateCursor | None = None,
) -> LetterPage:
    """Letters of authority of these people and units, the newest first."""
    whose = Q(post__person__in=list(holder_ids))
    whose |= Q(post__organisation__in=list(organisation_ids))
    rows = LetterOfAuthority.objects.filter(whose).select_related("post__person")
    if after is not None:
        rows = rows.filter(Q(valid_from__lt=after.day) | Q(valid_from=after.day, id__lt=after.id))
    found = [_letter(row) for row in rows.order_by("-valid_from", "-id")[: LETTERS_SHOWN + 1]]
    shown = found[:LETTERS_SHOWN]
    last = shown[-1] if len(found) > LETTERS_SHOWN else None
    return LetterPage(shown, DateCursor(last.valid_from, last.id) if last else None)


def letters_between(since: date, until: date) -> list[Letter]:
    """The letters of authority that were in force on some day of a span, oldest first."""
    rows = LetterOfAuthority.objects.filter(
        Q(post__valid_to=None) | Q(post__valid_to__gte=since),
        valid_from__lte=until,
        valid_to__gte=since,
    ).select_related("post__person")
    return [_letter(row) for row in rows.order_by("valid_from", "id")]


def letter(letter_id: int) -> Letter | None:
    """One letter; whoever shows it asks whose it is."""
    rows = LetterOfAuthority.objects.filter(id=letter_id).select_related("post__person")
    found = rows.first()
    return _letter(found) if found else None


def _letter(row: LetterOfAuthority) -> Letter:
    ends = [row.valid_to, *([row.post.valid_to] if row.post.valid_to else [])]
    return Letter(
        id=row.id,
        number=row.document_number,
        holder_id=row.post.person_id,
        holder=row.post.person.name,
        organisation_id=row.post.organisation_id,
        item_codes=tuple(row.item_codes),
        acts=tuple(row.acts),
        limits=row.limits,
        seal=row.seal,
        valid_from=row.valid_from,
        ended=min(ends),
    )


# ── mandates ──────────────────────────────────────────────────────────────────────────────────


def mandates_of(credit_code: str) -> list[Mandate]:
    """Who may act for an enterprise, may once or might; the newest first."""
    rows = Mandate.objects.filter(credit_code=credit_code)
    return list(rows.select_related("proxy", "ended_by").order_by("-valid_from", "-id"))


def mandate_code(mandate_id: int) -> str:
    """For which enterprise a mandate is. Raises NotFound."""
    code = Mandate.objects.filter(id=mandate_id).values_list("credit_code", flat=True).first()
    if code is None:
        raise NotFound("没有找到这项委托，请刷新页面。")
    return code


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


def person_by_username(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def demo_accounts() -> list[Person]:
    people = Person.objects.filter(is_demo=True, is_active=True).prefetch_related("posts")
    return list(people.order_by("joined_at", "id"))


def attempts_within(purpose: str, key: str, limit: Limit, at: datetime) -> int:
    since = at - limit.window
    return Attempt.objects.filter(purpose=purpose, key=key, at__gt=since, at__lte=at).count()
