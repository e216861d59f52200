"""Views: halls and service points, where they are and whether they are open."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.tiles import COLUMNS, tile_map
from mingtang.regions import queries as regions
from mingtang.site.context import preferences
from mingtang.timing import queries as timing


@public
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The halls, and the townships' centres as a schematic map and as a table."""
    below: dict[str, list[regions.ServicePlace]] = {}
    for centre in regions.township_centres():
        below.setdefault(centre.county_code, []).append(centre)
    columns = COLUMNS[preferences(request).type]
    context = {
        "opening": timing.opening(today()),
        "counties": [_county(hall, below, columns) for hall in regions.halls()],
    }
    return render(request, "site/places.html", context)


@public
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One hall or township: its centre, windows, sub-centres, service points."""
    centre = regions.centre_of(code)
    below = [
        (_("分中心"), regions.sub_centres_of(centre.id)),
        (_("村（社区）服务点"), regions.points_of(centre.id)),
    ]
    context = {
        "opening": timing.opening(today()),
        "place": centre,
        "windows": sorted(  # those of the hall itself first
            regions.windows_of(centre.id), key=lambda window: window.place != centre.name
        ),
        "below": [(title, rows, _has_gaps(rows)) for title, rows in below if rows],
    }
    return render(request, "site/place.html", context)


def _county(
    hall: regions.ServicePlace, below: dict[str, list[regions.ServicePlace]], columns: int
) -> dict[str, Any]:
    centres = below.get(hall.region_code, [])
    return {
        "hall": hall,
        "url": _page_of(hall),
        "map": tiles_of(centres, columns),
        "has_gaps": _has_gaps(centres),
        "rows": [asdict(centre) | {"url": _page_of(centre)} for centre in centres],
    }


def _has_gaps(places: list[regions.ServicePlace]) -> bool:
    return not all(place.address and place.phone for place in places)


def _page_of(place: regions.ServicePlace) -> str:
    return reverse("site:place", args=[place.region_code])


def tiles_of(centres: list[regions.ServicePlace], columns: int) -> dict[str, Any]:
    """The townships as tiles, by code."""
    places = [
        {"name": one.region_name, "point_count": one.point_count, "url": _page_of(one)}
        for one in centres
    ]
    return tile_map(places, columns)
