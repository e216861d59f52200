"""Commands: a window takes an online filing in; a clerk has seen a proxy's mandate."""

from datetime import datetime

from mingtang.base.errors import DomainError
from mingtang.cases.models import Case
from mingtang.cases.rules import NotNow, Verb
from mingtang.cases.services.common import Facts, answer, locked, move, person_of, save, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command


@command("case.receive", asks_once=True)
def receive(
    *,
    case_id: int,
    is_mandate_seen: bool = False,
    is_renewal_seen: bool | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Take an online filing in at the window (T3). The day of receipt stays the day of filing."""
    case = locked(case_id)
    move(case, Verb.RECEIVE)
    case.received_at, case.received_by_id = at, person_of(actor)
    see_mandate(case, is_mandate_seen)
    if is_renewal_seen and case.is_renewal_seen is False:
        case.is_renewal_seen = True
    save(case, "received_at", "received_by", "is_mandate_seen", "is_renewal_seen")
    tell("case.received", case, {}, actor, at, command_id)
    return answer(case)


@command("case.see_mandate", asks_once=True)
def confirm_mandate(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A clerk has seen the proxy's mandate after acceptance, such as one deemed accepted."""
    case = locked(case_id)
    if case.is_mandate_seen is not False:
        raise NotNow("本件没有要核对的委托书。")
    see_mandate(case, is_seen=True)
    save(case, "is_mandate_seen")
    tell("case.mandate_seen", case, {}, actor, at, command_id)
    return answer(case)


def check_mandate(case: Case) -> None:
    if case.is_mandate_seen is False:
        raise DomainError("代理人的委托书还没有核对。请核对委托书，登记“已核对委托书”后再办。")


def see_mandate(case: Case, is_seen: bool) -> None:
    """A clerk has seen the proxy's mandate (《行政许可法》第二十九条)."""
    if case.proxy_name and is_seen:
        case.is_mandate_seen = True
