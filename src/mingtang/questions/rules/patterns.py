"""Rules: patterns of answers: a row of characters and classes, each with a count. Pure.

Matched by a walk over the places that each part can reach, so no pattern can run away, whoever
wrote it and whatever is typed.
"""

import re
from collections.abc import Iterator

MOST_PATTERN, MOST_COUNT = 100, 200
PART = re.compile(
    r"(?P<sign>\\[dw.\-]|\[[^\[\]\\]+\]|[^\\\[\](){}*+?|.^$])"
    r"(?:\{(?P<least>\d{1,3})(?:,(?P<most>\d{1,3}))?\}|(?P<maybe>\?))?"
)


def is_pattern(pattern: str) -> bool:
    """Whether it is a row of parts, each of which Python can read."""
    if not 0 < len(pattern) <= MOST_PATTERN:
        return False
    if not re.fullmatch(f"(?:{_bare(PART.pattern)})+", pattern):
        return False
    try:
        return all(least <= most <= MOST_COUNT for _sign, least, most in _parts(pattern))
    except re.error:  # a class such as [z-a]
        return False


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says."""
    reached = {0}
    for sign, least, most in _parts(pattern):
        fits = [bool(sign.fullmatch(character)) for character in text]
        reached = set(_onward(reached, fits, least, most))
    return len(text) in reached


def _parts(pattern: str) -> Iterator[tuple[re.Pattern[str], int, int]]:
    """Each part: what one character of it is like, how often it comes at least and at most."""
    for found in PART.finditer(pattern):
        least = 0 if found["maybe"] else int(found["least"] or 1)
        most = 1 if found["maybe"] else int(found["most"] or found["least"] or 1)
        yield re.compile(found["sign"]), least, most


def _onward(places: set[int], fits: list[bool], least: int, most: int) -> Iterator[int]:
    """Where a part can end that begins at one of the places."""
    for count in range(most + 1):
        if count >= least:
            yield from places
        places = {place + 1 for place in places if place < len(fits) and fits[place]}


def _bare(pattern: str) -> str:
    """The pattern without the names of its groups."""
    return re.sub(r"\?P<\w+>", "?:", pattern)
