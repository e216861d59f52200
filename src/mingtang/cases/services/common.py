"""Commands on a case: what all of them do. They lock the case, move it, tell the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.rows import find_rows, update_row
from mingtang.cases.models import Case
from mingtang.cases.queries.referring import first_level
from mingtang.cases.rules import State, Verb, target_of
from mingtang.cases.rules.papers import paper
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.rules.profiles import PERMIT
from mingtang.files.services import Document, draw_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record
from mingtang.regions import queries as regions
from mingtang.timing.queries import Clock, clocks_of
from mingtang.timing.rules import ClockKind

Facts = dict[str, Any]

LEADING_CLOCKS = {
    State.SUBMITTED: (ClockKind.COMPLETENESS,),
    State.RECEIVED: (ClockKind.COMPLETENESS,),
    State.CORRECTING: (ClockKind.CORRECTION,),
    State.ACCEPTED: (ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY),
    State.REVIEWING: (ClockKind.PRE_EXAMINATION, ClockKind.PROMISED, ClockKind.STATUTORY),
    State.PAUSED: (ClockKind.PAUSE,),
    State.GRANTED: (ClockKind.DELIVERY,),
    State.DEEMED_GRANTED: (ClockKind.DELIVERY,),
}


def locked(case_id: int) -> Case:
    """The case, held until the transaction ends. Raises NotFound."""
    found = find_rows(Case, lock=True, id=case_id)
    if not found:
        raise NotFound
    case = found[0]
    case.edition = catalogue.edition(case.edition_id)
    return case


def move(case: Case, verb: Verb) -> None:
    """Raises IllegalMove where the table has no row."""
    case.state = target_of(verb, State(case.state)).value


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def persons_of(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {person_of(actor), *([int(actor.acting_for_id)] if actor.acting_for_id else [])}


def holder_of(actor: Actor) -> int | None:
    """For whom somebody acts, if not for themselves."""
    return int(actor.acting_for_id) if actor.acting_for_id else None


def save(case: Case, *columns: str) -> None:
    """Write the named columns, with state and leading date."""
    update_row(case, "state", "next_due_date", *columns)


def tell(
    kind: str,
    case: Case,
    facts: Facts,
    actor: Actor,
    at: datetime,
    command_id: str,
    *,
    begins: bool = False,
) -> None:
    """Every event of a case says whose case it is, so that followers need not ask. `begins`: it is
    the first of a case that is made just now."""
    common = {"case_id": str(case.id), "organisation_id": str(case.organisation_id)}
    record(
        stream=case.stream,
        kind=kind,
        facts={**common, **facts},
        begins=begins,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def answer(case: Case, **more: Any) -> Facts:
    return {"case_id": str(case.id), "number": case.number, "state": case.state, **more}


def lead(case: Case) -> None:
    """Show on the worklist what the leading clock of the state says. Does not save.

    An approved extension makes the statutory limit the leading one: that is what was told.
    """
    kinds: Sequence[ClockKind] = LEADING_CLOCKS.get(State(case.state), ())
    if case.extended_at is not None and ClockKind.STATUTORY in kinds:
        kinds = (ClockKind.STATUTORY,)
    due = {clock.kind: clock.due_date for clock in running(case)}
    case.next_due_date = next((due[kind.value] for kind in kinds if kind.value in due), None)


def decider_of(case: Case, on: date) -> str:
    """Who decides what a lower level examines first: as the edition says, or the department."""
    below = first_level(case)
    named = below.decided_by if below else ""
    return named or regions.name_of(case.item.department_id, on)


def hand_up(case: Case, on: date) -> None:
    """The case is the item's own department's from now on. Does not save."""
    department = regions.organisation_card(case.item.department_id, on)
    case.organisation_id, case.region_id = department.id, department.region_id


BOUNCE_COLUMNS = ("bounced_at", "bounced_by", "bounce_reason", "bounce_count")


def settle_bounce(case: Case) -> None:
    """Nobody owes a hand-over any more; how often it came back stays. Does not save."""
    case.bounced_at, case.bounced_by, case.bounce_reason = None, None, ""


def running(case: Case) -> list[Clock]:
    """The clocks of a case that are not stopped."""
    return [clock for clock in clocks_of(case.stream) if clock.stopped_date is None]


def draw(
    case: Case,
    kind: str,
    at: datetime,
    facts: Mapping[str, str],
    rows: Iterable[Sequence[str]] = (),
    *,
    remedies: str = "",
    legal_basis: str = "",
) -> Document:
    """Draw up the paper that an act leaves, in the open transaction."""
    on = legal_date(at)
    names = regions.short_names_of({case.organisation_id}, on)
    common = {
        "number": case.number,
        "item": case.edition.name,
        "day": chinese(on),
        "applicant": case.applicant_name,
    }
    told = paper(
        kind,
        unit=names[case.organisation_id],
        addressee=case.applicant_name,
        facts={**common, **facts},
        rows=list(rows),
        is_permit=case.edition.profile == PERMIT.key,
        remedies=remedies,
        legal_basis=legal_basis,
    )
    return draw_up(told, subject=case.stream, organisation_id=case.organisation_id, on=on, at=at)


def chinese(day: date | None) -> str:
    """2013年9月17日"""
    return f"{day.year}年{day.month}月{day.day}日" if day else "未设定"


def due_of(op: Mapping[str, Any] | None) -> date | None:
    """The due day that an operation on a clock recorded."""
    return date.fromisoformat(op["due"]) if op else None


def numbered(lines: Iterable[Sequence[Any]]) -> list[list[str]]:
    """Rows of a paper, each with its number in front."""
    return [[str(place), *(str(cell) for cell in line)] for place, line in enumerate(lines, 1)]


def profile(case: Case) -> Any:
    return catalogue.profile_of(case.edition)


def refresh_due_date(stream: str) -> None:
    """Show on the worklist what the case's leading clock says now.

    Called when a clock was recomputed. The date is read from the clock, not from the event, so
    that events which come late or twice do no harm.
    """
    case = locked(int(stream.removeprefix("case:")))
    before = case.next_due_date
    lead(case)
    if case.next_due_date != before:
        update_row(case, "next_due_date")
