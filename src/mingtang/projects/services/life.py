"""Commands: a project stands still, goes on, is completed, goes to the archive."""

from datetime import date, datetime

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import Suspension
from mingtang.projects.queries.plan import nodes_of, owed_month
from mingtang.projects.rules.months import first_owed
from mingtang.projects.rules.moves import Deed
from mingtang.projects.services.common import (
    Facts,
    check_past,
    held,
    person_of,
    said,
    tell,
)
from mingtang.projects.services.watching import owe_report, stop_watching, watch_node
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import stop_clock, stop_open_clocks


@command("project.suspend")
def suspend(
    *, project_id: int, reason: str, from_date: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A project stands still from a day on: no report is owed, no node is waited for."""
    project = held(project_id, Deed.SUSPEND)
    check_past(from_date, at, "暂停的日期")
    last = project.suspensions.order_by("-from_date", "-id").first()
    if last and last.resumed_date and from_date < last.resumed_date:
        raise DomainError(f"上次暂停到 {last.resumed_date} 才恢复，这次不能早于那一天。")
    made = Suspension.objects.create(
        project=project,
        reason=said(reason, "暂停的原因"),
        from_date=from_date,
        suspended_at=at,
        suspended_by_id=person_of(actor),
    )
    project.save(update_fields=["state"])
    clocks, on = [], legal_date(at)
    if owed_month(project) is not None:
        clocks = [stop_clock(stream=project.stream, kind=ClockKind.MONTHLY_REPORT, on=on)]
    clocks += [op for node in nodes_of(project.id) for op in stop_watching(project, node, on)]
    facts = {"reason": made.reason, "from": from_date.isoformat(), "clocks": clocks}
    tell(project, "suspended", facts, actor, at, command_id)
    return {"project_id": str(project.id)}


@command("project.resume")
def resume(
    *, project_id: int, resumed_date: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """It goes on from a day; reports are owed again from the month in which that was said."""
    project = held(project_id, Deed.RESUME)
    check_past(resumed_date, at, "恢复的日期")
    made = project.suspensions.get(resumed_at=None)
    if resumed_date < made.from_date:
        raise DomainError(f"恢复的日期不能早于暂停的日期 {made.from_date}，请更正。")
    made.resumed_date, made.resumed_at, made.resumed_by_id = resumed_date, at, person_of(actor)
    made.save(update_fields=["resumed_date", "resumed_at", "resumed_by"])
    project.save(update_fields=["state"])
    last = project.reports.order_by("-year", "-month").first()
    on = legal_date(at)
    month = first_owed(on, settings.MINGTANG_PROJECT_REPORT_DAY)
    if last and (last.year, last.month) >= (month.year, month.number):
        month = month.next()
    clocks = [owe_report(project, month, on)]
    clocks += [op for node in nodes_of(project.id) for op in watch_node(project, node, on)]
    facts = {"resumed": resumed_date.isoformat(), "clocks": clocks}
    tell(project, "resumed", facts, actor, at, command_id)
    return {"project_id": str(project.id)}


@command("project.complete")
def complete(
    *,
    project_id: int,
    completed_date: date,
    note: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A project is done on a day: nothing is owed any more. Raises Conflict while a problem is
    open: it is solved first, or the project is not done."""
    project = held(project_id, Deed.COMPLETE)
    check_past(completed_date, at, "完成的日期")
    open_count = project.problems.filter(solved_at=None).count()
    if open_count:
        raise Conflict(f"还有 {open_count} 个问题没有解决，先登记解决情况，再完成项目。")
    project.completed_at, project.completed_by_id = at, person_of(actor)
    project.completed_date = completed_date
    project.save(update_fields=["state", "completed_at", "completed_by", "completed_date"])
    clocks = stop_open_clocks(stream=project.stream, on=legal_date(at))
    facts = {"completed": completed_date.isoformat(), "note": note.strip(), "clocks": clocks}
    tell(project, "completed", facts, actor, at, command_id)
    return {"project_id": str(project.id)}


@command("project.archive")
def archive(*, project_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Its papers are in order: it goes to the archive and changes no more."""
    project = held(project_id, Deed.ARCHIVE)
    project.archived_at, project.archived_by_id = at, person_of(actor)
    project.save(update_fields=["state", "archived_at", "archived_by"])
    tell(project, "archived", {}, actor, at, command_id)
    return {"project_id": str(project.id)}
