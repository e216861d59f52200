"""Commands: a villager objects, on the phone or on paper; the village answers; both are public,
without the name."""

import hmac
from datetime import datetime, timedelta

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt, forget_attempts
from mingtang.base.clock import legal_date
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.base.sealed import keyed_hash
from mingtang.base.serials import next_serial
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import start_clock_until, stop_clock
from mingtang.villages.models import Disclosure, Objection
from mingtang.villages.rules import privacy
from mingtang.villages.rules.moves import State
from mingtang.villages.services.common import Facts, limit_of, person_of, said, tell


@command("village.object")
def raise_objection(
    *,
    disclosure_id: int,
    name: str,
    phone: str,
    text: str,
    is_on_paper: bool = False,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Object while the days last. The ledger learns that somebody did, not who or in which words.

    Returns {"objection_id", "number"}. Raises DomainError once the days are over.
    """
    on = legal_date(at)
    one = _open_for_objections(disclosure_id)
    if one.objections_until_date is None or on > one.objections_until_date:
        raise DomainError(
            f"异议期到 {one.objections_until_date} 已经结束。仍有意见的，请向乡镇（街道）反映。"
        )
    due = on + timedelta(days=limit_of(one.village_id, on).reply_days)
    serial = next_serial(f"objection:{one.village.code}{on.year}")
    made = Objection.objects.create(
        disclosure=one,
        number=f"异{one.village.code}{on:%y}{serial:03d}",
        name=said(name, "您的姓名（不公开）"),
        phone=phone.strip(),
        text=said(text, "异议的内容"),
        code_salt=salt(16),
        is_on_paper=is_on_paper,
        raised_at=at,
        raised_by_id=person_of(actor) if is_on_paper else None,
        due_date=due,
    )
    clock = start_clock_until(stream=one.stream, kind=_kind(made), start=on, due_date=due)
    facts: Facts = {"number": made.number, "is_on_paper": is_on_paper, "clocks": [clock]}
    tell([one], "objected", [facts], actor, at, command_id)
    return {"objection_id": str(made.id), "number": made.number}


def _open_for_objections(disclosure_id: int) -> Disclosure:
    rows = Disclosure.objects.select_for_update(of=("self",)).filter(id=disclosure_id)
    one = rows.select_related("village", "section").first()
    if one is None or State(one.state) is not State.RELEASED:
        raise NotFound("没有找到这条公开，或者已经不在公开期内。")
    return one


def _kind(made: Objection) -> str:
    return f"{ClockKind.OBJECTION}:{made.number}"


@command("village.reply")
def reply(
    *,
    objection_id: int,
    public_text: str,
    answer: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Answer an objection. `public_text`: what the objection says, as everybody may read it.

    Both are looked at for what leads to a person, the villager's own name first of all. Raises
    Private, Conflict.
    """
    rows = Objection.objects.select_for_update(of=("self",)).filter(id=objection_id)
    made = rows.select_related("disclosure__village", "disclosure__section").first()
    if made is None:
        raise NotFound("没有找到这条异议，请核对后重试。")
    if made.replied_at is not None:
        raise Conflict("这条异议已经答复过了，请刷新页面。")
    on = legal_date(at)
    made.public_text, made.reply = said(public_text, "异议的公开摘要"), said(answer, "答复")
    privacy.check([("公开摘要", made.public_text), ("答复", made.reply)], [made.name])
    made.replied_at, made.replied_by_id, made.replied_date = at, person_of(actor), on
    made.save(update_fields=["public_text", "reply", "replied_at", "replied_by", "replied_date"])
    one = made.disclosure
    clocks = [] if one.state == State.TAKEN_DOWN else [_stop(one, made, at)]
    facts: Facts = {"number": made.number, "is_late": made.is_late, "clocks": clocks}
    tell([one], "replied", [facts], actor, at, command_id)
    return {"number": made.number, "is_late": made.is_late}


def _stop(one: Disclosure, made: Objection, at: datetime) -> Facts:
    return stop_clock(stream=one.stream, kind=_kind(made), on=legal_date(at))


# ── the query code ────────────────────────────────────────────────────────────────────────────


def tracking_code(made: Objection) -> str:
    """The query code: fifty keyed bits, derived and never stored (as cases do it)."""
    content = f"{made.id}/".encode() + bytes(made.code_salt)
    return spell_code(keyed_hash("objection_code", content))


def objection_by_code(*, number: str, code: str, source: str, at: datetime) -> Objection:
    """The objection behind a number and its query code. Guessing is slowed down.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("objection_lookup", subject, LOOKUP_PER_CASE, at)
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    found = Objection.objects.select_related("disclosure").filter(number=number).first()
    expected = tracking_code(found) if found else "-" * 11
    if not hmac.compare_digest(expected.encode(), code.encode()) or found is None:
        raise NotFound("异议编号或查询码不正确，请对照回执重新输入。")
    forget_attempts("objection_lookup", subject)
    forget_attempt(attempt)
    return found
