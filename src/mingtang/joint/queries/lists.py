"""Reads of many joint matters: the worklist by due date, what has ended, one's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mingtang.accounts.rules import Scope
from mingtang.base.paging import Cursor, DateCursor
from mingtang.joint.models import JointCase, JointPart
from mingtang.joint.queries.rights import own, visible
from mingtang.joint.rules.states import JointState, PartStatus

PAGE = 30
AT_WORK = [
    state.value for state in (JointState.SUBMITTED, JointState.CORRECTING, JointState.ACCEPTED)
]
RUNNING = PartStatus.RUNNING.value
SEALED = ("applicant", "answers")  # lists open none of it


@dataclass(frozen=True)
class Page:
    rows: list[JointCase]
    next: DateCursor | Cursor | None


def _bounced(scope: Scope) -> QuerySet[JointCase]:
    """Matters of the reader's units with a part that its department sent back to the window, and
    that nobody has handed on again: of those who took it in, and of the lead."""
    units = {one for grant in scope.reading() for one in grant.organisation_ids}
    back = JointPart.objects.filter(status=RUNNING, case__bounced_at__isnull=False)
    return visible(scope).filter(
        Q(lead_id__in=units) | Q(intake_organisation_id__in=units),
        state__in=AT_WORK,
        id__in=back.values("joint_id"),
    )


def bounced_count(scope: Scope) -> int:
    return _bounced(scope).count()


def worklist(scope: Scope, after: DateCursor | None = None, *, is_bounced: bool = False) -> Page:
    """What is at work, the most urgent first; total order (next_due_date, id). `is_bounced`: only
    what has a part back at the window."""
    found = _bounced(scope) if is_bounced else visible(scope).filter(state__in=AT_WORK)
    if after is not None:
        found = found.filter(
            Q(next_due_date__gt=after.day) | Q(next_due_date=after.day, id__gt=after.id)
        )
    listed = list(found.defer(*SEALED).order_by("next_due_date", "id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    mark = DateCursor(last.next_due_date, last.id) if last and last.next_due_date else None
    return Page(shown, mark)


def ended(scope: Scope, after: Cursor | None = None) -> Page:
    """What is done or ended, the latest filed first; total order (submitted_at, id)."""
    found = visible(scope).exclude(state__in=AT_WORK)
    if after is not None:
        found = found.filter(
            Q(submitted_at__lt=after.at) | Q(id__lt=after.id), submitted_at__lte=after.at
        )
    listed = list(found.defer(*SEALED).order_by("-submitted_at", "-id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    return Page(shown, Cursor(last.submitted_at, last.id) if last else None)


def my_matters(scope: Scope) -> list[JointCase]:
    """The latest matters of a citizen who signed in, and of the enterprises they act for."""
    rows = JointCase.objects.filter(own(scope)).defer(*SEALED)
    return list(rows.order_by("-submitted_at", "-id")[:PAGE])


def matters_of_project(project: str) -> list[JointCase]:
    """The matters filed for a project (`project:42`), in order of filing."""
    rows = JointCase.objects.filter(project=project).exclude(project="").defer(*SEALED)
    return list(rows.order_by("submitted_at", "id"))


def parts_of_matters(joint_ids: Iterable[int]) -> dict[int, list[JointPart]]:
    """The parts of several matters, in one query."""
    found: dict[int, list[JointPart]] = {}
    for part in JointPart.objects.filter(joint_id__in=list(joint_ids)).order_by("position", "id"):
        found.setdefault(part.joint_id, []).append(part)
    return found


def done_parts(projects: Iterable[str], kinds: Iterable[str]) -> list[JointPart]:
    """The parts of some kinds that are done in the matters of these projects, each with its matter,
    oldest first. One statement for up to 500 projects."""
    labels = list(projects)
    found: list[JointPart] = []
    for start in range(0, len(labels), 500):
        rows = JointPart.objects.filter(
            joint__project__in=labels[start : start + 500],
            kind__in=list(kinds),
            status=PartStatus.DONE.value,
        ).select_related("joint")
        found += rows.only(*DONE_COLUMNS).order_by("id")
    return found


DONE_COLUMNS = ("key", "name", "begun_date", "ended_date", "joint__project")
