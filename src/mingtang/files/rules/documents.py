"""Rules of documents: what a paper says, its number, whether it is still what it was. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """What a document says. `mark` is the word of its number (江水受); "" for one without."""

    kind: str
    title: str
    mark: str
    addressee: str
    paragraphs: tuple[str, ...]
    legal_basis: str = ""
    remedies: str = ""
    needs_seal: bool = True
    rows: tuple[tuple[str, ...], ...] = ()
    row_heads: tuple[str, ...] = ()


def document_number(mark: str, year: int, serial: int) -> str:
    """江水受〔2013〕12号"""
    return f"{mark}〔{year}〕{serial}号"
