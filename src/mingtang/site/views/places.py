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
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing

# The map is a grid of tiles: nobody gave us where townships lie. Its units are those of its picture.
COLUMNS, TILE_WIDTH, TILE_HEIGHT, GAP = 4, 96, 64, 4
FULL_NAME = 5  # characters of a name that fit on a tile at the larger size


@public
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The halls, and the townships' centres as a schematic map and as a table."""
    counties = [
        {"hall": hall, "url": _page_of(hall), "centres": regions.township_centres(hall.region_code)}
        for hall in regions.halls()
    ]
    context = {
        "opening": timing.opening(today()),
        "counties": [
            county | {"map": tile_map(county["centres"]), "rows": _rows(county["centres"])}
            for county in counties
        ],
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
        "windows": regions.windows_of(centre.id),
        "below": [(title, rows) for title, rows in below if rows],
    }
    return render(request, "site/place.html", context)


def _page_of(place: Any) -> str:
    return reverse("site:place", args=[place.region_code])


def _rows(centres: list[Any]) -> list[dict[str, Any]]:
    return [asdict(centre) | {"url": _page_of(centre)} for centre in centres]


def tile_map(centres: list[Any]) -> dict[str, Any]:
    """The townships as tiles of a grid, by code, line after line: schematic, no geography."""
    lines = -(-len(centres) // COLUMNS)
    return {
        "width": COLUMNS * (TILE_WIDTH + GAP) - GAP,
        "height": lines * (TILE_HEIGHT + GAP) - GAP,
        "tile_width": TILE_WIDTH,
        "tile_height": TILE_HEIGHT,
        "tiles": [_tile(number, centre) for number, centre in enumerate(centres)],
    }


def _tile(number: int, centre: Any) -> dict[str, Any]:
    line, column = divmod(number, COLUMNS)
    x, y = column * (TILE_WIDTH + GAP), line * (TILE_HEIGHT + GAP)
    return {
        "x": x,
        "y": y,
        "middle": x + TILE_WIDTH // 2,
        "name_y": y + 28,
        "text_y": y + 50,
        "name": centre.region_name,
        "is_long": len(centre.region_name) > FULL_NAME,
        "point_count": centre.point_count,
        "url": _page_of(centre),
    }
