"""Rules of television: where villages stand, so that three presses of an arrow reach any. Pure.

The focus begins in the middle of a square of cells (7 by 7, or 5 by 5 on a small picture); villages
take the cells that are at most three steps from there. The corners lead elsewhere.
"""

from functools import cache

MOST_PRESSES = 3
Place = tuple[int, int]  # (row, column), from 0


def middle(side: int) -> Place:
    return side // 2, side // 2


def corners(side: int) -> tuple[Place, Place, Place, Place]:
    """Left and right above, left and right below."""
    last = side - 1
    return (0, 0), (0, last), (last, 0), (last, last)


def presses(place: Place, side: int) -> int:
    """How many arrows lead from the middle to a place."""
    row, column = middle(side)
    return abs(place[0] - row) + abs(place[1] - column)


@cache
def _near(side: int) -> tuple[Place, ...]:
    cells = [(row, column) for row in range(side) for column in range(side)]
    near = [one for one in cells if presses(one, side) <= MOST_PRESSES]
    return tuple(sorted(near, key=lambda one: presses(one, side)))


def most(side: int) -> int:
    """Villages on one screen: 25 of 49 cells, 21 of 25."""
    return len(_near(side))


def places(count: int, side: int) -> list[Place]:
    """The nearest places for so many villages (at most `most`), in the order of reading."""
    if not 0 <= count <= most(side):
        raise ValueError(f"{count} villages do not fit on a screen of {most(side)}")
    return sorted(_near(side)[:count])
