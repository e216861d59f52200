"""Services: what other apps tell becomes lines, and the lines of a day one draft for review."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.base.ids import derived_command_id, lease
from mingtang.disclosure import queries
from mingtang.disclosure.models import AutoFact, AutoRule
from mingtang.disclosure.rules.auto import AutoKind, fitting, list_of_day
from mingtang.disclosure.rules.chain import State
from mingtang.disclosure.services.common import Result
from mingtang.disclosure.services.drafting import begin
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.regions import queries as regions

DRAFTS_A_ROUND = 50
log = logging.getLogger(__name__)


@command("disclosure.switch_auto")
def switch_auto(
    *, kind: AutoKind, is_on: bool, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Let facts of a kind become drafts, or not. Records "disclosure.auto_switched"."""
    kind = AutoKind(kind)
    by = int(actor.id) if actor.id else None
    AutoRule.objects.update_or_create(
        kind=kind.value, defaults={"is_on": is_on, "switched_at": at, "switched_by_id": by}
    )
    facts = {"is_on": is_on}
    record(
        stream=f"auto_rule:{kind.value}",
        kind="disclosure.auto_switched",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return facts


def note_fact(
    kind: AutoKind, *, organisation_id: int, day: date, stream: str, seq: int, cells: Sequence[str]
) -> None:
    """Keep a line for the list of its organ and day. Twice: one line."""
    AutoFact.objects.get_or_create(
        kind=kind.value,
        stream=stream,
        seq=seq,
        defaults={"organisation_id": organisation_id, "day": day, "cells": list(cells)},
    )


def sweep_lists(at: datetime) -> int:
    """Draft the lists of days that are over. Late or twice: the same drafts. Returns how many.

    A list that cannot be drafted is told in the log, and keeps no other from its draft.
    """
    waiting = queries.lists_waiting(before=legal_date(at), limit=DRAFTS_A_ROUND)
    return sum(_drafted(kind, organisation_id, day, at) for kind, organisation_id, day in waiting)


def _drafted(kind: AutoKind, organisation_id: int, day: date, at: datetime) -> bool:
    lease()
    try:
        with transaction.atomic():
            draft_list(
                kind=kind,
                organisation_id=organisation_id,
                day=day,
                ids=[str(one) for one in queries.facts_waiting(kind, organisation_id, day)],
                actor=SYSTEM,
                at=at,
                command_id=_list_command(kind, organisation_id, day),
            )
    except DomainError as error:
        log.error("清单没有生成：%s，单位 %s，%s：%s", kind.label, organisation_id, day, error)
        return False
    return True


def _list_command(kind: AutoKind, organisation_id: int, day: date) -> str:
    """The same lines, the same command; lines that come later make another list."""
    first = queries.facts_waiting(kind, organisation_id, day)[:1]
    return derived_command_id("auto", kind.value, organisation_id, day, *first)


@command("disclosure.draft_list")
def draft_list(
    *,
    kind: AutoKind,
    organisation_id: int,
    day: date,
    ids: Sequence[str],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """One draft of the lines of an organ and a day; it waits for review like any other. Lines that
    its text has no room for wait for the next round, and become a list of their own."""
    kind = AutoKind(kind)
    rows = list(AutoFact.objects.filter(id__in=[int(one) for one in ids]).order_by("stream", "seq"))
    organ = regions.name_of(organisation_id, day)
    rows = rows[: fitting(kind, organ, day, [row.cells for row in rows])]
    item = begin(
        organisation_id=organisation_id,
        content=list_of_day(kind, organ, day, [row.cells for row in rows]),
        origin=f"auto:{kind.value}/{day.isoformat()}",
        state=State.REVIEW,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    AutoFact.objects.filter(id__in=[row.id for row in rows]).update(publication=item)
    return {"publication_id": str(item.id), "lines": len(rows)}
