"""Screens of lists for everybody: power and responsibility lists, the handbook, what changed."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.web import search_text
from mingtang.catalogue.queries import lists as queries
from mingtang.catalogue.rules.lists import COLUMNS, FIELDS, OF_THE_LIST, ListKind


@public
@require_GET
def power_lists(request: HttpRequest) -> HttpResponse:
    """The frozen lists: by kind, and of the organs whose name somebody looks for."""
    text, kind = search_text(request), request.GET.get("kind", "")
    kind = kind if kind in set(ListKind) else ""
    after = request.GET.get("after", "")
    rows, next_after = queries.lists(today(), kind=kind, text=text, after=after)
    given = {key: value for key, value in (("q", text), ("kind", kind)) if value}
    context = {
        "rows": rows,
        "q": text,
        "kind": kind,
        "tabs": [{"key": one.value, "label": one.label} for one in ListKind],
        "next_url": "?" + urlencode({**given, "after": next_after}) if next_after else "",
    }
    return render(request, "catalogue/lists/lists.html", context)


@public
@require_GET
def power_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """One list with its rows, searched."""
    return list_page(request, queries.public_list(list_id))


def list_page(request: HttpRequest, found: Any, **more: Any) -> HttpResponse:
    """The page of a list, frozen or not."""
    text = search_text(request)
    rows, next_after = queries.rows_of(found, text=text, after=request.GET.get("after", ""))
    kind = ListKind(found.kind)
    given = {"q": text} if text else {}
    context = {
        "list": found,
        "kind_label": kind.label,
        "is_handbook": kind is ListKind.HANDBOOK,
        "unit": queries.unit_name(found, found.as_of_date),
        "rows": [_row(row, kind) for row in rows],
        "departments": queries.by_department(found, found.as_of_date),
        "earlier": queries.before(found),
        "q": text,
        "next_url": "?" + urlencode({**given, "after": next_after}) if next_after else "",
    }
    return render(request, "catalogue/lists/list.html", context | more)


def _row(row: Any, kind: ListKind) -> dict[str, Any]:
    said = [
        (FIELDS[name], row.content.get(name, ""))
        for name in COLUMNS[kind]
        if name not in OF_THE_LIST and row.content.get(name)
    ]
    return {"code": row.code, "name": row.name, "facts": said, "has_item": row.item_id is not None}


@public
@require_GET
def power_list_changes(request: HttpRequest, list_id: int) -> HttpResponse:
    """What came, went and changed since the list of the year before."""
    found = queries.public_list(list_id)
    earlier = queries.before(found)
    if earlier is None:
        raise NotFound("这是第一份清单，没有上一年的可以比。")
    context = {
        "list": found,
        "earlier": earlier,
        "kind_label": ListKind(found.kind).label,
        "unit": queries.unit_name(found, found.as_of_date),
        "difference": (made := queries.changes(earlier, found)),
        "added": made.of("added"),
        "gone": made.of("gone"),
        "changed": made.of("changed"),
    }
    return render(request, "catalogue/lists/changes.html", context)


@public
@require_GET
def power_list_file(request: HttpRequest, list_id: int) -> HttpResponse:
    """All rows of a list, as CSV."""
    found = queries.public_list(list_id)
    columns = COLUMNS[ListKind(found.kind)]
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{found.kind}-{found.year}-{found.number}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    writer = csv.writer(answer)
    writer.writerow([FIELDS[one] for one in columns])
    for row in queries.rows_of(found, page=None)[0]:
        said = {"code": row.code, "name": row.name, **row.content}
        writer.writerow([guarded(str(said.get(one, ""))) for one in columns])
    return answer
