"""Services: telling people, sending what waits, reading the inbox, the office's own wording."""

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from mingtang.base.db import skip_locked
from mingtang.base.ids import lease
from mingtang.base.rows import insert_rows
from mingtang.base.sealed import keyed_hash
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.messages import queries
from mingtang.messages.models import IS_INBOX, Message, MessageTemplate, OptOut
from mingtang.messages.providers import Refused, is_open, name_of, provider_of
from mingtang.messages.rules import (
    MAX_TRIES,
    OPTIONAL,
    WAIT_AFTER,
    Audience,
    Rendered,
    State,
    StrayBrace,
    Template,
    UnknownPlace,
    Way,
    masked,
    render,
    sms_number,
)

log = logging.getLogger(__name__)
SENDS_A_ROUND = 50
LEASE = timedelta(minutes=15)  # more than SENDS_A_ROUND messages of ten seconds each


def tell(
    *,
    subject: str,
    event: str,
    audience: str,
    fallback: Template,
    facts: Mapping[str, str],
    person_id: int | None = None,
    phone: str = "",
    email: str = "",
    dedupe: str,
    at: datetime,
) -> list[int]:
    """Write what is to be said about a subject, in the transaction that is open.

    One row per way that applies: the inbox of a person, an SMS to a mobile number (if the
    template has words for one), a mail to an address, but on no way that the person does without;
    and to the city's other system, once for an event, that it happened: no name, no number, no
    words. The office's wording goes before
    `fallback`. Told again with the same `dedupe`, a recipient gets nothing twice. Returns the ids
    of the rows, written now or before. Raises UnknownPlace where `facts` lack something.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("people are told inside a transaction")
    said = _said(event, Audience(audience), fallback, facts)
    rows = [
        Message(
            subject=subject,
            event=event,
            audience=audience,
            person_id=None if way is Way.WEBHOOK else person_id,
            title=said.title,
            dedupe_key=_dedupe_key(dedupe, way, recipient or str(person_id)),
            created_at=at,
            way=way.value,
            recipient=recipient,
            text=_text(way, said, (subject, event, audience), at),
            state=(State.DELIVERED if way is Way.INBOX else State.WAITING).value,
            due_at=None if way is Way.INBOX else at,
        )
        for way, recipient in _ways(said, person_id, phone, email)
    ]
    insert_rows(rows, ignoring=True)
    told = Message.objects.filter(dedupe_key__in=[row.dedupe_key for row in rows])
    return list(told.order_by("id").values_list("id", flat=True))


def _said(event: str, audience: Audience, fallback: Template, facts: Mapping[str, str]) -> Rendered:
    """The text, in the office's wording if it has any that can still be filled.

    After an upgrade a place may be gone: better told in the built-in words than not at all.
    """
    own = queries.wording_of(event, audience)
    if own is not None:
        try:
            return render(own, facts)
        except (UnknownPlace, StrayBrace) as error:
            log.warning("template %s/%s does not fit: %s", event, audience, error)
    return render(fallback, facts)


def _ways(
    said: Rendered, person_id: int | None, phone: str, email: str
) -> Iterator[tuple[Way, str]]:
    off = queries.ways_off(person_id) if person_id is not None and (phone or email) else set()
    if person_id is not None:
        yield Way.INBOX, ""
    if said.sms and Way.SMS not in off and is_open(Way.SMS) and (number := sms_number(phone)):
        yield Way.SMS, number
    if Way.MAIL not in off and is_open(Way.MAIL) and (address := email.strip()):
        yield Way.MAIL, address
    if is_open(Way.WEBHOOK):
        yield Way.WEBHOOK, settings.MINGTANG_WEBHOOK_URL


def _text(way: Way, said: Rendered, about: tuple[str, str, str], at: datetime) -> str:
    """What goes out on a way."""
    if way is Way.WEBHOOK:
        named = dict(zip(("subject", "event", "audience"), about, strict=True))
        return json.dumps(named | {"at": at.isoformat()}, sort_keys=True)
    return said.sms if way is Way.SMS else said.text


def _dedupe_key(dedupe: str, way: Way, recipient: str) -> str:
    return keyed_hash("message", "\n".join((dedupe, way, recipient)).encode()).hex()


def send_due(at: datetime, limit: int = SENDS_A_ROUND) -> int:
    """Send the mail and SMS that are due. Returns how many were tried. Run late or twice: fine.

    Each is claimed in a transaction of its own (tries counted, due again after LEASE), then sent
    outside of any, then noted. A worker that dies in between leaves the message to be sent again
    after the lease: twice perhaps, never lost. A way whose provider fails rests until the next
    round, so that a dead server holds the worker up once and not for every message.
    """
    _give_up_on_interrupted(at)
    resting: set[str] = set()
    tried = 0
    while tried < limit and (claimed := _claim(at, resting)) is not None:
        tried += 1
        if not _send(claimed, at):
            resting.add(claimed.way)
    return tried


def _give_up_on_interrupted(at: datetime) -> None:
    """The worker died in the last try of these: sending once more could go on for ever."""
    Message.objects.filter(due_at__lte=at, attempts=MAX_TRIES).update(
        state=State.GIVEN_UP.value, due_at=None, last_error="最后一次发送时程序中断，结果不明"
    )


_EARLIER = Message.objects.filter(
    way=Way.WEBHOOK.value,
    subject=OuterRef("subject"),
    due_at__isnull=False,
    id__lt=OuterRef("id"),
)
_IN_TURN = ~Q(way=Way.WEBHOOK.value) | ~Exists(_EARLIER)


def _claim(at: datetime, resting: set[str]) -> Message | None:
    """The next due message, ours until the lease ends. Opens nothing sealed.

    Only what is queued has a due time, and the index of the queue holds just that. The other
    system hears of a subject in the order in which things happened: what comes later waits.
    """
    with transaction.atomic():
        claimed = (
            Message.objects.select_for_update(skip_locked=skip_locked())
            .filter(_IN_TURN, due_at__lte=at, attempts__lt=MAX_TRIES)
            .exclude(way__in=resting)
            .only("id", "way", "attempts", "due_at")
            .order_by("due_at", "id")
            .first()
        )
        if claimed is not None:
            claimed.attempts += 1
            claimed.due_at = at + LEASE
            claimed.save(update_fields=["attempts", "due_at"])
        return claimed


def _send(claimed: Message, at: datetime) -> bool:
    """Send a claimed message and note the outcome. False if its provider seems to be down."""
    recipient = ""
    try:
        message = Message.objects.get(id=claimed.id)
        recipient = message.recipient
        reference = provider_of(Way(message.way)).send(recipient, message.title, message.text)
    except Refused as error:
        _note_failure(claimed, at, _told(error, claimed, recipient), is_last=True)
    except Exception as error:  # whatever a provider meets is noted; the next message has its turn
        _note_failure(claimed, at, _told(error, claimed, recipient))
        return False
    else:
        _note(claimed, State.SENT, sent_at=at, provider_reference=reference[:200], last_error="")
    return True


def _told(error: Exception, claimed: Message, recipient: str) -> str:
    """What went wrong, in one line, with the recipient masked: logs and doctors show it."""
    line = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if recipient:
        line = line.replace(recipient, masked(Way(claimed.way), recipient))
    return " ".join(line.split())[:300]


def _note_failure(claimed: Message, at: datetime, error: str, *, is_last: bool = False) -> None:
    log.warning("%s %s not sent, try %d: %s", claimed.way, claimed.id, claimed.attempts, error)
    if is_last or claimed.attempts >= MAX_TRIES:
        _note(claimed, State.GIVEN_UP, last_error=error)
    else:
        due_at = at + WAIT_AFTER[claimed.attempts - 1]
        _note(claimed, State.FAILED, due_at=due_at, last_error=error)


def _note(claimed: Message, state: State, **more: Any) -> None:
    """Write the outcome of a try on what is still queued.

    After our lease somebody else may have taken it up: then our failure is no news, our success is.
    """
    outcome = {"due_at": None, "provider": name_of(Way(claimed.way))[:100], **more}
    queued = Message.objects.filter(id=claimed.id).exclude(due_at=None)
    if state is not State.SENT:
        queued = queued.filter(attempts=claimed.attempts)
    queued.update(state=state.value, **outcome)


def try_again(*, since: datetime, at: datetime) -> int:
    """Queue anew what was given up since then, after its cause was mended. Returns how many."""
    return Message.objects.filter(state=State.GIVEN_UP.value, created_at__gte=since).update(
        state=State.WAITING.value, attempts=0, due_at=at
    )


def mark_read(*, person_id: int, message_id: int | None = None, at: datetime) -> int:
    """Note that a person has read a message, or all of theirs. Returns how many were unread.

    No command of the ledger: what people read is no act of the office.
    """
    unread = Message.objects.filter(IS_INBOX, person_id=person_id, read_at=None)
    if message_id is not None:
        unread = unread.filter(id=message_id)
    return unread.update(read_at=at)


def choose_ways(*, person_id: int, without: Collection[Way], at: datetime) -> None:
    """A person says on which ways they want no messages. No command of the ledger: how somebody
    likes to be told is no act of the office."""
    lease()
    with transaction.atomic():
        OptOut.objects.filter(person_id=person_id).delete()
        OptOut.objects.bulk_create(
            OptOut(person_id=person_id, way=way.value, chosen_at=at)
            for way in OPTIONAL
            if way in without
        )


@command("message_template.save")
def save_template(
    *,
    event: str,
    audience: str,
    subject: str,
    body: str,
    sms: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Put the office's wording in place of the built-in one, for what is told from now on.

    Raises NoSuchOccasion, UnknownPlace, StrayBrace or SmsTooLong.
    """
    template = Template(subject, body, sms)
    queries.occasion_of(event, audience).check(template)
    words = {"subject": subject, "body": body, "sms": sms}
    MessageTemplate.objects.update_or_create(
        event=event, audience=audience, defaults={**words, "changed_at": at}
    )
    _record(event, audience, "saved", words, actor, at, command_id)
    return {"event": event, "audience": audience}


@command("message_template.reset")
def reset_template(
    *, event: str, audience: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Go back to the built-in wording. Raises NoSuchOccasion."""
    queries.occasion_of(event, audience)
    MessageTemplate.objects.filter(event=event, audience=audience).delete()
    _record(event, audience, "reset", {}, actor, at, command_id)
    return {"event": event, "audience": audience}


def _record(
    event: str,
    audience: str,
    verb: str,
    words: dict[str, str],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    record(
        stream=f"message_template:{event}/{audience}",
        kind=f"message_template.{verb}",
        facts={"event": event, "audience": audience, **words},
        actor=actor,
        at=at,
        command_id=command_id,
    )
