"""Commands: a request comes in, online or through a clerk, and is received."""

import hmac
from collections.abc import Sequence
from datetime import date, datetime

from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt, forget_attempts
from mingtang.base.clock import legal_date
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.profile import commitment
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.base.serials import next_serial
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command
from mingtang.regions import queries as regions
from mingtang.requests.models import Party, Request
from mingtang.requests.rules.consulting import PartyRole
from mingtang.requests.rules.law import NotConfirmed, law_on, receipt_rule, received_on
from mingtang.requests.rules.moves import Verb
from mingtang.requests.rules.papers import PaperKind, flow_rows, told_day
from mingtang.requests.rules.people import (
    Applicant,
    Channel,
    WantedForm,
    WantedWay,
    request_number,
)
from mingtang.requests.rules.states import State
from mingtang.requests.services.common import (
    Facts,
    answer,
    check_past,
    draw,
    locked,
    move,
    person_of,
    said,
    save,
    start_reply,
    tell,
)


@command("request.file")
def file(
    *,
    organisation_id: int,
    applicant: Applicant,
    description: str,
    purpose: str = "",
    wanted_form: str = WantedForm.ELECTRONIC.value,
    wanted_way: str = WantedWay.ONLINE.value,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Ask an organ for information online. Returns {"request_id", "number", "state"}.

    Received, since 2015, when both sides have confirmed it: see confirm_receipt.
    """
    wants = Wants(description, purpose, wanted_form, wanted_way)
    request = _new(organisation_id, Channel.INTERNET, applicant, wants, at, legal_date(at))
    request.save(force_insert=True)
    facts = _kept(request, applicant, files, at)
    tell("request.filed", request, facts, actor, at, command_id)
    return answer(request)


@command("request.register")
def register(
    *,
    organisation_id: int,
    channel: str,
    applicant: Applicant,
    description: str,
    purpose: str = "",
    wanted_form: str = WantedForm.PAPER.value,
    wanted_way: str = WantedWay.POST.value,
    submitted_date: date,
    arrived_date: date,
    confirmed_date: date | None = None,
    help_note: str = "",
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Enter a request that came across the counter, by post, fax, mail or word of mouth.

    Received at once where the law counts the day on which it came; else it waits for the
    confirmation. Returns {"request_id", "number", "state"}.
    """
    for day, what in ((arrived_date, "到达日期"), (submitted_date, "提交日期")):
        check_past(day, at, what)
    wants = Wants(description, purpose, wanted_form, wanted_way)
    request = _new(organisation_id, Channel(channel), applicant, wants, at, arrived_date)
    request.registered_at, request.registered_by_id = at, person_of(actor)
    request.help_note = help_note.strip()
    request.save(force_insert=True)
    facts = _kept(request, applicant, files, at)
    tell("request.registered", request, facts, actor, at, command_id)
    try:
        received = _received(request, submitted_date, confirmed_date)
    except NotConfirmed:
        return answer(request)
    _receive(request, received, confirmed_date, actor, at, command_id)
    return answer(request)


def _received(request: Request, submitted: date, confirmed: date | None) -> date:
    return received_on(
        Channel(request.channel),
        submitted=submitted,
        arrived=request.arrived_date,
        confirmed=confirmed,
    )


class Wants:
    """What is wanted: the content, what for, in which form, by which way."""

    def __init__(self, description: str, purpose: str, form: str, way: str) -> None:
        self.description = said(description, "要申请公开的政府信息（名称、文号或者其他特征）")
        self.purpose = purpose.strip()
        self.form, self.way = WantedForm(form).value, WantedWay(way).value


def _new(
    organisation_id: int,
    channel: Channel,
    applicant: Applicant,
    wants: Wants,
    at: datetime,
    arrived: date,
) -> Request:
    law_on(arrived)
    on = legal_date(at)
    unit = regions.organisation_card(organisation_id, on)
    yymmdd = on.strftime("%y%m%d")
    serial = next_serial(f"request:{unit.area6}{unit.unit3}{yymmdd}")
    fresh = salt(16).hex()
    content = {
        "applicant": applicant,
        "description": wants.description,
        "purpose": wants.purpose,
        "form": wants.form,
        "way": wants.way,
    }
    return Request(
        number=request_number(
            area6=unit.area6, unit3=unit.unit3, date_yymmdd=yymmdd, serial=serial
        ),
        organisation_id=organisation_id,
        state=State.FILED.value,
        channel=channel.value,
        applicant_kind=applicant.kind.value,
        applicant_name=said(applicant.name, "申请人的姓名或者名称"),
        applicant_person_id=applicant.person_id,
        identity_number=applicant.identity_number,
        identity_index=blind_index("identity", applicant.identity_number.upper()),
        phone=applicant.phone,
        address=applicant.address,
        email=applicant.email,
        code_salt=salt(16),
        description=wants.description,
        purpose=wants.purpose,
        wanted_form=wants.form,
        wanted_way=wants.way,
        salt=fresh,
        commitment=commitment(fresh, canonical(content)),
        submitted_at=at,
        arrived_date=arrived,
        next_due_date=arrived,  # to be confirmed at once
    )


def _kept(
    request: Request, applicant: Applicant, files: Sequence[StoredFile], at: datetime
) -> Facts:
    """Keep what came with it and draw up the form. The ledger gets a salted commitment."""
    for one in files:
        attach(one, subject=request.stream, at=at)
    if applicant.agent_name.strip():
        Party.objects.create(
            request=request,
            role=PartyRole.AGENT.value,
            name=applicant.agent_name.strip(),
            phone=applicant.agent_phone,
        )
    paper = draw(request, PaperKind.APPLICATION, at, rows=_form_rows(request))
    return {
        "channel": request.channel,
        "applicant_kind": request.applicant_kind,
        "arrived": request.arrived_date.isoformat(),
        "request": request.commitment,
        "file_count": len(files),
        "document": paper.facts(),
    }


def _form_rows(request: Request) -> list[tuple[str, str]]:
    """The lines of the form that was filled in."""
    lines = [
        ("申请人", f"{request.applicant_name}（{request.get_applicant_kind_display()}）"),
        ("证件号码", request.identity_number),
        ("联系电话", request.phone),
        ("联系地址", request.address),
        ("电子邮箱", request.email),
        ("用途", request.purpose),
        ("提供形式", request.get_wanted_form_display()),
        ("获取方式", request.get_wanted_way_display()),
        ("提出方式", request.get_channel_display()),
    ]
    return [(name, value) for name, value in lines if value]


@command("request.confirm_receipt")
def confirm_receipt(
    *, request_id: int, confirmed_date: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Both sides have confirmed the receipt: from then on the limit counts (R3, R4)."""
    request = locked(request_id)
    check_past(confirmed_date, at, "确认日期")
    received = _received(request, request.arrived_date, confirmed_date)
    _receive(request, received, confirmed_date, actor, at, command_id)
    return answer(request)


def _receive(
    request: Request,
    received: date,
    confirmed: date | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    move(request, Verb.CONFIRM_RECEIPT)
    check_past(received, at, "收到日期")
    rule = receipt_rule(Channel(request.channel), request.arrived_date)
    request.received_date, request.confirmed_date = received, confirmed
    request.received_at, request.received_by_id = at, person_of(actor)
    clock = start_reply(request, received)
    save(
        request,
        *("received_date", "confirmed_date", "received_at", "received_by", "counted_from_date"),
    )
    words = {
        "received": told_day(received),
        "rule": f"{rule.basis.label}，{rule.source}",
        "days": str(law_on(received).reply_days),
        "due": told_day(request.next_due_date),
        "receipt_article": law_on(received).article("reply"),
    }
    papers = [
        draw(request, PaperKind.RECEIPT, at, words),
        draw(request, PaperKind.FLOW, at, rows=flow_rows()),
        draw(request, PaperKind.REGISTER, at, rows=_form_rows(request)),
    ]
    facts = {
        "received": received.isoformat(),
        "basis": rule.basis.value,
        "law": law_on(received).code,
        "is_late_confirmation": rule.is_same_day and received > request.arrived_date,
        "documents": [paper.facts() for paper in papers],
        "clocks": [clock],
    }
    tell("request.received", request, facts, actor, at, command_id)


# ── the query code ────────────────────────────────────────────────────────────────────────────


def tracking_code(request: Request) -> str:
    """The query code: fifty keyed bits, derived and never stored (as cases do it)."""
    content = f"{request.id}/".encode() + bytes(request.code_salt)
    return spell_code(keyed_hash("request_code", content))


def request_by_code(*, number: str, code: str, source: str, at: datetime) -> Request:
    """The request behind a number and its query code. Guessing is slowed down.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("request_lookup", subject, LOOKUP_PER_CASE, at)
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    found = Request.objects.filter(number=number).first()
    expected = tracking_code(found) if found else "-" * 11
    if not hmac.compare_digest(expected.encode(), code.encode()) or found is None:
        raise NotFound("申请编号或查询码不正确，请对照回执重新输入。")
    forget_attempts("request_lookup", subject)
    forget_attempt(attempt)
    return found


def check_complete(applicant: Applicant, on: date) -> None:
    """Since 2019 a request proves who asks (《条例》第二十九条). Raises DomainError."""
    if law_on(on).asks_identity and not applicant.identity_number.strip():
        raise DomainError("请填写申请人的身份证号或者统一社会信用代码，作为身份证明。")
