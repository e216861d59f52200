"""Commands: the plan of a year, the report of a month."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import AnnualPlan, MonthlyReport, Project
from mingtang.projects.queries.plan import owed_month
from mingtang.projects.rules.fields import YEARS
from mingtang.projects.rules.months import Month, check_owed, check_year_sum
from mingtang.projects.rules.moves import Deed
from mingtang.projects.services.common import (
    Facts,
    held,
    person_of,
    said,
    tell,
)
from mingtang.projects.services.watching import due_of, owe_report
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import stop_clock


@command("project.plan_year")
def plan_year(
    *,
    project_id: int,
    year: int,
    investment_cents: int,
    goal: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Say what is to be invested in a year. Said again: the plan changes, before and after are
    kept in the event."""
    project = held(project_id, Deed.PLAN_YEAR)
    if year not in YEARS or investment_cents <= 0:
        raise DomainError("请填写年份和大于零的计划投资额。")
    earlier = AnnualPlan.objects.filter(project=project, year=year).first()
    before = earlier.investment_cents if earlier else None
    plan = earlier or AnnualPlan(project=project, year=year)
    plan.investment_cents, plan.goal = investment_cents, goal.strip()
    plan.planned_at, plan.planned_by_id = at, person_of(actor)
    plan.save()
    facts = {"year": year, "investment_cents": [before, investment_cents], "goal": plan.goal}
    tell(project, "year_planned", facts, actor, at, command_id)
    return {"plan_id": str(plan.id)}


@command("project.report_month")
def report_month(
    *,
    project_id: int,
    year: int,
    month: int,
    done_cents: int,
    year_cents: int,
    progress: str,
    pictures: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Report the month that is owed; the next one is owed from now on. Late reports are taken, and
    say that they are late. Raises WrongMonth, DomainError."""
    project = held(project_id, Deed.REPORT)
    asked = Month(year, month)
    check_owed(asked, owed_month(project))
    if asked.first_day > legal_date(at):
        raise DomainError(f"{asked.label}还没有开始，不能报它的月报。")
    check_year_sum(asked, done_cents, year_cents, _year_sum(project, asked.before()))
    report = MonthlyReport.objects.create(
        project=project,
        year=year,
        month=month,
        done_cents=done_cents,
        year_cents=year_cents,
        progress=said(progress, "形象进度"),
        due_date=due_of(asked),
        reported_date=legal_date(at),
        reported_at=at,
        reported_by_id=person_of(actor),
    )
    _attach(report, pictures, at)
    project.progress = report.progress
    project.save(update_fields=["progress"])
    _tell_reported(project, report, len(pictures), actor, at, command_id)
    return {"report_id": str(report.id), "is_late": report.is_late}


def _tell_reported(
    project: Project,
    report: MonthlyReport,
    picture_count: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    on = legal_date(at)
    stop = stop_clock(stream=project.stream, kind=ClockKind.MONTHLY_REPORT, on=on)
    start = owe_report(project, Month(report.year, report.month).next(), on)
    facts = {
        "year": report.year,
        "month": report.month,
        "progress": report.progress,
        "done_cents": report.done_cents,
        "year_cents": report.year_cents,
        "due": report.due_date.isoformat(),
        "is_late": report.is_late,
        "picture_count": picture_count,
        "clocks": [stop, start],
    }
    tell(project, "month_reported", facts, actor, at, command_id)


def _attach(report: MonthlyReport, pictures: Sequence[StoredFile], at: datetime) -> None:
    """Pictures alone: 形象进度 is looked at. Raises DomainError."""
    for picture in pictures:
        if not attach(picture, subject=report.subject, at=at).is_image:
            raise DomainError(f"“{picture.original_name}”不是图片，请上传现场照片。")


def _year_sum(project: Project, month: Month) -> int | None:
    rows = MonthlyReport.objects.filter(project=project, year=month.year, month=month.number)
    return rows.values_list("year_cents", flat=True).first()


@command("project.amend_month")
def amend_month(
    *,
    report_id: int,
    done_cents: int,
    year_cents: int,
    progress: str,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Set right what the last report says; the event keeps both. Earlier ones stay: sums of later
    months hang on them. Raises Conflict."""
    report = MonthlyReport.objects.filter(id=report_id).first()
    if report is None:
        raise NotFound
    project = held(report.project_id, Deed.AMEND)
    later = MonthlyReport.objects.filter(project=project, reported_at__gt=report.reported_at)
    if later.exists():
        raise Conflict("只能更正最近一次月报：以后各月的累计数都从它算起。")
    asked = Month(report.year, report.month)
    check_year_sum(asked, done_cents, year_cents, _year_sum(project, asked.before()))
    after: dict[str, Any] = {
        "done_cents": done_cents,
        "year_cents": year_cents,
        "progress": said(progress, "形象进度"),
    }
    before = {name: getattr(report, name) for name in after}
    if before == after:
        raise DomainError("没有改动任何内容，不用提交。")
    for name, value in after.items():
        setattr(report, name, value)
    report.save(update_fields=list(after))
    project.progress = report.progress
    project.save(update_fields=["progress"])
    facts = {
        "year": report.year,
        "month": report.month,
        "reason": said(reason, "更正的原因"),
        "changes": {name: [before[name], after[name]] for name in after},
    }
    tell(project, "month_amended", facts, actor, at, command_id)
    return {"report_id": str(report.id)}
