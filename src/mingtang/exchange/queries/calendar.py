"""Reads: the due days of somebody's open cases; the days that are everybody's."""

from datetime import date, datetime
from itertools import islice

from django.urls import reverse

from mingtang.accounts.models import Person
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import Scope
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.cases.models import Case
from mingtang.cases.queries.lists import tabs_of, worklist
from mingtang.consultations.queries import shown
from mingtang.disclosure.queries import public_latest
from mingtang.exchange.models import CalendarFeed
from mingtang.exchange.rules.calendar import Entry

WORK = ("mine", "window", "department", "decide")  # what somebody has to do, of the desk's lists
MOST_PAGES, MOST_OPEN = 10, 50


def feed_of(person_id: int) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(owner=person_id).first()


def reader_of(digest: str, on: date) -> Scope:
    """What the owner of an address may do on this day, as the person of now. Raises NotFound where
    the address is none, was ended, or its owner has no post any more."""
    feed = CalendarFeed.objects.filter(digest=digest).select_related("owner").first()
    owner: Person | None = feed.owner if feed else None
    if owner is None or not owner.is_active:
        raise NotFound
    found = scope_of(owner, on)
    if not set(tabs_of(found)).intersection(WORK):
        raise NotFound
    return found


def due_days(scope: Scope, on: date, base: str) -> list[Entry]:
    """The next due day of each open case of the desk's lists, soonest first. Number and item,
    nobody's name: a calendar lies on other people's servers. At most MOST_PAGES pages a list."""
    found: dict[int, Case] = {}
    for tab in (one for one in tabs_of(scope) if one in WORK):
        after, pages = None, 0
        while pages < MOST_PAGES:
            page = worklist(scope, tab, on, after=after)
            for case in page.rows:
                found[case.id] = case
            after, pages = page.next, pages + 1
            if after is None or after.due is None:  # the rest has no due day
                break
    since = dict(Case.objects.filter(id__in=found).values_list("id", "submitted_at"))
    entries = [
        Entry(
            key=f"case-{one.id}",
            on=one.next_due_date,
            title=f"到期：{one.number} {one.edition.name}",
            noted_at=since[one.id],
            url=base + reverse("cases:detail", args=[one.number]),
        )
        for one in found.values()
        if one.next_due_date
    ]
    return sorted(entries, key=lambda one: (one.on, one.key))


def public_days(base: str) -> list[Entry]:
    """When consultations close, when online interviews are held, what was published lately."""
    return [*_activities(base), *_published(base)]


def _activities(base: str) -> list[Entry]:
    found = []
    for one in islice(shown(size=MOST_OPEN).rows, MOST_OPEN):
        url = base + reverse("consultations:one", args=[one.id])
        moments: list[tuple[str, str, datetime | None]] = [
            ("closes", "截止", one.closes_at),
            ("held", "举行", one.held_at),
        ]
        found += [
            Entry(f"activity-{one.id}-{key}", legal_date(at), f"{word}：{one.title}", noted, url)
            for key, word, at in moments
            if at is not None and (noted := one.opened_at or one.drafted_at)
        ]
    return found


def _published(base: str) -> list[Entry]:
    return [
        Entry(
            f"publication-{one.id}",
            legal_date(one.published_at),
            f"公开：{one.published_version.title}",
            one.published_at,
            base + reverse("openness:item", args=[one.id]),
        )
        for one in public_latest(MOST_OPEN)
        if one.published_at is not None and one.published_version is not None
    ]
