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
from mingtang.site.context import preferences
from mingtang.timing import queries as timing

# The map is a grid of tiles: nobody gave us where townships lie. Sizes are units of its picture.
TILE_WIDTH, TILE_HEIGHT, GAP = 96, 64, 4
COLUMNS = {"standard": 3, "large": 2}  # so that names can be read on a phone
FULL_NAME = 5  # characters of a name that fit on a tile at the larger size


@public
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The halls, and the townships' centres as a schematic map and as a table."""
    below: dict[str, list[regions.ServicePlace]] = {}
    for centre in regions.township_centres():
        below.setdefault(centre.county_code, []).append(centre)
    columns = COLUMNS[preferences(request)["type"]]
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
        "map": tile_map(centres, columns),
        "has_gaps": _has_gaps(centres),
        "rows": [asdict(centre) | {"url": _page_of(centre)} for centre in centres],
    }


def _has_gaps(places: list[regions.ServicePlace]) -> bool:
    return not all(place.address and place.phone for place in places)


def _page_of(place: regions.ServicePlace) -> str:
    return reverse("site:place", args=[place.region_code])


def tile_map(centres: list[regions.ServicePlace], columns: int) -> dict[str, Any]:
    """The townships as tiles of a grid, by code, line after line: schematic, no geography."""
    lines = -(-len(centres) // columns)
    width, height = columns * (TILE_WIDTH + GAP), lines * (TILE_HEIGHT + GAP)
    return {
        "box": f"{-GAP // 2} {-GAP // 2} {width} {height}",  # half a gap around
        "tile_width": TILE_WIDTH,
        "tile_height": TILE_HEIGHT,
        "tiles": [_tile(centre, *divmod(at, columns)) for at, centre in enumerate(centres)],
    }


def _tile(centre: regions.ServicePlace, line: int, column: int) -> dict[str, Any]:
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
