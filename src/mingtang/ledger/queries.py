"""Reads of the ledger: a stream's history, the check of all chains, what is owed."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Value
from django.db.models.functions import StrIndex, Substr

from mingtang.base.clock import day_bounds
from mingtang.base.db import steady
from mingtang.base.openssl import NoSM2
from mingtang.base.paging import Cursor
from mingtang.base.profile import digest
from mingtang.base.progress import steps
from mingtang.base.rows import find_rows
from mingtang.base.together import Wanted, read_together
from mingtang.ledger import heads as signed_heads
from mingtang.ledger.followers import wanting
from mingtang.ledger.models import Command, Delivery, TreeHead, TreeLeaf, Untold
from mingtang.ledger.models import Event as Event  # what followers and pages are handed
from mingtang.ledger.rules import Break, ChainCheck, canonical
from mingtang.ledger.verify_ledger import Bad, Tree, check_signer, read_head, spelt


def history(stream: str) -> list[Event]:
    """All events of one stream, oldest first."""
    return find_rows(Event, stream=stream, order="seq")


def history_wanted(stream: str) -> Wanted[Event]:
    """The same, to be read together with others."""
    return Wanted(Event, "stream = %s", (stream,), order=("seq",))


def unsigned_wanted(stream: str, kinds: Sequence[str]) -> Wanted[Event]:
    """The events of these kinds that no signed head covers yet: an event gets its place in the tree
    in the transaction in which the head over it is signed."""
    among = ", ".join(["%s"] * len(kinds))
    where = f'"stream" = %s AND "kind" IN ({among}) AND NOT EXISTS ({_PLACE})'
    return Wanted(Event, where, (stream, *kinds), order=("seq",))


_PLACE = 'SELECT 1 FROM "ledger_treeleaf" WHERE "event_id" = "ledger_event"."id"'


def history_and_unsigned(stream: str, kinds: Sequence[str]) -> tuple[list[Event], bool]:
    """All events of one stream, oldest first, and whether one of these kinds is in no signed head
    yet: one statement."""
    events, unsigned = read_together(history_wanted(stream), unsigned_wanted(stream, kinds))
    return events, bool(unsigned)


def is_overtaken(event: Event, kinds: Collection[str]) -> bool:
    """Whether its stream goes on, after it, with an event of one of these kinds."""
    later = Event.objects.filter(stream=event.stream, seq__gt=event.seq).order_by("-seq")
    return any(kind in kinds for kind in later.values_list("kind", flat=True))


def histories(streams: Iterable[str], kinds: Iterable[str] | None = None) -> dict[str, list[Event]]:
    """All events of many streams, or those of some kinds, oldest first, by stream. One statement
    for up to 500."""
    found: dict[str, list[Event]] = {name: [] for name in streams}
    names, wanted = list(found), {} if kinds is None else {"kind__in": list(kinds)}
    for start in range(0, len(names), 500):
        rows = Event.objects.filter(stream__in=names[start : start + 500], **wanted)
        for event in rows.order_by("stream", "seq").iterator(chunk_size=2000):
            found[event.stream].append(event)
    return found


def at_work(kind: str, since: datetime, until: datetime) -> Iterator[tuple[str, list[Event]]]:
    """The histories, as known at the end of a span, of the streams of one kind to which something
    happened since it began: one statement, read bit by bit, a stream at a time."""
    of_kind = Event.objects.filter(stream__gt=f"{kind}:", stream__lt=f"{kind};")
    touched = of_kind.filter(at__gte=since).values("stream")
    rows = of_kind.filter(stream__in=touched, at__lt=until).order_by("stream", "seq")
    for stream, events in groupby(rows.iterator(chunk_size=2000), key=lambda one: one.stream):
        yield stream, list(events)


def streams_of(kind: str, after: str = "", limit: int = 500) -> list[str]:
    """The names of streams such as `case:42`, of one kind, by name: a page after a name."""
    firsts = Event.objects.filter(seq=1, stream__gt=max(after, f"{kind}:"), stream__lt=f"{kind};")
    return list(firsts.order_by("stream").values_list("stream", flat=True)[:limit])


def kinds_of(stream: str) -> list[tuple[int, str]]:
    """Number and kind of each event of a stream, oldest first."""
    rows = Event.objects.filter(stream=stream).order_by("seq")
    return list(rows.values_list("seq", "kind"))


def event_of(stream: str, seq: int) -> Event | None:
    """One event of a stream by its number."""
    return Event.objects.filter(stream=stream, seq=seq).first()


def last_event(stream: str) -> Event | None:
    """The latest of a stream, or None."""
    return Event.objects.filter(stream=stream).order_by("-seq").first()


def first_facts(stream: str) -> dict[str, Any]:
    """What the first event of a stream tells: what the thing is about; {} where there is none."""
    found = Event.objects.filter(stream=stream).order_by("seq").values_list("facts", flat=True)
    facts: dict[str, Any] | None = found.first()
    return facts or {}


def command_count() -> int:
    """How many commands were ever accepted: nought in an installation nobody has used."""
    return Command.objects.count()


def ends(streams: Collection[str]) -> dict[str, tuple[int, str]]:
    """Number and leaf of the last event of each of these streams that has one. One statement."""
    if not streams:
        return {}
    if len(streams) == 1:
        with steady() as cursor:
            cursor.execute(_END, list(streams))
            return {stream: (seq, leaf) for stream, seq, leaf in cursor.fetchall()}
    on_postgres = connection.vendor == "postgresql"
    given = "SELECT unnest(%s::text[])" if on_postgres else "SELECT value FROM json_each(%s)"
    names = list(streams) if on_postgres else json.dumps(list(streams))
    with connection.cursor() as cursor:
        cursor.execute(_ENDS.format(given=given), [names])
        return {stream: (seq, leaf) for stream, seq, leaf in cursor.fetchall()}


_END = (
    'SELECT "stream", "seq", "leaf" FROM "ledger_event" WHERE "stream" = %s'
    ' ORDER BY "seq" DESC LIMIT 1'
)
_ENDS = (
    'WITH given(name) AS ({given}) SELECT "stream", "seq", "leaf" FROM given'
    ' JOIN "ledger_event" ON "stream" = given.name AND "seq" ='
    ' (SELECT max("seq") FROM "ledger_event" WHERE "stream" = given.name)'
)


def all_ends() -> list[tuple[str, int, str]]:
    """Name, length and last leaf of every stream, by name: what the whole ledger says."""
    rows = Event.objects.order_by("stream", "seq").values_list("stream", "seq", "leaf")
    last = {row[0]: row for row in rows.iterator(chunk_size=5000)}
    return sorted(last.values())  # not by the database: two of them may sort names differently


def event_count() -> int:
    return Event.objects.count()


@dataclass(frozen=True)
class Verification:
    streams: int
    events: int
    breaks: list[Break]

    @property
    def is_ok(self) -> bool:
        return not self.breaks


def verify(witnessed: Iterable[dict[str, Any]] = ()) -> Verification:
    """Recompute every chain: numbers, links, hashes; and each event has its command. The tree, in
    which each event has its place, has to pass through the heads that a witness has seen, too."""
    breaks: list[Break] = []
    streams = count = 0
    events = Event.objects.order_by("stream", "seq").iterator(chunk_size=2000)
    for name, rows in groupby(steps("核对账本", events), key=lambda event: event.stream):
        streams += 1
        check = ChainCheck(name, digest)
        for event in rows:
            count += 1
            check.read(event.hashed_row(), event.leaf)
        breaks += [check.broken] if check.broken else []
    breaks.extend(_without_command())
    breaks.extend(_tree_breaks(witnessed))
    return Verification(streams=streams, events=count, breaks=breaks)


def is_whole(stream: str) -> bool:
    """Recompute the chain of one stream. False where there is none."""
    check, is_there = ChainCheck(stream, digest), False
    for event in Event.objects.filter(stream=stream).order_by("seq").iterator(chunk_size=2000):
        is_there = True
        check.read(event.hashed_row(), event.leaf)
    return is_there and check.broken is None


def _without_command() -> Iterator[Break]:
    # NOT EXISTS: PostgreSQL walks through all commands for each event of a NOT IN.
    known = Exists(Command.objects.filter(command_id=OuterRef("command_id")))
    for event in Event.objects.filter(~known).order_by("stream", "seq")[:100]:
        yield Break(event.stream, event.seq, "没有对应的命令登记")


TREE = "树"  # where a break is in the tree, not in a stream
LATE_IDS = 120_000 << 22  # ids of two minutes: how late an event is usually committed at most


def outside_tree(limit: int, *, everything: bool = False, after: int = 0) -> list[int]:
    """Ids of events that have no place in the tree yet, oldest first, those behind an id.

    The range is said of both tables: PostgreSQL would read all the leaves from the first one.
    """
    least = after + 1
    if not everything:
        least = max(
            least, (TreeLeaf.objects.aggregate(last=Max("event_id"))["last"] or 0) - LATE_IDS
        )
    placed = TreeLeaf.objects.filter(event_id=OuterRef("id"), event_id__gte=least)
    rows = Event.objects.filter(~Exists(placed), id__gte=least)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def oldest_outside_tree() -> datetime | None:
    """When the oldest of them was done: how long no head was signed over it."""
    found: datetime | None = Event.objects.filter(tree_leaf=None).aggregate(at=Min("at"))["at"]
    return found


def latest_instant() -> datetime | None:
    """When the event that was recorded last was done."""
    return Event.objects.order_by("-id").values_list("at", flat=True).first()


def latest_head() -> TreeHead | None:
    return TreeHead.objects.order_by("-size").first()


def tree() -> Tree:
    """The tree as it stands, to be grown."""
    head = latest_head()
    if head is None:
        return Tree(digest=digest)
    return Tree(head.size, map(bytes.fromhex, head.peaks), digest)


def root_at(size: int) -> str | None:
    """The root that was signed when there were so many events, or None."""
    return TreeHead.objects.filter(size=size).values_list("root", flat=True).first()


def exported(head: TreeHead) -> Iterator[bytes]:
    """The lines of an export: the records below a head in their order, spelt as hashed."""
    leaves = TreeLeaf.objects.filter(position__lt=head.size).select_related("event")
    for leaf in leaves.order_by("position").iterator(chunk_size=2000):
        yield canonical(leaf.event.hashed_row()) + b"\n"


def _tree_breaks(witnessed: Iterable[dict[str, Any]]) -> Iterator[Break]:
    """Whether the tree grown anew passes through each root that was signed, anchored, witnessed."""
    last = latest_head()
    roots = [*TreeHead.objects.order_by("size").values_list("size", "root").iterator()]
    if last is not None and (why := _why_unsigned(last)):
        yield Break(TREE, last.size, why)
    roots += [(one["size"], one["root"]) for one in (*signed_heads.anchors(), *witnessed)]
    told: dict[int, set[str]] = {}
    for size, root in roots:
        told.setdefault(size, set()).add(root)
    grown = Tree(digest=digest)
    rows = TreeLeaf.objects.order_by("position").values_list("position", "event__leaf")
    for position, leaf in rows.iterator(chunk_size=5000):
        if position != grown.size:
            yield Break(TREE, grown.size, f"应为第 {grown.size} 片叶，实为第 {position} 片")
            return
        grown.add(bytes.fromhex(leaf))
        if grown.size in told and told.pop(grown.size) != {grown.root().hex()}:
            yield Break(TREE, grown.size, "树根与签名、存证或见证的树头不符")
    for size in sorted(told)[:1]:
        yield Break(TREE, size, f"签名、存证或见证的树头有 {size} 片叶，实有 {grown.size} 片")


KEYS = "ledger:keys"  # the stream that tells how the signing key was handed on


def key_certificates() -> list[dict[str, Any]]:
    """How the ledger's key was handed on, oldest first: what the verifier takes by `--keys`."""
    return [event.facts["certificate"] for event in history(KEYS)]


def current_key() -> str | None:
    """The public key to which the ledger's was handed on last, None where it never was."""
    last = last_event(KEYS)
    return str(last.facts["certificate"]["next_key"]) if last else None


def why_no_heads() -> str:
    """Why this machine cannot sign the next head, "" where it can."""
    try:
        signed_heads.check_key(current_key())
        signed_heads.try_key()
    except (signed_heads.OtherLedgerKey, NoSM2) as error:
        return error.message
    return ""


def _why_unsigned(head: TreeHead) -> str:
    handed_on, ours = key_certificates(), signed_heads.public_key()
    first = handed_on[0]["public_key"] if handed_on else ours
    try:
        told = read_head(signed_heads.written(head))
        check_signer(told, first, [spelt(one) + b"\n" for one in handed_on])
    except Bad:
        return "树头的签名不成立，或者不是用当时的账本密钥签名的"
    return "" if current_key() in {None, ours} else "本机的账本密钥不是账本里登记的那一把"


@dataclass(frozen=True)
class FollowerDebts:
    """What waits for one follower; `oldest`: since when the oldest of it was to be told."""

    follower: str
    owed: int
    parked: int
    oldest: datetime | None


def debts_by_follower() -> list[FollowerDebts]:
    """By follower that is owed anything, by name: what nobody was told of yet, and what is told to
    it apart from the others."""
    waits = Q(parked_at=None)
    rows = Delivery.objects.values_list("follower").annotate(
        owed=Count("id", filter=waits),
        parked=Count("id", filter=~waits),
        oldest=Min("event__at", filter=waits),
    )
    found = {row[0]: FollowerDebts(*row) for row in rows}
    sort = Substr("event__stream", 1, StrIndex("event__stream", Value(":")))
    untold = Untold.objects.values_list("event__kind", sort).annotate(Count("pk"), Min("due_at"))
    for kind, stream, count, since in untold:
        for name in wanting(kind, stream):
            one = found.get(name, FollowerDebts(name, 0, 0, None))
            oldest = min(filter(None, [since, one.oldest]))
            found[name] = replace(one, owed=one.owed + count, oldest=oldest)
    return [found[name] for name in sorted(found)]


def parked_count() -> int:
    """How many debts were given up for a person to look at."""
    return Delivery.objects.exclude(parked_at=None).count()


def parked() -> list[Delivery]:
    return list(
        Delivery.objects.exclude(parked_at=None).select_related("event").order_by("parked_at", "id")
    )


def events_within(kinds: Iterable[str], since: date, until: date) -> list[Event]:
    """Events of these kinds that count for a day from `since` to `until`, both included."""
    rows = Event.objects.filter(kind__in=list(kinds), effective_on__range=(since, until))
    return list(rows.order_by("stream", "seq"))


def streams_told(kinds: Iterable[str], since: date, until: date) -> list[str]:
    """The streams with an event of these kinds that counts for a day from `since` to `until`, both
    included, by name."""
    rows = Event.objects.filter(kind__in=list(kinds), effective_on__range=(since, until))
    return sorted(rows.values_list("stream", flat=True).distinct())


def facts_of_kind(kind: str) -> Iterator[dict[str, Any]]:
    """The facts of every event of a kind, in no order that means anything."""
    rows = Event.objects.filter(kind=kind).values_list("facts", flat=True)
    return iter(rows.iterator(chunk_size=2000))


def book(
    kinds: Iterable[str],
    organisation_id: int,
    since: date,
    until: date,
    after: Cursor | None = None,
    size: int = 100,
) -> list[Event]:
    """What was told of the things of a unit (`organisation_id` among the facts) from a day to a
    day, newest first; total order (at, id)."""
    rows = Event.objects.filter(
        kind__in=list(kinds),
        at__gte=day_bounds(since)[0],
        at__lt=day_bounds(until)[1],
        facts__organisation_id=str(organisation_id),
    )
    if after is not None:
        rows = rows.filter(Q(at__lt=after.at) | Q(id__lt=after.id), at__lte=after.at)
    return list(rows.order_by("-at", "-id")[:size])
