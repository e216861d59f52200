"""Commands of the ledger: run a command once, record its events, deliver them, fill history."""

import functools
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from django.utils import translation

from mingtang.base import ids
from mingtang.base.clock import legal_date
from mingtang.base.db import hold_table, queue_up, skip_locked
from mingtang.base.kept import asked_once_writing
from mingtang.base.profile import digest
from mingtang.base.progress import note, steps
from mingtang.base.rows import Spelt, insert_rows, insert_values, update_row
from mingtang.base.sealed import keyed_hash
from mingtang.ledger import heads, proofs, queries
from mingtang.ledger.followers import followers, wanting
from mingtang.ledger.models import HASHED_FIELDS, Command, Delivery, Event, TreeLeaf, Untold
from mingtang.ledger.outcomes import REPEATED, outcome_of
from mingtang.ledger.rules import GENESIS, Actor, CommandConflict, Leaves, canonical

MAX_ATTEMPTS = 5
# What is delivered in one transaction at most: on SQLite others wait for it meanwhile. An event is
# told to some four followers.
EVENTS_TOGETHER, DEBTS_TOGETHER = 5, 20
BACKOFF_SECONDS = (1, 5, 30, 300)  # after the first, second, third and fourth failure

Result = dict[str, Any]
M = TypeVar("M", bound=Model)


def command(
    kind: str, *, asks_once: bool = False
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a keyword-only function a command: one transaction, once per `command_id`.

    The function takes `actor`, `at`, `command_id` besides its content and returns what JSON can
    hold. The same id with the same content answers as before without acting; with other content
    it raises CommandConflict (409). The instant `at` is no part of the content: retries come later.
    `asks_once`: for one that holds first what it is about; whether what the process keeps still
    holds is then asked once for all that it reads (base.kept).
    """
    asking: Callable[[], Any] = asked_once_writing if asks_once else nullcontext

    def wrap(function: Callable[..., Result]) -> Callable[..., Result]:
        @functools.wraps(function)
        def run(*, actor: Actor, at: datetime, command_id: str, **content: Any) -> Result:
            with outcome_of(kind, command_id) as came:
                return once(came, actor=actor, at=at, command_id=command_id, **content)

        def once(
            came: list[str], *, actor: Actor, at: datetime, command_id: str, **content: Any
        ) -> Result:
            told = keyed_hash("command", canonical([kind, actor.id, content])).hex()
            ids.lease()
            try:
                # What is written down is Chinese, whatever language the page speaks.
                with translation.override(settings.LANGUAGE_CODE), transaction.atomic(), asking():
                    row = Command(command_id=command_id, kind=kind, digest=told, at=at)
                    insert_rows([row])
                    result: Result = function(actor=actor, at=at, command_id=command_id, **content)
                    row.result = result
                    update_row(row, "result")
                    return result
            except IntegrityError:
                earlier = Command.objects.filter(command_id=command_id).first()
                if earlier is None:
                    raise
                came[0] = REPEATED
                return _earlier_result(earlier, told)

        run.kind = kind  # type: ignore[attr-defined]
        return run

    return wrap


def _earlier_result(earlier: Command, told: str) -> Result:
    if earlier.digest != told:
        raise CommandConflict from None
    result: Result | None = earlier.result
    assert result is not None
    return result


@dataclass(frozen=True)
class Entry:
    """One event to record. `effective_on` defaults to the legal day of the act. `begins`: the first
    of its stream, of a thing that is made just now; so nobody looks whether the stream is there."""

    stream: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    effective_on: date | None = None
    begins: bool = False


def record(
    *,
    stream: str,
    kind: str,
    facts: dict[str, Any],
    effective_on: date | None = None,
    begins: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Event:
    """Write one event into the ledger, in the transaction that is open. `begins`: see Entry."""
    (row,) = _recorded([Entry(stream, kind, facts, effective_on, begins)], actor, at, command_id)
    told = dict(zip(COLUMNS, row, strict=True)) | {"facts": facts}
    return Event.from_db(connection.alias, COLUMNS, told.values())


def record_all(entries: Sequence[Entry], *, actor: Actor, at: datetime, command_id: str) -> None:
    """Write many events with a handful of statements, in the transaction that is open.

    They are written in the order of their streams, so that two writers never wait in a circle.
    """
    if entries:
        _recorded(entries, actor, at, command_id)


COLUMNS = ("id", *HASHED_FIELDS, "leaf")  # of an event, as its table has them
Row = tuple[Any, ...]  # of them
End = tuple[int, str]  # of a stream: number and leaf of its last event


def _recorded(entries: Sequence[Entry], actor: Actor, at: datetime, command_id: str) -> list[Row]:
    """Nobody holds a stream: of two who go on with it at once the database takes one, and the other
    reads its end anew."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is recorded inside a transaction")
    ends = _ends({one.stream for one in entries if not one.begins}, entries)
    while not _is_written(rows := _appended(dict(ends), entries, actor, at, command_id)):
        before, ends = ends, _ends({one.stream for one in entries}, entries)
        if ends == before:  # no other came first: let the database say why
            insert_values(Event, rows)
    _note_untold(entries, rows, at)
    return rows


def _ends(looked_for: set[str], entries: Sequence[Entry]) -> dict[str, End]:
    """The ends of the streams of all entries; those that are not looked for begin."""
    return {one.stream: (0, GENESIS) for one in entries} | queries.ends(looked_for)


def _is_written(rows: list[Row]) -> bool:
    """False, and nothing written, where another transaction came first in one of the streams."""
    if len(rows) == 1:
        return insert_values(Event, rows, ignoring=True) == 1
    try:
        with transaction.atomic():  # in an order, so that two writers never wait in a circle
            insert_values(Event, sorted(rows, key=PLACE))
    except IntegrityError:
        return False
    return True


PLACE = itemgetter(COLUMNS.index("stream"), COLUMNS.index("seq"))


def _appended(
    ends: dict[str, End], entries: Sequence[Entry], actor: Actor, at: datetime, command_id: str
) -> list[Row]:
    """The events that come next in their streams, value by value; the ends move on to them."""
    leaves, today, rows = Leaves(actor, at, command_id, digest), legal_date(at), []
    who = (
        *(actor.id, actor.label, actor.acting_for_id, actor.acting_for_label),
        *(actor.organisation_id, actor.organisation_label, command_id),
    )
    for event_id, entry in zip(ids.next_ids(len(entries)), entries, strict=True):
        facts, on = canonical(entry.facts), entry.effective_on or today
        stream, (last, previous) = entry.stream, ends[entry.stream]
        seq, kind = last + 1, entry.kind
        leaf = leaves.leaf(stream=stream, seq=seq, kind=kind, on=on, facts=facts, previous=previous)
        ends[stream] = seq, leaf
        placed = (event_id, stream, seq, kind, at, on)
        rows.append((*placed, *who, Spelt(facts.decode()), previous, leaf))
    return rows


def _note_untold(entries: Sequence[Entry], rows: Sequence[Row], at: datetime) -> None:
    """One row for each event that somebody is to be told of; the worker knows whom."""
    told = zip(entries, rows, strict=True)
    insert_values(Untold, [(row[0], at) for one, row in told if wanting(one.kind, one.stream)])


def _deliver_some(at: datetime) -> int:
    """Try a few debts that are due, and where these are all of them tell of a few events that
    nobody was told of, in one transaction. Returns how many debts and events it was.

    Debts are of events before: who hears all of history hears it in its order. Each follower stands
    by itself: what one did that fails is undone, noted, tried again, parked.
    """
    ids.lease()
    with transaction.atomic():
        due = Delivery.objects.filter(parked_at=None, due_at__lte=at).order_by("due_at", "id")
        debts = list(_held(due).select_related("event")[:DEBTS_TOGETHER])
        paid = [debt.id for debt in debts if _is_handled(debt, at)]
        Delivery.objects.filter(id__in=paid).delete()
        untold = _held(Untold.objects.filter(due_at__lte=at).order_by("event_id"))
        room = EVENTS_TOGETHER if len(debts) < DEBTS_TOGETHER else 0
        told = list(untold.values_list("event_id", flat=True)[:room])
        for event in Event.objects.filter(id__in=told).order_by("id"):
            for name in wanting(event.kind, event.stream):
                _is_handled(Delivery(event=event, follower=name), at)
        Untold.objects.filter(event_id__in=told).delete()
    return len(debts) + len(told)


def _held(rows: QuerySet[M]) -> QuerySet[M]:
    """Another worker takes others meanwhile."""
    return rows.select_for_update(skip_locked=skip_locked(), of=("self",))


def _is_handled(debt: Delivery, at: datetime) -> bool:
    try:
        with transaction.atomic():
            followers()[debt.follower].handle(debt.event)
    except Exception:  # a follower's failure must not stop the others
        _note_failure(debt, at, traceback.format_exc(limit=-3))
        return False
    return True


def _note_failure(debt: Delivery, at: datetime, error: str) -> None:
    debt.attempts += 1
    debt.last_error = error[-500:]
    if debt.attempts >= MAX_ATTEMPTS:
        debt.parked_at = at
    else:
        debt.due_at = at + timedelta(seconds=BACKOFF_SECONDS[debt.attempts - 1])
    debt.save()


def deliver_all(at: datetime, limit: int | None = None) -> int:
    """Try what is due, and tell followers what they were not told of yet, until `limit` is
    reached. Returns how many debts and events it was."""
    done = 0
    while limit is None or done < limit:
        done += (some := _deliver_some(at))
        note("投递", done, limit or 0)
        if some < EVENTS_TOGETHER:  # neither was cut off
            break
    return done


def replay(name: str, at: datetime) -> int:
    """Owe a follower all of history again, after emptying what it keeps. Returns how many.

    Of what nobody was told of yet it hears with the others."""
    ids.lease()
    follower = followers()[name]
    with transaction.atomic():
        hold_table(Delivery)  # each round of a worker begins with it
        Delivery.objects.filter(follower=name).delete()
        if follower.reset:
            follower.reset()
        told = Event.objects.filter(untold=None).order_by("id")
        debts = (
            Delivery(event=event, follower=name, due_at=at)
            for event in steps("重读账本", told.iterator(chunk_size=2000))
            if follower.wants(event.kind, event.stream)
        )
        return len(Delivery.objects.bulk_create(list(debts), batch_size=500))


LEAVES_TOGETHER = 1000  # in one transaction: on SQLite others wait for it meanwhile


def grow_tree(at: datetime, *, everything: bool = False) -> int:
    """Give the events that have none their place in the tree and sign its head. Returns how many.

    Which have none is asked of the events themselves, never by "above the last id": one that is
    committed late has a smaller id. Usually those of the last minutes are looked at, with
    `everything` all: on from where the last look ended, and from the front until none is left.
    """
    grown = after = 0
    look = functools.partial(queries.outside_tree, LEAVES_TOGETHER, everything=everything)
    while (owed := look(after=after)) or after:
        grown += _add_leaves(owed, at) if owed else 0
        after = owed[-1] if owed and everything else 0
    if grown or everything:
        for level in range(proofs.WIDE, proofs.TALLEST, proofs.WIDE):
            while _add_nodes(level):
                pass
    return grown


def _add_nodes(level: int) -> int:
    """Note the full subtrees of a level that are not noted yet, some in one transaction."""
    with transaction.atomic():
        queue_up("ledger_tree")
        fresh = proofs.nodes_owed(level, LEAVES_TOGETHER // proofs.TOGETHER)
        return insert_rows(fresh) if fresh else 0


def _add_leaves(event_ids: Sequence[int], at: datetime) -> int:
    """One grows it at a time; who waited looks again at what is left to do."""
    with transaction.atomic():
        queue_up("ledger_tree")
        rows = Event.objects.filter(id__in=event_ids, tree_leaf=None).order_by("id")
        leaves = list(rows.values_list("id", "leaf"))
        if not leaves:
            return 0
        heads.settle(queries.current_key())
        tree = queries.tree()
        places = [
            TreeLeaf(position=tree.size + number, event_id=event_id)
            for number, (event_id, _) in enumerate(leaves)
        ]
        insert_rows(places)
        for _, leaf in leaves:
            tree.add(bytes.fromhex(leaf))
        insert_rows([heads.signed(tree, at)])
    return len(leaves)


def anchor_head(at: datetime) -> int:
    """Append the latest head to the anchors, if they have not got it. Returns how many."""
    head = queries.latest_head()
    last = max((one["size"] for one in heads.anchors()), default=0)
    if head is None or head.size <= last:
        return 0
    told = heads.told_until()
    begin = told if 0 < told <= head.size else last
    heads.anchor(head, proofs.extension_of(begin, head))
    return 1
