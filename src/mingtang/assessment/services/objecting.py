"""Services: the judged object to a published sheet, and are answered."""

from datetime import datetime
from typing import Any

from mingtang.assessment import queries
from mingtang.assessment.models import Objection
from mingtang.assessment.rules.sheets import SheetState, check_in_time, need
from mingtang.assessment.services.judging import locked_sheet, tell
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command


class AnsweredAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这条异议已经答复过了，请刷新页面。")


@command("sheet.object")
def object_to(
    *, sheet_id: int, key: str, text: str, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Object to a published sheet, or to one line of it, within its days; the caller has made sure
    that it is the objector's own. Raises NotNow."""
    sheet = locked_sheet(sheet_id)
    need(sheet.state, SheetState.PUBLISHED, act="提出异议")
    check_in_time(sheet.objections_due_date, legal_date(at))
    if key and queries.content_of(sheet.scheme).indicator(key) is None:
        raise DomainError("考核表上没有这项指标，请重新选择。")
    if len(text.strip()) < 5:
        raise DomainError("请写明对哪里有异议、为什么，至少 5 个字。")
    assert actor.id is not None
    made = Objection.objects.create(
        sheet=sheet, key=key, text=text.strip(), objected_at=at, objected_by_id=int(actor.id)
    )
    facts = {"objection_id": str(made.id), "key": key}
    tell([sheet], "sheet.objected", actor, at, command_id, more={sheet.id: facts})
    return {"objection_id": str(made.id)}


@command("objection.answer")
def answer_objection(
    *,
    objection_id: int,
    is_upheld: bool,
    answer: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Answer an objection, with reasons. Where it is upheld, points may be entered again or the
    ledger read anew. Nobody answers their own."""
    found = Objection.objects.filter(id=objection_id).first()
    if found is None:
        raise NotFound("没有找到这条异议，请刷新页面。")
    sheet = locked_sheet(found.sheet_id)
    found.refresh_from_db()
    need(sheet.state, SheetState.PUBLISHED, act="答复异议")
    if found.answered_at is not None:
        raise AnsweredAlready
    assert actor.id is not None
    if found.objected_by_id == int(actor.id):
        raise NotAllowed("自己提出的异议请由别的同事答复。")
    if len(answer.strip()) < 5:
        raise DomainError("请写明答复的理由，至少 5 个字。")
    found.answered_at, found.answered_by_id = at, int(actor.id)
    found.answer, found.is_upheld = answer.strip(), is_upheld
    found.save(update_fields=["answered_at", "answered_by", "answer", "is_upheld"])
    facts = {"objection_id": str(found.id), "is_upheld": is_upheld}
    tell([sheet], "sheet.objection_answered", actor, at, command_id, more={sheet.id: facts})
    return {"is_upheld": is_upheld}
