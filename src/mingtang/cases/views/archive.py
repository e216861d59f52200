"""Views of the archive: the list of files that a unit hands over (移交清单)."""

import csv
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.base.ids import parse_id
from mingtang.cases.queries import archive as queries
from mingtang.cases.queries.archive import FileLine, FileList
from mingtang.cases.rules.archive import ARCHIVE_READERS
from mingtang.cases.rules.leads import check_span
from mingtang.cases.views.common import day_asked, private, short_names

Asked = tuple[date, date, int | None]


@staff(*ARCHIVE_READERS)
@require_GET
def archives(request: HttpRequest) -> HttpResponse:
    """The files that were archived in a span of days, of a unit or of all of the reader's."""
    reader, on = scope(request), today()
    since, until, unit = asked = _asked(request, on)
    context: dict[str, Any] = {
        "since": since,
        "until": until,
        "units": queries.archive_units(reader, on),
        "unit": unit,
        "most": queries.MOST_FILES,
    }
    try:
        found = _found(request, asked, on)
    except DomainError as error:
        context["message"] = error.message
        return render(request, "cases/archives.html", context, status=error.status)
    terms = {"since": since, "until": until} | ({"unit": unit} if unit else {})
    context |= {
        "rows": [_row(place, line) for place, line in _lines(found)],
        "is_cut": found.is_cut,
        "pieces": sum(line.piece_count or 0 for line in found.rows),
        "unit_name": dict(context["units"]).get(unit, ""),
        "csv_url": f"{reverse('cases:archives_file')}?{urlencode(terms)}",
    }
    return render(request, "cases/archives.html", context)


@staff(*ARCHIVE_READERS)
@require_GET
@proved()
def archives_file(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, for the archive's own system."""
    on = today()
    since, until, _unit = asked = _asked(request, on)
    found = _found(request, asked, on)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="archive-{since}-{until}.csv"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    rows = [_row(place, line) for place, line in _lines(found)]
    table = [HEADS, *([str(row[name]) for name in COLUMNS] for row in rows)]
    csv.writer(answer).writerows([guarded(cell) for cell in row] for row in table)
    return private(answer)


HEADS = ["序号", "办件编号", "案卷题名", "单位", "办结日期", "归档日期", "件数", "保管期限", "缺件"]
COLUMNS = (
    *("place", "number", "item_name", "unit", "ended_on", "archived_on"),
    *("pieces", "retention", "missing"),
)


def _asked(request: HttpRequest, on: date) -> Asked:
    since = day_asked(request, "since", on.replace(month=1, day=1))
    until = day_asked(request, "until", on)
    return since, until, parse_id(request.GET.get("unit", ""))


def _found(request: HttpRequest, asked: Asked, on: date) -> FileList:
    since, until, unit = asked
    check_span(since, until, on)
    return queries.archived(scope(request), since, until, unit)


def _lines(found: FileList) -> list[tuple[int, tuple[FileLine, str]]]:
    names = short_names(line.organisation_id for line in found.rows)
    named = [(line, names.get(line.organisation_id, "")) for line in found.rows]
    return list(enumerate(named, 1))


def _row(place: int, named: tuple[FileLine, str]) -> dict[str, Any]:
    line, unit = named
    lacks = _("%d 项") % line.missing_count if line.missing_count else _("无")
    return {
        "place": place,
        "number": line.number,
        "item_name": line.item_name,
        "unit": unit,
        "ended_on": line.ended_on,
        "archived_on": line.archived_on,
        "pieces": "—" if line.piece_count is None else line.piece_count,
        "retention": line.retention or _("未定"),
        "missing": "—" if line.missing_count is None else lacks,
        "url": reverse("cases:detail", args=[line.number]),
    }
