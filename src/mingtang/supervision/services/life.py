"""Commands: what becomes of a card. Its answers have limits of their own, on its own stream."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.supervision.models import Card
from mingtang.supervision.rules import (
    Act,
    CancelReason,
    Colour,
    NotThisCard,
    State,
    after,
    check_appeal_in_time,
    check_heard,
    check_text,
    check_two,
)
from mingtang.supervision.services.notices import draw_notice
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

Facts = dict[str, Any]


def locked(card_id: int) -> Card:
    """The card, held until the transaction ends. Raises NotFound."""
    card = Card.objects.select_for_update(of=("self",)).filter(id=card_id).first()
    if card is None:
        raise NotFound
    return card


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def people_of(actor: Actor) -> tuple[int, ...]:
    """Who acts, and for whom."""
    held = [int(actor.acting_for_id)] if actor.acting_for_id else []
    return (person_of(actor), *held)


def tell(kind: str, card: Card, facts: Facts, actor: Actor, at: datetime, command_id: str) -> None:
    """Every event of a card says what it is about, so that followers need not ask."""
    common = {
        "number": card.number,
        "subject": card.subject,
        "rule_code": card.rule_code,
        "colour": card.colour,
        "score": str(card.score),
        "raised_date": card.raised_date.isoformat(),
        "organisation_id": str(card.organisation_id) if card.organisation_id else None,
        "person_id": str(card.person_id) if card.person_id else None,
    }
    record(
        stream=card.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def _answer(card: Card) -> Facts:
    return {"card_id": str(card.id), "number": card.number, "state": card.state}


def _move(card: Card, act: Act) -> None:
    card.state = after(act, State(card.state)).value


def _stop(card: Card, kinds: Sequence[ClockKind], on: date) -> list[Facts]:
    return [
        timing.stop_clock(stream=card.stream, kind=kind, on=on)
        for kind in kinds
        if timing_queries.open_clock(card.stream, kind) is not None
    ]


def _due(card: Card, kind: ClockKind) -> date | None:
    clock = timing_queries.open_clock(card.stream, kind)
    return clock.due_date if clock else None


@command("card.notify")
def notify(
    *, card_id: int, people: Sequence[int], actor: Actor = SYSTEM, at: datetime, command_id: str
) -> Facts:
    """The people concerned have been told, by a numbered notice; from here on they may explain,
    and appeal in time.

    A reminder asks for no answer. A card that somebody has answered meanwhile, or that gave way to
    a higher one, is left as it is.
    """
    card = locked(card_id)
    if State(card.state) is not State.RAISED:
        return _answer(card)
    _move(card, Act.NOTIFY)
    card.notified_at, card.document = at, draw_notice(card, at)
    card.save(update_fields=["state", "notified_at", "document"])
    clocks = [] if card.colour == Colour.REMIND else _start_limits(card, legal_date(at))
    facts: Facts = {"people": [str(one) for one in people], "clocks": clocks}
    if card.document:
        facts["document"] = card.document.facts()
    tell("card.notified", card, facts, actor, at, command_id)
    return _answer(card)


def _start_limits(card: Card, on: date) -> list[Facts]:
    limits = {
        ClockKind.EXPLANATION: settings.MINGTANG_EXPLAIN_DAYS,
        ClockKind.APPEAL: settings.MINGTANG_APPEAL_DAYS,
    }
    return [
        timing.start_clock(stream=card.stream, kind=kind, start=on, amount=days, unit="working_day")
        for kind, days in limits.items()
    ]


@command("card.explain")
def explain(*, card_id: int, text: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """What the office says to it (说明). After its limit still taken, and marked as late."""
    card, on = locked(card_id), legal_date(at)
    _move(card, Act.EXPLAIN)
    card.explanation = check_text(text, "情况说明")
    due = _due(card, ClockKind.EXPLANATION)
    card.explained_at, card.explained_by_id = at, person_of(actor)
    card.save(update_fields=["state", "explanation", "explained_at", "explained_by"])
    facts = {
        "is_late": due is not None and on > due,
        "clocks": _stop(card, [ClockKind.EXPLANATION], on),
    }
    tell("card.explained", card, facts, actor, at, command_id)
    return _answer(card)


@command("card.appeal")
def appeal(
    *,
    card_id: int,
    text: str,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The office says that the card is wrong, and shows why (申诉). Raises TooLate."""
    card, on = locked(card_id), legal_date(at)
    _move(card, Act.APPEAL)
    check_appeal_in_time(_due(card, ClockKind.APPEAL), on)
    card.appeal = check_text(text, "申诉的理由和证据")
    card.appealed_at, card.appealed_by_id = at, person_of(actor)
    card.save(update_fields=["state", "appeal", "appealed_at", "appealed_by"])
    for file in files:
        attach(file, subject=card.stream, at=at)
    facts = {
        "files": [file.sha256 for file in files],
        "clocks": _stop(card, [ClockKind.APPEAL, ClockKind.EXPLANATION], on),
    }
    tell("card.appealed", card, facts, actor, at, command_id)
    return _answer(card)


@command("card.uphold")
def uphold(*, card_id: int, finding: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The card stands: not found by anyone who speaks for the office concerned, nor before it has
    appealed or can no more. Raises TooEarly."""
    card, on = locked(card_id), legal_date(at)
    _move(card, Act.UPHOLD)
    for one in people_of(actor):
        check_two(one, card.explained_by_id, card.appealed_by_id)
    check_heard(_due(card, ClockKind.APPEAL), on)
    card.finding = check_text(finding, "维持的理由")
    card.upheld_at, card.upheld_by_id = at, person_of(actor)
    card.save(update_fields=["state", "finding", "upheld_at", "upheld_by"])
    facts = {"clocks": _stop(card, [ClockKind.APPEAL, ClockKind.EXPLANATION], on)}
    tell("card.upheld", card, facts, actor, at, command_id)
    return _answer(card)


@command("card.propose_cancel")
def propose_cancel(
    *,
    card_id: int,
    reason: CancelReason,
    note: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Propose that a card be cancelled (核销), for one of the reasons of the list."""
    card = locked(card_id)
    _move(card, Act.PROPOSE_CANCEL)
    if card.proposed_at is not None:
        raise NotThisCard("这张牌已有人提出核销，请另一位监察人员批准，或者不批准。")
    for one in people_of(actor):
        check_two(one, card.explained_by_id, card.appealed_by_id)
    card.cancel_reason, card.cancel_note = reason.value, check_text(note, "核销的依据")
    card.proposed_at, card.proposed_by_id = at, person_of(actor)
    card.save(update_fields=["cancel_reason", "cancel_note", "proposed_at", "proposed_by"])
    tell("card.cancel_proposed", card, {"reason": reason.value}, actor, at, command_id)
    return _answer(card)


def _proposed(card_id: int, actor: Actor) -> Card:
    """The card whose cancelling waits, for another person than who proposed it."""
    card = locked(card_id)
    if card.proposed_at is None or State(card.state) is State.CANCELLED:
        raise NotThisCard("这张牌没有等待批准的核销。请刷新页面后再看。")
    for one in people_of(actor):
        check_two(one, card.proposed_by_id, card.explained_by_id, card.appealed_by_id)
    return card


@command("card.approve_cancel")
def approve_cancel(*, card_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person cancels the card: from here on it does not score. It stays on record."""
    card = _proposed(card_id, actor)
    _move(card, Act.CANCEL)
    card.cancelled_at, card.cancelled_by_id = at, person_of(actor)
    card.save(update_fields=["state", "cancelled_at", "cancelled_by"])
    clocks = timing.stop_open_clocks(stream=card.stream, on=legal_date(at))
    facts = {"reason": card.cancel_reason, "clocks": clocks}
    tell("card.cancelled", card, facts, actor, at, command_id)
    return _answer(card)


@command("card.reject_cancel")
def reject_cancel(
    *, card_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A second person does not cancel it; the proposal is on record in the ledger."""
    card = _proposed(card_id, actor)
    reason = check_text(reason, "不批准的理由")
    proposed = {"proposed_by": str(card.proposed_by_id), "cancel_reason": card.cancel_reason}
    card.cancel_reason, card.cancel_note = "", ""
    card.proposed_at, card.proposed_by = None, None
    card.save(update_fields=["cancel_reason", "cancel_note", "proposed_at", "proposed_by"])
    tell("card.cancel_rejected", card, {**proposed, "reason": reason}, actor, at, command_id)
    return _answer(card)


@command("card.close")
def close(*, card_id: int, note: str = "", actor: Actor, at: datetime, command_id: str) -> Facts:
    """Nothing more is to be done about it, says nobody who spoke for the office concerned, nor
    while that may still appeal. It counts. Raises TooEarly."""
    card, on = locked(card_id), legal_date(at)
    _move(card, Act.CLOSE)
    for one in people_of(actor):
        check_two(one, card.explained_by_id, card.appealed_by_id)
    if card.proposed_at is not None:
        raise NotThisCard("这张牌的核销还在等批准，批准或不批准以后再了结。")
    check_heard(_due(card, ClockKind.APPEAL), on)
    card.closed_at, card.closed_by_id = at, person_of(actor)
    card.save(update_fields=["state", "closed_at", "closed_by"])
    facts = {"note": note.strip(), "clocks": timing.stop_open_clocks(stream=card.stream, on=on)}
    tell("card.closed", card, facts, actor, at, command_id)
    return _answer(card)
