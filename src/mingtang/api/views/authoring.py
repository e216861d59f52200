"""Views: writing items and routes, with the second person who publishes; lists of powers."""

from typing import Any

from django import forms
from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice, Words
from mingtang.api.views.pages import listed, presses, shows, written
from mingtang.catalogue.editor import asking, item_files
from mingtang.catalogue.editor import present as item_acts
from mingtang.catalogue.editor import views as items
from mingtang.catalogue.editor.forms import NewItemForm
from mingtang.catalogue.editor.forms.commands import SaveForm
from mingtang.catalogue.editor.forms.content import ContentForm
from mingtang.catalogue.editor.forms.rows import GRIDS, formset_for
from mingtang.catalogue.forms import FreezeForm, ListForm
from mingtang.catalogue.views import keeping
from mingtang.joint.editor import forms as route_forms
from mingtang.joint.editor import present as route_acts
from mingtang.joint.editor import views as routes

router = Router(tags=["写事项和路线"])
ITEMS, ITEM = "/desk/items", "/desk/items/{code}"
ROUTES, ROUTE = "/desk/routes", "/desk/routes/{code}"
LISTS = "/desk/lists"


class ContentBody(ContentForm):
    """A whole draft of an item: its fields and tables."""

    tables = {key: formset_for(key) for key in GRIDS}  # noqa: RUF012 – read alone


class RouteBody(route_forms.HeadForm):
    """A whole draft of a route."""

    tables = {"stages": route_forms.STAGE_ROWS, "nodes": route_forms.NODE_ROWS}  # noqa: RUF012


class QuestionsBody(SaveForm):
    """The form that applicants fill in, as its JSON schema; empty: none."""

    source = forms.CharField(label="申请表的 JSON", required=False)


def _pages(shown: dict[str, Any]) -> dict[str, Any]:
    return {"rows": shown["page"].rows, "next": shown["page"].next_after or None}


def _at_work(shown: dict[str, Any]) -> dict[str, Any]:
    about = shown.get("item") or shown["route"]
    edition = shown["edition"]
    found = {**shown, "code": about.code, "edition_number": edition.number if edition else 0}
    return found | {"lacks": shown.get("lacks") or shown.get("faults") or []}


def _rows_of(table: Any) -> list[dict[str, Any]]:
    """The rows that say something: blank ones wait for somebody who types."""
    return [written(form) for form in table.initial_forms]


def _item(shown: dict[str, Any]) -> dict[str, Any]:
    tables = {name: _rows_of(table) for name, table in shown["tables"].items()}
    return {"content": {**written(shown["form"]), **tables}}


def _route(shown: dict[str, Any]) -> dict[str, Any]:
    page = shown["forms"]
    tables = {"stages": _rows_of(page.stages), "nodes": _rows_of(page.nodes)}
    return {"content": {**written(page.form), **tables}}


EDITS = shapes.Page[told.EditLine]
shows(
    router,
    ITEMS,
    items.edit_list,
    EDITS,
    "可以写的事项",
    _pages,
    q=Words,
    state=Choice,
    after=After,
)
shows(router, ITEM, items.draft, told.EditFile, "写着的事项", _at_work)
shows(router, f"{ITEM}/draft", items.draft_edit, told.Written, "事项草稿的内容", _item)
presses(router, ITEMS, items.item_new, NewItemForm, "新建事项")
presses(router, f"{ITEM}/draft", items.draft_edit, ContentBody, "保存事项草稿")
presses(
    router,
    f"{ITEM}/questions",
    asking.form,
    QuestionsBody,
    "保存申请表",
    sends={"act": "save", "tab": "source"},
)
presses(router, f"{ITEM}/files", item_files.files, item_files.FileForm, "上传空白表格、样张")
for _verb, (_label, _tone, _form) in item_acts.ACTS.items():
    presses(router, f"{ITEM}/acts/{_verb}", items.draft_act, _form, str(_label), verb=_verb)

shows(router, ROUTES, routes.route_list, EDITS, "并联路线", _pages, state=Choice, after=After)
shows(router, ROUTE, routes.route_page, told.EditFile, "写着的路线", _at_work)
shows(router, f"{ROUTE}/draft", routes.edit, told.Written, "路线草稿的内容", _route)
presses(router, ROUTES, routes.route_new, route_forms.NewRouteForm, "新建路线")
presses(router, f"{ROUTE}/draft", routes.edit, RouteBody, "保存路线草稿")
presses(router, f"{ROUTE}/bpmn", routes.bpmn_import, route_forms.ImportForm, "由 BPMN 文件读入")
for _verb, (_label, _tone, _form) in route_acts.ACTS.items():
    presses(router, f"{ROUTE}/acts/{_verb}", routes.act, _form, str(_label), verb=_verb)

shows(
    router, LISTS, keeping.kept_lists, shapes.Page[told.ListLine], "权力清单", listed, after=After
)
presses(router, LISTS, keeping.kept_lists, ListForm, "生成清单、汇编")
presses(router, f"{LISTS}/freeze", keeping.freeze, FreezeForm, "清单定稿")
