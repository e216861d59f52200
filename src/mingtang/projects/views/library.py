"""Views: the library with its map, as CSV, as the leader's sheet; what the public sees."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.proof import proved
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.pdf import pdf_of
from mingtang.base.replica import may_lag
from mingtang.base.tiles import COLUMNS, tile_map
from mingtang.base.web import site_url
from mingtang.projects import present, queries
from mingtang.projects.forms.projects import LibraryForm
from mingtang.projects.rules.moves import OFFICE, READERS
from mingtang.projects.rules.states import ProjectState
from mingtang.projects.views.common import places, private, programme_choices

MOST_EXPORTED = 5000


def _form(request: HttpRequest) -> LibraryForm:
    reader, on = scope(request), today()
    names = present.unit_names(queries.units(reader), on)
    offers = {
        "programme": programme_choices(every=True),
        "stage": [(one, one) for one in queries.stages(reader)],
        "place": places(reader, on),
        "unit": [(str(one), names.get(one, "")) for one in queries.units(reader)],
        "tag": [(one, one) for one in queries.tags(reader)],
    }
    return LibraryForm(request.GET, offers=offers)


def _asked(form: LibraryForm) -> tuple[dict[str, str], queries.Sought]:
    """What the address asks for, as it is written there and as the list is asked."""
    form.is_valid()
    written = {name: value for name, value in form.cleaned_data.items() if value}
    asked: dict[str, Any] = dict(written)
    for name in ("place", "unit"):
        if name in written:
            asked[name] = parse_id(written[name])
    return written, queries.Sought(**asked)


@staff(*READERS)
@may_lag
@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """The projects that a reader may see, narrowed as the address asks, with the map of places."""
    reader, on, form = scope(request), today(), _form(request)
    written, asked = _asked(form)
    after = Cursor.read(request.GET.get("after", ""))
    found, more = queries.library(reader, asked, on, after)
    context = {
        "form": form,
        "rows": present.rows(found, on),
        "map": _map(request, written, asked),
        "is_narrowed": bool(written),
        "next_url": f"?{urlencode({**written, 'after': more})}" if more else "",
        "first_url": f"{request.path}?{urlencode(written)}" if after else "",
        "csv_url": f"{reverse('projects:export')}?{urlencode(written)}",
        "sheet_url": f"{reverse('projects:sheet')}?{urlencode(written)}",
        "is_office": reader.has_role(OFFICE),
    }
    return private(render(request, "projects/library.html", context))


def _map(request: HttpRequest, written: dict[str, str], asked: queries.Sought) -> dict[str, Any]:
    """The county and its townships as tiles: how many projects lie in each."""
    reader, on = scope(request), today()
    counts = queries.by_place(reader, asked, on)
    elsewhere = {name: value for name, value in written.items() if name != "place"}
    tiles = [
        {
            "name": name,
            "count": counts.get(int(place), 0),
            "url": f"?{urlencode({**elsewhere, 'place': place})}",
        }
        for place, name in places(reader, on)
    ]
    size = request.COOKIES.get("mt_type", "")
    return tile_map(tiles, COLUMNS.get(size, COLUMNS["standard"]))


HEADS = {
    "name": "项目名称",
    "owner": "业主",
    "type": "性质",
    "place": "地点",
    "unit": "责任单位",
    "stage": "阶段",
    "investment": "总投资",
    "plan": "本年计划",
    "done": "本年累计完成",
    "share": "完成计划",
    "lead": "与时间进度比",
    "light": "亮灯",
    "due": "最近期限",
}


@staff(*READERS)
@require_GET
@proved()
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, the latest five thousand. No persons."""
    _written, asked = _asked(_form(request))
    on = today()
    found, _more = queries.library(scope(request), asked, on, size=MOST_EXPORTED)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="projects-{on}.csv"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    table = [list(HEADS.values())]
    table += [[str(row[name] or "") for name in HEADS] for row in present.rows(found, on)]
    csv.writer(answer).writerows([guarded(cell) for cell in row] for row in table)
    return private(answer)


# ── the leader's sheet ────────────────────────────────────────────────────────────────────────


def _sheet(request: HttpRequest) -> dict[str, Any]:
    on = today()
    written, asked = _asked(_form(request))
    found = queries.leaders_sheet(scope(request), asked, on)
    total = found.total
    lines = present.sheet_rows(found, on)
    return {
        "sheet": {
            "on": on,
            "year": found.year,
            "count": sum(found.states.values()),
            "states": [(ProjectState(one).label, count) for one, count in found.states.items()],
            "investment": present.money(found.investment_cents),
            "plan": present.money(total.plan_cents),
            "done": present.money(total.done_cents),
            "month": total.month,
            "share": total.progress.share_text if total.progress else "",
            "lead": total.progress.lead_text if total.progress else "",
            "open_problems": sum(found.open_problems.values()),
            "overdue_problems": found.overdue_problems,
            "rows": lines,
            "left_out": sum(found.states.values()) - len(lines),
        },
        "back_url": f"{reverse('projects:library')}?{urlencode(written)}",
        "pdf_url": f"{reverse('projects:sheet_pdf')}?{urlencode(written)}",
        "centre_name": settings.MINGTANG_CENTRE_NAME,
    }


@staff(*READERS)
@may_lag
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """What leaders read on one sheet, made to be printed."""
    return private(render(request, "projects/sheet.html", _sheet(request)))


@staff(*READERS)
@may_lag
@require_GET
def sheet_pdf(request: HttpRequest) -> HttpResponse:
    text = render_to_string("projects/sheet_pdf.html", _sheet(request))
    answer = HttpResponse(
        pdf_of(text, base_url=f"{site_url(request)}/"), content_type="application/pdf"
    )
    name = _("重大项目一览-%s.pdf") % today()
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return private(answer)


@public
@may_lag
@require_GET
def open_list(request: HttpRequest) -> HttpResponse:
    """What is meant for everyone: name, place and stage of projects that were published."""
    rows = [
        {
            "name": one.name,
            "place": one.place.name,
            "stage": one.stage,
            "is_done": one.state in {ProjectState.COMPLETED, ProjectState.ARCHIVED},
        }
        for one in queries.published()
    ]
    return render(request, "projects/open.html", {"rows": rows})
