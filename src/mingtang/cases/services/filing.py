"""Commands: an application comes in, online or across a counter, and is received."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from mingtang.accounts.identity import NotRealEnough, NotYourOwn
from mingtang.accounts.queries import real_name_of
from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE
from mingtang.accounts.services import (
    count_attempt_or_refuse,
    forget_attempt,
    forget_attempts,
)
from mingtang.base.clock import legal_date
from mingtang.base.entropy import salt
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.rows import insert_rows
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.base.serials import next_serial
from mingtang.cases.models import Case, Original, Submission
from mingtang.cases.queries.reading import answers_in
from mingtang.cases.rules import (
    AnswersWrong,
    Applicant,
    Channel,
    Given,
    Renewal,
    State,
    case_number,
    is_renewal_in_time,
    spell_code,
)
from mingtang.cases.services.common import (
    Facts,
    answer,
    draw,
    lead,
    numbered,
    person_of,
    tell,
)
from mingtang.cases.services.drafts import take_draft
from mingtang.cases.services.handing_in import HandedIn, keep_submission
from mingtang.cases.services.paper_receipts import note_paper
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.services import PaperClaim
from mingtang.questions.rules import Answers, check, relevant
from mingtang.regions import queries as regions
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind

SERIAL_BLOCK = 20  # a process draws this many case numbers of a unit and day at a time


@command("case.submit", asks_once=True)
def submit(
    *,
    item_code: str,
    applicant: Applicant,
    answers: Answers,
    files: Sequence[StoredFile] = (),
    given: Sequence[Given] = (),
    pages: Mapping[str, Sequence[StoredFile]] = MappingProxyType({}),
    draft_id: int | None = None,
    channel: str = Channel.ONLINE.value,
    variant: str = "",
    renewal: Renewal | None = None,
    township_id: int | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """File a case for an item's current edition (T1). Returns {"case_id", "number", "state"}.

    `answers` to the edition's form: {section: {question: value}}. `draft_id`: what it was written
    in, whose uploads become the case's. `pages`: files that come along without a draft, by the id
    of their material, in the place of its `upload_ids`. Starts the check of completeness: counted
    from the day of receipt, which online is the day of filing (《行政许可法》第三十二条).
    `township_id`: the unit of the township that the applicant chose, for an item that it examines
    first.
    Raises AnswersWrong, AlreadyFiled.
    """
    case = _new_case(item_code, applicant, channel, variant, renewal, township_id, at)
    checked = _checked(case, answers, at)
    given = [_with_pages(one, pages, case, at) for one in given]
    handed = HandedIn(checked, files, given)
    if draft_id is not None:
        take_draft(draft_id, case, given)
    facts = _begun(case, applicant, handed, at)
    tell("case.submitted", case, facts, actor, at, command_id, begins=True)
    return answer(case)


def _with_pages(
    one: Given, pages: Mapping[str, Sequence[StoredFile]], case: Case, at: datetime
) -> Given:
    if one.material_id not in pages:
        return one
    kept = [attach(file, subject=case.stream, at=at).id for file in pages[one.material_id]]
    return replace(one, upload_ids=tuple(kept))


@command("case.take_in", asks_once=True)
def take_in(
    *,
    item_code: str,
    applicant: Applicant,
    answers: Answers,
    may_lack: bool = False,
    files: Sequence[StoredFile] = (),
    given: Sequence[Given] = (),
    originals: Sequence[tuple[str, int]] = (),
    channel: str = Channel.COUNTER.value,
    variant: str = "",
    renewal: Renewal | None = None,
    township_id: int | None = None,
    paper: PaperClaim | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Take an application in across the counter (T2), a township's or village's too.

    `originals`: names and counts of papers that stay with us. Leaves the receipt, which lists
    them. `may_lack`: the form is not complete, which is asked for afterwards; what it says must
    still be right. `township_id`: as in `submit`, where the counter stands in no township.
    `paper`: the receipt that was given by hand while the system stood still; it is filed now, at
    once, and counts from the earlier time when a second person has confirmed that.
    Returns {"case_id", "number", "state", "document_id"}. Raises AnswersWrong.
    """
    case = _new_case(item_code, applicant, channel, variant, renewal, township_id, at, actor)
    handed = HandedIn(_checked(case, answers, at, may_lack=may_lack), files, given)
    facts = _begun(case, applicant, handed, at)
    keep_originals(case, originals, actor, at)
    received = [*originals, *((file.original_name, 1) for file in files)]
    words = {"next": "窗口核对后，五个工作日内告知是否受理或者需要补正的全部内容。"}
    document = draw(case, "receipt", at, words, numbered(received))
    tell(
        "case.taken_in",
        case,
        {**facts, "originals": len(originals), "document": document.facts()},
        actor,
        at,
        command_id,
        begins=True,
    )
    if paper is not None:
        note_paper(case, paper, actor, at, command_id)
    return answer(case, document_id=str(document.id))


def _new_case(
    item_code: str,
    applicant: Applicant,
    channel: str,
    variant: str,
    renewal: Renewal | None,
    township_id: int | None,
    at: datetime,
    clerk: Actor | None = None,
) -> Case:
    edition = catalogue.edition_for_filing(item_code)
    _check_channel(edition, Channel(channel))
    organisation = _received_by(edition, township_id, clerk)
    case = unsaved_case(edition, applicant, channel, at, organisation)
    case.intake_organisation_id = _counter_of(clerk) if clerk else None
    case.variant = variant
    case.renews_number = renewal.number if renewal else ""
    case.renews_until_date = renewal.until if renewal else None
    case.is_renewal_seen = False if renewal else None
    if clerk:
        case.state = State.RECEIVED.value
        case.received_at, case.received_by_id = at, person_of(clerk)
    return case


def check_real_name(edition: Any, person_id: int | None, number: str | None = None) -> None:
    """Whether somebody is known by their real name as an item wants it, and files for themselves or
    as who acts. `number` None: that is not known yet. Raises NotRealEnough, NotYourOwn."""
    wanted = int(edition.details.get("real_name") or 0)
    if not wanted:
        return
    level, own = real_name_of(person_id)
    if level < wanted:
        raise NotRealEnough(wanted)
    if number is not None and blind_index("identity", number) != own:
        raise NotYourOwn


def _number_of_who_acts(applicant: Applicant) -> str:
    proxy = applicant.proxy
    return (proxy.identity_number if proxy else applicant.identity_number).upper()


def unsaved_case(
    edition: Any, applicant: Applicant, channel: str, at: datetime, organisation: Any = None
) -> Case:
    """A new case under an edition (with its item and department). `organisation`: the unit whose
    case it becomes first, if another than the department."""
    organisation = organisation or edition.item.department
    if channel == Channel.ONLINE:
        check_real_name(edition, applicant.person_id, _number_of_who_acts(applicant))
    proxy = applicant.proxy
    return Case(
        number=next_number(organisation, legal_date(at)),
        region=organisation.region,
        organisation=organisation,
        item=edition.item,
        edition=edition,
        state=State.SUBMITTED.value,
        channel=channel,
        applicant_kind=applicant.kind.value,
        applicant_name=applicant.name,
        applicant_person_id=applicant.person_id,
        identity_number=applicant.identity_number,
        identity_index=blind_index("identity", applicant.identity_number),
        phone=applicant.phone,
        address=applicant.address,
        proxy_name=proxy.name if proxy else "",
        proxy_identity=proxy.identity_number if proxy else "",
        proxy_phone=proxy.phone if proxy else "",
        is_mandate_seen=proxy.is_registered if proxy else None,
        code_salt=salt(16),
        submitted_at=at,
    )


def _received_by(edition: Any, township_id: int | None, clerk: Actor | None) -> Any:
    """The unit whose case it becomes: the department's, or of what a township examines first that
    township's: the one whose counter it came to, else the one that was chosen, never a guess."""
    below = catalogue.referred_up_of(edition)
    if not below or not below.is_by_township:
        return edition.item.department
    at_counter = regions.township_unit_of(_counter_of(clerk)) if clerk else None
    chosen = at_counter or township_id
    if chosen is None:
        raise DomainError(f"“{edition.name}”先由乡镇（街道）初审，请选择所在的乡镇（街道）。")
    check_township(edition, chosen)
    return regions.organisations([chosen])[chosen]


def check_township(edition: Any, organisation_id: int) -> None:
    """What a township examines first is handed to a township only."""
    below = catalogue.referred_up_of(edition)
    if below and below.is_by_township:
        area6 = edition.item.department.area6
        if organisation_id not in {one.id for one in regions.township_units(area6)}:
            raise DomainError(f"“{edition.name}”先由乡镇（街道）初审，请选择本市的乡镇（街道）。")


def next_number(organisation: Any, on: date) -> str:
    """The next case number of a unit and day. Joint matters draw theirs from the same series: no
    two things that people ask after have one number."""
    yymmdd = on.strftime("%y%m%d")
    series = f"case:{organisation.area6}{organisation.unit3}{yymmdd}"
    return case_number(
        region_code=organisation.area6,
        unit3=organisation.unit3,
        date_yymmdd=yymmdd,
        serial=next_serial(series, SERIAL_BLOCK),
    )


def _counter_of(clerk: Actor) -> int:
    person_of(clerk)
    if clerk.organisation_id is None:
        raise DomainError("窗口收件须以窗口岗位办理，请核对您的岗位设置。")
    return int(clerk.organisation_id)


def _check_channel(edition: Any, channel: Channel) -> None:
    """A township or village takes in what the item says it does; an item that is silent allows."""
    levels = edition.details.get("service_levels") or []
    if channel in {Channel.TOWNSHIP, Channel.VILLAGE} and levels and channel.value not in levels:
        place = {"township": "乡镇", "village": "村"}[channel.value]
        raise DomainError(
            f"“{edition.name}”不由{place}代收，请告诉群众到市行政服务中心或在网上办理。"
        )


def _checked(case: Case, answers: Answers, at: datetime, *, may_lack: bool = False) -> Facts:
    """The answers to what is asked of this applicant. Raises AnswersWrong."""
    form = catalogue.form_of(case.edition)
    faults = check(form, answers, on=legal_date(at))
    wrong = [fault for fault in faults if not (may_lack and fault.is_missing)]
    if wrong:
        raise AnswersWrong(wrong)
    return {"form": relevant(form, answers)}


def _begun(case: Case, applicant: Applicant, handed: HandedIn, at: datetime) -> Facts:
    """Start the clocks, keep the case and what was handed in; the facts that both ways in tell."""
    with timing.together(case.stream, is_new=True):
        clocks = first_clocks(case, legal_date(at))
        lead(case)
    insert_rows([case])
    submission = keep_submission(case, 1, handed, at, applicant)
    return filed_facts(case, submission, handed, clocks)


def filed_facts(case: Case, submission: Submission, handed: HandedIn, clocks: list[Facts]) -> Facts:
    """What every way in tells of a new case."""
    return {
        "number": case.number,
        "item_id": str(case.item_id),
        "item_code": case.item.code,
        "item_name": case.edition.name,
        "edition_id": str(case.edition_id),
        "edition_number": case.edition.number,
        "channel": case.channel,
        "applicant_kind": case.applicant_kind,
        "has_proxy": bool(case.proxy_name),
        "submission": submission.commitment,
        "file_count": handed.file_count,
        "given_count": len(handed.given),
        "required_count": catalogue.required_count(case.edition),
        "clocks": clocks,
    }


def first_clocks(case: Case, on: date) -> list[Facts]:
    return [completeness_clock(case, on), *renewal_clock(case, on)]


def completeness_clock(case: Case, on: date) -> Facts:
    """The check of completeness, from the day of receipt (《行政许可法》第三十二条)."""
    return timing.start_clock(
        stream=case.stream,
        kind=ClockKind.COMPLETENESS,
        start=on,
        amount=catalogue.profile_of(case.edition).completeness_days,
        unit="working_day",
    )


def renewal_clock(case: Case, on: date) -> list[Facts]:
    """Until the licence to be renewed expires, where that was applied for in time
    (《行政许可法》第五十条)."""
    until = case.renews_until_date
    if until is None or not is_renewal_in_time(on, until):
        return []
    if not catalogue.profile_of(case.edition).has_deemed_renewal:
        return []
    begun = timing.start_clock_until(
        stream=case.stream, kind=ClockKind.RENEWAL, start=on, due_date=until
    )
    return [begun]


def changed_answers(case: Case, answers: Answers, at: datetime) -> Facts:
    """The form as the applicant now fills it in; nothing where it says what it said before."""
    found = _checked(case, answers, at, may_lack=True)
    return {} if found["form"] == answers_in(case.submissions.order_by("number")) else found


def keep_originals(
    case: Case, originals: Sequence[tuple[str, int]], actor: Actor, at: datetime
) -> list[Original]:
    """Note the originals that stay with us, at the counter that took them."""
    if not originals:
        return []
    if any(count < 1 for _name, count in originals):
        raise DomainError("原件的份数至少为 1，请更正。")
    return Original.objects.bulk_create(
        Original(
            case=case,
            name=name,
            count=count,
            place_id=_counter_of(actor),
            taken_at=at,
            taken_by_id=person_of(actor),
        )
        for name, count in originals
    )


# ── the query code ────────────────────────────────────────────────────────────────────────────


class HasCode(Protocol):
    """What people ask after by number and query code: a case, a joint matter."""

    @property
    def id(self) -> int: ...
    @property
    def code_salt(self) -> Any: ...


Found = TypeVar("Found", bound=HasCode)


def tracking_code(case: HasCode) -> str:
    """The query code: fifty keyed bits, derived and never stored, so that no copy of the
    database shows one and a lost receipt can be printed again."""
    return spell_code(keyed_hash("tracking_code", f"{case.id}/".encode() + bytes(case.code_salt)))


def case_by_code(*, number: str, code: str, source: str, at: datetime) -> Case:
    """The case behind a number and its query code, as `by_code`."""
    case = Case.objects.filter(number=number).first()
    return by_code(case, number=number, code=code, source=source, at=at)


def by_code(found: Found | None, *, number: str, code: str, source: str, at: datetime) -> Found:
    """What was found by its number, for who knows its query code. Guessing is slowed down.

    Raises NotFound for a wrong number and a wrong code alike, TooManyAttempts beyond the limits.
    """
    subject = f"{number}|{source}"
    count_attempt_or_refuse("lookup", subject, LOOKUP_PER_CASE, at)
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    expected = tracking_code(found) if found else "-" * 11
    if not hmac.compare_digest(expected.encode(), code.encode()) or found is None:
        raise NotFound("办件编号或查询码不正确，请对照回执重新输入。")
    forget_attempts("lookup", subject)
    forget_attempt(attempt)
    return found
