"""Commands: a third party or a joint organ is asked, hears of it, answers or is silent (R8–R10)."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.files.services import Document
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.requests.models import Consultation, Party, Request
from mingtang.requests.rules.consulting import Answer, PartyRole, check_silence, term_of
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind, told_day
from mingtang.requests.services.common import (
    Facts,
    answer,
    check_past,
    draw,
    law_of,
    locked,
    move,
    person_of,
    reply_clock,
    said,
    save,
    stop,
    tell,
)
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit


@command("request.consult")
def consult(
    *,
    request_id: int,
    role: str,
    party_name: str,
    question: str,
    party_phone: str = "",
    party_address: str = "",
    days: int | None = None,
    reached_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask a third party or a joint organ in writing; the limit of reply stands still meanwhile.

    Their time counts from when it reached them. Returns {…, "consultation": number}.
    """
    request, on, who = locked(request_id), legal_date(at), PartyRole(role)
    move(request, Verb.CONSULT)
    if who is PartyRole.AGENT:
        raise DomainError("征求意见的对象是第三方或者共同制作机关，请更正。")
    term = term_of(law_of(request), who, days)
    party = _party(request, who, party_name, party_phone, party_address)
    clocks = _paused(request, on)
    asked = said(question, "就哪些内容征求意见")
    papers = _consult_papers(request, who, party.name, asked, term.days, at)
    made = Consultation.objects.create(
        request=request,
        party=party,
        number=request.consultations.count() + 1,
        question=asked,
        days=term.days,
        sent_at=at,
        sent_by_id=person_of(actor),
        document=papers[0],
    )
    if reached_date is not None:
        clocks += _reach(made, reached_date, at)
    save(request)
    facts = {
        "role": who.value,
        "consultation": made.number,
        "documents": [paper.facts() for paper in papers],
        "clocks": clocks,
    }
    tell("request.consulted", request, facts, actor, at, command_id)
    return answer(request, consultation=made.number)


def _party(request: Request, who: PartyRole, name: str, phone: str, address: str) -> Party:
    return Party.objects.create(
        request=request,
        role=who.value,
        name=said(name, "征求谁的意见"),
        phone=phone,
        address=address,
    )


def _paused(request: Request, on: date) -> list[Facts]:
    clock = reply_clock(request)
    if clock is None or clock.state.status == "paused":
        return []
    return [timing.pause_clock(stream=request.stream, kind=ClockKind.REPLY, on=on)]


def _consult_papers(
    request: Request, who: PartyRole, party: str, question: str, days: int, at: datetime
) -> list[Document]:
    words = {"party": party, "question": question, "days": str(days)}
    is_third = who is PartyRole.THIRD
    why = "涉及第三方合法权益" if is_third else "由本机关与其他机关共同制作"
    told = {"why": why, "sent": told_day(legal_date(at))}
    first = PaperKind.THIRD_PARTY if is_third else PaperKind.JOINT
    papers = [draw(request, first, at, words)]
    if is_third:
        rows = [("同意公开", "□", ""), ("不同意公开", "□", ""), ("部分同意", "□", "")]
        papers.append(draw(request, PaperKind.THIRD_PARTY_REPLY, at, words, rows=rows))
    return [*papers, draw(request, PaperKind.CONSULT_NOTICE, at, told)]


def _consultation(request: Request, number: int) -> Consultation:
    rows = request.consultations.select_for_update(of=("self",)).select_related("party")
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound("没有这次征求意见，请刷新页面后再看。")
    return found


def _reach(made: Consultation, reached: date, at: datetime) -> list[Facts]:
    check_past(reached, at, "对方签收的日期")
    if reached < legal_date(made.sent_at):
        raise DomainError("对方签收的日期早于征求意见书的日期，请核对。")
    clock = timing.start_clock(
        stream=made.request.stream,
        kind=made.clock_kind,
        start=reached,
        amount=made.days,
        unit=Unit.WORKING_DAY,
    )
    made.reached_date, made.due_date = reached, date.fromisoformat(clock["due"])
    made.save(update_fields=["reached_date", "due_date"])
    return [clock]


@command("request.note_consulted")
def note_consulted(
    *,
    request_id: int,
    number: int,
    reached_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The letter has reached the party: its working days count from the next day."""
    request = locked(request_id)
    move(request, Verb.CONSULTED)
    made = _consultation(request, number)
    if made.reached_date is not None or made.answer is not None:
        raise Conflict("对方签收的日期已经登记过，请刷新页面后再看。")
    clocks = _reach(made, reached_date, at)
    save(request)
    facts = {"consultation": number, "reached": reached_date.isoformat(), "clocks": clocks}
    tell("request.consultation_reached", request, facts, actor, at, command_id)
    return answer(request)


@command("request.answer_consultation")
def answer_consultation(
    *,
    request_id: int,
    number: int,
    opinion: str,
    text: str = "",
    answered_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """What a party said, or that it said nothing in its time. The last one lets the limit run on.

    Silence ends with the party's last day; before that day is over there is none (TooEarly).
    """
    request, said_so = locked(request_id), Answer(opinion)
    made = _consultation(request, number)
    if made.answer is not None:
        raise Conflict("这次征求意见已经登记过结果，请刷新页面后再看。")
    on = _answered_on(made, said_so, answered_date, at)
    if said_so is Answer.OBJECT:
        said(text, "对方不同意的理由")
    made.answer, made.answer_text, made.answered_date = said_so.value, text.strip(), on
    made.answered_at, made.answered_by_id = at, person_of(actor)
    made.save(
        update_fields=["answer", "answer_text", "answered_date", "answered_at", "answered_by"]
    )
    clocks = stop(request, made.clock_kind, on)
    if request.consultations.filter(answer=None).exists():
        _check_consulting(request)
    else:
        move(request, Verb.ANSWER_CONSULTATION)
        clocks.append(_resumed(request))
    save(request)
    facts = {
        "consultation": number,
        "role": made.party.role,
        "answer": said_so.value,
        "answered": on.isoformat(),
        "clocks": clocks,
    }
    tell("request.consultation_answered", request, facts, actor, at, command_id)
    return answer(request)


def _check_consulting(request: Request) -> None:
    before = request.state
    move(request, Verb.ANSWER_CONSULTATION)
    request.state = before  # others have not answered yet


def _answered_on(made: Consultation, answer: Answer, on: date | None, at: datetime) -> date:
    if answer is Answer.SILENT:
        due = _consult_due(made)
        check_silence(due, legal_date(at))
        assert due is not None
        return due
    day = check_past(on or legal_date(at), at, "收到意见的日期")
    if day < max(legal_date(made.sent_at), made.reached_date or date.min):
        raise DomainError("收到意见的日期早于征求意见书送出或者签收的日期，请核对。")
    return day


def _consult_due(made: Consultation) -> date | None:
    """The party's last day as its clock says now: a calendar may have moved it."""
    clock = timing_queries.open_clock(made.request.stream, made.clock_kind)
    return clock.due_date if clock else None


def _resumed(request: Request) -> Facts:
    """Counting goes on with the day after the last answer; what was asked longest decides."""
    days = request.consultations.order_by("id").values_list("answered_date", flat=True)
    last = max(day for day in days if day is not None)
    clock = reply_clock(request)
    assert clock is not None
    opened = clock.state.pauses[-1].after
    return timing.resume_clock(stream=request.stream, kind=ClockKind.REPLY, on=max(last, opened))
