"""Commands: what follows an answer: links, active disclosure, other channels, remedies."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.disclosure.rules.items import Column, Content
from mingtang.disclosure.services.drafting import begin
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.requests import queries
from mingtang.requests.models import Remedy, Request
from mingtang.requests.rules.deciding import is_reconsideration_first
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind
from mingtang.requests.rules.remedies import RemedyKind, RemedyResult, check_remedy
from mingtang.requests.services.common import (
    Facts,
    answer,
    check_past,
    draw,
    locked,
    move,
    person_of,
    reconsider_first_too,
    said,
    save,
    tell,
)


@command("request.link")
def link(
    *, request_id: int, earlier_number: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """This request asks again for what an earlier one of the same applicant was answered (E2)."""
    request = locked(request_id)
    move(request, Verb.LINK)
    earlier = Request.objects.filter(
        number=earlier_number.strip(), organisation=request.organisation_id
    ).first()
    if earlier is None or earlier.id == request.id:
        raise NotFound(f"本单位没有编号为“{earlier_number.strip()}”的另一件申请，请核对。")
    if earlier.result is None:
        raise DomainError(f"{earlier.number} 还没有答复，不能作为重复申请的依据。")
    if not request.identity_index or earlier.identity_index != request.identity_index:
        raise DomainError(f"{earlier.number} 的申请人证件号码与本件不同，不是同一申请人的申请。")
    request.earlier = earlier
    save(request, "earlier")
    tell("request.linked", request, {"earlier": earlier.number}, actor, at, command_id)
    return answer(request)


@command("request.move_to_active")
def move_to_active(
    *,
    request_id: int,
    title: str,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """What several ask for, or the public should know, goes over to active disclosure (第四十四条).

    A draft of the publication is begun: its text and files are the office's to add, and it waits
    for review like any other. The event tells whoever else wants to know.
    """
    request = locked(request_id)
    move(request, Verb.MOVE_TO_ACTIVE)
    if request.moved_at is not None:
        raise Conflict("本件已经移送主动公开，请刷新页面后再看。")
    if request.result not in {Kind.A.value, Kind.B.value}:
        raise DomainError("只有答复为公开或者部分公开的信息，可以转为主动公开。")
    name = said(title, "移送主动公开的信息名称")[:120]
    request.moved_at, request.moved_by_id, request.moved_reference = at, person_of(actor), name
    words = {"reason": said(reason, "移送的理由")}
    rows = [("信息名称", name), ("来自申请", request.number)]
    document = draw(request, PaperKind.MOVED, at, words, rows=rows)
    save(request, "moved_at", "moved_by", "moved_reference")
    item = _begin_publication(request, name, actor, at, command_id)
    facts = {
        "title": name,
        "reason": words["reason"],
        "publication_id": str(item),
        "document": document.facts(),
    }
    tell("request.moved_to_active", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id))


def _begin_publication(
    request: Request, title: str, actor: Actor, at: datetime, command_id: str
) -> int:
    """The days of the law for publishing run from the day of the answer."""
    on = request.result_date
    assert on is not None
    content = Content(
        title=title,
        body=f"（由依申请公开的信息转为主动公开，申请编号 {request.number}。请补充正文或者附件。）",
        column=Column.WORK.value,
        formed_date=on,
    )
    made = begin(
        organisation_id=request.organisation_id,
        content=content,
        origin=request.stream,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return int(made.id)


@command("request.transfer_to_letter")
def transfer_to_letter(*, request_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A petition or complaint in the form of a request goes on where it belongs (E1).

    Told by event, with ids alone: who takes letters reads the request by its id.
    """
    request = locked(request_id)
    move(request, Verb.TRANSFER_TO_LETTER)
    if request.transferred_at is not None:
        raise Conflict("本件已经转出，请刷新页面后再看。")
    if Kind.E1 not in queries.kinds_of(request):
        raise DomainError("只有作为信访、举报、投诉类处理的申请可以转出。")
    request.transferred_at, request.transferred_by_id = at, person_of(actor)
    save(request, "transferred_at", "transferred_by")
    tell("request.transferred_to_letter", request, {}, actor, at, command_id)
    return answer(request)


@command("request.register_remedy")
def register_remedy(
    *,
    request_id: int,
    kind: str,
    body: str,
    raised_date: date,
    reference: str = "",
    note: str = "",
    is_admitted: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A complaint, a reconsideration or a suit about the request has come in. → {…, "remedy_id"}

    `is_admitted`: a court has taken a suit that should have gone to reconsideration first.
    """
    request, which = locked(request_id), RemedyKind(kind)
    move(request, Verb.REGISTER_REMEDY)
    check_past(raised_date, at, "提出日期")
    check_remedy(
        which,
        raised=raised_date,
        received=request.received_date,
        decided=request.result_date,
        must_reconsider=_must_reconsider(request),
        had_reconsideration=request.remedies.filter(
            kind=RemedyKind.RECONSIDERATION.value, result__isnull=False
        ).exists(),
        is_admitted=is_admitted,
    )
    made = Remedy.objects.create(
        request=request,
        kind=which.value,
        body=said(body, "受理的机关或者法院"),
        reference=reference.strip(),
        note=note.strip(),
        raised_date=raised_date,
        registered_at=at,
        registered_by_id=person_of(actor),
    )
    facts = {
        "remedy_id": str(made.id),
        "remedy": which.value,
        "raised": raised_date.isoformat(),
        "is_admitted": is_admitted,
    }
    tell(_remedy_event(which), request, facts, actor, at, command_id)
    return answer(request, remedy_id=str(made.id))


def _remedy_event(kind: RemedyKind) -> str:
    if kind is RemedyKind.COMPLAINT:
        return "request.complained"
    return "request.reconsidered" if kind is RemedyKind.RECONSIDERATION else "request.sued"


def _must_reconsider(request: Request) -> bool:
    if request.result_date is None:
        return False
    kinds = queries.kinds_of(request)
    return is_reconsideration_first(kinds, request.result_date, reconsider_first_too())


@command("request.close_remedy")
def close_remedy(
    *,
    request_id: int,
    remedy_id: int,
    result: str,
    closed_date: date | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """What came of it, for table 4."""
    request = locked(request_id)
    move(request, Verb.CLOSE_REMEDY)
    rows = Remedy.objects.select_for_update(of=("self",))
    made = rows.filter(request=request, id=remedy_id).first()
    if made is None:
        raise NotFound("没有这项投诉、复议或者诉讼，请刷新页面后再看。")
    if made.closed_at is not None:
        raise Conflict("结果已经登记过，请刷新页面后再看。")
    on = check_past(closed_date or legal_date(at), at, "结果的日期")
    if on < made.raised_date:
        raise DomainError("结果的日期早于提出的日期，请核对。")
    made.result, made.closed_date = RemedyResult(result).value, on
    made.closed_at, made.closed_by_id, made.result_note = at, person_of(actor), note.strip()
    made.save(update_fields=["result", "closed_date", "closed_at", "closed_by", "result_note"])
    facts = {
        "remedy_id": str(made.id),
        "remedy": made.kind,
        "result": made.result,
        "closed": on.isoformat(),
    }
    tell("request.remedy_closed", request, facts, actor, at, command_id)
    return answer(request)
