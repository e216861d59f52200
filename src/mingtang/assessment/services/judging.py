"""Services: the life of a period's sheets: opened, filled, published, locked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mingtang.assessment import queries
from mingtang.assessment.models import ManualEntry, PeriodSheet, Score
from mingtang.assessment.queries import computing
from mingtang.assessment.rules import schemes as rules
from mingtang.assessment.rules.periods import Period, check_is_over, period_of
from mingtang.assessment.rules.scoring import Score as Scored
from mingtang.assessment.rules.scoring import head_score
from mingtang.assessment.rules.sheets import (
    ConfirmedAlready,
    NotNow,
    SamePerson,
    SheetState,
    check_entry,
    check_may_lock,
    need,
)
from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError, NotAllowed, NotFound
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, command, record_all
from mingtang.timing.queries import working_days_later

Result = dict[str, Any]


class NothingToJudge(DomainError):
    def __init__(self, kind: rules.TargetKind) -> None:
        super().__init__(
            f"还没有登记任何{kind.label}，没有可考核的对象。请先登记，或者改考核办法的考核对象。"
        )


@command("period.open")
def open_period(*, code: str, period: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Open the sheets of a period that is over, filled from the ledger, by the version that is on.

    Targets that have one already keep it. Returns {"period", "opened"}. Raises BadPeriod,
    NothingToJudge, NotFound where no version is on.
    """
    row = queries.in_force(code)
    scheme = queries.content_of(row)
    span = period_of(rules.Cycle(scheme.cycle), period)
    check_is_over(span, legal_date(at))
    queue_up(f"period:{code}/{span.code}")
    if sheets := queries.sheets_of(code, span.code):
        row = sheets[0].scheme  # one period, one version
        need(sheets[0].state, SheetState.DRAFT, act="补开考核表")
    kind = rules.TargetKind(row.target_kind)
    known = {sheet.target_id for sheet in sheets}
    fresh = [one for one in queries.targets(kind, span.until) if one.id not in known]
    if not fresh and not sheets:
        raise NothingToJudge(kind)
    made = [
        PeriodSheet(
            scheme=row,
            code=code,
            period=span.code,
            target_kind=kind.value,
            target_id=one.id,
            target_label=one.label[:120],
            organisation_id=one.organisation_id,
            opened_at=at,
            opened_by_id=_person(actor),
        )
        for one in fresh
    ]
    PeriodSheet.objects.bulk_create(made, batch_size=200)
    _fill([*sheets, *made], span)
    tell(made, "sheet.opened", actor, at, command_id)
    return {"period": span.code, "opened": len(made)}


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)


# ── filling ───────────────────────────────────────────────────────────────────────────────────


def _fill(sheets: list[PeriodSheet], span: Period) -> None:
    """Read the ledger for these sheets, all of one period, and keep numbers, events and points."""
    scheme = queries.content_of(sheets[0].scheme)
    wanted = [queries.Target(one.target_id, one.target_label, None) for one in sheets]
    reading = computing.read_ledger(span, rules.TargetKind(scheme.target), wanted)
    ids = {one.target_id: one.id for one in sheets}
    found = computing.scores(scheme, reading.measures, computing.confirmed(ids))
    for sheet in sheets:
        sheet.volume = reading.volumes[sheet.target_id]
    _keep_totals(sheets, scheme, found)
    Score.objects.filter(sheet__in=sheets).delete()
    Score.objects.bulk_create(
        (row for sheet in sheets for row in _rows(sheet, found[sheet.target_id])), batch_size=500
    )


def _rows(sheet: PeriodSheet, score: Scored) -> Iterable[Score]:
    for position, line in enumerate(score.lines):
        evidence = computing.written_evidence(line.measured.evidence)
        yield Score(
            sheet=sheet,
            key=line.key,
            position=position,
            value=line.measured.value,
            of=line.measured.of,
            weight=line.weight,
            points=line.points,
            evidence=evidence,
            digest=computing.digest(evidence),
        )


def _keep_totals(
    sheets: Iterable[PeriodSheet], scheme: rules.Scheme, found: Mapping[int, Scored]
) -> None:
    listed = list(sheets)
    for sheet in listed:
        score = found[sheet.target_id]
        sheet.total, sheet.is_vetoed = score.total, score.is_vetoed
        sheet.head_total = head_score(scheme, score.total)
    columns = ["total", "head_total", "is_vetoed", "volume"]
    PeriodSheet.objects.bulk_update(listed, columns, batch_size=200)


@command("period.refresh")
def refresh(*, code: str, period: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Read the ledger again for sheets that are not locked. What changed is told, old and new.

    Returns {"changed"}: how many sheets have another score or other events behind it.
    """
    sheets = _locked(code, period)
    need(sheets[0].state, SheetState.DRAFT, SheetState.PUBLISHED, act="重新取数")
    before = {one.id: (one.total, _digests(one)) for one in sheets}
    _fill(sheets, _span(sheets[0]))
    changed = [one for one in sheets if (one.total, _digests(one)) != before[one.id]]
    totals = {one.id: {"before": _text(before[one.id][0])} for one in changed}
    tell(changed, "sheet.refreshed", actor, at, command_id, more=totals)
    return {"changed": len(changed)}


def _digests(sheet: PeriodSheet) -> list[str]:
    return list(sheet.scores.order_by("position").values_list("digest", flat=True))


def _span(sheet: PeriodSheet) -> Period:
    return period_of(rules.Cycle(sheet.scheme.cycle), sheet.period)


def _locked(code: str, period: str) -> list[PeriodSheet]:
    """All sheets of a period, held until the transaction ends. Raises NotFound."""
    queue_up(f"period:{code}/{period}")
    rows = PeriodSheet.objects.select_for_update(of=("self",)).filter(code=code, period=period)
    found = list(rows.select_related("scheme").order_by("id"))
    if not found:
        raise NotFound("这一期还没有打开考核，请先打开。")
    return found


def locked_sheet(sheet_id: int) -> PeriodSheet:
    """One sheet, held until the transaction ends; its period is waited for. Raises NotFound."""
    found = PeriodSheet.objects.filter(id=sheet_id).first()
    if found is None:
        raise NotFound("没有找到这张考核表，请从考核列表进入。")
    return next(one for one in _locked(found.code, found.period) if one.id == sheet_id)


# ── points by hand ────────────────────────────────────────────────────────────────────────────


@command("entry.make")
def enter(
    *,
    sheet_id: int,
    key: str,
    points: Decimal,
    reason: str,
    evidence: str,
    file: StoredFile | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Give or take points by hand, with reason and evidence, best a file; they count once another
    confirms.

    Once published, only where an objection was upheld. Raises NotNow, DomainError.
    """
    sheet = locked_sheet(sheet_id)
    check_entry(points, reason, evidence)
    need(sheet.state, SheetState.DRAFT, SheetState.PUBLISHED, act="人工记分")
    if sheet.state == SheetState.PUBLISHED and not sheet.objections.filter(is_upheld=True).exists():
        raise NotNow("公示以后，只有异议成立的考核表才能再记分。")
    indicator = queries.content_of(sheet.scheme).indicator(key)
    if indicator is None or indicator.kind != rules.Kind.MANUAL:
        raise DomainError("这项指标不是人工记分的，不能手工改分。")
    entry = ManualEntry.objects.create(
        sheet=sheet,
        key=key,
        points=points,
        reason=reason.strip(),
        evidence=evidence.strip(),
        entered_at=at,
        entered_by_id=_person(actor),
    )
    facts = {"key": key, "points": _text(points), "reason": entry.reason, "entry_id": str(entry.id)}
    if file is not None:
        attach(file, subject=entry.stream, at=at)
        facts["file"] = file.sha256
    tell([sheet], "sheet.entry_made", actor, at, command_id, more={sheet.id: facts})
    return {"entry_id": str(entry.id)}


@command("entry.confirm")
def confirm_entry(*, entry_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """A second person confirms; the sheet is added up anew from what it keeps.

    Raises SamePerson, ConfirmedAlready, NotNow. Returns {"total"}.
    """
    entry = ManualEntry.objects.filter(id=entry_id).first()
    if entry is None:
        raise NotFound("没有找到这条记分，请刷新页面。")
    sheet = locked_sheet(entry.sheet_id)
    entry.refresh_from_db()
    need(sheet.state, SheetState.DRAFT, SheetState.PUBLISHED, act="确认记分")
    if entry.confirmed_at is not None:
        raise ConfirmedAlready
    if entry.entered_by_id == _person(actor):
        raise SamePerson
    entry.confirmed_at, entry.confirmed_by_id = at, _person(actor)
    entry.save(update_fields=["confirmed_at", "confirmed_by"])
    before = sheet.total
    _add_up(sheet)
    facts = {"entry_id": str(entry.id), "points": _text(entry.points), "before": _text(before)}
    tell([sheet], "sheet.entry_confirmed", actor, at, command_id, more={sheet.id: facts})
    return {"total": _text(sheet.total)}


def _add_up(sheet: PeriodSheet) -> None:
    """Points and total from the numbers that the sheets of the period keep: the ledger is not
    asked, so that nothing else moves."""
    scheme = queries.content_of(sheet.scheme)
    ids = {one.target_id: one.id for one in queries.sheets_of(sheet.code, sheet.period)}
    measures = computing.kept_measures(scheme, ids)
    found = computing.scores(scheme, measures, computing.confirmed(ids))
    lines = {line.key: line for line in found[sheet.target_id].lines}
    rows = list(sheet.scores.order_by("position"))
    for row in rows:
        row.points, row.weight = lines[row.key].points, lines[row.key].weight
    Score.objects.bulk_update(rows, ["points", "weight"])
    _keep_totals([sheet], scheme, found)


# ── publishing and locking ────────────────────────────────────────────────────────────────────


@command("period.publish")
def publish(*, code: str, period: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Show the sheets of a period to those they judge, for objections within the scheme's working
    days. Every entry must be confirmed. Returns {"published", "objections_due"}."""
    sheets = _locked(code, period)
    need(sheets[0].state, SheetState.DRAFT, act="公示")
    waiting = ManualEntry.objects.filter(sheet__in=sheets, confirmed_at=None).count()
    if waiting:
        raise NotNow(f"还有 {waiting} 条人工记分没有确认，确认后才能公示。")
    days = queries.content_of(sheets[0].scheme).objection_days
    due = working_days_later(legal_date(at), days)
    for sheet in sheets:
        sheet.state, sheet.objections_due_date = SheetState.PUBLISHED.value, due
        sheet.published_at, sheet.published_by_id = at, _person(actor)
    columns = ["state", "objections_due_date", "published_at", "published_by"]
    PeriodSheet.objects.bulk_update(sheets, columns, batch_size=200)
    more = {one.id: {"objections_due": due.isoformat()} for one in sheets}
    tell(sheets, "sheet.published", actor, at, command_id, more=more)
    return {"published": len(sheets), "objections_due": due.isoformat()}


@command("period.lock")
def lock(*, code: str, period: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Lock the sheets of a period: from now on they stay, and what the sources say anew shows as a
    difference. Raises NotNow while objections may come or wait."""
    sheets = _locked(code, period)
    need(sheets[0].state, SheetState.PUBLISHED, act="锁定")
    waiting = ManualEntry.objects.filter(sheet__in=sheets, confirmed_at=None).count()
    unanswered = sum(one.objections.filter(answered_at=None).count() for one in sheets)
    check_may_lock(sheets[0].objections_due_date, legal_date(at), unanswered, waiting)
    for sheet in sheets:
        sheet.state = SheetState.LOCKED.value
        sheet.locked_at, sheet.locked_by_id = at, _person(actor)
    PeriodSheet.objects.bulk_update(sheets, ["state", "locked_at", "locked_by"], batch_size=200)
    tell(sheets, "sheet.locked", actor, at, command_id)
    return {"locked": len(sheets)}


# ── telling ───────────────────────────────────────────────────────────────────────────────────


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:.2f}"


def tell(
    sheets: Iterable[PeriodSheet],
    kind: str,
    actor: Actor,
    at: datetime,
    command_id: str,
    *,
    more: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """One event a sheet, which says whose it is and how it stands."""
    entries = [
        Entry(one.stream, kind, {**_facts(one), **(more or {}).get(one.id, {})}) for one in sheets
    ]
    if entries:
        record_all(entries, actor=actor, at=at, command_id=command_id)


def _facts(sheet: PeriodSheet) -> dict[str, Any]:
    unit = sheet.organisation_id
    return {
        "organisation_id": str(unit) if unit else None,
        "code": sheet.code,
        "version": sheet.scheme.version,
        "period": sheet.period,
        "target_kind": sheet.target_kind,
        "target_id": str(sheet.target_id),
        "target_label": sheet.target_label,
        "total": _text(sheet.total),
    }
