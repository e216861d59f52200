"""Screens of the editor: the list, an item's draft, preview, review, editions, completeness."""

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
from mingtang.base.web import new_command_id, search_text
from mingtang.catalogue import services
from mingtang.catalogue.editor import present, queries
from mingtang.catalogue.editor.forms import CommandForm, DraftForms, NewItemForm
from mingtang.catalogue.queries import campaigns, locked_fields
from mingtang.catalogue.rules import ItemKind
from mingtang.catalogue.rules.drafts import DraftState, DraftVerb, target_of

editors = staff(*queries.AUTHORS)


@editors
@require_GET
def edit_list(request: HttpRequest) -> HttpResponse:
    """The items one may edit, with their open drafts."""
    reader = scope(request)
    text, state = search_text(request), request.GET.get("state", "")
    after = request.GET.get("after", "")
    page = queries.items_to_edit(reader, on=today(), text=text, state=state, after=after)
    counts = queries.waiting_counts(reader)
    tabs = [{"key": "", "label": _("全部事项"), "count": None}] + [
        {"key": one, "label": DraftState(one).label, "count": count}
        for one, count in counts.items()
    ]
    context = {"page": page, "q": text, "state": state, "tabs": tabs}
    context["may_create"] = bool(queries.departments_for(reader, today()))
    return render(request, "catalogue/editor/edit_list.html", context)


@editors
def item_new(request: HttpRequest) -> HttpResponse:
    """Begin an item that the catalogue has not: name, kind and department, then the form."""
    reader = scope(request)
    units = queries.departments_for(reader, today())
    form = NewItemForm(request.POST or None, departments=units)
    if request.method == "POST" and form.is_valid():
        try:
            return _created(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    status = 422 if form.errors else 200
    context = {"form": form, "has_departments": bool(units)}
    return render(request, "catalogue/editor/item_new.html", context, status=status)


def _created(request: HttpRequest, form: NewItemForm) -> HttpResponseRedirect:
    reader, data = scope(request), form.cleaned_data
    unit = data["department"]
    grant = reader.grants_for(
        queries.AUTHORS, organisation_id=unit.id, item_code="", region_id=unit.region_id
    )[0]
    made = services.create_item(
        department_id=unit.id,
        name=data["name"],
        kind=ItemKind(data["kind"]),
        code=data["code"],
        actor=actor_of(reader, grant),
        at=now(),
        command_id=data["command_id"],
    )
    messages.success(request, _("已新建，编码 %(code)s。接着把内容写全。") % {"code": made["code"]})
    return redirect("catalogue:draft_edit", made["code"])


@editors
@require_GET
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """An item at work: what its draft changes, what it lacks, what may be done."""
    return _draft_page(request, code)


def _draft_page(
    request: HttpRequest,
    code: str,
    refused: dict[str, CommandForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = scope(request)
    item = queries.item_for(reader, code)
    found = queries.open_draft_of(item)
    context: dict[str, Any] = {
        "item": item,
        "edition": item.current_edition,
        "draft": found,
        "acts": present.acts(reader, item, found, refused),
        "error": next((form.refusal for form in (refused or {}).values()), None),
    }
    if found:
        context |= _review(request, item, found)
    return render(request, "catalogue/editor/draft.html", context, status=status)


def _review(request: HttpRequest, item: Any, found: Any) -> dict[str, Any]:
    return {
        "state_label": DraftState(found.state).label,
        "is_in_review": found.state == DraftState.IN_REVIEW.value,
        "is_stale": found.base_number != queries.number_of(item),
        "lines": queries.draft_lines(item, found, today()),
        "lacks": queries.draft_lacks(item, found, today()),
        "is_own": str(scope(request).person_id) in found.author_ids,
    }


@editors
@require_POST
def draft_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One act on an item or its draft. A refusal shows the page again with its sentence."""
    reader = scope(request)
    item = queries.item_for(reader, code)
    found = queries.open_draft_of(item)
    if verb not in present.ACTS:
        raise NotFound
    form = present.ACTS[verb][2](request.POST)
    if not form.is_valid():
        return _draft_page(request, code, _refused(verb, form, ""), 422)
    try:
        _act(request, verb, item, found, form.cleaned_data)
    except DomainError as error:
        return _draft_page(request, code, _refused(verb, form, error.message), error.status)
    messages.success(request, _("已%(act)s。") % {"act": present.ACTS[verb][0]})
    page = "catalogue:draft_edit" if verb == "open" else "catalogue:draft"
    return redirect(page, code)


def _refused(verb: str, form: CommandForm, sentence: str) -> dict[str, CommandForm]:
    form.refusal = sentence
    return {verb: form}


def _act(request: HttpRequest, verb: str, item: Any, found: Any, data: dict[str, Any]) -> None:
    """Raises NotFound for an act that is not this person's, whatever the state."""
    reader = scope(request)
    reviewing = verb not in {"open", "submit", "discard"}
    grant = queries.grant_over(reader, item, reviews=reviewing)
    if grant is None:
        raise NotFound
    by = {"actor": actor_of(reader, grant), "at": now(), "command_id": data.pop("command_id")}
    data.pop("confirmed", None)
    on_item = {
        "open": services.open_draft,
        "suspend": services.suspend_item,
        "resume": services.resume_item,
        "retire": services.retire_item,
    }
    on_draft = {
        "submit": services.submit_draft,
        "return": services.return_draft,
        "publish": services.publish_draft,
        "discard": services.discard_draft,
    }
    if verb in on_item:
        on_item[verb](item_id=item.id, **data, **by)
    else:
        found = found or queries.draft_of(item)
        on_draft[verb](draft_id=found.id, **data, **by)


@editors
def draft_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a draft. What is wrong comes back with all that was typed."""
    item = queries.item_for(scope(request), code)
    found = queries.draft_of(item)
    if request.method != "POST":
        target_of(DraftState(found.state), DraftVerb.SAVE)
        return _form_page(request, item, found, _fresh_forms(request, item, found))
    forms = DraftForms(
        found.content,
        request.POST,
        locked=locked_fields(found.content, today()),
        units=queries.units_for_steps(item, today()),
    )
    if not forms.is_valid():
        return _form_page(request, item, found, forms, 422)
    try:
        return _saved(request, item, found, forms)
    except DomainError as error:
        forms.refuse(getattr(error, "sentences", [error.message]))
        forms.retell(_stands(item, found))
        return _form_page(request, item, found, forms, error.status)


def _fresh_forms(request: HttpRequest, item: Any, found: Any) -> DraftForms:
    stands, more = _stands(item, found), request.GET.get("more", "")
    locked = locked_fields(found.content, today())
    units = queries.units_for_steps(item, today())
    return DraftForms(found.content, stands=stands, locked=locked, more=more, units=units)


def _stands(item: Any, found: Any) -> dict[str, Any]:
    """The hidden fields: what the page was written against, and an id for its command."""
    return {
        "revision": found.revision,
        "base_number": queries.number_of(item),
        "command_id": new_command_id(),
    }


def _saved(request: HttpRequest, item: Any, found: Any, forms: DraftForms) -> HttpResponseRedirect:
    reader = scope(request)
    hidden = forms.form.cleaned_data
    services.save_draft(
        draft_id=found.id,
        content=forms.content(),
        revision=hidden["revision"],
        base_number=hidden["base_number"],
        actor=actor_of(reader, queries.grant_over(reader, item)),
        at=now(),
        command_id=hidden["command_id"],
    )
    messages.success(request, _("草稿已保存。"))
    more = request.POST.get("more", "")
    if more not in forms.tables:
        return redirect("catalogue:draft", item.code)
    answer = redirect("catalogue:draft_edit", item.code)
    answer["Location"] += f"?more={more}#{more}"
    return answer


def _form_page(
    request: HttpRequest, item: Any, found: Any, forms: DraftForms, status: int = 200
) -> HttpResponse:
    context = {
        "item": item,
        "draft": found,
        "form": forms.form,
        "tables": forms.tables,
        "groups": list(forms.groups()),
        "errors": forms.errors(),
        "is_stale": found.base_number != queries.number_of(item),
        "number": queries.number_of(item),
    }
    return render(request, "catalogue/editor/edit.html", context, status=status)


@editors
@require_GET
def draft_preview(request: HttpRequest, code: str) -> HttpResponse:
    """The draft on the page that a citizen will see."""
    item = queries.item_for(scope(request), code)
    found = queries.draft_of(item)
    shown = queries.preview(item, found, now(), today())
    context = {"item": shown, "file_url": "#main", "preview_code": code}
    return render(request, "catalogue/item_detail.html", context)


@editors
@require_GET
def editions(request: HttpRequest, code: str) -> HttpResponse:
    """Any two editions of an item, side by side."""
    item = queries.item_for(scope(request), code)
    found = queries.editions_of(item)
    by_number = {str(edition.number): edition for edition in found}
    after = by_number.get(request.GET.get("after", ""), found[0])
    earlier = next((one for one in found if one.number < after.number), after)
    before = by_number.get(request.GET.get("before", ""), earlier)
    lines = queries.compare_editions(before, after, today())
    context = {
        "item": item,
        "editions": found,
        "before": before,
        "after": after,
        "changed": [line for line in lines if line.change != "same"],
        "same": [line for line in lines if line.change == "same"],
    }
    return render(request, "catalogue/editor/editions.html", context)


@editors
@require_GET
def history(request: HttpRequest, code: str) -> HttpResponse:
    """The life of an item, told from the ledger."""
    item = queries.item_for(scope(request), code)
    entries = present.history(queries.history_of(item))
    fates = campaigns.fates_of(item.id, today())
    context = {"item": item, "entries": entries, "fates": fates}
    return render(request, "catalogue/editor/history.html", context)


@editors
@require_GET
def completeness(request: HttpRequest) -> HttpResponse:
    """How complete each department's items are, and the items behind each number."""
    reader, on = scope(request), today()
    columns = queries.columns()
    lack = request.GET.get("lacks", "")
    lack = lack if lack in columns else ""
    board = queries.board(reader, on)
    department = parse_id(request.GET.get("department", ""))
    context: dict[str, Any] = {
        "columns": columns,
        "board": board,
        "total": sum(row.total for row in board),
        "complete": sum(row.complete for row in board),
        "lack": lack,
        "lack_label": columns.get(lack, ""),
        "department": next((r for r in board if r.department_id == str(department)), None),
    }
    if lack or context["department"]:
        after = request.GET.get("after", "")
        context["items"], context["next_after"] = queries.items_lacking(
            reader, on, department=department, lack=lack, after=after
        )
    return render(request, "catalogue/editor/completeness.html", context)
