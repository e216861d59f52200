"""What must hold of a case at any moment: rows, ledger and oracle say the same."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from mingtang.cases.models import Case
from mingtang.cases.queries.reading import SEALED
from mingtang.cases.rules import State
from mingtang.files.models import Document
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from mingtang.timing import queries as timing
from mingtang.timing.rules import fold
from tests.cases.shadow import Shadow

STATE_AFTER = {  # where an event leaves a case; what is not here leaves it where it was
    "case.submitted": "submitted",
    "case.taken_in": "received",
    "case.received": "received",
    "case.found_incomplete": "correcting",
    "case.accepted": "accepted",
    "case.deemed_accepted": "accepted",
    "case.not_required": "not_required",
    "case.declined": "declined",
    "case.returned": "returned",
    "case.paused": "paused",
    "case.resumed": "reviewing",
    "case.granted": "granted",
    "case.refused": "refused",
    "case.deemed_granted": "deemed_granted",
    "case.delivered": "delivered",
    "case.withdrawn": "withdrawn",
    "case.terminated": "terminated",
    "case.archived": "archived",
}


def state_by_ledger(events: Sequence[Event]) -> str:
    state = ""
    for event in events:
        if event.kind == "case.correction_asked" and not event.facts["is_after_acceptance"]:
            state = "correcting"
        elif event.kind == "case.supplied" and state == "correcting":
            state = "received"
        elif event.kind == "case.step_claimed" and state == "accepted":
            state = "reviewing"
        elif event.kind == "case.reopened":
            state = event.facts["to"]
        else:
            state = STATE_AFTER.get(event.kind, state)
    return state


def same(found: Any, expected: Any, where: str) -> None:
    assert found == expected, f"{where}\nfound    {found}\nexpected {expected}"


class Rows:
    """What the database says of a case."""

    def __init__(self, case_id: int) -> None:
        self.case = Case.objects.defer(*SEALED).get(id=case_id)
        self.steps = list(self.case.steps.order_by("id"))
        self.charges = list(self.case.charges.order_by("id"))
        self.originals = list(self.case.originals.order_by("id"))
        self.clocks = timing.clocks_of(self.case.stream)


OF_A_CASE = {  # every table that a command on a case may change, and how its rows are found
    "cases_case": "id = %(id)s",
    "cases_step": "case_id = %(id)s",
    "cases_request": "case_id = %(id)s",
    "cases_correction": "case_id = %(id)s",
    "cases_deferredmaterial": "case_id = %(id)s",
    "cases_charge": "case_id = %(id)s",
    "cases_original": "case_id = %(id)s",
    "cases_handoverslip": "case_id = %(id)s",
    "timing_clock": "stream = %(stream)s",
}


def picture(case_id: int) -> Any:
    """The rows of a case as they lie in the database, to compare before and after."""
    found = []
    with connection.cursor() as cursor:
        for table, where in OF_A_CASE.items():
            values = {"id": case_id, "stream": f"case:{case_id}"}
            cursor.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY id", values)
            found.append([tuple(map(_plain, row)) for row in cursor.fetchall()])
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def check_case(rows: Rows, shadow: Shadow, where: str) -> None:
    case, events = rows.case, ledger.history(rows.case.stream)
    _check_ledger(case, events, where)
    _check_clocks(rows, shadow, events, where)
    said = [event.kind for event in events if event.kind != "clock.recomputed"]
    same(said, shadow.events, where)
    assert State(case.state) is shadow.state, where
    same(case.next_due_date, shadow.leading_due, where)
    same((case.correction_count, case.complete_date), (shadow.rounds, shadow.complete), where)
    same((case.outcome, case.extended_at is not None), (shadow.outcome, shadow.extended), where)
    same(case.organisation_id, shadow.org, where)
    same(case.referred_up_at is not None, shadow.referred, where)
    same((case.bounced_at is not None, case.bounce_count), (shadow.bounced, shadow.bounces), where)
    _check_steps(rows, shadow, where)
    _check_papers(case, shadow, where)
    _check_money_and_originals(rows, shadow, events, where)


def _check_ledger(case: Case, events: Sequence[Event], where: str) -> None:
    """What the case's row says is what its events add up to."""
    same(case.state, state_by_ledger(events), where)
    last = {event.kind: event.at for event in events}
    accepted = last.get("case.accepted", last.get("case.deemed_accepted"))
    decided = [last.get(f"case.{kind}") for kind in ("granted", "refused", "deemed_granted")]
    same(case.accepted_at, accepted, where)
    same(case.decided_at, next((at for at in decided if at), None), where)
    same(case.delivered_at, last.get("case.delivered"), where)
    counted = Counter(event.kind for event in events)
    same(case.correction_count, counted["case.correction_asked"], where)
    same(case.bounce_count, counted["case.bounced"], where)
    assert counted["case.extended"] <= 1, where


def _check_clocks(rows: Rows, shadow: Shadow, events: Sequence[Event], where: str) -> None:
    last = {row.kind: row for row in rows.clocks}
    ops = [op for event in events for op in event.facts.get("clocks", [])]
    folded = fold(ops, timing.current_calendar())
    same({kind: row.state for kind, row in last.items()}, folded, where)
    found = {kind: (row.due_date, row.status) for kind, row in last.items()}
    expected = {
        kind: (
            watch.due(shadow.days),
            "stopped" if watch.stopped else "paused" if watch.paused else "running",
        )
        for kind, watch in shadow.watches.items()
    }
    same(found, expected, where)


def _check_steps(rows: Rows, shadow: Shadow, where: str) -> None:
    steps = [step for step in rows.steps if step.status not in {"returned", "cancelled"}]
    found = {
        step.key: (step.status, step.stage, step.assigned_to_id, _held(step)) for step in steps
    }
    expected = {
        piece.key: (piece.status, piece.stage, piece.assigned, _holder(piece))
        for piece in shadow.in_force
    }
    same(found, expected, where)


def _held(step: Any) -> Any:
    return step.claimed_by_id if step.status == "claimed" else None


def _holder(piece: Any) -> Any:
    return piece.claimed if piece.status == "claimed" else None


def _check_papers(case: Case, shadow: Shadow, where: str) -> None:
    papers = Document.objects.filter(subject=case.stream).order_by("id")
    same(list(papers.values_list("kind", flat=True)), shadow.papers, where)


def _check_money_and_originals(
    rows: Rows, shadow: Shadow, events: Sequence[Event], where: str
) -> None:
    found = {
        one.id: (one.state, one.cents, one.waiver_cents, one.paid_cents, one.refunded_cents)
        for one in rows.charges
    }
    expected = {
        id: (one["state"], one["cents"], one["waiver"], one["paid"], one["refunded"])
        for id, one in shadow.charges.items()
    }
    same(found, expected, where)
    told = Counter[str]()
    for event in events:
        if event.kind in {"case.charged", "case.paid", "case.refunded"}:
            told[event.kind] += event.facts["cents"]
    sums = {kind: sum(one[kind] for one in shadow.charges.values()) for kind in _MONEY}
    same(told["case.charged"], sums["cents"], where)
    same((told["case.paid"], told["case.refunded"]), (sums["paid"], sums["refunded"]), where)
    places = {one.id: (one.place_id, one.returned_at is not None) for one in rows.originals}
    assert places == {
        id: (one["place"], one["returned"]) for id, one in shadow.originals.items()
    }, where


_MONEY = ("cents", "paid", "refunded")
