"""Views: programmes, and what the city calls their elements."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.messages.forms import CommandForm
from mingtang.projects import present, queries, services
from mingtang.projects.forms.programmes import ProgrammeForm, initial_of
from mingtang.projects.present_history import history
from mingtang.projects.rules.moves import OFFICE, READERS
from mingtang.projects.views.common import private


@staff(*READERS)
@require_GET
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes with what is known of them, and how many projects carry each."""
    rows = [present.programme(one) for one in queries.programmes(with_counts=True)]
    context = {"rows": rows, "is_office": scope(request).has_role(OFFICE)}
    return private(render(request, "projects/programmes.html", context))


@staff(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Name the elements of a programme; say its stages, limits and rules."""
    found = queries.programme_of(programme_id)
    form = ProgrammeForm(request.POST or None, initial=initial_of(found), elements=found.elements)
    if form.is_valid():
        try:
            change(request, found, form)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("“%s”已保存，改动记录可查。") % form.cleaned_data["name"])
            return redirect("projects:programmes")
    return _page(request, found, form)


def change(request: HttpRequest, found: Any, form: ProgrammeForm) -> dict[str, Any]:
    """Change a programme as a form says that was found sound. Raises DomainError."""
    return services.change_programme(
        programme_id=found.id,
        content=form.content,
        reason=form.cleaned_data["reason"],
        actor=queries.office_actor(scope(request), _("改动计划")),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )


def _page(request: HttpRequest, found: Any, form: ProgrammeForm) -> HttpResponse:
    is_archived = found.state == "archived"
    verb, label = ("reopen", _("重新启用")) if is_archived else ("archive", _("归档"))
    context = {
        "programme": present.programme(found),
        "form": form,
        "history": history(f"programme:{found.id}"),
        "act": {
            "verb": verb,
            "label": label,
            "url": reverse("projects:programme_act", args=[found.id, verb]),
            "form": CommandForm(),
        },
    }
    status = 422 if form.errors else 200
    return private(render(request, "projects/programme.html", context, status=status))


COMMANDS = {"archive": services.archive_programme, "reopen": services.reopen_programme}


@staff(*OFFICE)
@require_POST
def programme_act(request: HttpRequest, programme_id: int, verb: str) -> HttpResponse:
    """Archive a programme, or take it up again."""
    form = CommandForm(request.POST)
    if verb not in COMMANDS or not form.is_valid():
        raise NotFound
    COMMANDS[verb](
        programme_id=programme_id,
        actor=queries.office_actor(scope(request), _("归档计划")),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    notes.success(request, _("已办理。"))
    return redirect("projects:programmes")
