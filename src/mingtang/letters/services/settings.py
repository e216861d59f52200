"""Commands: a city's own limits; a complaint that came in the form of a request."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.ids import derived_command_id
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.letters.models import LimitRow
from mingtang.letters.rules.kinds import Kind, Source, Writer
from mingtang.letters.rules.limits import LONGEST
from mingtang.letters.services import filing
from mingtang.letters.services.common import Facts, person_of, said
from mingtang.requests import queries as requests


@command("letter_limit.set")
def set_limit(
    *,
    kind: str,
    source: str,
    since: date,
    days: int,
    extension_days: int,
    basis: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A limit of the city's own, for what comes from a day on; what is there keeps its own."""
    if since < legal_date(at):
        raise DomainError("期限不溯及既往：施行日期最早为今天，请更正。")
    if not 0 <= days <= LONGEST or not 0 <= extension_days <= LONGEST:
        raise DomainError(f"天数须为 0 至 {LONGEST}，请更正。")
    row = {
        "kind": Kind(kind).value if kind else "",
        "source": Source(source).value if source else "",
        "since": since,
    }
    if LimitRow.objects.filter(**row).exists():
        raise Conflict("这一天已经定过同样的期限，请另选施行日期。")
    made = LimitRow.objects.create(
        **row,
        days=days,
        extension_days=extension_days,
        basis=said(basis, "依据")[:120],
        set_at=at,
        set_by_id=person_of(actor),
    )
    told = {"kind": made.kind, "source": made.source, "since": since.isoformat()}
    facts = {**told, "days": days, "extension_days": extension_days, "basis": made.basis}
    record(
        stream="letter_limits:all",
        kind="letter_limit.set",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"limit_id": str(made.id)}


def take_over_request(number: str, at: datetime) -> None:
    """A petition or complaint that was filed as a request for information (第三十九条) comes here;
    its own limit begins now. Twice: one letter."""
    asked = requests.filed_request(number)
    filing.file(
        kind=Kind.COMPLAINT.value,
        source=Source.REQUEST.value,
        title=f"信息公开申请 {number} 转来",
        text=asked.description,
        writer=Writer(
            name=asked.applicant_name,
            phone=asked.phone,
            email=asked.email,
            address=asked.address,
            person_id=asked.applicant_person_id,
        ),
        reference=number,
        actor=SYSTEM,
        at=at,
        command_id=derived_command_id("request-letter", number),
    )
