"""Reads of inspection tasks (督查件、批示), within the reader's scope."""

from datetime import date

from django.db.models import Q, QuerySet

from mingtang.accounts.rules import Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.supervision.models import InspectionTask
from mingtang.supervision.queries.lists import PAGE, units_of
from mingtang.supervision.queries.rights import Asked, inspector_actor, may, office_actor
from mingtang.supervision.rules import TaskDeed, TaskState

# Tasks go to offices with people of their own; a village is written to through its town.
GIVEN_TASKS = ("department", "township", "centre", "other")


def tasks_for(scope: Scope) -> QuerySet[InspectionTask]:
    """The tasks of the offices that a person may see: those who watch see their region's."""
    return InspectionTask.objects.filter(owner_unit__in=sorted(units_of(scope)))


_STATES = {
    TaskState.GIVEN: Q(reported_at=None),
    TaskState.REPORTED: Q(reported_at__isnull=False, closed_at=None),
    TaskState.CLOSED: Q(closed_at__isnull=False),
}


def tasks(
    scope: Scope,
    *,
    is_open: bool | None = None,
    state: str = "",
    source: str = "",
    after: DateCursor | None = None,
    size: int = PAGE,
) -> tuple[list[InspectionTask], DateCursor | None]:
    """Inspection tasks by the day they are due: one statement, however many there are."""
    rows = tasks_for(scope).select_related("owner_unit", "owner_person", "assigned_by")
    if is_open is not None:
        rows = rows.filter(closed_at__isnull=is_open)
    if state:
        rows = rows.filter(_STATES[TaskState(state)])
    if source:
        rows = rows.filter(source=source)
    if after is not None:
        rows = rows.filter(Q(due_date__gt=after.day) | Q(due_date=after.day, id__gt=after.id))
    found = list(rows.order_by("due_date", "id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], DateCursor(last.due_date, last.id) if last else None


def task_of(task_id: int, scope: Scope) -> InspectionTask:
    """One task. Raises NotFound where there is none or it is not theirs to see."""
    rows = tasks_for(scope).select_related(
        *("owner_unit", "owner_person", "assigned_by", "reported_by", "closed_by")
    )
    found = rows.filter(id=task_id).first()
    if found is None:
        raise NotFound("没有找到这份督查件，请核对编号。")
    return found


def task_titles(task_ids: list[int]) -> dict[int, str]:
    """What colleagues call tasks, by id."""
    rows = InspectionTask.objects.filter(id__in=task_ids).order_by("id")
    return {row.id: f"{row.number} {row.title}" for row in rows}


def offices_to_charge(scope: Scope, on: date) -> list[tuple[str, str]]:
    """The offices to which an inspector may give a task, by number."""
    places = {
        place
        for grant in scope.grants
        if grant.role is Role.INSPECTOR
        for place in grant.region_ids
    }
    mine = set(regions.ids_in(places))
    cards = regions.organisation_cards(on, kinds=GIVEN_TASKS)
    return [(str(one.id), one.short_name or one.name) for one in cards if one.id in mine]


_ASKED: dict[TaskDeed, Asked] = {
    TaskDeed.REPORT: office_actor,
    TaskDeed.CLOSE: inspector_actor,
}


def task_actor(deed: TaskDeed, scope: Scope, task: InspectionTask) -> Actor:
    """Under whose post: an office reports, an inspector closes. Raises NotYourPost."""
    return _ASKED[deed](scope, task)


def task_deeds(scope: Scope, task: InspectionTask) -> list[TaskDeed]:
    """What a reader may do about a task now; who reported does not close."""
    wanted = {TaskState.GIVEN: TaskDeed.REPORT, TaskState.REPORTED: TaskDeed.CLOSE}
    deed = wanted.get(task.state)
    if deed is None or not may(_ASKED[deed], scope, task):
        return []
    is_own = deed is TaskDeed.CLOSE and scope.person_id == task.reported_by_id
    return [] if is_own else [deed]
