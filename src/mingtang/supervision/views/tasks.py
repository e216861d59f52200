"""Views: inspection tasks and leaders' instructions (督查件、批示)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import DateCursor
from mingtang.base.web import refusal
from mingtang.messages.forms import CommandForm
from mingtang.supervision import present_tasks, queries, services
from mingtang.supervision.forms import TASK_FORMS, TaskForm, TasksForm
from mingtang.supervision.rules import INSPECTORS, READERS, TaskDeed, TaskSource
from mingtang.supervision.views.common import is_inspector, is_overseer


@staff(*READERS)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Tasks by the day they are due: those of the region for who watches, of their own else."""
    on, form = today(), TasksForm(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    after = DateCursor.read(request.GET.get("after", ""))
    is_open = None if "state" in asked else True
    found, more = queries.tasks(scope(request), is_open=is_open, after=after, **asked)
    context = {
        "form": form,
        "rows": present_tasks.tasks(found, on),
        "is_narrowed": bool(asked),
        "next_url": f"?{urlencode({**asked, 'after': more})}" if more else "",
        "first_url": f"{request.path}?{urlencode(asked)}" if after else "",
        "is_overseer": is_overseer(request),
        "is_inspector": is_inspector(request),
    }
    return render(request, "supervision/tasks.html", context)


@staff(*INSPECTORS)
@sensitive_post_parameters("title", "detail")
def new(request: HttpRequest) -> HttpResponse:
    """An inspector gives an office something to look into, or passes on an instruction."""
    reader = scope(request)
    form = TaskForm(request.POST or None, units=queries.offices_to_charge(reader, today()))
    if form.is_valid():
        try:
            return _assigned(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    status = 422 if form.errors else 200
    return render(request, "supervision/task_new.html", {"form": form}, status=status)


def _assigned(request: HttpRequest, form: TaskForm) -> HttpResponse:
    made = assign(request, form)
    notes.success(request, _("已交办 %s，承办单位已收到通知。") % made["number"])
    return redirect("supervision:task", int(made["task_id"]))


def assign(request: HttpRequest, form: TaskForm) -> dict[str, Any]:
    """Give the task that a form says, which was found sound. Raises DomainError."""
    said = form.cleaned_data
    return services.assign_task(
        source=TaskSource(said["source"]),
        title=said["title"],
        detail=said["detail"],
        owner_unit_id=int(said["unit"]),
        due_date=said["due_date"],
        actor=queries.inspector_actor(scope(request)),
        at=now(),
        command_id=said["command_id"],
    )


@staff(*READERS)
@require_GET
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: what, by whom, until when, its history, and what the reader may do."""
    return _page(request, queries.task_of(task_id, scope(request)))


def _page(
    request: HttpRequest,
    found: queries.InspectionTask,
    *,
    refused: tuple[TaskDeed, CommandForm] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "task": present_tasks.task(found, today()),
        "history": present_tasks.history(found),
        "acts": [
            {
                "verb": deed.value,
                "label": deed.label,
                "url": reverse("supervision:task_act", args=[found.id, deed.value]),
                "tone": "primary",
                "form": refused[1] if refused and refused[0] is deed else TASK_FORMS[deed](),
            }
            for deed in queries.task_deeds(scope(request), found)
        ],
        "message": message,
    }
    return render(request, "supervision/task.html", context, status=status)


COMMANDS: dict[TaskDeed, Callable[..., Any]] = {
    TaskDeed.REPORT: services.report_task,
    TaskDeed.CLOSE: services.close_task,
}


@staff(*READERS)
@require_POST
@sensitive_post_parameters("report", "conclusion")
def act(request: HttpRequest, task_id: int, verb: str) -> HttpResponse:
    """The office reports, an inspector closes; what is refused comes back with its words."""
    if verb not in set(TaskDeed):
        raise NotFound
    deed, reader = TaskDeed(verb), scope(request)
    found = queries.task_of(task_id, reader)
    actor = queries.task_actor(deed, reader, found)
    form = TASK_FORMS[deed](request.POST)
    if not form.is_valid():
        return _page(request, found, refused=(deed, form), status=422)
    try:
        COMMANDS[deed](task_id=found.id, **form.cleaned_data, actor=actor, at=now())
    except DomainError as error:
        return _refused(request, task_id, deed, form, error)
    notes.success(request, _("已办理：%s") % deed.label)
    return redirect("supervision:task", task_id)


def _refused(
    request: HttpRequest, task_id: int, deed: TaskDeed, form: CommandForm, error: DomainError
) -> HttpResponse:
    """The sentence stands in the form, or over the page where the form is open no longer."""
    found = queries.task_of(task_id, scope(request))
    if deed in queries.task_deeds(scope(request), found):
        form.add_error(None, error.message)
        return _page(request, found, refused=(deed, form), status=error.status)
    message = refusal(error.message, form)
    return _page(request, found, message=message, status=error.status)
