"""Documents: drawn up with a number inside the act that leaves them, sealed once afterwards."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from mingtang.base import entropy
from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import next_id
from mingtang.base.profile import digest
from mingtang.base.rows import insert_rows
from mingtang.base.sealed import blind_index
from mingtang.base.serials import next_serial
from mingtang.files import seals
from mingtang.files.codes import INDEX, code_of
from mingtang.files.models import Document as Document
from mingtang.files.rules.documents import (
    LONGEST_SEAL_NAME,
    NeedsNoSeal,
    NoSealName,
    Paper,
    SealedAlready,
    SealMethod,
    SealState,
    commitment,
    document_number,
    seal_message,
    series_of,
)
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command, record


def draw_up(
    paper: Paper, *, subject: str, organisation_id: int, on: date, at: datetime
) -> Document:
    """Write a paper down under its next number, in the transaction that is open.

    Numbers are gap-free per mark and year: an act that is rolled back gives its number back.
    Raises LongMark. The caller records the event, with `Document.facts()` in it.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a document is drawn up in a transaction")
    text = canonical(paper).decode()
    paper = Paper.read(text)  # as it will be read again: its characters have one spelling now
    number, salt, id = _number(paper.mark, on.year), entropy.salt(16).hex(), next_id()
    document = Document(
        id=id,
        number=number or None,
        kind=paper.kind,
        subject=subject,
        organisation_id=organisation_id,
        title=paper.title,
        content=text,
        salt=salt,
        commitment=commitment(paper, number, on, salt, issuer=str(organisation_id), digest=digest),
        code_index=blind_index(INDEX, code_of(id, salt)),
        drawn_at=at,
        issued_date=on,
        needs_seal=paper.needs_seal,
    )
    insert_rows([document])
    return document


def _number(mark: str, year: int) -> str:
    return document_number(mark, year, next_serial(series_of(mark, year))) if mark else ""


@command("document.seal")
def seal_document(
    *,
    document_id: int,
    seal_name: str,
    method: SealMethod = SealMethod.PHYSICAL,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Enter in the seal register that a document was sealed: once, and never taken back.

    An electronic seal signs the commitment; who made it is asked within the transaction and must
    answer soon. Returns {"document_id", "number"}. Raises NotFound, NeedsNoSeal, SealedAlready,
    NoSealName, NoElectronicSeal, and AlteredDocument: no seal goes on a text that is not the one
    drawn up.
    """
    rows = Document.objects.select_for_update().defer("content")
    document = rows.filter(id=document_id).first()
    if document is None:
        raise NotFound("没有这份文书，请刷新页面后核对。")
    _check_may_seal(document, seal_name.strip())
    _fill(document, seal_name.strip(), actor, at)
    _sign(document, method, at)
    document.save(update_fields=Document.fills_once)
    record(
        stream=document.subject,
        kind="document.sealed",
        facts={
            "document": document.facts(),
            "seal_name": document.seal_name,
            "method": document.seal_method,
            "signature": document.seal_signature,
        },
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"document_id": str(document.id), "number": document.number or ""}


def _check_may_seal(document: Document, seal_name: str) -> None:
    if document.seal_state is SealState.NOT_NEEDED:
        raise NeedsNoSeal(str(document))
    if document.sealed_at is not None:
        raise SealedAlready(str(document), legal_date(document.sealed_at))
    if not 0 < len(seal_name) <= LONGEST_SEAL_NAME:
        raise NoSealName
    document.paper()


def _fill(document: Document, seal_name: str, actor: Actor, at: datetime) -> None:
    if actor.id is None:
        raise DomainError("盖章须由工作人员登记，请先登录。")
    document.sealed_at, document.sealed_by_id = at, int(actor.id)
    document.sealed_for_id = int(actor.acting_for_id) if actor.acting_for_id else None
    document.seal_name = seal_name


def _sign(document: Document, method: SealMethod, at: datetime) -> None:
    document.seal_method = method.value
    if method is SealMethod.ELECTRONIC:
        message = seal_message(document.commitment, document.seal_name, at)
        document.seal_provider = seals.chosen()
        document.seal_signature = seals.provider(document.seal_provider).sign(message)
