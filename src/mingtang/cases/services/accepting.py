"""Commands: acceptance, by a clerk or by the law; materials deferred; transfer to another unit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.cases.models import Case, DeferredMaterial
from mingtang.cases.queries.referring import first_level
from mingtang.cases.rules import Channel, Deferred, Given, NotNow, State, Verb, check_reason
from mingtang.cases.services.common import (
    Facts,
    answer,
    chinese,
    decider_of,
    draw,
    due_of,
    lead,
    locked,
    move,
    person_of,
    save,
    tell,
)
from mingtang.cases.services.filing import check_township, keep_originals
from mingtang.cases.services.handing_in import HandedIn, keep_submission
from mingtang.cases.services.originals import check_owed, mark_brought
from mingtang.cases.services.receiving import check_mandate, see_mandate
from mingtang.cases.services.steps import laid_out_facts, lay_out
from mingtang.catalogue import queries as catalogue
from mingtang.files.services import StoredFile
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind, Unit


@command("case.accept", asks_once=True)
def accept(
    *,
    case_id: int,
    deferred: Sequence[Deferred] = (),
    brought: Sequence[str] = (),
    is_mandate_seen: bool = False,
    is_renewal_seen: bool | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Accept a complete application (T10): both limits are frozen, the work is laid out.

    The limits are those of the edition that the case was filed under; counting starts the next
    working day (《行政许可法》第四十二条、第八十二条). After corrections it is accepted as of the
    day on which they were complete; after five silent days, as of the day of receipt, as the law
    would have it. `is_renewal_seen`: whether the licence to be renewed is what was said; if not,
    the application goes on as a new one. What the applicant was to bring is `brought`
    (its material ids), or deferred to a day. Returns … "document_id".
    """
    case = locked(case_id)
    move(case, Verb.ACCEPT)
    see_mandate(case, is_mandate_seen)
    check_mandate(case)
    names = mark_brought(case, brought, actor, at) if brought else []
    check_owed(case, {one.material_id for one in deferred})
    case.accepted_at, case.accepted_by_id = at, person_of(actor)
    is_struck = see_renewal(case, is_renewal_seen)
    with timing.together(case.stream):
        since, is_late = _accepted_as_of(case, legal_date(at))
        clocks, steps = begin_handling(case, since, at)
        clocks += _strike_renewal(case, legal_date(at)) if is_struck else []
        clocks += _defer(case, deferred, at)
    document = notice(case, "accepted", clocks, since, deferred, at)
    save(case, "accepted_at", "accepted_by", "is_mandate_seen", *RENEWAL_COLUMNS)
    facts = {
        "clocks": clocks,
        "steps": steps,
        "deferred": len(deferred),
        "brought": names,
        "is_late": is_late,
        "document": document.facts(),
    }
    tell("case.accepted", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


RENEWAL_COLUMNS = ("is_renewal_seen", "renews_number", "renews_until_date")


def see_renewal(case: Case, is_seen: bool | None) -> bool:
    """A clerk has compared the old licence: nothing is deemed renewed on a mere claim. True where
    it turned out to be no renewal."""
    if case.is_renewal_seen is not False:
        return False
    if is_seen is None:
        raise DomainError("申请延续的原证件还没有核对。请核对后选择“属实”或者“不属实”，再受理。")
    case.is_renewal_seen = is_seen or None
    if not is_seen:
        case.renews_number, case.renews_until_date = "", None
    return not is_seen


def _strike_renewal(case: Case, on: date) -> list[Facts]:
    """What turned out to be no renewal has no clock of one."""
    if timing_queries.open_clock(case.stream, ClockKind.RENEWAL) is None:
        return []
    return [timing.stop_clock(stream=case.stream, kind=ClockKind.RENEWAL, on=on)]


def _accepted_as_of(case: Case, on: date) -> tuple[date, bool]:
    """From which day the limits count, and whether the five days for an answer were missed."""
    if case.complete_date is not None:
        return case.complete_date, False
    clock = timing_queries.open_clock(case.stream, ClockKind.COMPLETENESS)
    is_late = (
        clock is not None
        and on > clock.due_date
        and catalogue.profile_of(case.edition).has_deemed_acceptance
    )
    return (legal_date(case.submitted_at) if is_late else on), is_late


def accepted_too_late(case: Case, since: date) -> bool:
    """Whether what was accepted, without a correction, was accepted only after the check of
    completeness from a day of receipt had run out: then the limits count from that day."""
    profile = catalogue.profile_of(case.edition)
    if case.accepted_at is None or case.correction_count or not profile.has_deemed_acceptance:
        return False
    last = timing_queries.working_days_later(since, profile.completeness_days)
    return legal_date(case.accepted_at) > last


@command("case.deem_accepted", asks_once=True)
def deem_accepted(*, case_id: int, actor: Actor = SYSTEM, at: datetime, command_id: str) -> Facts:
    """What the law says when nobody told the applicant anything in time (T11).

    Accepted as of the day of receipt, so that the limits count from there
    (《行政许可法》第三十二条第一款第（四）项). The notice is a draft until it is sealed.
    """
    case = locked(case_id)
    move(case, Verb.DEEM_ACCEPTED)
    _check_deemed(case, legal_date(at))
    case.accepted_at, case.is_deemed_accepted = at, True
    case.received_at = case.received_at or at
    since = case.complete_date or legal_date(case.submitted_at)
    clocks, steps = begin_handling(case, since, at)
    document = notice(case, "deemed_accepted", clocks, since, (), at)
    save(case, "accepted_at", "is_deemed_accepted", "received_at")
    facts = {"clocks": clocks, "steps": steps, "document": document.facts()}
    facts["since"] = since.isoformat()
    tell("case.deemed_accepted", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))


def _check_deemed(case: Case, on: date) -> None:
    clock = timing_queries.open_clock(case.stream, ClockKind.COMPLETENESS)
    if not catalogue.profile_of(case.edition).has_deemed_acceptance:
        raise NotNow("本事项所属的程序没有“视为受理”。")
    if case.correction_count:
        raise NotNow("本件已告知过补正，不能视为受理；补正是否齐全由窗口确认。")
    if clock is None or on <= clock.due_date:
        raise NotNow("告知补正的期限还没有届满，不能视为受理。")


def begin_handling(case: Case, since: date, at: datetime) -> tuple[list[Facts], list[Facts]]:
    """Stop the check of completeness, start the limits, lay out the work."""
    on = legal_date(at)
    with timing.together(case.stream):
        clocks = [timing.stop_clock(stream=case.stream, kind=ClockKind.COMPLETENESS, on=on)]
        clocks += start_limits(case, since, at)
        steps, step_clocks = lay_out(case, at)
        lead(case)
    return clocks + step_clocks, [laid_out_facts(step) for step in steps]


def start_limits(case: Case, since: date, at: datetime) -> list[Facts]:
    """The promised clock, and the statutory one where the law sets a limit. Where a lower level
    examines first, they wait for its report; until then its own clock runs
    (《行政许可法》第四十三条)."""
    below = first_level(case)
    if below and case.referred_up_at is None:
        return [
            timing.start_clock(
                stream=case.stream,
                kind=ClockKind.PRE_EXAMINATION,
                start=since,
                amount=below.days,
                unit=Unit.WORKING_DAY,
            )
        ]
    limits = catalogue.limits_of(case.edition)
    wanted = [(ClockKind.PROMISED, limits.promised), (ClockKind.STATUTORY, limits.statutory)]
    return [
        timing.start_clock(
            stream=case.stream,
            kind=kind,
            start=at if limit.unit == Unit.OFFICE_HOUR else since,
            amount=limit.amount,
            unit=limit.unit,
        )
        for kind, limit in wanted
        if limit is not None
    ]


def notice(
    case: Case,
    kind: str,
    clocks: Sequence[Facts],
    since: date,
    deferred: Sequence[Deferred],
    at: datetime,
) -> Any:
    dues = {op["kind"]: due_of(op) for op in clocks if op["op"] == "start"}
    names = _material_names(case)
    later = [f"{names[one.material_id]}（{chinese(one.due_date)}前）" for one in deferred]
    words = {
        "day": chinese(since),
        "limits": _limits(case, dues, legal_date(at)),
        "deferred": f"申请人承诺补交：{'、'.join(later)}。" if later else "",
    }
    return draw(case, kind, at, words)


def _limits(case: Case, dues: dict[str, date | None], on: date) -> str:
    """Until when it is decided; or until when it goes up, and how long the next level takes."""
    below = dues.get(ClockKind.PRE_EXAMINATION)
    if below is None:
        promised, statutory = dues.get(ClockKind.PROMISED), dues.get(ClockKind.STATUTORY)
        return f"承诺办结日期：{chinese(promised)}。法定办结日期：{chinese(statutory)}。"
    limits = catalogue.limits_of(case.edition)
    told = {"承诺": limits.promised, "法定": limits.statutory}
    upper = "、".join(f"{name}{limit.label}" for name, limit in told.items() if limit)
    until = f"自上报之日起计算办理期限：{upper}。" if upper else ""
    return f"先由本机关初审，最迟于 {chinese(below)} 上报 {decider_of(case, on)}；{until}"


def _material_names(case: Case) -> dict[str, str]:
    return {line["id"]: line["name"] for line in case.edition.materials}


def _defer(case: Case, deferred: Sequence[Deferred], at: datetime) -> list[Facts]:
    """Note what may come later, each once and before the case is due."""
    if not deferred:
        return []
    names, on = _material_names(case), legal_date(at)
    if len({one.material_id for one in deferred}) < len(deferred):
        raise DomainError("同一份材料只能容缺一次，请删去重复的一行。")
    for one in deferred:
        if one.material_id not in names:
            raise DomainError("办事指南没有要求这份材料，不能容缺。请重新选择。")
        check_reason(one.promise, "补交承诺")
        last = case.next_due_date
        if one.due_date < on or (last and one.due_date > last):
            raise DomainError(
                f"“{names[one.material_id]}”的补交日期须在今天和办结日期 {last} 之间。"
            )
    return keep_deferred(case, deferred, at)


def keep_deferred(case: Case, deferred: Sequence[Deferred], at: datetime) -> list[Facts]:
    """The rows of what may come later, and the clock until the last of it is due. What was
    promised for a whole joint matter may be overdue already when a part of it begins."""
    if not deferred:
        return []
    names, on = _material_names(case), legal_date(at)
    DeferredMaterial.objects.bulk_create(
        DeferredMaterial(
            case=case,
            material_id=one.material_id,
            name=names[one.material_id],
            promise=one.promise.strip(),
            due_date=one.due_date,
        )
        for one in deferred
    )
    last_day = max(one.due_date for one in deferred)
    return [
        timing.start_clock_until(
            stream=case.stream, kind=ClockKind.DEFERRED, start=min(on, last_day), due_date=last_day
        )
    ]


@command("case.supply_deferred", asks_once=True)
def supply_deferred(
    *,
    case_id: int,
    material_ids: Sequence[str],
    files: list[StoredFile],
    originals: Sequence[tuple[str, int]] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The applicant brings what was deferred. What was promised for a whole joint matter comes
    once, for the whole: `supply_part`."""
    case = locked(case_id)
    if case.channel == Channel.JOINT:
        raise NotNow("本件是并联件的一部分，容缺的材料由牵头部门的窗口统一收，收到后各部门都有。")
    facts = came_later(case, material_ids, files, at)
    keep_originals(case, originals, actor, at)
    tell("case.deferred_supplied", case, facts, actor, at, command_id)
    return answer(case)


def came_later(
    case: Case,
    material_ids: Sequence[str],
    files: list[StoredFile],
    at: datetime,
    given: Sequence[Given] = (),
) -> Facts:
    """Keep what came of the deferred materials; the clock stops with the last. Returns what the
    event tells. `given`: with files that the case has already."""
    move(case, Verb.SUPPLY_DEFERRED)
    waiting = list(case.deferred.select_for_update().filter(supplied_at=None).order_by("id"))
    brought = [one for one in waiting if one.material_id in set(material_ids)]
    if not brought:
        raise NotFound("本件没有等待补交的这份材料，请核对后重试。")
    number = case.submissions.count() + 1
    names = [one.name for one in brought]
    handed = HandedIn({"deferred": names}, files, given)
    submission = keep_submission(case, number, handed, at)
    case.deferred.filter(id__in=[one.id for one in brought]).update(supplied_at=at)
    clocks: list[Facts] = []
    if len(brought) == len(waiting):
        clocks = [timing.stop_clock(stream=case.stream, kind=ClockKind.DEFERRED, on=legal_date(at))]
    return {
        "materials": names,
        "submission": submission.commitment,
        "file_count": handed.file_count,
        "clocks": clocks,
    }


@command("case.remind_deferred", asks_once=True)
def remind_deferred(*, case_id: int, actor: Actor = SYSTEM, at: datetime, command_id: str) -> Facts:
    """Remind the applicant once of deferred papers whose day is near, and not yet over."""
    case = locked(case_id)
    near = days_to_remind(legal_date(at))
    rows = case.deferred.select_for_update().filter(supplied_at=None, reminded_at=None)
    found = list(rows.filter(due_date__range=near).order_by("due_date", "id"))
    if not found or not State(case.state).is_open:
        raise NotNow("没有要提醒补交的材料。")
    case.deferred.filter(id__in=[one.id for one in found]).update(reminded_at=at)
    facts = {
        "materials": [one.name for one in found],
        "due": found[0].due_date.isoformat(),
        "dues": [one.due_date.isoformat() for one in found],
    }
    tell("case.deferred_reminded", case, facts, actor, at, command_id)
    return answer(case)


REMIND_DAYS = 2  # working days before the day that was promised


def days_to_remind(on: date) -> tuple[date, date]:
    """The first and the last day of which is reminded on a day. What is over is past reminding:
    so no sweep after a standstill writes of it."""
    return on, timing_queries.working_days_later(on, REMIND_DAYS)


@command("case.transfer", asks_once=True)
def transfer(
    *,
    case_id: int,
    organisation_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Hand an application on to the unit whose work it is (T16). The applicant's time goes on:
    a mistake inside the house is not theirs."""
    case = locked(case_id)
    move(case, Verb.TRANSFER)
    reason = check_reason(reason)
    if organisation_id == case.organisation_id:
        raise DomainError("本件已在这个单位，请选择另一个单位。")
    on = legal_date(at)
    names = regions.names_of({case.organisation_id, organisation_id}, on)
    if organisation_id not in names:
        raise NotFound("没有找到要转往的单位，请重新选择。")
    check_township(case.edition, organisation_id)
    words = {
        "sender": names[case.organisation_id],
        "receiver": names[organisation_id],
        "reason": reason,
    }
    document = draw(case, "transfer", at, words)
    sender = case.organisation_id
    case.organisation_id = organisation_id
    case.region_id = regions.organisation_card(organisation_id, on).region_id
    save(case, "organisation", "region")
    facts = {
        "reason": reason,
        "from": str(sender),
        "to": str(organisation_id),
        "to_label": names[organisation_id],
        "document": document.facts(),
    }
    tell("case.transferred", case, facts, actor, at, command_id)
    return answer(case, document_id=str(document.id))
