"""Commands: ask for a copy or for erasure, answer by another person, hold, note a copy."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict, NotFound
from mingtang.ledger.queries import history
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.persons.holdings import let_go, told
from mingtang.persons.models import DataRequest, Hold
from mingtang.persons.queries.asking import hold_on, who_is
from mingtang.persons.rules import (
    AskedAlready,
    DecidedAlready,
    HandedOut,
    NotByTwo,
    OnHold,
    RequestKind,
)


@command("personal.ask")
def ask(
    *,
    person_id: int,
    kind: RequestKind,
    words: str,
    registered_by_id: int | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Ask for a copy or for erasure; `registered_by_id`: the clerk at whose counter they stand.

    To be answered within MINGTANG_PERSONAL_DAYS calendar days: the law says "in time" (《个人信息
    保护法》第五十条), GB/T 35273 thirty days. Returns {"request_id"}. Raises AskedAlready.
    """
    queue_up(f"personal/{person_id}")
    if DataRequest.objects.filter(person=person_id, kind=kind.value, decided_at=None).exists():
        raise AskedAlready
    row = DataRequest.objects.create(
        person_id=person_id,
        kind=kind.value,
        words=words.strip(),
        asked_at=at,
        registered_by_id=registered_by_id,
        due_date=legal_date(at) + timedelta(days=settings.MINGTANG_PERSONAL_DAYS),
    )
    facts = {"request_id": str(row.id), "kind": kind.value, "due": row.due_date.isoformat()}
    _note(person_id, "personal.asked", facts, actor, at, command_id)
    return {"request_id": str(row.id)}


@command("personal.decide")
def decide(
    *,
    request_id: int,
    is_agreed: bool,
    answer: str,
    decider_id: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Answer a request. An erasure that is agreed to is done in the same transaction: what the law
    makes us keep stays and is named in the outcome, with why (第四十七条第二款).

    Returns {"erased": {label: count}}. Raises NotFound, DecidedAlready, NotByTwo, OnHold, and
    Conflict where a matter is still open.
    """
    row = DataRequest.objects.select_for_update().filter(id=request_id).first()
    if row is None:
        raise NotFound
    if row.decided_at is not None:
        raise DecidedAlready
    if decider_id in {row.person_id, row.registered_by_id}:
        raise NotByTwo
    erases = is_agreed and row.kind == RequestKind.ERASE.value
    outcome = _erased(row.person_id, at) if erases else {}
    row.is_agreed, row.answer, row.outcome = is_agreed, answer.strip(), outcome
    row.decided_at, row.decided_by_id = at, decider_id
    row.save(update_fields=["is_agreed", "answer", "outcome", "decided_at", "decided_by"])
    facts = {"request_id": str(row.id), "kind": row.kind, "is_agreed": is_agreed}
    facts |= {"erased": outcome.get("erased", {})}
    _note(row.person_id, "personal.answered", facts, actor, at, command_id)
    return {"erased": outcome.get("erased", {})}


def _erased(person_id: int, at: datetime) -> dict[str, Any]:
    queue_up(f"personal/{person_id}")  # as `place` does
    if hold_on(person_id) is not None:
        raise OnHold
    who = who_is(person_id)
    done = let_go(who, at)
    kept = Counter(one.kept for _, held in told(who) for one in held if one.kept)
    return {"erased": done, "kept": dict(kept)}


@command("personal.note_copy")
def note_copy(
    *, person_id: int, request_id: int | None, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Note that a copy of everything that is held about somebody was handed out; at a counter once
    for each request. Raises HandedOut."""
    if request_id is not None:
        queue_up(f"personal/{person_id}")
        before = [one for one in history(f"person:{person_id}") if one.kind == "personal.copied"]
        if str(request_id) in {one.facts["request_id"] for one in before}:
            raise HandedOut
    facts = {"request_id": str(request_id) if request_id else None}
    _note(person_id, "personal.copied", facts, actor, at, command_id)
    return {}


@command("personal.hold")
def place(
    *, person_id: int, reason: str, holder_id: int, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Nothing about this person is erased from now on. Returns {"hold_id"}. Raises Conflict."""
    queue_up(f"personal/{person_id}")
    if hold_on(person_id) is not None:
        raise Conflict("这个人已经暂停删除，不用重复登记。")
    row = Hold.objects.create(
        person_id=person_id, reason=reason.strip(), placed_at=at, placed_by_id=holder_id
    )
    _note(person_id, "personal.held", {"hold_id": str(row.id)}, actor, at, command_id)
    return {"hold_id": str(row.id)}


@command("personal.lift")
def lift(
    *, hold_id: int, lifter_id: int, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """The dispute is over. Raises NotFound, Conflict."""
    row = Hold.objects.select_for_update().filter(id=hold_id).first()
    if row is None:
        raise NotFound
    if row.lifted_at is not None:
        raise Conflict("已经解除，请刷新页面。")
    row.lifted_at, row.lifted_by_id = at, lifter_id
    row.save(update_fields=["lifted_at", "lifted_by"])
    _note(row.person_id, "personal.hold_lifted", {"hold_id": str(row.id)}, actor, at, command_id)
    return {"hold_id": str(row.id)}


def _note(
    person_id: int, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    by: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id}
    record(stream=f"person:{person_id}", kind=kind, facts=facts, **by)
