"""Commands on personal data: show what is masked, with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.persons.models import Reveal
from mingtang.persons.queries import revealed_on
from mingtang.persons.rules import NothingChosen, Reason, TooManyReveals, WordsWanted


@command("personal.reveal")
def reveal(
    *,
    subject: str,
    names: Sequence[str],
    reason: Reason,
    words: str,
    person_id: int,
    organisation_id: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Note that somebody has these fields of a subject shown. Returns {"reveal_id"}.

    Whether they may read the subject is asked before (`opening.opened`). The ledger gets the names
    of the fields and the kind of reason; the words, which may name people, stay sealed in the row.
    Raises NothingChosen, WordsWanted, and TooManyReveals beyond MINGTANG_REVEALS_A_DAY fields.
    """
    if not names:
        raise NothingChosen
    if reason is Reason.OTHER and not words.strip():
        raise WordsWanted
    queue_up(f"reveals/{person_id}")
    most = settings.MINGTANG_REVEALS_A_DAY
    if revealed_on(person_id, legal_date(at)) + len(names) > most:
        raise TooManyReveals(most)
    row = Reveal.objects.create(
        person_id=person_id,
        organisation_id=organisation_id,
        subject=subject,
        field_names=list(names),
        field_count=len(names),
        reason=reason.value,
        words=words.strip(),
        revealed_at=at,
    )
    facts = {"reveal_id": str(row.id), "fields": list(names), "reason": reason.value}
    by: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id}
    record(stream=subject, kind="personal.revealed", facts=facts, **by)
    return {"reveal_id": str(row.id)}
