"""Commands: the one notice of all that a filing lacks, what the applicant brings, and what the law
does where nobody said anything in time. The parts begin with the acceptance of the whole: until
then all of them wait."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.files.rules.documents import chinese_date
from mingtang.joint.models import JointCase, JointCorrection
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.parts import NotNow
from mingtang.joint.services.accepting import begin
from mingtang.joint.services.common import (
    Facts,
    answer,
    draw,
    law_of,
    locked,
    move,
    parts_of,
    person_of,
    save,
    tell,
)
from mingtang.joint.services.filing import Handed, wanted_of
from mingtang.joint.services.materials import keep_files, note_brought
from mingtang.joint.services.paper_receipts import KIND
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.outage.queries import waiting_since
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


@command("joint.ask_correction")
def ask_correction(
    *,
    joint_id: int,
    missing: Mapping[str, str],
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Tell the applicant once all that is missing, for all departments (《行政许可法》第三十二条).

    `missing`: what is wanted of a material, by its key; "": that it comes at all. Within five
    working days of the filing: after that it counts as accepted. Returns … "document_id", "due".
    """
    joint, on = locked(joint_id), legal_date(at)
    if joint.corrections.exists():
        raise NotNow("已经一次性告知过补正，不能再告知。还不齐的，请当面收齐或者退件。")
    move(joint, Verb.ASK_CORRECTION)
    _check_in_time(joint, on)
    lines = _lines(joint, missing, note)
    clocks = [
        timing.stop_clock(stream=joint.stream, kind=ClockKind.COMPLETENESS, on=on),
        timing.start_clock(
            stream=joint.stream,
            kind=ClockKind.CORRECTION,
            start=on,
            amount=settings.MINGTANG_CORRECTION_DAYS,
            unit="calendar_day",
        ),
    ]
    due = date.fromisoformat(clocks[1]["due"])
    rows = [[str(n), one["name"], one["text"] or "请补交"] for n, one in enumerate(lines, 1)]
    words = {"note": note.strip(), "due": chinese_date(due)}
    document = draw(joint, "joint_correction", at, words, rows, legal_basis=ARTICLE)
    JointCorrection.objects.create(
        joint=joint,
        missing=lines,
        note=note.strip(),
        document=document,
        asked_at=at,
        asked_by_id=person_of(actor),
    )
    save(joint)
    names = [one["name"] for one in lines]
    facts = {"missing": names, "clocks": clocks, "document": document.facts()}
    tell("joint.correction_asked", joint, facts, actor, at, command_id)
    return answer(joint, document_id=str(document.id), due=due.isoformat())


ARTICLE = "《中华人民共和国行政许可法》第三十二条第一款第（四）项"


def _check_in_time(joint: JointCase, on: date) -> None:
    clock = timing_queries.open_clock(joint.stream, ClockKind.COMPLETENESS)
    if clock is not None and on > clock.due_date:
        raise DomainError(
            f"告知补正的期限已于 {clock.due_date} 届满，自收件之日起视为受理，不能再告知补正。"
        )
    received = waiting_since(KIND, joint.id)  # a paper receipt that nobody has compared yet
    if received is None:
        return
    last = timing_queries.working_days_later(received, law_of(joint).completeness_days)
    if on > last:
        raise DomainError(
            f"本件有一份停机时的纸质回执等待核对，写明 {received} 收件，照此期限已于 {last} 届满："
            "请先核对纸质回执，再决定能不能告知补正。"
        )


def _lines(joint: JointCase, missing: Mapping[str, str], note: str) -> list[dict[str, str]]:
    """What is missing in the order of the list. Raises DomainError for nothing at all."""
    wanted = {one.key: one.name for one in wanted_of(parts_of(joint))}
    if missing.keys() - wanted.keys():
        raise DomainError("有的材料不在清单里，请刷新页面重选。")
    if not missing and not note.strip():
        raise DomainError("请选出缺的材料，或者写明要补正的内容。")
    return [
        {"key": key, "name": name, "text": missing[key].strip()}
        for key, name in wanted.items()
        if key in missing
    ]


@command("joint.supply")
def supply(
    *,
    joint_id: int,
    handed: Sequence[Handed] = (),
    brought: Sequence[str] = (),
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """The applicant brings what was asked for: files of materials, or paper at the window
    (`brought`: keys). The window has its working days again to look at it."""
    joint, on = locked(joint_id), legal_date(at)
    move(joint, Verb.SUPPLY)
    if not handed and not brought and not note.strip():
        raise DomainError("请上传补正的材料，选出送到的材料，或者写明补正的内容。")
    asked = joint.corrections.get()
    names = {one.key: one.name for one in wanted_of(parts_of(joint))}
    for one in handed:
        keep_files(joint, one, names, at)
    note_brought(joint, brought, names, actor, at)
    asked.supplied_at, asked.supplied_note = at, note.strip()
    asked.save(update_fields=["supplied_at", "supplied_note"])
    clocks = [
        timing.stop_clock(stream=joint.stream, kind=ClockKind.CORRECTION, on=on),
        timing.start_clock(
            stream=joint.stream,
            kind=ClockKind.COMPLETENESS,
            start=on,
            amount=law_of(joint).completeness_days,
            unit="working_day",
        ),
    ]
    save(joint)
    given = [names[key] for key in [*(one.key for one in handed), *brought]]
    tell("joint.supplied", joint, {"given": given, "clocks": clocks}, actor, at, command_id)
    return answer(joint)


@command("joint.deem_accepted")
def deem_accepted(*, joint_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Nobody told the applicant anything in time: the whole counts as accepted since the day on
    which it was filed (《行政许可法》第三十二条第一款第（四）项). The parts begin."""
    joint, on = locked(joint_id), legal_date(at)
    move(joint, Verb.DEEM_ACCEPTED)
    if joint.corrections.exists():
        raise NotNow("已告知过补正，不能视为受理；补正是否齐全由窗口确认。")
    clock = timing_queries.open_clock(joint.stream, ClockKind.COMPLETENESS)
    if clock is None or on <= clock.due_date:
        raise NotNow("告知补正的期限还没有届满，不能视为受理。")
    joint.accepted_at, joint.is_deemed_accepted = at, True
    since = legal_date(joint.submitted_at)
    return begin(joint, "joint.deemed_accepted", since, actor, at, command_id)
