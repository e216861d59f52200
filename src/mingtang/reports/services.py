"""Commands of reports: an edition is opened, written, checked and frozen."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.reports import queries
from mingtang.reports.models import Edition, EnteredCell, PastSnapshot, Problem, TextBlock
from mingtang.reports.rules.figures import (
    BadReport,
    EditionState,
    Frozen,
    ProblemState,
    Style,
    check_cell,
    check_text,
    snapshot_hash,
)

Result = dict[str, Any]


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)


def _held(edition_id: int) -> Edition:
    """An edition, held until the transaction ends."""
    found = Edition.objects.select_for_update(of=("self",)).filter(id=edition_id).first()
    if found is None:
        raise NotFound("没有找到这份年度报告，请从列表进入。")
    return found


def _draft(edition_id: int) -> Edition:
    """An edition that may still be changed, held until the transaction ends. Raises Frozen."""
    found = _held(edition_id)
    if found.state != EditionState.DRAFT:
        raise Frozen
    return found


def _tell(
    edition: Edition, kind: str, facts: Result, *, actor: Actor, at: datetime, command_id: str
) -> Result:
    head = {"organisation_id": str(edition.organisation_id), "year": edition.year}
    record(
        stream=edition.stream,
        kind=kind,
        facts=head | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"edition_id": str(edition.id)} | facts


@command("report.open")
def open_edition(
    *, organisation_id: int, year: int, style: Style, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Begin the report of a year. What last year's left open comes into it.

    Records "report.opened". Raises BadReport, Conflict.
    """
    if not 2008 <= year <= legal_date(at).year:
        raise BadReport(f"{year}年的年度报告现在不能编制，请填2008年至今年。")
    if Edition.objects.filter(organisation=organisation_id, year=year, style=style.value).exists():
        raise Conflict("这一年的年度报告已经开始编制，请从列表打开。")
    made = Edition.objects.create(
        organisation_id=organisation_id,
        year=year,
        style=style.value,
        state=EditionState.DRAFT.value,
        opened_at=at,
        opened_by_id=_person(actor),
    )
    carried = _carry_over(made)
    facts = {"style": style.value, "carried_problems": carried}
    return _tell(made, "report.opened", facts, actor=actor, at=at, command_id=command_id)


def _carry_over(edition: Edition) -> int:
    """The problems that the last report before left open, each once."""
    before = Edition.objects.filter(
        organisation=edition.organisation_id, year__lt=edition.year
    ).order_by("-year", "-id")
    last = before.first()
    if last is None:
        return 0
    left = last.problems.filter(state=ProblemState.OPEN.value).order_by("id")
    for one in left:
        Problem.objects.create(
            edition=edition,
            text=one.text,
            measure=one.measure,
            owner=one.owner,
            state=ProblemState.OPEN.value,
            since_year=one.since_year,
            carried_from=one,
        )
    return Problem.objects.filter(id__in=[one.id for one in left]).update(
        state=ProblemState.CARRIED.value
    )


@command("report.write")
def write_text(
    *, edition_id: int, key: str, text: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Write a block of the office's text. Records "report.written". Raises BadReport, Frozen."""
    edition = _draft(edition_id)
    _person(actor)
    plain = check_text(key, text)
    TextBlock.objects.update_or_create(edition=edition, key=key, defaults={"text": plain})
    facts = {"key": key, "length": len(plain)}
    return _tell(edition, "report.written", facts, actor=actor, at=at, command_id=command_id)


@command("report.enter")
def enter_cell(
    *, edition_id: int, key: str, value: Decimal, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Enter a number that no record tells. Records "report.entered". Raises BadReport, Frozen."""
    edition = _draft(edition_id)
    EnteredCell.objects.update_or_create(
        edition=edition,
        key=key,
        defaults={
            "value": check_cell(key, value),
            "entered_at": at,
            "entered_by_id": _person(actor),
        },
    )
    facts = {"key": key, "value": str(value)}
    return _tell(edition, "report.entered", facts, actor=actor, at=at, command_id=command_id)


@command("report.note_problem")
def note_problem(
    *,
    edition_id: int,
    text: str,
    measure: str,
    owner: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Note a problem with its measure. Records "report.problem_noted". Raises BadReport, Frozen."""
    edition = _draft(edition_id)
    _person(actor)
    if not text.strip() or not measure.strip():
        raise BadReport("请写明存在的问题和对应的改进措施，两项都要有。")
    made = Problem.objects.create(
        edition=edition,
        text=text.strip()[:300],
        measure=measure.strip()[:300],
        owner=owner.strip()[:60],
        state=ProblemState.OPEN.value,
        since_year=edition.year,
    )
    facts = {"problem_id": str(made.id), "text": made.text}
    return _tell(edition, "report.problem_noted", facts, actor=actor, at=at, command_id=command_id)


@command("report.settle_problem")
def settle_problem(
    *, problem_id: int, outcome: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Say how a problem was mended. Records "report.problem_settled". Raises BadReport, Frozen."""
    found = Problem.objects.filter(id=problem_id).first()
    if found is None:
        raise NotFound("没有找到这个问题，请从报告页面进入。")
    edition = _draft(found.edition_id)
    _person(actor)
    if not outcome.strip():
        raise BadReport("请写明改进的结果。")
    found.state, found.outcome = ProblemState.DONE.value, outcome.strip()[:300]
    found.save(update_fields=["state", "outcome"])
    facts = {"problem_id": str(found.id), "outcome": found.outcome}
    return _tell(
        edition, "report.problem_settled", facts, actor=actor, at=at, command_id=command_id
    )


@command("report.freeze")
def freeze(*, edition_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Make it final: its numbers and words are kept as they are, under a hash.

    Not before the year is over, and not while our own linter finds an error in it, or between it
    and the report of the year before.
    Records "report.frozen". Raises BadReport, Frozen.
    """
    edition = _draft(edition_id)
    day = legal_date(at)
    if day.year <= edition.year:
        raise BadReport(f"{edition.year}年还没有结束，全年的数字还没有，不能定稿。")
    facts = queries.facts_of(edition, issued=day)
    opinion = queries.self_check(facts, queries.previous_facts(edition))
    errors = [one for one in opinion.findings if one.severity == "error"]
    if late := [one for one in errors if one.id != "S3"]:
        raise BadReport(f"自查有错误，不能定稿：{late[0].why}应为：{late[0].expected}。")
    edition.snapshot = facts.as_json()
    edition.snapshot_hash = snapshot_hash(edition.snapshot)
    edition.state = EditionState.FROZEN.value
    edition.frozen_at, edition.frozen_by_id = at, _person(actor)
    edition.save()
    told = {"snapshot_hash": edition.snapshot_hash}
    return _tell(edition, "report.frozen", told, actor=actor, at=at, command_id=command_id)


@command("report.reopen")
def reopen(*, edition_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Open a final report again to mend it. What it said stays, under its hash, with the reason.

    Not while the report of a later year is final: that one rests on this one's carry-over.
    Records "report.reopened". Raises BadReport, Conflict.
    """
    edition = _held(edition_id)
    if edition.state != EditionState.FROZEN:
        raise Conflict("这份年度报告还没有定稿，可以直接修改。")
    if not reason.strip():
        raise BadReport("请写明为什么要重新打开，例如哪个数字错了、怎么发现的。")
    later = Edition.objects.filter(
        organisation=edition.organisation_id,
        year__gt=edition.year,
        state=EditionState.FROZEN.value,
    ).order_by("year")
    if newer := later.first():
        raise Conflict(f"{newer.year}年的年度报告已经定稿，引用了本年的数字。请先打开那一年的。")
    assert edition.frozen_at is not None
    past = PastSnapshot.objects.create(
        edition=edition,
        snapshot=edition.snapshot,
        snapshot_hash=edition.snapshot_hash,
        frozen_at=edition.frozen_at,
        frozen_by_id=edition.frozen_by_id,
        reopened_at=at,
        reopened_by_id=_person(actor),
        reason=reason.strip()[:300],
    )
    edition.state, edition.snapshot, edition.snapshot_hash = EditionState.DRAFT.value, None, ""
    edition.frozen_at = edition.frozen_by = None
    edition.save()
    told = {"snapshot_hash": past.snapshot_hash, "reason": past.reason}
    return _tell(edition, "report.reopened", told, actor=actor, at=at, command_id=command_id)
