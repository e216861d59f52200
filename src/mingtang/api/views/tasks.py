"""Views: inspection tasks and leaders' instructions (督查件、批示)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.doors import staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, Desk, acts, deed
from mingtang.api.views.common import After, Id, next_of
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.supervision import present_tasks, queries
from mingtang.supervision.forms import TASK_FORMS, TaskForm
from mingtang.supervision.rules import INSPECTORS, READERS, TaskState
from mingtang.supervision.views.tasks import COMMANDS, assign

router = Router(tags=["监察"])


@reads(router, "/desk/tasks", staff(*READERS), shapes.Page[shapes.Waiting], "督查件")
def tasks(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """The open tasks that the reader's posts open, by the day they are due."""
    found, more = queries.tasks(scope(request), is_open=True, after=DateCursor.read(after))
    shown = zip(found, present_tasks.tasks(found, today()), strict=True)
    return {"rows": [_line(one, row) for one, row in shown], "next": next_of(more)}


def _line(one: queries.InspectionTask, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "number": one.number,
        "title": one.title,
        "unit": row["unit"],
        "state": one.state.value,
        "state_label": str(one.state.label),
        "due_date": one.due_date,
    }


def _found(request: HttpRequest, key: str) -> queries.InspectionTask:
    return queries.task_of(parse_id(key) or 0, scope(request))


@reads(router, "/desk/tasks/{id}", staff(*READERS), shapes_desks.TaskFile, "一份督查件")
def task(request: HttpRequest, id: Id) -> dict[str, Any]:
    """One task: what, by whom, until when, its history, and what the reader may do."""
    found = _found(request, id)
    return {
        **_line(found, present_tasks.task(found, today())),
        "detail": found.detail,
        "report": found.report,
        "conclusion": found.conclusion,
        "acts": [
            {"verb": one.value, "label": str(one.label), "about": {}}
            for one in queries.task_deeds(scope(request), found)
        ],
        "history": present_tasks.history(found),
    }


def _assign(asked: Asked) -> Any:
    units = queries.offices_to_charge(asked.reader, today())
    return assign(asked.request, asked.sound(TaskForm, units=units))


def _act(asked: Asked) -> Any:
    found, verb = asked.about, asked.verb
    actor = queries.task_actor(verb, asked.reader, found)
    said = asked.sound(TASK_FORMS[verb]).cleaned_data
    return COMMANDS[verb](task_id=found.id, **{**said, **asked.by(actor)})


def _stands(found: queries.InspectionTask) -> tuple[str, TaskState]:
    found.refresh_from_db()
    return found.number, found.state


deed(router, "/desk/tasks", staff(*INSPECTORS), TaskForm, _assign, "交办督查件")
acts(
    router,
    "/desk/tasks/{id}",
    staff(*READERS),
    Desk(forms=TASK_FORMS, find=_found, do=_act, stands=_stands, is_open=False),
)
