"""Rules of television: text cut into lines and screens, so that nothing is ever scrolled. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEVER_FIRST = "，。；：、？！）》”%"


@dataclass(frozen=True)
class Line:
    """One line of a screen: text at the left, an amount at the right."""

    text: str
    amount: str = ""
    is_sum: bool = False


def width(text: str) -> int:
    """In half-width letters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Cut to lines of so many half-width letters; no line begins with a stop."""
    lines: list[str] = []
    line = ""
    for char in text:
        if line and width(line + char) > columns:
            cut = -1 if char in NEVER_FIRST else len(line)
            lines.append(line[:cut])
            line = line[cut:]
        line += char
    return [*lines, line] if line or not lines else lines


def row_lines(cells: Sequence[tuple[str, str]], columns: int) -> list[Line]:
    """A row of a table as (heading, cell): its name with its amount, the rest beneath."""
    name, *rest = cells
    amount = next((cell for heading, cell in rest if heading.startswith("金额")), "")
    others = [cell for heading, cell in rest if cell and not heading.startswith("金额")]
    room = max(columns - width(amount) - 2, 8)
    first, *more = wrapped(name[1], room)
    lines = [Line(first, amount), *(Line(text) for text in more)]
    beneath = " · ".join(others)
    return [*lines, *(Line(f"　{text}") for text in wrapped(beneath, columns - 2) if text)]


def pages_of(blocks: Iterable[Sequence[Line]], size: int) -> list[list[Line]]:
    """Screens of at most so many lines; a block that fits on one is not cut in two."""
    pages: list[list[Line]] = [[]]
    for block in blocks:
        if pages[-1] and len(pages[-1]) + len(block) > size and len(block) <= size:
            pages.append([])
        for line in block:
            if len(pages[-1]) == size:
                pages.append([])
            pages[-1].append(line)
    return pages
