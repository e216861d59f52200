"""Screens of the basic catalogue: the list in force, where local items differ from it."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.web import search_text
from mingtang.catalogue import queries
from mingtang.catalogue.editor import basic
from mingtang.catalogue.editor.queries import AUTHORS

editors = staff(*AUTHORS)


@editors
@require_GET
def basic_items(request: HttpRequest) -> HttpResponse:
    """The basic items in force, and how many local items implement each."""
    text, after = search_text(request), request.GET.get("after", "")
    page = queries.basic_items(on=today(), text=text, after=after)
    context = {"page": page, "q": text, "locked": "、".join(basic.locked_labels())}
    return render(request, "catalogue/editor/basic_items.html", context)


@editors
@require_GET
def deviations(request: HttpRequest) -> HttpResponse:
    """How far each department follows the basic catalogue, and the items behind each number."""
    reader, on = scope(request), today()
    rows = basic.report(reader, on)
    department = parse_id(request.GET.get("department", ""))
    chosen = next((row for row in rows if row.department_id == str(department)), None)
    context: dict[str, Any] = {
        "rows": rows,
        "total": sum(row.total for row in rows),
        "deviating": sum(row.deviating for row in rows),
        "department": chosen,
        "is_open": chosen is not None or "all" in request.GET,
    }
    if context["is_open"]:
        after = request.GET.get("after", "")
        within = department if chosen else None
        found, context["next_after"] = basic.deviating(reader, on, department=within, after=after)
        context["items"] = found
    return render(request, "catalogue/editor/deviations.html", context)


@editors
@require_GET
def deviations_file(request: HttpRequest) -> HttpResponse:
    """The report as CSV, of one department or of all that one may edit."""
    department = parse_id(request.GET.get("department", ""))
    on = today()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="deviations-{on}.csv"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    rows = basic.table(scope(request), on, department=department)
    csv.writer(answer).writerows([guarded(cell) for cell in row] for row in rows)
    return answer
