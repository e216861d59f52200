"""What pages show of inspection tasks (督查件、批示): lights, history, words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.ledger import queries as ledger
from mingtang.supervision import queries
from mingtang.supervision.present import unit_names, who
from mingtang.supervision.rules import TaskSource, TaskState
from mingtang.timing import queries as timing
from mingtang.timing.rules import WorkingCalendar, working_days_left

Row = dict[str, Any]
TONES = {TaskState.GIVEN: "info", TaskState.REPORTED: "warn", TaskState.CLOSED: "ok"}
EVENT_TITLES = {
    "task.assigned": "交办",
    "task.reported": "报告办理情况",
    "task.closed": "了结",
    "clock.recomputed": "工作日日历修订，重算时限",
}


def page_of_task(key: str, for_staff: bool) -> str | None:
    """The page of the subject `task:KEY`; the public has none."""
    task_id = parse_id(key)
    return reverse("supervision:task", args=[task_id]) if for_staff and task_id else None


def titles_of_tasks(keys: Iterable[str]) -> dict[str, str]:
    """What tasks are called, by the key of their subject."""
    ids = {key: task_id for key in keys if (task_id := parse_id(key)) is not None}
    named = queries.task_titles(list(ids.values()))
    return {key: named[task_id] for key, task_id in ids.items() if task_id in named}


def tasks(found: Iterable[queries.InspectionTask], on: date) -> list[Row]:
    """Tasks as the list shows them."""
    listed = list(found)
    names = unit_names((one.owner_unit_id for one in listed), on)
    calendar = queries.calendar()
    return [_row(one, names.get(one.owner_unit_id, ""), on, calendar) for one in listed]


def _row(one: queries.InspectionTask, unit: str, on: date, calendar: WorkingCalendar) -> Row:
    return {
        "number": one.number,
        "url": reverse("supervision:task", args=[one.id]),
        "title": one.title,
        "source": TaskSource(one.source).label,
        "unit": unit,
        "person": one.owner_person.name if one.owner_person else "",
        "due": one.due_date,
        "state": {"label": one.state.label, "tone": TONES[one.state]},
        **_light(one, on, calendar),
    }


def _light(one: queries.InspectionTask, on: date, calendar: WorkingCalendar) -> Row:
    """How it stands with the limit: a light while it runs, then whether the report was late."""
    if one.reported_at is not None:
        is_late = legal_date(one.reported_at) > one.due_date
        return {"light": "", "limit": _("逾期报告") if is_late else "", "is_late": is_late}
    left = working_days_left(calendar, on, one.due_date)
    said = _("剩 %d 个工作日") % left if left > 0 else _("今天到期")
    if left < 0:
        said = _("已过 %d 个工作日") % -left
    elif left == 0 and on < one.due_date:
        said = _("到期前没有工作日了")
    return {"light": timing.light_of(left).value, "limit": said, "is_late": left < 0}


def task(found: queries.InspectionTask, on: date) -> Row:
    """A task as its page shows it."""
    unit = unit_names([found.owner_unit_id], on).get(found.owner_unit_id, "")
    row = _row(found, unit, on, queries.calendar())
    words = [
        (_("办理情况"), found.report, found.reported_by, found.reported_at),
        (_("结论"), found.conclusion, found.closed_by, found.closed_at),
    ]
    return row | {
        "id": found.id,
        "detail": found.detail,
        "assigned_by": found.assigned_by.name,
        "assigned_at": found.assigned_at,
        "said": [
            {"label": label, "text": text, "by": by.name if by else "", "at": at}
            for label, text, by, at in words
            if text
        ],
    }


def history(found: queries.InspectionTask) -> list[Row]:
    """The task's own stream, oldest first."""
    return [
        {
            "seq": event.seq,
            "title": EVENT_TITLES.get(event.kind, event.kind),
            "at": event.at,
            "who": who(event),
            "text": _("逾期") if event.facts.get("is_late") else "",
        }
        for event in ledger.history(found.stream)
    ]
