"""Commands: each word is looked at and judged; then the result goes the way of review."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotFound
from mingtang.consultations import queries
from mingtang.consultations.models import Activity, Comment
from mingtang.consultations.rules.life import (
    LONGEST_COMMENT,
    BadComment,
    CommentState,
    Kind,
    NotNow,
    State,
    Verdict,
    check_answer,
)
from mingtang.consultations.rules.texts import Row, result_of, survey_result_of
from mingtang.consultations.services.common import Result, locked, person_of, state_of, tell
from mingtang.disclosure.rules.items import Content
from mingtang.disclosure.rules.scan import blocking, scan_text
from mingtang.disclosure.services.drafting import begin
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions.queries import name_of


def _judged(activity_id: int, number: int) -> tuple[Activity, Comment]:
    """A comment whose result is not drawn up yet, held with its activity."""
    activity = locked(activity_id)
    if activity.result_id is not None:
        raise NotNow("结果已经起草，意见和答复不再改动。要改，请在信息公开里修改结果的正文。")
    found = activity.comments.filter(number=number).first()
    if found is None:
        raise NotFound
    return activity, found


@command("consultation.moderate")
def moderate(
    *,
    activity_id: int,
    number: int,
    public_text: str = "",
    set_aside_reason: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Look at what somebody said: write the copy that may be shown, or set it aside with a reason.

    A copy that still leads to somebody is refused (《个人信息保护法》第二十五、三十四条). Records
    "consultation.moderated". Raises BadComment.
    """
    activity, found = _judged(activity_id, number)
    copy, reason = public_text.strip(), set_aside_reason.strip()
    if bool(copy) == bool(reason):
        raise BadComment("请写公开用的意见，或者写明不列入的理由，二者选一。")
    if copy:
        _check_copy(found, copy)
    elif found.answered_at is not None:
        raise Conflict("这条已经答复，不能再改为不列入。")
    elif len(reason) < 4:
        raise BadComment("不列入的理由至少写 4 个字。")
    found.state = (CommentState.KEPT if copy else CommentState.SET_ASIDE).value
    found.public_text, found.set_aside_reason = copy, reason[:200]
    found.moderated_at, found.moderated_by_id = at, person_of(actor)
    found.save(
        update_fields=["state", "public_text", "set_aside_reason", "moderated_at", "moderated_by"]
    )
    facts = {"number": number, "state": found.state}
    tell(activity, "consultation.moderated", facts, actor=actor, at=at, command_id=command_id)
    return {"state": found.state}


def _check_copy(found: Comment, copy: str) -> None:
    if len(copy) > LONGEST_COMMENT:
        raise BadComment(f"公开用的意见最多 {LONGEST_COMMENT} 个字。")
    findings = blocking(scan_text(copy, [found.name]))
    if findings:
        kinds = "、".join(dict.fromkeys(one.label for one in findings))
        raise BadComment(f"公开用的意见里还有{kinds}，请删去或者遮住。")


@command("consultation.answer")
def answer(
    *,
    activity_id: int,
    number: int,
    verdict: str,
    text: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Say what became of an opinion, and why; or answer a question. Records
    "consultation.answered". Raises BadComment, NotNow."""
    activity, found = _judged(activity_id, number)
    if found.state != CommentState.KEPT.value:
        raise NotNow("请先核看这一条，写好公开用的意见，再答复。")
    found.verdict = check_answer(Kind(activity.kind), verdict, text).value
    found.answer = text.strip()
    found.answered_at, found.answered_by_id = at, person_of(actor)
    found.save(update_fields=["verdict", "answer", "answered_at", "answered_by"])
    facts = {"number": number, "verdict": found.verdict}
    tell(activity, "consultation.answered", facts, actor=actor, at=at, command_id=command_id)
    return {"verdict": found.verdict}


@command("consultation.draft_result")
def draft_result(
    *, activity_id: int, words: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Draw up the result as a draft in the review chain, once the term is over and every word is
    judged. Records "consultation.result_drafted". Returns {"publication_id"}. Raises NotNow."""
    activity = locked(activity_id)
    if activity.result_id is not None:
        raise NotNow("结果已经起草，请到信息公开里送审。")
    if state_of(activity, at) not in {State.CLOSED, State.MISSING}:
        raise NotNow("还没有截止，不能起草结果。")
    by: Result = {"actor": actor, "at": at, "command_id": command_id}
    content = _result(activity, words, at)
    made = begin(organisation_id=activity.organisation_id, content=content, **by)
    activity.result_id = made.id
    activity.save(update_fields=["result"])
    facts = {"title": activity.title, "publication_id": str(made.id)}
    tell(activity, "consultation.result_drafted", facts, **by)
    return {"publication_id": str(made.id)}


def _result(activity: Activity, words: str, at: datetime) -> Content:
    on = legal_date(at)
    unit = name_of(activity.organisation_id, on)
    if activity.kind == Kind.SURVEY.value:
        found = queries.tallies(activity)
        return survey_result_of(activity.title, words, found.count, found.lines, on, unit)
    rows = list(activity.comments.order_by("number"))
    kept = [one for one in rows if one.state == CommentState.KEPT.value]
    open_count = sum(one.state == CommentState.WAITING.value for one in rows)
    open_count += sum(one.answered_at is None for one in kept)
    if open_count:
        raise NotNow(f"还有 {open_count} 条没有核看或者没有答复，请逐条办完再起草结果。")
    said = [Row(one.number, one.public_text, Verdict(one.verdict), one.answer) for one in kept]
    aside = len(rows) - len(kept)
    return result_of(Kind(activity.kind), activity.title, words, said, aside, on, unit)
