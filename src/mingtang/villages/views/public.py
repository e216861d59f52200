"""Views for everybody: townships, villages, their sections, what is out, the archive by year."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.base.tiles import COLUMNS, tile_map
from mingtang.villages import present, queries
from mingtang.villages.rules.kinds import Area

LATEST = 5
TYPE = "mt_type"


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Choose a township."""
    towns = [
        {
            "name": town.name,
            "title": town.name,
            "text": _("%(count)d 个村（社区）") % {"count": town.village_count},
            "url": reverse("villages:place", args=[town.code]),
        }
        for town in queries.pilot_townships()
    ]
    columns = COLUMNS.get(request.COOKIES.get(TYPE, ""), COLUMNS["standard"])
    context = {"towns": towns, "map": tile_map(towns, columns)}
    return render(request, "villages/index.html", context)


@public
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A township with its villages, or a village with its sections and what is newest."""
    return _township(request, code) if code.endswith("000") else _village(request, code)


def _township(request: HttpRequest, code: str) -> HttpResponse:
    town = queries.township_by_code(code)
    villages = [
        {"title": one.name, "text": "", "url": reverse("villages:place", args=[one.code])}
        for one in queries.villages_of(town.code)
    ]
    return render(request, "villages/township.html", {"town": town, "villages": villages})


def _village(request: HttpRequest, code: str) -> HttpResponse:
    on, village = today(), queries.village_by_code(code)
    context = {
        "village": village,
        "tiles": present.area_tiles(village, on),
        "latest": present.rows(queries.released(village, size=LATEST).rows),
        "notices": queries.notices(on),
    }
    return render(request, "villages/village.html", context)


@public
@require_GET
def section(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """What stands in a section, newest first; in feedback, objections with their answers."""
    on, village = today(), queries.village_by_code(code)
    found = present.section_of(village, section, on)
    context: dict[str, Any] = {"village": village, **found}
    if section == Area.FEEDBACK:
        context["objections"] = queries.objections_of(village)
        return render(request, "villages/feedback.html", context)
    if section == Area.NOTICE:
        context["notices"] = queries.notices(on)
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.released(village, section, after=after)
    context |= {
        "rows": present.rows(page.rows),
        "next_url": f"?after={page.next}" if page.next else "",
        "first_url": request.path if after else "",
    }
    return render(request, "villages/section.html", context)


@public
@require_GET
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """All of a year."""
    village = queries.village_by_code(code)
    years = queries.archive_years(village)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), years[0] if years else None)
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.released(village, year=year, after=after)
    onward = urlencode({"year": year, "after": str(page.next)}) if page.next else ""
    context = {
        "village": village,
        "years": years,
        "year": year,
        "rows": present.rows(page.rows),
        "next_url": f"?{onward}" if onward else "",
        "first_url": f"?year={year}" if after else "",
    }
    return render(request, "villages/archive.html", context)


@public
@require_GET
def entry(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """One disclosure whole, with the objections that were answered."""
    found = queries.entry(disclosure_id)
    if found.village is None:
        raise NotFound
    until = found.objections_until
    context = {
        "entry": found,
        "village": found.village,
        "objections": queries.objections_of(found.village, found.id),
        "is_preview": False,
        "may_object": bool(until and today() <= until and not found.is_archived),
    }
    return render(request, "villages/entry.html", context)
