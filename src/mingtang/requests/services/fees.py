"""Commands: the fee for handling a request beyond a reasonable volume (R13)."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.files.services import Document
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.requests import queries
from mingtang.requests.models import FeeNotice, Request
from mingtang.requests.rules.fees import FeeBasis, Slice, slices, tariff_on
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind, told_day
from mingtang.requests.services.common import (
    Facts,
    answer,
    check_past,
    draw,
    locked,
    move,
    person_of,
    save,
    start_reply,
    stop,
    tell,
)
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit


@command("request.charge")
def charge(
    *, request_id: int, basis: str, quantity: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Send the notice of a fee within the limit, which stops. By count or by volume, never both.

    `quantity`: how many requests this one is (一事一申请), or its pages. By count, those of the
    same applicant to the same organ in the same month come before it. Raises NoFee, BadQuantity.
    """
    request, on, by = locked(request_id), legal_date(at), FeeBasis(basis)
    move(request, Verb.CHARGE)
    if FeeNotice.objects.filter(request=request).exists():
        raise Conflict("本件已经发过收费通知，一件申请只收一次，只用一种标准。")
    before = queries.asked_before_in_month(request) if by is FeeBasis.COUNT else 0
    found = slices(by, quantity, on, before)
    amount = sum(one.amount for one in found)
    if not amount:
        raise DomainError("没有超过免费的数量，不收费，请继续办理。")
    clocks = [*stop(request, ClockKind.REPLY, on), _payment_clock(request, on)]
    due = date.fromisoformat(clocks[-1]["due"])
    document = _paper(request, by, found, due, at)
    FeeNotice.objects.create(
        request=request,
        basis=by.value,
        quantity=quantity,
        before_count=before,
        amount_cents=amount * 100,
        due_date=due,
        charged_at=at,
        charged_by_id=person_of(actor),
        document=document,
    )
    save(request)
    facts = {
        "basis": by.value,
        "amount_cents": amount * 100,
        "document": document.facts(),
        "clocks": clocks,
    }
    tell("request.charged", request, facts, actor, at, command_id)
    return answer(request, document_id=str(document.id), amount_cents=amount * 100)


def _payment_clock(request: Request, on: date) -> Facts:
    return timing.start_clock(
        stream=request.stream,
        kind=ClockKind.PAYMENT,
        start=on,
        amount=tariff_on(on).pay_days,
        unit=Unit.WORKING_DAY,
    )


def _paper(request: Request, by: FeeBasis, found: list[Slice], due: date, at: datetime) -> Document:
    tariff = tariff_on(legal_date(at))
    words = {
        "amount": str(sum(one.amount for one in found)),
        "basis": f"（{by.label}）",
        "days": str(tariff.pay_days),
        "term": told_day(due),
        "tariff": tariff.source,
    }
    return draw(request, PaperKind.FEE, at, words, rows=_rows(found, by))


def _rows(found: list[Slice], by: FeeBasis) -> list[tuple[str, str, str, str]]:
    return [
        (str(place), f"{one.count} {by.unit}", str(one.yuan), str(one.amount))
        for place, one in enumerate(found, 1)
    ]


@command("request.pay")
def pay(
    *,
    request_id: int,
    paid_date: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The fee has been paid: the limit of reply begins anew."""
    request = locked(request_id)
    move(request, Verb.PAY)
    on = check_past(paid_date or legal_date(at), at, "缴费日期")
    notice = _notice(request)
    if on < legal_date(notice.charged_at):
        raise DomainError("缴费日期早于收费通知的日期，请核对。")
    notice.paid_date, notice.paid_at, notice.paid_by_id = on, at, person_of(actor)
    notice.save(update_fields=["paid_date", "paid_at", "paid_by"])
    request.lapse_proposed_at = None
    clocks = stop(request, ClockKind.PAYMENT, on)
    clocks.append(start_reply(request, on))
    save(request, "counted_from_date", "lapse_proposed_at")
    facts = {"amount_cents": notice.amount_cents, "paid": on.isoformat(), "clocks": clocks}
    tell("request.paid", request, facts, actor, at, command_id)
    return answer(request)


def _notice(request: Request) -> FeeNotice:
    found = FeeNotice.objects.select_for_update().filter(request=request).first()
    assert found is not None
    return found
