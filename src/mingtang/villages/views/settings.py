"""Views: what the city sets for all villages; who acts for a village, and whose kin they are."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

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


def form_of(verb: str, data: Any = None) -> forms.DeedForm:
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
                "form": refused.get(verb) or form_of(verb),
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
    form = form_of(verb, request.POST)
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


def _people(
    request: HttpRequest, code: str, refused: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    village, given = rights.village_for(scope(request), code), refused or {}
    may_act = scope(request).has_role(TOWNSHIP)
    members = desk.members_of(village, today())
    context = {
        "village": village,
        "members": [(one, _unseating(code, one, given) if may_act else None) for one in members],
        "seating": _seating(village, given.get("seat")) if may_act else None,
        "kinships": desk.kinships_of(village),
        "form": given.get("kinship") or (kinship_form(village) if may_act else None),
        "end_form": forms.DeedForm(),
        "may_act": may_act,
    }
    return render(request, "villages/office/people.html", context, status=status)


def _unseating(code: str, member: Any, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The act that ends somebody's office; none where it has its end already."""
    if member.valid_to is not None:
        return None
    verb = f"unseat-{member.id}"
    return {
        "verb": verb,
        "label": _("免去"),
        "url": reverse("village_office:unseat", args=[code, member.id]),
        "form": given.get(verb) or forms.UnseatForm(initial={"valid_to": today()}),
    }


def _seating(village: queries.Village, form: Any = None) -> dict[str, Any]:
    return {
        "verb": "seat",
        "label": _("登记一位成员"),
        "url": reverse("village_office:seat", args=[village.code]),
        "form": form or seat_form(village),
        "help": _(
            "名单里是在本乡镇有村文书、村务监督委员会岗位的人；没有的，请系统管理员先设岗位。"
        ),
    }


def seat_form(village: queries.Village, data: Any = None) -> forms.SeatForm:
    people = [
        (f"{office.value}/{person.id}", f"{person.name} · {office.label}")
        for person, office in desk.seatable(village, today())
    ]
    return forms.SeatForm(data, people=people, initial={"valid_from": today()})


@staff(*TOWNSHIP)
@require_POST
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody takes an office of the village."""
    village = rights.village_for(scope(request), code)
    actor = rights.township_actor(scope(request), village.id, _("登记成员"))
    form = seat_form(village, request.POST)
    if form.is_valid():
        key = form.cleaned_data["command_id"]
        try:
            services.seat_member(
                village_ids=[village.id],
                **form.content(),
                actor=actor,
                at=now(),
                command_id=key,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("已登记。"))
            return redirect("village_office:people", code)
    return _people(request, code, {"seat": form}, 422)


@staff(*TOWNSHIP)
@require_POST
def unseat(request: HttpRequest, code: str, member_id: int) -> HttpResponse:
    """Somebody's office of the village ends."""
    village = rights.village_for(scope(request), code)
    actor = rights.township_actor(scope(request), village.id, _("免去成员"))
    if member_id not in {one.id for one in desk.members_of(village, today())}:
        raise NotFound
    form = forms.UnseatForm(request.POST)
    if form.is_valid():
        key = form.cleaned_data["command_id"]
        try:
            services.unseat_member(
                member_id=member_id, **form.content(), actor=actor, at=now(), command_id=key
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            notes.success(request, _("已登记，到那一天为止。"))
            return redirect("village_office:people", code)
    return _people(request, code, {f"unseat-{member_id}": form}, 422)


def kinship_form(village: queries.Village, data: Any = None) -> forms.KinshipForm:
    seated = desk.members_of(village, today())
    people = [(one.person_id, one.person.name) for one in seated if one.office == Office.SUPERVISOR]
    return forms.KinshipForm(data, people=people)


@staff(*TOWNSHIP)
@require_POST
def kinship(request: HttpRequest, code: str) -> HttpResponse:
    """A member declares that they are near kin to an officer of the village."""
    village = rights.village_for(scope(request), code)
    actor = rights.township_actor(scope(request), village.id, _("登记近亲属"))
    form = kinship_form(village, request.POST)
    if not form.is_valid():
        return _people(request, code, {"kinship": form}, 422)
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


# ── a village's own limits ────────────────────────────────────────────────────────────────────


@staff(*TOWNSHIP, *WATCHING)
@require_http_methods(["GET", "HEAD", "POST"])
def own_limits(request: HttpRequest, code: str) -> HttpResponse:
    """What holds for one village, what was set for it alone, what waits for a second person."""
    reader = scope(request)
    village, form = rights.village_for(reader, code), None
    held = desk.limit_on(village.id, today())
    if reader.has_role(TOWNSHIP):
        initial = {**present.initial_of(held, today()), "basis": ""}
        form = forms.LimitForm(request.POST or None, initial=initial)
    if request.method == "POST":
        actor = rights.township_actor(reader, village.id, _("改本村的公开时限"))
        if form is not None and form.is_valid() and _set_own(request, village.id, form, actor):
            return redirect("village_office:own_limits", code)
    may_agree = reader.has_role(TOWNSHIP | CITY)
    context = {
        "village": village,
        "held": present.limit_facts(held) if held else [],
        "is_own": held is not None and held.village_id is not None,
        "rows": [
            {
                "limit": one,
                "facts": present.limit_facts(one),
                "waits": one.is_looser and one.confirmed_at is None,
                "is_mine": one.set_by_id == reader.person_id,
            }
            for one in desk.own_limits(village)
        ],
        "form": form,
        "button": forms.DeedForm(auto_id=False),
        "may_agree": may_agree,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "villages/office/limits.html", context, status=status)


def _set_own(request: HttpRequest, village_id: int, form: Any, actor: Any) -> bool:
    key = form.cleaned_data["command_id"]
    try:
        made = services.set_limit(
            village_id=village_id, **form.content(), actor=actor, at=now(), command_id=key
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    if made["looser"]:
        told = _("放宽了：%s。要另一个人同意才生效。") % "、".join(made["looser"])
        notes.warning(request, told)
    else:
        notes.success(request, _("已经设定。"))
    return True


LIMIT_COMMANDS: dict[str, Callable[..., Any]] = {
    "agree": services.confirm_limit,
    "decline": services.decline_limit,
}


@staff(*TOWNSHIP, *CITY)
@require_POST
def limit_act(request: HttpRequest, code: str, limit_id: int, verb: str) -> HttpResponse:
    """A second person agrees to what was loosened; it is declined, or taken back by who set it.
    Whoever only watches the village by another post finds nothing here."""
    village = rights.village_for(scope(request).only({*TOWNSHIP, *CITY}), code)
    form = forms.DeedForm(request.POST)
    known = {one.id for one in desk.own_limits(village)}
    if verb not in LIMIT_COMMANDS or limit_id not in known or not form.is_valid():
        raise NotFound
    actor = rights.second_actor(scope(request), village.id, _("同意放宽时限"))
    key = form.cleaned_data["command_id"]
    try:
        LIMIT_COMMANDS[verb](limit_id=limit_id, actor=actor, at=now(), command_id=key)
        notes.success(request, _("已同意，到启用那天生效。") if verb == "agree" else _("已退回。"))
    except DomainError as error:
        notes.error(request, error.message)
    return redirect("village_office:own_limits", code)
