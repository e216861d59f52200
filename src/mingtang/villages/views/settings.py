"""Views: what the city sets for all villages; who acts for a village, and whose kin they are."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.villages import present_office as present
from mingtang.villages import queries, services
from mingtang.villages.forms import office as forms
from mingtang.villages.queries import desk, rights
from mingtang.villages.rules.kinds import Office
from mingtang.villages.rules.moves import CITY, TOWNSHIP, WATCHING

LABELS = {
    "notice": gettext_lazy("发到每个村的政策和通知"),
    "limit": gettext_lazy("改公开时限"),
    "section": gettext_lazy("增加栏目"),
}
COMMANDS: dict[str, Callable[..., Any]] = {
    "notice": services.push_notice,
    "limit": services.set_limit,
    "section": services.add_section,
}


def _form(verb: str, data: Any = None) -> forms.DeedForm:
    on = today()
    if verb == "notice":
        return forms.NoticeForm(data, initial={"valid_from": on})
    if verb == "limit":
        return forms.LimitForm(data, initial=present.initial_of(desk.limit_on(0, on), on))
    parents = [(one.code, one.name) for one in desk.all_sections() if one.parent_id is None]
    return forms.SectionForm(data, parents=parents, initial={"valid_from": on})


@staff(*CITY)
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Sections, limits and notices, each with the form that adds one."""
    return _settings(request, {})


def _settings(
    request: HttpRequest, refused: dict[str, forms.DeedForm], status: int = 200
) -> HttpResponse:
    on = today()
    context = {
        "sections": desk.all_sections(),
        "limits": desk.limits(),
        "notices": queries.notices(on),
        "acts": [
            {
                "verb": verb,
                "label": label,
                "url": reverse("village_office:settings_act", args=[verb]),
                "form": refused.get(verb) or _form(verb),
            }
            for verb, label in LABELS.items()
        ],
    }
    return render(request, "villages/office/settings.html", context, status=status)


@staff(*CITY)
@require_POST
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """One more section, limit or notice."""
    if verb not in COMMANDS:
        raise NotFound
    form = _form(verb, request.POST)
    if not form.is_valid():
        return _settings(request, {verb: form}, 422)
    actor = rights.city_actor(scope(request), str(LABELS[verb]))
    key = form.cleaned_data["command_id"]
    try:
        COMMANDS[verb](**form.content(), actor=actor, at=now(), command_id=key)
    except DomainError as error:
        form.add_error(None, error.message)
        return _settings(request, {verb: form}, error.status)
    notes.success(request, _("已办理：%s") % LABELS[verb])
    return redirect("village_office:settings")


# ── people ────────────────────────────────────────────────────────────────────────────────────


@staff(*TOWNSHIP, *WATCHING)
@require_GET
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Who keeps a village's books, who watches over them, who is kin to an officer."""
    return _people(request, code)


def _people(request: HttpRequest, code: str, form: Any = None, status: int = 200) -> HttpResponse:
    village = rights.village_for(scope(request), code)
    may_declare = scope(request).has_role(TOWNSHIP)
    context = {
        "village": village,
        "members": desk.members_of(village, today()),
        "kinships": desk.kinships_of(village),
        "form": form or (_kinship_form(village) if may_declare else None),
        "end_form": forms.DeedForm(),
        "may_declare": may_declare,
    }
    return render(request, "villages/office/people.html", context, status=status)


def _kinship_form(village: queries.Village, data: Any = None) -> forms.KinshipForm:
    seated = desk.members_of(village, today())
    people = [(one.person_id, one.person.name) for one in seated if one.office == Office.SUPERVISOR]
    return forms.KinshipForm(data, people=people)


@staff(*TOWNSHIP)
@require_POST
def kinship(request: HttpRequest, code: str) -> HttpResponse:
    """A member declares that they are near kin to an officer of the village."""
    village = rights.village_for(scope(request), code)
    actor = rights.township_actor(scope(request), village.id, _("登记近亲属"))
    form = _kinship_form(village, request.POST)
    if not form.is_valid():
        return _people(request, code, form, 422)
    services.declare_kinship(village_id=village.id, **form.cleaned_data, actor=actor, at=now())
    notes.success(request, _("已登记，此人不再审查本村的公开。"))
    return redirect("village_office:people", code)


@staff(*TOWNSHIP)
@require_POST
def end_kinship(request: HttpRequest, code: str, kinship_id: int) -> HttpResponse:
    village = rights.village_for(scope(request), code)
    actor = rights.township_actor(scope(request), village.id, _("注销近亲属登记"))
    if kinship_id not in {one.id for one in desk.kinships_of(village)}:
        raise NotFound
    key = request.POST.get("command_id", "")
    services.end_kinship(kinship_id=kinship_id, actor=actor, at=now(), command_id=key)
    notes.success(request, _("已注销。"))
    return redirect("village_office:people", code)
