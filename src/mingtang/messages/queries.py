"""Reads of messages: the inbox, what was sent about a subject, occasions and their wording."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, IntegerField, Q
from django.db.models.expressions import RawSQL
from django.utils.module_loading import import_string

from mingtang.accounts.queries import Person, people_named
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.kept import Kept
from mingtang.base.paging import Cursor as Cursor
from mingtang.base.together import Wanted, read_together
from mingtang.messages.models import IS_INBOX, Message, MessageTemplate, OptOut
from mingtang.messages.providers import LOG
from mingtang.messages.rules import (
    Audience,
    NoSuchOccasion,
    Occasion,
    State,
    StrayBrace,
    Template,
    UnknownPlace,
    Way,
    masked,
)

PAGE = 30
MOST_COUNTED = 100
MOST_ABOUT = 200


@dataclass(frozen=True)
class Page:
    rows: list[Message]
    next: Cursor | None


def inbox(person_id: int, after: Cursor | None = None) -> Page:
    """A page of a person's messages, newest first; total order (created_at, id). Titles only."""
    found = Message.objects.filter(IS_INBOX, person_id=person_id)
    if after is not None:
        found = found.filter(Q(created_at__lt=after.at) | Q(created_at=after.at, id__lt=after.id))
    ordered = found.defer("text", "recipient").order_by("-created_at", "-id")
    rows = list(ordered[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], Cursor(last.created_at, last.id) if last else None)


def message_for(person_id: int, key: str) -> Message:
    """One message of a person's inbox, by what an address says of it.

    Raises NotFound alike for none and for none of theirs.
    """
    message_id = parse_id(key)
    if message_id is None:
        raise NotFound
    found = Message.objects.filter(IS_INBOX, person_id=person_id, id=message_id).first()
    if found is None:
        raise NotFound
    return found


def unread_count(person_id: int) -> int:
    """How many messages a person has not opened; counted up to a hundred."""
    unread = Message.objects.filter(IS_INBOX, person_id=person_id, read_at=None)
    return unread[:MOST_COUNTED].count()


def unread_beside() -> RawSQL:
    """The same as one column of the person's own row."""
    sql = """(SELECT COUNT(*) FROM (
        SELECT 1 FROM mailroom_message WHERE way = 'inbox' AND read_at IS NULL
        AND person_id = accounts_person.id LIMIT %s) AS unread)"""
    return RawSQL(sql, [MOST_COUNTED], output_field=IntegerField())  # noqa: S611  all of it is ours


@dataclass(frozen=True)
class Told:
    """A message as staff see it: that it was sent, where to and when; not its text."""

    way: Way
    recipient: str
    audience: Audience
    title: str
    state: State
    state_label: str
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


def sent_about(subject: str) -> list[Told]:
    """What was told about a subject, oldest first, for a reader who may see the subject."""
    [found] = read_together(about_wanted(subject))
    return told(found, people_named(one.person_id for one in found if one.person_id))


def about_wanted(subject: str) -> Wanted[Message]:
    """The rows of the same, to be read together with others, and then `told`."""
    oldest = 'SELECT "id" FROM "mailroom_message" WHERE "subject" = %s'
    where = f'"id" IN ({oldest} ORDER BY "created_at", "id" LIMIT %s)'
    order = ("created_at", "id")
    return Wanted(Message, where, (subject, MOST_ABOUT), order=order, without=("text",))


def told(rows: Iterable[Message], people: Mapping[int, Person]) -> list[Told]:
    """What was sent, as staff see it. `people`: who the rows name, by id."""
    return [_told(row, people[row.person_id].name if row.person_id else "") for row in rows]


def _told(message: Message, owner: str) -> Told:
    way, state = Way(message.way), State(message.state)
    was_logged = state is State.SENT and message.provider == LOG
    return Told(
        way=way,
        recipient=masked(way, owner if way is Way.INBOX else message.recipient),
        audience=Audience(message.audience),
        title=message.title,
        state=state,
        state_label="只记入日志，没有发出" if was_logged else state.label,
        created_at=message.created_at,
        sent_at=message.sent_at,
        read_at=message.read_at,
    )


@dataclass(frozen=True)
class GivenUp:
    count: int
    last_error: str


def given_up(since: datetime) -> GivenUp:
    """How many messages could not be sent, of those written since then, and the last reason."""
    found = Message.objects.filter(state=State.GIVEN_UP.value, created_at__gte=since)
    last = found.order_by("-created_at", "-id").values_list("last_error", flat=True).first()
    return GivenUp(found.count() if last is not None else 0, last or "")


def queue_counts() -> tuple[int, int]:
    """How many messages wait to be sent, those too that failed and are tried again; and how many
    were given up."""
    going = [State.WAITING.value, State.FAILED.value]
    found = Message.objects.filter(state__in=[*going, State.GIVEN_UP.value]).aggregate(
        waiting=Count("id", filter=Q(state__in=going)),
        given_up=Count("id", filter=Q(state=State.GIVEN_UP.value)),
    )
    return found["waiting"], found["given_up"]


def ways_off(person_id: int) -> set[Way]:
    """On which ways a person wants no messages."""
    rows = OptOut.objects.filter(person_id=person_id)
    return {Way(way) for way in rows.values_list("way", flat=True)}


@dataclass(frozen=True)
class WayCount:
    """How the messages of a way fared since a moment."""

    way: Way
    state: State
    count: int


def sent_counts(since: datetime) -> list[WayCount]:
    """By way and state, what left the house since then."""
    rows = Message.objects.filter(~IS_INBOX, created_at__gte=since).order_by()
    counted = rows.values_list("way", "state").annotate(count=Count("id"))
    found = {(Way(way), State(state)): count for way, state, count in counted}
    return [
        WayCount(way, state, found[way, state])
        for way in Way
        for state in State
        if (way, state) in found
    ]


@dataclass(frozen=True)
class OutPage:
    rows: list[Message]
    next: Cursor | None


def sent_out(
    since: datetime, state: str = "", after: Cursor | None = None, size: int = PAGE
) -> OutPage:
    """A page of what left the house since then, newest first, without texts and titles; total
    order (created_at, id)."""
    found = Message.objects.filter(~IS_INBOX, created_at__gte=since)
    if state in set(State):
        found = found.filter(state=state)
    if after is not None:
        found = found.filter(Q(created_at__lt=after.at) | Q(created_at=after.at, id__lt=after.id))
    rows = list(found.defer("text", "title").order_by("-created_at", "-id")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return OutPage(rows[:size], Cursor(last.created_at, last.id) if last else None)


def occasions() -> list[Occasion]:
    """All that the apps may tell people, in the order in which the site lists it."""
    listed: list[Iterable[Occasion]] = [import_string(path) for path in settings.MESSAGE_TEMPLATES]
    return [occasion for some in listed for occasion in some]


def occasion_of(event: str, audience: str) -> Occasion:
    """Raises NoSuchOccasion."""
    for occasion in occasions():
        if (occasion.event, occasion.audience) == (event, audience):
            return occasion
    raise NoSuchOccasion


def _template(row: MessageTemplate) -> Template:
    return Template(row.subject, row.body, row.sms)


_wordings: Kept[tuple[str, str], Template] = Kept("mailroom_messagetemplate")


def wording_of(event: str, audience: str) -> Template | None:
    """The office's own wording, or None."""
    return _wordings.one((event, audience), lambda key: _wording_of(*key))


def _wording_of(event: str, audience: str) -> Template | None:
    row = MessageTemplate.objects.filter(event=event, audience=audience).first()
    return _template(row) if row else None


@dataclass(frozen=True)
class Wording:
    """An occasion with the words in use."""

    occasion: Occasion
    template: Template
    changed_at: datetime | None  # None: the built-in words

    @property
    def fits(self) -> bool:
        """False where the office's words name a place that is gone."""
        try:
            self.occasion.check(self.template)
        except (UnknownPlace, StrayBrace):
            return False
        return True


def wordings() -> list[Wording]:
    """Every occasion with its words, in one query."""
    rows = MessageTemplate.objects.order_by("event", "audience")
    own = {(row.event, row.audience): row for row in rows}
    return [_wording(one, own.get((one.event, one.audience.value))) for one in occasions()]


def wording_for(event: str, audience: str) -> Wording:
    """One occasion with its words. Raises NoSuchOccasion."""
    occasion = occasion_of(event, audience)
    row = MessageTemplate.objects.filter(event=event, audience=audience).first()
    return _wording(occasion, row)


def _wording(occasion: Occasion, row: MessageTemplate | None) -> Wording:
    if row is None:
        return Wording(occasion, occasion.fallback, None)
    return Wording(occasion, _template(row), row.changed_at)
