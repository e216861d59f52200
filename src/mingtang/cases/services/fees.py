"""Commands on money: payment notice, waiver, payment, refund, the cashier's day. Sums in cents."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.module_loading import import_string

from mingtang.base.clock import day_bounds, legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.serials import next_serial
from mingtang.cases.models import Case, CashierDay, Charge
from mingtang.cases.payments import PaymentProvider
from mingtang.cases.rules import NotNow, State, check_reason, check_separation
from mingtang.cases.rules.fees import (
    ChargeState,
    charge_after,
    charged_lines,
    yuan,
)
from mingtang.cases.services.common import (
    Facts,
    answer,
    draw,
    holder_of,
    locked,
    person_of,
    persons_of,
    tell,
)
from mingtang.catalogue import queries as catalogue
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

CHARGED_IN = frozenset(
    {State.RECEIVED, State.ACCEPTED, State.REVIEWING, State.PAUSED, State.GRANTED}
)


@command("case.charge", asks_once=True)
def charge(
    *,
    case_id: int,
    fees: Sequence[tuple[str, int]],
    blocks_issue: bool = True,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A payment notice by the fee schedule of the case's edition. `fees`: name and cents.

    Returns … "charge_id", "document_id". Raises DomainError for what is outside of the schedule.
    """
    case = locked(case_id)
    if State(case.state) not in CHARGED_IN:
        raise NotNow(f"办件现为“{State(case.state).label}”，不能再收费。")
    lines = charged_lines(catalogue.fees_of(case.edition), fees)
    total = sum(line["cents"] for line in lines)
    rows = [[ln["name"], ln["standard"], ln["basis"], yuan(ln["cents"])] for ln in lines]
    document = draw(case, "payment", at, {"sum": yuan(total)}, rows)
    made = Charge.objects.create(
        case=case,
        lines=lines,
        cents=total,
        blocks_issue=blocks_issue,
        state=ChargeState.DUE.value,
        document=document,
        charged_at=at,
        charged_by_id=person_of(actor),
    )
    facts = {"charge_id": str(made.id), "cents": total, "document": document.facts()}
    tell("case.charged", case, facts, actor, at, command_id)
    return answer(case, charge_id=str(made.id), document_id=str(document.id))


def _charge(case: Case, charge_id: int, verb: str) -> Charge:
    """The charge of this case, held and moved. Raises NotFound or ChargeConflict."""
    found = Charge.objects.select_for_update().filter(case=case, id=charge_id).first()
    if found is None:
        raise NotFound("没有找到这笔费用，请刷新页面。")
    found.state = charge_after(verb, ChargeState(found.state)).value
    return found


@command("case.ask_waiver", asks_once=True)
def ask_waiver(
    *,
    case_id: int,
    charge_id: int,
    cents: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask that a sum, or a part of it, be waived."""
    case = locked(case_id)
    found = _charge(case, charge_id, "ask_waiver")
    if found.waived_at is not None:
        raise NotNow("这笔费用已经批过一次减免，不能再次申请。请按减免后的金额缴费。")
    if not 0 < cents <= found.cents:
        raise DomainError(f"减免金额须大于 0、不超过应缴的 {yuan(found.cents)}。")
    found.waiver_asked_at, found.waiver_asked_by_id = at, person_of(actor)
    found.waiver_cents, found.waiver_reason = cents, check_reason(reason, "减免的理由和依据")
    found.save(
        update_fields=[
            *("state", "waiver_asked_at", "waiver_asked_by"),
            *("waiver_cents", "waiver_reason"),
        ]
    )
    facts = {"charge_id": str(found.id), "cents": cents, "reason": found.waiver_reason}
    tell("case.waiver_asked", case, facts, actor, at, command_id)
    return answer(case)


@command("case.answer_waiver", asks_once=True)
def answer_waiver(
    *,
    case_id: int,
    charge_id: int,
    is_approved: bool,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Approve a waiver or not: another person than who asked. What is left stays due."""
    case = locked(case_id)
    found = _charge(case, charge_id, "waive" if is_approved else "reject_waiver")
    check_separation(persons_of(actor), {one for one in [found.waiver_asked_by_id] if one})
    if is_approved:
        found.waived_at, found.waived_by_id = at, person_of(actor)
        if found.waiver_cents < found.cents:
            found.state = ChargeState.DUE.value
    else:
        found.waiver_cents = 0
    found.save(update_fields=["state", "waived_at", "waived_by", "waiver_cents"])
    facts = {"charge_id": str(found.id), "cents": found.waiver_cents, "is_approved": is_approved}
    tell("case.waiver_answered", case, facts, actor, at, command_id)
    return answer(case)


def provider() -> PaymentProvider:
    """The installation's way of taking money: MINGTANG_PAYMENT_PROVIDER, a dotted path."""
    found: PaymentProvider = import_string(settings.MINGTANG_PAYMENT_PROVIDER)()
    return found


@command("case.pay", asks_once=True)
def pay(
    *,
    case_id: int,
    charge_id: int,
    reference: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Take what is due, through the payment provider; a receipt with a number of its own.

    Not by a cashier whose day is closed: what was counted stays what was counted.

    Returns … "receipt_number", "cents". Raises DomainError where the provider declines.
    """
    case = locked(case_id)
    _check_day_open(actor, at)
    found = _charge(case, charge_id, "pay")
    cents = found.cents - found.waiver_cents
    taken = provider().take(cents=cents, reference=reference, order=str(found.id))
    year = legal_date(at).year
    found.receipt_number = f"{year}{next_serial(f'receipt:{year}'):08d}"
    found.paid_at, found.paid_by_id, found.paid_cents = at, person_of(actor), cents
    found.provider, found.reference = taken.provider, taken.reference
    found.save(
        update_fields=[
            *("state", "paid_at", "paid_by", "paid_cents"),
            *("provider", "reference", "receipt_number"),
        ]
    )
    facts = {
        "charge_id": str(found.id),
        "cents": cents,
        "provider": taken.provider,
        "receipt_number": found.receipt_number,
        "paid_for": str(holder_of(actor) or ""),
    }
    tell("case.paid", case, facts, actor, at, command_id)
    return answer(case, receipt_number=found.receipt_number, cents=cents)


@command("case.refund", asks_once=True)
def refund(
    *,
    case_id: int,
    charge_id: int,
    cents: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give money back, by another person than who took it; not once their day is closed."""
    case = locked(case_id)
    _check_day_open(actor, at)
    found = _charge(case, charge_id, "refund")
    check_separation(persons_of(actor), {one for one in [found.paid_by_id] if one})
    if not 0 < cents <= found.paid_cents:
        raise DomainError(f"退费金额须大于 0、不超过已缴的 {yuan(found.paid_cents)}。")
    found.refund_reason = check_reason(reason, "退费的理由")
    provider().give_back(cents=cents, reference=found.reference, order=str(found.id))
    found.refunded_at, found.refunded_by_id = at, person_of(actor)
    found.refunded_cents = cents
    found.save(
        update_fields=[
            *("state", "refunded_at", "refunded_by"),
            *("refunded_cents", "refund_reason"),
        ]
    )
    facts = {"charge_id": str(found.id), "cents": cents, "reason": found.refund_reason}
    tell("case.refunded", case, facts, actor, at, command_id)
    return answer(case)


def _check_day_open(actor: Actor, at: datetime) -> None:
    """Raises NotNow for a cashier who has closed the day. Closing waits for money on its way."""
    cashier_id, on = person_of(actor), legal_date(at)
    queue_up(f"cashier/{cashier_id}")
    if CashierDay.objects.filter(date=on, cashier=cashier_id).exists():
        raise NotNow(f"您 {on} 的账已经结了，不能再收费或退费。请下个工作日办理，或请同事办理。")


def day_of(cashier_id: int, on: date) -> dict[str, int]:
    """What a cashier took and gave back on a day: {"paid", "refunded", "count"}, sums in cents."""
    first, last = day_bounds(on)
    taken = Charge.objects.filter(paid_by=cashier_id, paid_at__gte=first, paid_at__lt=last)
    given = Charge.objects.filter(
        refunded_by=cashier_id, refunded_at__gte=first, refunded_at__lt=last
    )
    paid = taken.aggregate(cents=Sum("paid_cents"), count=Count("id"))
    back = given.aggregate(cents=Sum("refunded_cents"))
    return {"paid": paid["cents"] or 0, "refunded": back["cents"] or 0, "count": paid["count"]}


@command("cashier.close_day")
def close_day(
    *,
    on: date,
    counted_cents: int,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Close a cashier's day: what was counted in the drawer against what the system says.

    A difference needs a note. A day is closed once. Returns {"difference_cents"}.
    """
    cashier_id = person_of(actor)
    queue_up(f"cashier/{cashier_id}")
    if CashierDay.objects.filter(date=on, cashier=cashier_id).exists():
        raise NotNow(f"{on} 的账已经结过，不能重复结账。")
    if on > legal_date(at):
        raise DomainError("不能结以后的账，请核对日期。")
    said = day_of(cashier_id, on)
    difference = counted_cents - (said["paid"] - said["refunded"])
    if difference and len(note.strip()) < 2:
        raise DomainError(f"实点与系统相差 {yuan(abs(difference))}，请写明原因后再结账。")
    CashierDay.objects.create(
        date=on,
        cashier_id=cashier_id,
        organisation_id=int(actor.organisation_id or 0),
        paid_cents=said["paid"],
        refunded_cents=said["refunded"],
        counted_cents=counted_cents,
        payment_count=said["count"],
        note=note.strip(),
        closed_at=at,
    )
    facts = {"date": on.isoformat(), **said, "counted": counted_cents, "difference": difference}
    record(
        stream=f"cashier:{cashier_id}",
        kind="cashier.day_closed",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"difference_cents": difference}
