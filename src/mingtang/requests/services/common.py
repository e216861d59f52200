"""Commands on a request: what all of them do. They lock it, move it, tell the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.files.services import Document, draw_up
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record
from mingtang.regions import queries as regions
from mingtang.requests.models import Request
from mingtang.requests.rules.deciding import Bodies
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.law import LawEdition, law_on
from mingtang.requests.rules.moves import Verb, target_of
from mingtang.requests.rules.papers import PaperKind, paper, told_day
from mingtang.requests.rules.people import Channel
from mingtang.requests.rules.states import State
from mingtang.timing import services as timing
from mingtang.timing.queries import Clock, clocks_of
from mingtang.timing.rules import ClockKind, Op, Unit

Facts = dict[str, Any]
LEADING = {
    State.CORRECTING: ClockKind.CORRECTION.value,
    State.AWAITING_FEE: ClockKind.PAYMENT.value,
}


def locked(request_id: int) -> Request:
    """The request, held until the transaction ends. Raises NotFound."""
    found = Request.objects.select_for_update(of=("self",)).filter(id=request_id).first()
    if found is None:
        raise NotFound
    return found


def move(request: Request, verb: Verb) -> None:
    """Raises IllegalMove where the table has no row."""
    request.state = target_of(verb, State(request.state)).value


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def persons_of(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {person_of(actor), *([int(actor.acting_for_id)] if actor.acting_for_id else [])}


def said(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if not text:
        raise DomainError(f"请写明{what}。")
    return text


def check_past(day: date, at: datetime, what: str) -> date:
    """What has happened has a day up to today."""
    if day > legal_date(at):
        raise DomainError(f"{what} {day} 晚于今天，请更正。")
    return day


def law_of(request: Request) -> LawEdition:
    """The edition under which the limit of a request counts now."""
    return law_on(request.counted_from_date or request.arrived_date)


def save(request: Request, *columns: str) -> None:
    """Write the named columns, with state and leading date."""
    lead(request)
    request.save(update_fields=["state", "next_due_date", *columns])


def lead(request: Request) -> None:
    """Show on the worklist what the leading clock of the state says. Does not save."""
    state = State(request.state)
    if state is State.FILED:  # to be confirmed at once
        request.next_due_date = request.arrived_date
        return
    kind = LEADING.get(state, ClockKind.REPLY.value)
    due = {clock.kind: clock.due_date for clock in running(request)} if state.is_open else {}
    request.next_due_date = due.get(kind)


def running(request: Request) -> list[Clock]:
    """The clocks of a request that are not stopped."""
    return [clock for clock in clocks_of(request.stream) if clock.stopped_date is None]


def reply_clock(request: Request) -> Clock | None:
    """The limit of reply, while it runs or stands still."""
    return next((one for one in running(request) if one.kind == ClockKind.REPLY.value), None)


def start_reply(request: Request, start: date) -> Op:
    """The limit of reply begins, anew where it ran before; the day itself is not counted (R6)."""
    law = law_on(start)
    request.counted_from_date = start
    return timing.start_clock(
        stream=request.stream,
        kind=ClockKind.REPLY,
        start=start,
        amount=law.reply_days,
        unit=Unit.WORKING_DAY,
    )


def stop(request: Request, kind: str, on: date) -> list[Op]:
    """Stop a clock if it runs."""
    clock = next((one for one in running(request) if one.kind == kind), None)
    if clock is None:
        return []
    return [timing.stop_clock(stream=request.stream, kind=kind, on=max(on, _last_day(clock)))]


def _last_day(clock: Clock) -> date:
    """No operation lies before what is known of a clock."""
    days = [day for pause in clock.state.pauses for day in pause if day]
    return max([clock.start_date, *days])


def stop_all(request: Request, on: date) -> list[Op]:
    """Stop whatever runs."""
    return [op for clock in running(request) for op in stop(request, clock.kind, on)]


def tell(
    kind: str, request: Request, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    """Every event of a request says whose it is, so that followers need not ask."""
    common = {
        "request_id": str(request.id),
        "number": request.number,
        "organisation_id": str(request.organisation_id),
    }
    record(
        stream=request.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def answer(request: Request, **more: Any) -> Facts:
    return {"request_id": str(request.id), "number": request.number, "state": request.state, **more}


def draw(
    request: Request,
    kind: PaperKind,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    *,
    paragraphs: Sequence[str] = (),
    rows: Iterable[Sequence[str]] = (),
    remedies: str = "",
) -> Document:
    """Draw up a paper of a request, in the open transaction."""
    on, law = legal_date(at), law_of(request)
    unit = regions.short_names_of({request.organisation_id}, on)[request.organisation_id]
    common = {
        "number": request.number,
        "applicant": request.applicant_name,
        "description": request.description,
        "submitted": told_day(legal_date(request.submitted_at)),
        "channel": Channel(request.channel).label,
        "law": f"《{law.name}》",
        **{f"{what}_article": law.article(what) for what in law.articles},
    }
    told = paper(
        kind,
        unit=unit,
        facts={**common, **(facts or {})},
        paragraphs=paragraphs,
        rows=rows,
        remedies=remedies,
    )
    return draw_up(
        told, subject=request.stream, organisation_id=request.organisation_id, on=on, at=at
    )


def bodies() -> Bodies:
    """Where decisions are contested, as this installation says."""
    return Bodies(settings.MINGTANG_RECONSIDERATION_BODY, settings.MINGTANG_COURT)


def reconsider_first_too() -> frozenset[Kind]:
    """Kinds beside C1–C8 for which this place asks for reconsideration first."""
    return frozenset(Kind(code) for code in settings.MINGTANG_RECONSIDER_FIRST)


def refresh_due_date(stream: str) -> None:
    """Show on the worklist what the leading clock says now, after a calendar moved it."""
    request = locked(int(stream.removeprefix("request:")))
    before = request.next_due_date
    lead(request)
    if request.next_due_date != before:
        request.save(update_fields=["next_due_date"])
