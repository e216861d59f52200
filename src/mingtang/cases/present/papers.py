"""What pages show of a case's papers: documents, money, originals, corrections."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from mingtang.cases.models import Case, Charge, Correction, HandOverSlip, Original
from mingtang.cases.queries import Situation
from mingtang.cases.rules.fees import ChargeState, yuan
from mingtang.ledger.queries import Event
from mingtang.messages.queries import Told
from mingtang.messages.rules import Audience
from mingtang.messages.rules import State as MessageState


def documents(case: Case, papers: Iterable[Any], route: str) -> list[dict[str, Any]]:
    return [
        {
            "id": paper.id,
            "title": paper.title,
            "number": paper.number or "",
            "date": paper.issued_date,
            "is_draft": paper.needs_seal and paper.sealed_at is None,
            "url": reverse(route, args=[case.number, paper.id]),
        }
        for paper in papers
    ]


def charges(rows: Iterable[Charge]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "names": "、".join(line["name"] for line in row.lines),
            "sum": yuan(row.cents),
            "waived": yuan(row.waiver_cents) if row.waived_at else "",
            "left": yuan(row.cents - (row.waiver_cents if row.waived_at else 0)),
            "state": row.state,
            "state_label": ChargeState(row.state).label,
            "tone": ChargeState(row.state).tone,
            "receipt": row.receipt_number,
            "refunded": yuan(row.refunded_cents) if row.refunded_at else "",
            "reason": row.refund_reason or row.waiver_reason,
        }
        for row in rows
    ]


def owed(now: Situation, events: Iterable[Event]) -> list[dict[str, Any]]:
    """The papers that were to come after the filing: who has them since when, or by which day."""
    by = {
        name: event.actor_label
        for event in events
        if event.kind == "case.deferred_supplied"
        for name in event.facts["materials"]
    }
    found = [
        _owed(one.name, one.promise, None, one.brought_at, str(one.brought_by or ""))
        for one in now.to_bring
    ]
    found += [
        _owed(one.name, one.promise, one.due_date, one.supplied_at, by.get(one.name, ""))
        for one in now.deferred
    ]
    return found


def _owed(
    name: str, promise: str, due: date | None, at: datetime | None, by: str
) -> dict[str, Any]:
    return {"name": name, "promise": promise, "due": due, "at": at, "by": by}


def originals(
    rows: Iterable[Original], slips: Iterable[HandOverSlip], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Where each original is now: at a unit, on its way, or given back."""
    way = {one["id"]: slip for slip in slips if slip.received_at is None for one in slip.originals}
    return [_original(row, way.get(str(row.id)), names) for row in rows]


def _original(row: Original, slip: HandOverSlip | None, names: Mapping[int, str]) -> dict[str, Any]:
    place = names.get(row.place_id, "")
    if row.returned_at:
        where, tone = "已退还申请人", "ok"
    elif slip is not None:
        to = names.get(slip.receiver_id, "")
        where, tone = f"在{place}交往{to}的途中，待签收", "warn"
    else:
        where, tone = f"在{place}", "info"
    return {"id": row.id, "name": row.name, "count": row.count, "where": where, "tone": tone}


def slip_lines(
    rows: Iterable[HandOverSlip], names: Mapping[int, str], on: date
) -> list[dict[str, Any]]:
    """Slips that wait for a signature."""
    return [
        {
            "id": row.id,
            "number": row.case.number,
            "item_name": row.case.edition.name,
            "sender": names.get(row.sender_id, ""),
            "receiver": names.get(row.receiver_id, ""),
            "what": "、".join(f"{one['name']} {one['count']} 份" for one in row.originals),
            "sent_at": row.sent_at,
            "sent_by": str(row.sent_by),
            "due": row.due_date,
            "is_late": row.due_date < on,
            "url": reverse("cases:detail", args=[row.case.number]),
        }
        for row in rows
    ]


def corrections(rows: Iterable[Correction]) -> list[dict[str, Any]]:
    return [
        {
            "round": row.round,
            "missing": row.missing,
            "note": row.note,
            "asked_at": row.asked_at,
            "supplied_at": row.supplied_at,
            "is_override": bool(row.override_reason),
            "override_reason": row.override_reason,
        }
        for row in rows
    ]


def told(rows: Iterable[Told]) -> list[dict[str, Any]]:
    """What the applicant's side was told: on which way, where to, when, and whether it arrived."""
    return [
        {
            "title": row.title,
            "way": row.way.label,
            "recipient": row.recipient,
            "state_label": "已读" if row.read_at else row.state_label,
            "tone": _tone(row),
            "at": row.read_at or row.sent_at or row.created_at,
        }
        for row in rows
        if row.audience is Audience.APPLICANT
    ]


_TONES = {
    MessageState.DELIVERED: "ok",
    MessageState.SENT: "ok",
    MessageState.WAITING: "info",
    MessageState.FAILED: "warn",
    MessageState.GIVEN_UP: "bad",
}


def _tone(row: Told) -> str:
    """What was only logged has reached nobody."""
    return _TONES[row.state] if row.state_label == row.state.label else "warn"
