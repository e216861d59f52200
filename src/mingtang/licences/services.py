"""Commands: a licence ends before its day, by two people; its holder is reminded of its end.

That there is a licence at all nobody enters: it follows from the case (see the follower).
"""

from datetime import date, datetime, timedelta

from mingtang.accounts.rules import LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt
from mingtang.base.clock import legal_date
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.base.ids import derived_command_id
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import Result, command, record
from mingtang.licences.codes import code_of, index_of
from mingtang.licences.models import Licence
from mingtang.licences.rules import (
    REMIND_BEFORE,
    Ending,
    NotThisLicence,
    Standing,
    WordsMissing,
    check_second,
    reminder_owed,
)

NOT_OURS = "没有查到这份证照：编号或者核验码不正确，或者不是本中心发的。请对照证照重新输入。"


def _locked(licence_id: int) -> Licence:
    found = Licence.objects.select_for_update(of=("self",)).filter(id=licence_id).first()
    if found is None:
        raise NotFound
    return found


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)


@command("licence.ask_end")
def ask_end(
    *,
    licence_id: int,
    ending: Ending,
    reason: str,
    document: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Propose that a licence ends (撤销、撤回、吊销、注销). `document`: the decision's number; a
    注销 may lack it. Nothing changes until another person confirms. Records "licence.end_asked".
    Raises NotThisLicence, WordsMissing."""
    found = _locked(licence_id)
    if found.ended_at is not None:
        raise NotThisLicence(f"这份证照已经{Ending(found.ending).label}，不能再办一次。")
    if found.waits:
        raise NotThisLicence("已有人提出，正在等另一位确认。请先确认或者退回那一次。")
    if found.standing(legal_date(at)) is Standing.REPLACED:
        raise NotThisLicence("这份证照已经换发新证，请对新证办理。")
    if not reason.strip():
        raise WordsMissing("理由")
    if ending is not Ending.DEREGISTERED and not document.strip():
        raise WordsMissing("决定书的文号")
    found.ending, found.ending_reason = ending.value, reason.strip()
    found.ending_document = document.strip()
    found.asked_at, found.asked_by_id = at, _person(actor)
    found.save()
    _tell("licence.end_asked", found, {"ending": ending.value}, actor, at, command_id)
    return {"licence_id": str(found.id)}


@command("licence.confirm_end")
def confirm_end(*, licence_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """A second person confirms: from today on it does not hold. Records "licence.ended", of which
    the holder is told. Raises NotThisLicence, NotAllowed for who asked."""
    found = _waiting(licence_id, actor)
    found.ended_at, found.ended_by_id, found.ended_on = at, _person(actor), legal_date(at)
    found.save(update_fields=["ended_at", "ended_by", "ended_on"])
    facts = {"ending": found.ending, "document": found.ending_document}
    _tell("licence.ended", found, facts, actor, at, command_id)
    return {"licence_id": str(found.id)}


@command("licence.refuse_end")
def refuse_end(
    *, licence_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """A second person sends the proposal back; it stays in the ledger. Records
    "licence.end_refused". Raises NotThisLicence, WordsMissing, NotAllowed for who asked."""
    found = _waiting(licence_id, actor)
    if not reason.strip():
        raise WordsMissing("不同意的理由")
    facts = {"ending": found.ending, "asked_by": str(found.asked_by_id)}
    found.ending = found.ending_reason = found.ending_document = ""
    found.asked_at, found.asked_by = None, None
    found.save()
    _tell("licence.end_refused", found, facts, actor, at, command_id)
    return {"licence_id": str(found.id)}


def _waiting(licence_id: int, actor: Actor) -> Licence:
    found = _locked(licence_id)
    if not found.waits:
        raise NotThisLicence("这份证照没有等待确认的办理。请刷新页面后再看。")
    check_second(actor.id, actor.acting_for_id, found.asked_by_id)
    return found


def _tell(
    kind: str, found: Licence, facts: Result, actor: Actor, at: datetime, command_id: str
) -> None:
    head = {"organisation_id": str(found.organisation_id), "case_id": str(found.case_id)}
    record(
        stream=found.stream,
        kind=kind,
        facts=head | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("licence.remind")
def remind(*, licence_id: int, days: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Remind the holder that it ends, so many days before, once. Records "licence.expiring"."""
    found, on = _locked(licence_id), legal_date(at)
    if reminder_owed(found.facts(), found.reminded, on) != days:
        raise NotThisLicence("这份证照现在不用提醒。")
    found.reminded = [*found.reminded, days]
    found.save(update_fields=["reminded"])
    _tell("licence.expiring", found, {"days": days}, actor, at, command_id)
    return {"licence_id": str(found.id)}


def sweep(at: datetime) -> int:
    """Remind the holders of what ends soon. Late or twice: the same. Returns how many."""
    owed = _owed(legal_date(at))
    for licence_id, days in owed:
        key = derived_command_id("licence.remind", licence_id, days)
        remind(licence_id=licence_id, days=days, actor=SYSTEM, at=at, command_id=key)
    return len(owed)


def _owed(on: date) -> list[tuple[int, int]]:
    until = on + timedelta(days=max(REMIND_BEFORE))
    rows = Licence.objects.filter(expires_on__range=(on, until), ended_at=None, replaced_by=None)
    owed = [(one.id, reminder_owed(one.facts(), one.reminded, on)) for one in rows.order_by("id")]
    return [(licence_id, days) for licence_id, days in owed if days is not None]


def licence_by_code(*, code: str, source: str, at: datetime) -> Licence:
    """The licence that bears a code. Guessing is slowed down, as for papers. Raises NotFound, and
    TooManyAttempts beyond the limit of a source."""
    attempt = count_attempt_or_refuse("verify_source", source, LOOKUP_PER_SOURCE, at)
    rows = Licence.objects.select_related("case")
    found = rows.filter(code_index=index_of(code)).first()
    if found is None or code_of(found.id) != code:
        raise NotFound(NOT_OURS)
    forget_attempt(attempt)
    return found
