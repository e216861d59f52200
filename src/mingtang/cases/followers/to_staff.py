"""What an event says to colleagues: only to those whom it names, and to who stands in for them."""

from collections.abc import Callable, Iterator, Mapping

from mingtang.accounts.queries import holders_of, stand_ins_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.cases.followers.notes import Note, Words, before, dues, is_leading, moved
from mingtang.cases.followers.to_applicant import people as applicants
from mingtang.cases.models import Case, Step
from mingtang.cases.rules import RUNNING, PauseReason, RequestKind, step_clock
from mingtang.ledger.queries import Event
from mingtang.timing.rules import ClockKind

People = set[int | None]


def notes(case: Case, event: Event) -> Iterator[tuple[Note, list[int]]]:
    """Each note with the colleagues whom it concerns."""
    if event.kind == "clock.recomputed":
        for kind, words in moved(case, event):
            if is_leading(case, kind):
                said = _always(case, event) | words
                yield Note(event.kind, said, part=kind.value), _reached(case, event, _open(case))
    elif say := _SAID.get(event.kind):
        words, people = say(case, event)
        yield Note(event.kind, _always(case, event) | words), _reached(case, event, people)


def _always(case: Case, event: Event) -> Words:
    instead = f"（代{event.acting_for_label}）" if event.acting_for_label else ""
    who = f"{event.organisation_label}{event.actor_label}{instead}"
    return {"number": case.number, "item": case.edition.name, "who": who}


def _reached(case: Case, event: Event, people: People) -> list[int]:
    """These people and their stand-ins of the day; not who did it, nor anyone whose own case it
    is, or their firm's: they have no say in it."""
    named = people - {None}
    on = legal_date(event.at)
    found = named | stand_ins_of((one for one in named if one), case.item.code, on)
    left_out = {int(event.actor_id or 0), *applicants(case, event)}
    return sorted(one for one in found - left_out if one)


def _due(case: Case) -> Words:
    return {"by": before(case.next_due_date)}


def _step(event: Event) -> Step:
    return Step.objects.get(id=int(event.facts["step_id"]))


def _open(case: Case) -> People:
    """Who holds a step that is being worked on, or is to."""
    steps = case.steps.filter(status__in=[status.value for status in RUNNING])
    return {step.claimed_by_id or step.assigned_to_id for step in steps.order_by("id")}


# ── what each event says, and to whom ─────────────────────────────────────────────────────────


def _transferred(case: Case, event: Event) -> tuple[Words, People]:
    to, reason = event.facts["to"], event.facts["reason"] or "没有写明"
    words = {"step": event.facts["step_name"], "reason": reason, **_due(case)}
    return words, {int(to)} if to else set()


def _signer(case: Case, event: Event) -> tuple[Words, People]:
    return {"reason": event.facts["reason"], **_due(case)}, {_step(event).assigned_to_id}


def _opinion(case: Case, event: Event) -> tuple[Words, People]:
    step, on = _step(event), legal_date(event.at)
    by = before(dues(event).get(step_clock(step.key)))
    people = holders_of(step.organisation_id, [Role.HANDLER], case.item.code, on)
    return {"question": step.note, "by": by}, {*people}


def _approvers(case: Case, event: Event) -> People:
    on = legal_date(event.at)
    return {*holders_of(case.organisation_id, [Role.APPROVER], case.item.code, on)}


def _pause(case: Case, event: Event) -> tuple[Words, People]:
    kind, days = PauseReason(event.facts["why"]).label, str(event.facts["days"])
    words = {"kind": kind, "days": days, "reason": event.facts["note"]}
    return words, _approvers(case, event)


def _extension(case: Case, event: Event) -> tuple[Words, People]:
    words = {"days": str(event.facts["days"]), "reason": event.facts["note"], **_due(case)}
    return words, _approvers(case, event)


def _rejected(case: Case, event: Event) -> tuple[Words, People]:
    asked = case.requests.get(id=int(event.facts["request_id"]))
    kind = RequestKind(event.facts["kind"]).label
    words = {"kind": kind, "reason": event.facts["reason"], **_due(case)}
    return words, {asked.asked_by_id, asked.asked_for_id}


def _returned(case: Case, event: Event) -> tuple[Words, People]:
    again = _step(event)
    last = Step.objects.get(case=case, key=again.key, attempt=again.attempt - 1)
    words = {"step": again.name, "reason": event.facts["reason"], **_due(case)}
    return words, {last.done_by_id, last.done_for_id}


def _supplied(case: Case, event: Event) -> tuple[Words, People]:
    by = before(dues(event).get(ClockKind.COMPLETENESS))
    return {"by": by}, {case.received_by_id}


_SAID: Mapping[str, Callable[[Case, Event], tuple[Words, People]]] = {
    "case.step_transferred": _transferred,
    "case.signer_added": _signer,
    "case.opinion_requested": _opinion,
    "case.pause_asked": _pause,
    "case.extension_asked": _extension,
    "case.request_rejected": _rejected,
    "case.step_returned": _returned,
    "case.supplied": _supplied,
}
KINDS = frozenset({*_SAID, "clock.recomputed"})
