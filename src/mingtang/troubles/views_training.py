"""Views: trainings in the use of the system, and who came to them."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.paging import DateCursor
from mingtang.troubles import queries
from mingtang.troubles import queries_training as reads
from mingtang.troubles import services_training as services
from mingtang.troubles.forms import AttendanceForm, CourseForm
from mingtang.troubles.rules import KEEPERS, names_in


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def courses(request: HttpRequest) -> HttpResponse:
    """The trainings held, how many came and passed; one more is noted."""
    form = CourseForm(request.POST or None)
    if form.is_valid():
        try:
            actor = queries.keeper(scope(request))
            made = services.note_course(**form.cleaned_data, actor=actor, at=now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("培训已登记，请接着登记谁参加了。"))
            return redirect("troubles:course", made["course_id"])
    page = reads.courses(DateCursor.read(request.GET.get("after", "")))
    context = {
        "form": form,
        "rows": page.rows,
        "next_url": f"?after={page.next}" if page.next else "",
        "first_url": request.path if "after" in request.GET else "",
    }
    status = 422 if form.errors else 200
    return render(request, "troubles/courses.html", context, status=status)


@staff(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    """A training: who came; a list of people is added, or said anew. Raises NotFound."""
    found, form = reads.course(course_id), AttendanceForm(request.POST or None)
    if form.is_valid():
        try:
            return _noted(request, found.id, dict(form.cleaned_data))
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"course": found, "rows": reads.attendances(found.id), "form": form}
    status = 422 if form.errors else 200
    return render(request, "troubles/course.html", context, status=status)


def _noted(request: HttpRequest, course_id: int, said: dict[str, Any]) -> HttpResponse:
    made = services.note_attendance(
        course_id=course_id,
        usernames=names_in(said["usernames"]),
        hours=said["hours"],
        is_passed=said["passed"] == "yes",
        actor=queries.keeper(scope(request)),
        at=now(),
        command_id=said["command_id"],
    )
    notes.success(request, _("已登记 %s 人。") % made["count"])
    return redirect("troubles:course", course_id)
