"""Screens of the editor of routes. Routes are of the whole installation: the reform office and
the project office write them, a second person of either publishes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.web import new_command_id
from mingtang.catalogue.queries.briefs import published_names
from mingtang.catalogue.rules.drafts import DraftState, DraftVerb, target_of
from mingtang.joint.editor import present
from mingtang.joint.editor.forms import CommandForm, ImportForm, NewRouteForm, RouteForms
from mingtang.joint.maps import map_of_route
from mingtang.joint.queries import routes as queries
from mingtang.joint.rules.route import route_of
from mingtang.joint.services import drafts as services
from mingtang.joint.views.files import bpmn_file
from mingtang.regions.queries import organisation_cards

editors = staff(*queries.AUTHORS)


def _by(request: HttpRequest, command_id: str) -> dict[str, Any]:
    reader = scope(request)
    actor = actor_of(reader, queries.grant_over(reader))
    return {"actor": actor, "at": now(), "command_id": command_id}


@editors
@require_GET
def route_list(request: HttpRequest) -> HttpResponse:
    """All routes, with their open drafts."""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    tabs = [{"key": "", "label": _("全部路线"), "count": None}] + [
        {"key": one, "label": DraftState(one).label, "count": count}
        for one, count in queries.waiting_counts().items()
    ]
    page = queries.routes(state=state, after=after)
    context = {"page": page, "state": state, "tabs": tabs}
    return render(request, "joint/routes/list.html", context)


@editors
def route_new(request: HttpRequest) -> HttpResponse:
    """Begin a route: a name and a code, then the rows."""
    form = NewRouteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = _by(request, data["command_id"])
        try:
            services.create_route(code=data["code"], name=data["name"], **by)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已新建。接着写阶段和环节，或由 BPMN 文件读入。"))
            return redirect("routes:edit", data["code"])
    status = 422 if form.errors else 200
    return render(request, "joint/routes/new.html", {"form": form}, status=status)


@editors
@require_GET
def route_page(request: HttpRequest, code: str) -> HttpResponse:
    """A route at work: its draft, the faults of it, what may be done; or what is in force."""
    return _route_page(request, code, {})


def _route_page(
    request: HttpRequest, code: str, refused: dict[str, CommandForm], status: int = 200
) -> HttpResponse:
    found = queries.route(code)
    draft = queries.open_draft_of(found)
    edition = found.current_edition
    content = draft.content if draft else edition.content if edition else {"stages": []}
    context: dict[str, Any] = {
        "route": found,
        "draft": draft,
        "edition": edition,
        "map": map_of_route(route_of(content), today()),
        "faults": present.faults(queries.route_faults(content), route_of(content), code),
        "acts": present.acts(scope(request), code, draft, refused),
        "error": next((form.refusal for form in refused.values()), None),
    }
    if draft:
        context |= _review(request, found, draft)
    return render(request, "joint/routes/route.html", context, status=status)


def _review(request: HttpRequest, found: Any, draft: Any) -> dict[str, Any]:
    return {
        "state_label": DraftState(draft.state).label,
        "is_in_review": draft.state == DraftState.IN_REVIEW.value,
        "is_stale": draft.base_number != queries.number_of(found),
        "is_own": str(scope(request).person_id) in draft.author_ids,
        "lines": queries.draft_lines(found, draft, today()),
    }


@editors
@require_POST
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One act on a route or its draft. A refusal shows the page again with its sentence."""
    if verb not in present.ACTS:
        raise NotFound
    form = present.ACTS[verb][2](request.POST)
    if not form.is_valid():
        return _route_page(request, code, _refused(verb, form, ""), 422)
    try:
        _act(request, verb, code, form.cleaned_data)
    except DomainError as error:
        return _route_page(request, code, _refused(verb, form, error.message), error.status)
    messages.success(request, _("已%(act)s。") % {"act": present.ACTS[verb][0]})
    return redirect("routes:edit" if verb == "open" else "routes:route", code)


def _refused(verb: str, form: CommandForm, sentence: str) -> dict[str, CommandForm]:
    form.refusal = sentence
    return {verb: form}


def _act(request: HttpRequest, verb: str, code: str, data: dict[str, Any]) -> None:
    found = queries.route(code)
    by = _by(request, data.pop("command_id"))
    data.pop("confirmed", None)
    on_draft = {
        "submit": services.submit_draft,
        "return": services.return_draft,
        "publish": services.publish_draft,
        "discard": services.discard_draft,
    }
    if verb == "open":
        services.open_draft(route_id=found.id, **by)
    else:
        on_draft[verb](draft_id=queries.draft_of(found).id, **data, **by)


# ── writing ───────────────────────────────────────────────────────────────────────────────────


@editors
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of a draft. What is wrong comes back with all that was typed."""
    found = queries.route(code)
    draft = queries.draft_of(found)
    more: dict[str, Any] = {"units": _units(), "stands": _stands(found, draft)}
    if request.method != "POST":
        target_of(DraftState(draft.state), DraftVerb.SAVE)
        more["more"] = request.GET.get("more", "")
        forms = RouteForms(draft, **more)
        return _edit_page(request, found, draft, forms)
    forms = RouteForms(draft, request.POST, **more)
    if not forms.is_valid():
        return _edit_page(request, found, draft, forms, 422)
    try:
        return _saved(request, draft, forms, code)
    except DomainError as error:
        forms.refuse(error.message)
        forms.retell(_stands(found, draft))
        return _edit_page(request, found, draft, forms, error.status)


def _units() -> dict[str, str]:
    """The organisations that a stage or a node may be given to."""
    kinds = ["department", "centre", "other"]
    return {unit.code: unit.name for unit in organisation_cards(today(), kinds=kinds)}


def _stands(found: Any, draft: Any) -> dict[str, Any]:
    """The hidden fields: what the page was written against, and an id for its command."""
    return {
        "revision": draft.revision,
        "base_number": queries.number_of(found),
        "command_id": new_command_id(),
    }


def _saved(request: HttpRequest, draft: Any, forms: RouteForms, code: str) -> HttpResponseRedirect:
    data = forms.form.cleaned_data
    services.save_draft(
        draft_id=draft.id,
        name=data["name"],
        note=data["note"],
        content=forms.content(),
        revision=data["revision"],
        base_number=data["base_number"],
        **_by(request, data["command_id"]),
    )
    messages.success(request, _("草稿已保存。"))
    more = request.POST.get("more", "")
    if more not in {"stages", "nodes"}:
        return redirect("routes:route", code)
    answer = redirect("routes:edit", code)
    answer["Location"] += f"?more={more}#{more}"
    return answer


def _edit_page(
    request: HttpRequest, found: Any, draft: Any, forms: RouteForms, status: int = 200
) -> HttpResponse:
    context = {
        "route": found,
        "draft": draft,
        "forms": forms,
        "errors": forms.errors(),
        "is_stale": draft.base_number != queries.number_of(found),
        "number": queries.number_of(found),
        "items": published_names(),
    }
    return render(request, "joint/routes/edit.html", context, status=status)


@editors
def bpmn_import(request: HttpRequest, code: str) -> HttpResponse:
    """Put the route of a BPMN file into the draft; what was not read is listed with it."""
    found = queries.route(code)
    draft = queries.draft_of(found)
    target_of(DraftState(draft.state), DraftVerb.SAVE)
    form = ImportForm(
        request.POST or None, request.FILES or None, initial={"revision": draft.revision}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = _by(request, data["command_id"])
        try:
            services.import_bpmn(
                draft_id=draft.id, data=data["file"], revision=data["revision"], **by
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已读入。请核对下面列出的没有读入的内容。"))
            return redirect("routes:route", code)
    status = 422 if form.errors else 200
    context = {"route": found, "draft": draft, "form": form}
    return render(request, "joint/routes/import.html", context, status=status)


# ── reading ───────────────────────────────────────────────────────────────────────────────────


@editors
@require_GET
def editions(request: HttpRequest, code: str) -> HttpResponse:
    """Any two editions of a route side by side, and what the later one saves."""
    found = queries.route(code)
    listed = queries.editions_of(found)
    if not listed:
        raise NotFound("这条路线还没有发布过，没有版本可以对照。")
    by_number = {str(edition.number): edition for edition in listed}
    after = by_number.get(request.GET.get("after", ""), listed[0])
    earlier = next((one for one in listed if one.number < after.number), after)
    before = by_number.get(request.GET.get("before", ""), earlier)
    lines, savings = queries.compared(before, after, today())
    context = {
        "route": found,
        "editions": listed,
        "before": before,
        "after": after,
        "savings": savings,
        "changed": [line for line in lines if line.change != "same"],
        "same": [line for line in lines if line.change == "same"],
    }
    return render(request, "joint/routes/editions.html", context)


@editors
@require_GET
def history(request: HttpRequest, code: str) -> HttpResponse:
    """The life of a route, told from the ledger."""
    found = queries.route(code)
    entries = present.history(queries.history_of(found))
    return render(request, "joint/routes/history.html", {"route": found, "entries": entries})


@staff()
@require_GET
def download(request: HttpRequest, code: str) -> HttpResponse:
    """An edition of a route as BPMN 2.0, for all staff: `?edition=` or the one in force."""
    number = parse_id(request.GET.get("edition", ""))
    return bpmn_file(queries.edition(code, number))
