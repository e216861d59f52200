"""Verifying a document: found by the code that is printed on it, within limits, then examined."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import (
    count_attempt_or_refuse,
    forget_attempt,
    forget_attempts,
)
from mingtang.base.errors import NotFound
from mingtang.base.sealed import blind_index
from mingtang.files import seals
from mingtang.files.codes import INDEX, code_of
from mingtang.files.models import Document
from mingtang.files.rules.documents import (
    AlteredDocument,
    Fault,
    SealMethod,
    seal_message,
)
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event

NOT_OURS = (
    "没有查到这份文书：文号或核验码不正确，或者不是本中心出具的。"
    "请对照文书上的文号和核验码重新输入；仍查不到的，请不要采信，并向发文单位核实。"
)


def document_by_code(*, code: str, source: str, at: datetime) -> Document:
    """The document that bears a code. Guessing is slowed down.

    Raises NotFound, and TooManyAttempts beyond the limit of a source.
    """
    attempt = count_attempt_or_refuse("verify_source", source, LOOKUP_PER_SOURCE, at)
    document = _found(code)
    if document is None:
        raise NotFound(NOT_OURS)
    forget_attempt(attempt)
    return document


def document_by_number(*, number: str, code: str, source: str, at: datetime) -> Document:
    """The document of a number and a code that were typed in. One without a number: its code alone.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("verify", subject, LOOKUP_PER_CASE, at)
    document = document_by_code(code=code, source=source, at=at)
    if plain_number(document.number or "") != plain_number(number):
        raise NotFound(NOT_OURS)
    forget_attempts("verify", subject)
    return document


def plain_number(number: str) -> str:
    """A number as it is compared: brackets are typed in many ways, or left out."""
    return "".join(char for char in number if char.isalnum())


def _found(code: str) -> Document | None:
    """By the blind index; and the code must still be that of the row, whatever its index says."""
    rows = Document.objects.filter(code_index=blind_index(INDEX, code)).defer("content")
    document = rows.first()
    if document is None:
        return None
    expected = code_of(document.id, document.salt)
    return document if hmac.compare_digest(expected.encode(), code.encode()) else None


# ── is it still what was drawn up? ────────────────────────────────────────────────────────────


def faults_of(document: Document) -> list[Fault]:
    """What does not hold of a document: nothing, for a good one.

    The stored content is recomputed against the commitment beside it, and that against the one in
    the ledger, whose chain is recomputed too. Who can rewrite all of it, with the key, and every
    witness of the ledger's heads, is not found out here.
    """
    events = ledger.history(document.subject)
    checks = (
        (Fault.CONTENT, _is_unaltered(document)),
        (Fault.UNRECORDED, _is_recorded(document, events)),
        (Fault.SEAL, _is_sealed_as_recorded(document, events)),
        (Fault.SIGNATURE, _is_signed(document)),
        (Fault.LEDGER, ledger.is_whole(document.subject)),
    )
    return [fault for fault, holds in checks if not holds]


def _is_unaltered(document: Document) -> bool:
    try:
        document.paper()
    except AlteredDocument:
        return False
    return True


def _is_recorded(document: Document, events: list[Event]) -> bool:
    """Whether the act that drew it up told the ledger of just this document."""
    told = [(event.at, one) for event in events for one in _told_of(document, event)]
    return bool(told) and (document.drawn_at, document.facts()) == told[0]


def _told_of(document: Document, event: Event) -> Iterator[dict[str, Any]]:
    """What an act said of a document that it drew up; one act may leave several."""
    if event.kind != SEALED:
        for said in event.facts.values():
            if isinstance(said, dict) and said.get("id") == str(document.id):
                yield said


SEALED = "document.sealed"


def _is_sealed_as_recorded(document: Document, events: list[Event]) -> bool:
    told = [event for event in events if event.kind == SEALED and _is_about(event, document)]
    if not told or document.sealed_at is None:
        return not told and document.sealed_at is None
    return _entry_of(document) == _entry_told(told[0])


def _is_about(event: Event, document: Document) -> bool:
    told = event.facts.get("document")
    return isinstance(told, dict) and told.get("id") == str(document.id)


def _entry_of(document: Document) -> tuple[Any, ...]:
    return (
        *(document.sealed_at, document.sealed_by_id, document.sealed_for_id),
        *(document.seal_name, document.seal_method, document.seal_signature),
        document.facts(),
    )


def _entry_told(event: Event) -> tuple[Any, ...]:
    """The same of the event. Seals of the time before there were others are physical."""
    by, held_by = event.actor_id, event.acting_for_id
    facts = event.facts
    return (
        *(event.at, int(by) if by else None, int(held_by) if held_by else None),
        *(facts.get("seal_name"), facts.get("method", SealMethod.PHYSICAL.value)),
        facts.get("signature", ""),
        facts["document"],
    )


def _is_signed(document: Document) -> bool:
    if document.seal_method != SealMethod.ELECTRONIC.value or document.sealed_at is None:
        return True
    message = seal_message(document.commitment, document.seal_name, document.sealed_at)
    try:
        return seals.provider(document.seal_provider).verify(message, document.seal_signature)
    except ImportError:  # the class of another time: nobody here can check it
        return False
