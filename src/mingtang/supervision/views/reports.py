"""Views: the monthly bulletin, habits that stand out, and for everybody how fast offices decide."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.replica import may_lag
from mingtang.supervision import papers, present, present_reports, queries
from mingtang.supervision.rules import OVERSEERS, READERS
from mingtang.supervision.rules.authority import Finding
from mingtang.supervision.rules.outliers import Habit
from mingtang.supervision.views.common import is_overseer, paper, paper_pdf, read_span
from mingtang.timing.rules import FIRST_DAY

YEAR = timedelta(days=364)
QUARTER = 90  # days


# ── the bulletin ──────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@may_lag
@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """Which bulletin: of which month, of all offices or one."""
    reader, on = scope(request), today()
    units = queries.choices(reader).units
    names = present.unit_names(units, on)
    context = {
        "months": [{"first": one, "label": f"{one:%Y-%m}"} for one in _months(on)],
        "units": [
            {"id": one, "name": name}
            for name, one in sorted((names.get(one, ""), one) for one in units)
        ],
        "is_overseer": is_overseer(request),
    }
    return render(request, "supervision/bulletins.html", context)


MONTHS = 24


def _months(on: date) -> list[date]:
    """The latest first; the one before this one on top, for that is what is due."""
    found = [(on.replace(day=1) - timedelta(1)).replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(1)).replace(day=1))
    return [*found, on.replace(day=1)]


@staff(*READERS)
@may_lag
@require_GET
def bulletin(request: HttpRequest, month: str) -> HttpResponse:
    """A month's bulletin, made to be printed."""
    found, unit = _bulletin(request, month)
    pdf_url = reverse("supervision:bulletin_pdf", args=[month])
    asked = f"?{urlencode({'unit': unit})}" if unit else ""
    return paper(request, found, reverse("supervision:bulletins"), pdf_url + asked)


@staff(*READERS)
@may_lag
@require_GET
def bulletin_pdf(request: HttpRequest, month: str) -> HttpResponse:
    return paper_pdf(request, _bulletin(request, month)[0])


def _bulletin(request: HttpRequest, month: str) -> tuple[dict[str, Any], int | None]:
    first, on = _first_of(month), today()
    last = min(first.replace(day=monthrange(first.year, first.month)[1]), on)
    reader, unit = scope(request), parse_id(request.GET.get("unit", ""))
    if unit and unit not in queries.choices(reader).units:
        raise NotFound
    return papers.of_bulletin(queries.bulletin(reader, first, last, unit), first, on, unit), unit


def _first_of(month: str) -> date:
    """The first day of a month written 2013-09, none that is still to come. Raises NotFound."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None
    if not FIRST_DAY <= first <= today():
        raise NotFound
    return first


# ── habits ────────────────────────────────────────────────────────────────────────────────────


@staff(*OVERSEERS)
@may_lag
@require_GET
def outliers(request: HttpRequest) -> HttpResponse:
    """Who pauses, extends, asks again, decides at the last moment, ends and reopens most often."""
    on = today()
    since, until = read_span(request, QUARTER)
    people = queries.outliers(scope(request), since, until)
    context: dict[str, Any] = {
        "since": since,
        "until": until,
        "heads": [habit.label for habit in Habit],
        "rows": present_reports.people(people, since, until, on),
        "is_overseer": True,
    }
    asked, person_id = request.GET.get("habit", ""), parse_id(request.GET.get("person", ""))
    if asked in set(Habit) and person_id:
        context["chosen"] = present_reports.cases(people, Habit(asked), person_id)
    return render(request, "supervision/outliers.html", context)


# ── authority at the window ───────────────────────────────────────────────────────────────────


@staff(*READERS)
@may_lag
@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """Is authority really given to the window, and is nothing accepted twice (授权到位): the
    offices of the region for who watches, their own else."""
    since, until = read_span(request, QUARTER)
    found = queries.authority(scope(request), since, until)
    rows, idle = present_reports.authority(found, since, until)
    context: dict[str, Any] = {
        "since": since,
        "until": until,
        "findings": list(Finding),
        "rows": rows,
        "idle": idle,
        "is_overseer": is_overseer(request),
    }
    asked, unit = request.GET.get("finding", ""), parse_id(request.GET.get("unit", ""))
    if asked in set(Finding) and unit:
        context["chosen"] = present_reports.behind(found, Finding(asked), unit, until)
    return render(request, "supervision/authority.html", context)


# ── for everybody ─────────────────────────────────────────────────────────────────────────────


@public
@may_lag
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """On time, early, and how much faster than the law asks: each office over a year."""
    on = today()
    least, bulk = settings.MINGTANG_PACE_LEAST, settings.MINGTANG_BULK_CLOSINGS
    units = queries.paces(on - YEAR, on, bulk)
    context = {
        "since": on - YEAR,
        "until": on,
        "least": least,
        "bulk": bulk,
        "rows": present_reports.rates(units, least, on),
        "title": _("各单位办得多快"),
    }
    return render(request, "supervision/rates.html", context)
