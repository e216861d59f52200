"""A schematic map: places as tiles of a grid, line after line. Nobody gave us where they lie.

Sizes are units of the picture. The classes `tile-map__…` of the stylesheet draw it.
"""

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, GAP = 96, 64, 4
COLUMNS = {"standard": 3, "large": 2}  # so that names can be read on a phone
FULL_NAME = 5  # characters of a name that fit on a tile at the larger size


def tile_map(places: Sequence[dict[str, Any]], columns: int) -> dict[str, Any]:
    """`places`: name, text, url and what else their page shows, in their order."""
    lines = -(-len(places) // columns)
    width, height = columns * (WIDTH + GAP), lines * (HEIGHT + GAP)
    return {
        "box": f"{-GAP // 2} {-GAP // 2} {width} {height}",  # half a gap around
        "tile_width": WIDTH,
        "tile_height": HEIGHT,
        "tiles": [_tile(place, *divmod(at, columns)) for at, place in enumerate(places)],
    }


def _tile(place: dict[str, Any], line: int, column: int) -> dict[str, Any]:
    x, y = column * (WIDTH + GAP), line * (HEIGHT + GAP)
    return {
        **place,
        "x": x,
        "y": y,
        "middle": x + WIDTH // 2,
        "name_y": y + 28,
        "text_y": y + 50,
        "is_long": len(place["name"]) > FULL_NAME,
    }
