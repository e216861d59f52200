"""Rules: the text of an item as paragraphs, headings, lists and tables; no markup gets in. Pure.

An empty line ends a block; "## " begins a heading, "- " a line of a list, "|" a row of a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    TABLE = "table"


@dataclass
class Block:
    """A piece of the text. `lines` of a paragraph, of a list; `rows` of a table, its head first."""

    kind: Kind
    lines: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        return self.rows[0] if self.rows else []

    @property
    def body(self) -> list[list[tuple[str, str]]]:
        """The rows below the head, each cell with the head above it; a narrow page shows both."""
        width = len(self.head)
        padded = ([*row, *[""] * width][:width] for row in self.rows[1:])
        return [list(zip(self.head, row, strict=True)) for row in padded]


def blocks(body: str) -> list[Block]:
    return list(_blocks(body))


def _blocks(body: str) -> Iterator[Block]:
    held: Block | None = None
    for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        text = line.strip()
        kind = _kind(text)
        if held is not None and (not text or kind is not held.kind or kind is Kind.HEADING):
            yield held
            held = None
        if not text:
            continue
        held = held or Block(kind)
        _take(held, text)
    if held is not None:
        yield held


def _kind(text: str) -> Kind:
    if text.startswith("## "):
        return Kind.HEADING
    if text.startswith("- "):
        return Kind.LIST
    if text.startswith("|"):
        return Kind.TABLE
    return Kind.PARAGRAPH


def _take(block: Block, text: str) -> None:
    if block.kind is Kind.TABLE:
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if any(cell.strip("-: ") for cell in cells):  # a line of dashes only parts head and body
            block.rows.append(cells)
    elif block.kind is Kind.HEADING:
        block.lines.append(text.removeprefix("## ").strip())
    elif block.kind is Kind.LIST:
        block.lines.append(text.removeprefix("- ").strip())
    else:
        block.lines.append(text)


def cell(text: str) -> str:
    """A text that fits into one cell of a table."""
    return " ".join(text.replace("|", "｜").split())


def table(head: list[str], rows: list[list[str]]) -> str:
    """The text of a table."""
    lines = [head, *rows]
    return "\n".join(f"| {' | '.join(cell(one) for one in line)} |" for line in lines)


def plain(body: str, longest: int = 200) -> str:
    """The beginning of a text without its marks, for lists and feeds."""
    words = [
        " ".join(block.lines) if block.lines else " ".join(" ".join(row) for row in block.rows)
        for block in blocks(body)
    ]
    whole = " ".join(words)
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"
