"""Screens of the editor: the form that applicants fill in, written, previewed and tried."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import new_command_id
from mingtang.catalogue import services
from mingtang.catalogue.editor import queries
from mingtang.catalogue.editor.forms.asks import AsksPage, Place, part_from, place_from
from mingtang.catalogue.editor.forms.commands import SaveForm
from mingtang.catalogue.queries import locked_fields
from mingtang.catalogue.rules.drafts import DraftState, DraftVerb, target_of
from mingtang.questions.forms import QuestionsForm
from mingtang.questions.rules import PLAIN, SchemaInvalid, compiled, in_order, relevant, shown
from mingtang.questions.rules.editing import Part, add, move, parts_of, remove, schema_of

editors = staff(*queries.AUTHORS)
OUTLINE, SOURCE = "outline", "source"


@dataclass
class Writing:
    """A form as it stands on the page, in one of its two shapes. `fresh`: the part just moved."""

    root: Part = field(default_factory=Part)
    source: str = ""
    tab: str = OUTLINE
    fresh: Place | None = None
    general: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def schema(self) -> Any:
        """What was written, None for no form at all. Raises SchemaInvalid for no JSON."""
        if self.tab == OUTLINE:
            return schema_of(self.root) if self.root.parts else None
        if not self.source.strip():
            return None
        try:
            return json.loads(self.source)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            text = _("源码不是一份完整的 JSON，第 %(line)s 行附近有错，请核对引号、逗号和括号。")
            raise SchemaInvalid([("", text % {"line": line})]) from None

    def checked(self) -> Any:
        """A sound schema, or None for no form. Raises SchemaInvalid."""
        schema = self.schema()
        if schema is not None:
            compiled(schema)
        return schema

    def show(self, tab: str) -> None:
        """Turn to the other shape. Raises SchemaInvalid where the source is no sound form."""
        if tab == SOURCE and self.tab == OUTLINE:
            schema = self.schema()
            self.source = "" if schema is None else written(schema)
        elif tab == OUTLINE and self.tab == SOURCE:
            schema = self.checked()
            self.root = Part() if schema is None else parts_of(schema)
        self.tab = tab


def written(schema: Any) -> str:
    return json.dumps(in_order(schema), ensure_ascii=False, indent=2)


@editors
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a draft. Buttons that move parts keep all that was typed and store nothing."""
    item = queries.item_for(scope(request), code)
    found = queries.draft_of(item)
    if request.method == "GET":
        target_of(DraftState(found.state), DraftVerb.SAVE)
        schema = found.content.get("form")
        writing = Writing(root=parts_of(schema)) if schema else Writing()
        return _page(request, item, found, writing, SaveForm(initial=_stands(item, found)))
    if request.POST.get("only") == "preview":
        context = {"item": item, "panel": _panel(item, _sent(request))}
        return render(request, "catalogue/editor/parts/form_preview.html", context)
    return _pressed(request, item, found)


def _pressed(request: HttpRequest, item: Any, found: Any) -> HttpResponse:
    writing, hidden = _sent(request), SaveForm(request.POST)
    act, _space, rest = request.POST.get("act", "preview").partition(" ")
    try:
        if act == "save":
            return _save(request, item, found, writing, hidden)
        _do(writing, act, rest, request.POST.get("copied", ""))
    except SchemaInvalid as refused:
        writing.faults = refused.placed
        status = 200 if act == "preview" else 422
        return _page(request, item, found, writing, _again(hidden), status)
    except DomainError as error:
        writing.general = getattr(error, "sentences", [error.message])
        stands = SaveForm(initial=_stands(item, found))
        return _page(request, item, found, writing, stands, error.status)
    return _page(request, item, found, writing, _again(hidden))


def _sent(request: HttpRequest) -> Writing:
    tab = SOURCE if request.POST.get("tab") == SOURCE else OUTLINE
    source = request.POST.get("source", "").replace("\r\n", "\n")
    return Writing(root=part_from(request.POST), source=source, tab=tab)


def _stands(item: Any, found: Any) -> dict[str, Any]:
    """The hidden fields: what the page was written against, and an id for its command."""
    number = queries.number_of(item)
    return {"revision": found.revision, "base_number": number, "command_id": new_command_id()}


def _again(hidden: SaveForm) -> SaveForm:
    """The hidden fields as they came: who saved meanwhile is still noticed."""
    return SaveForm(initial={name: hidden[name].value() for name in hidden.fields})


def _do(writing: Writing, act: str, rest: str, copied: str) -> None:
    """One button that stores nothing. Raises NotFound for a button that is none."""
    if act == "preview":
        writing.checked()
    elif act == "tab" and rest in {OUTLINE, SOURCE}:
        writing.show(rest)
    elif act == "start":
        writing.tab, writing.root = OUTLINE, _start(rest, copied)
        writing.fresh = (0, 0) if rest == "empty" else None
    elif act in {"add", "remove", "up", "down"}:
        try:
            writing.fresh = _moved(writing.root, act, place_from(rest))
        except LookupError:
            raise NotFound from None
    else:
        raise NotFound


def _start(name: str, copied: str) -> Part:
    if name == "copy":
        return parts_of(queries.published_form(copied))
    if name == "plain":
        return parts_of(PLAIN)
    root = Part()
    add(root, ())
    add(root, (0,))
    return root


def _moved(root: Part, act: str, place: Place) -> Place | None:
    if act == "add":
        return add(root, place)
    if not place:
        raise LookupError
    if act == "remove":
        remove(root, place)
        return place[:-1] or None
    return move(root, place, -1 if act == "up" else 1)


def _save(
    request: HttpRequest, item: Any, found: Any, writing: Writing, hidden: SaveForm
) -> HttpResponse:
    """Raises SchemaInvalid and what saving a draft raises."""
    schema = writing.checked()
    if not hidden.is_valid():
        raise DomainError(_("没有收到完整的页面，请重新打开本页再保存。"))
    if "form" in locked_fields(found.content, today()):
        raise DomainError(_("申请表随基本目录，不能在本地修改。"))
    reader = scope(request)
    content = {key: value for key, value in found.content.items() if key != "form"}
    services.save_draft(
        draft_id=found.id,
        content=content if schema is None else content | {"form": schema},
        actor=actor_of(reader, queries.grant_over(reader, item)),
        at=now(),
        **hidden.cleaned_data,
    )
    messages.success(request, _("申请表已保存在草稿里。"))
    return redirect("catalogue:draft", item.code)


def _page(
    request: HttpRequest,
    item: Any,
    found: Any,
    writing: Writing,
    hidden: SaveForm,
    status: int = 200,
) -> HttpResponse:
    page = AsksPage(writing.root, writing.faults, writing.fresh)
    errors = page.errors() if status != 200 else {"general": [], "lines": []}
    if writing.tab == SOURCE and status != 200:
        errors = {"general": [sentence for _path, sentence in writing.faults], "lines": []}
    errors["general"] += writing.general
    context = {
        "item": item,
        "draft": found,
        "writing": writing,
        "page": page,
        "hidden": hidden,
        "errors": errors,
        "panel": _panel(item, writing),
        "is_stale": found.base_number != queries.number_of(item),
        "is_locked": "form" in locked_fields(found.content, today()),
        "others": queries.items_with_form(item),
    }
    return render(request, "catalogue/editor/form.html", context, status=status)


# ── the preview, and trying it ────────────────────────────────────────────────────────────────


def _panel(item: Any, writing: Writing) -> dict[str, Any]:
    """The form as applicants will see it, blank; or why it cannot be shown yet."""
    try:
        schema = writing.checked()
    except SchemaInvalid as refused:
        told = AsksPage(writing.root, refused.placed).told()
        return {"faults": refused.sentences if writing.tab == SOURCE else told}
    return {} if schema is None else _tried(item, schema, None)


def _tried(item: Any, schema: Any, data: Any) -> dict[str, Any]:
    """The form with what was filled in, its faults, or its lines as the last page shows them."""
    made, on = compiled(schema), today()
    places = queries.places_for(made, item, on)
    keys = [section.key for section in made.sections]
    asked = QuestionsForm(made, keys, data=data, answers={}, on=on, places=places)
    panel = {"title": made.title, "schema": written(schema), "made": made}
    if asked.is_row_change:
        asked = QuestionsForm(made, keys, answers=asked.typed, on=on, places=places)
    elif asked.is_bound and asked.is_valid():
        panel["lines"] = shown(made, relevant(made, asked.typed))
    return panel | {"asked": asked}


@editors
@require_POST
def form_try(request: HttpRequest, code: str) -> HttpResponse:
    """A form filled in to see how it goes. The form comes with the answers; nothing is stored."""
    item = queries.item_for(scope(request), code)
    writing = Writing(source=request.POST.get("schema", ""), tab=SOURCE)
    schema = writing.checked()
    if schema is None:
        raise NotFound
    panel = _tried(item, schema, request.POST)
    is_wrong = panel["asked"].is_bound and "lines" not in panel
    context = {"item": item, "panel": panel}
    return render(
        request, "catalogue/editor/form_try.html", context, status=422 if is_wrong else 200
    )
