"""What became of a document after it was drawn up: its own app knows no cases, so it asks.

An upper app registers who tells for its kind of subject, as it does for pages (base.subjects).
"""

from collections.abc import Callable
from datetime import date

from mingtang.files.models import Document

Teller = Callable[[str, Document, date], str | None]

_tellers: dict[str, list[Teller]] = {}


def register(kind: str, teller: Teller) -> None:
    """Say who tells of papers of a kind of subject, once per process, while the apps load.

    `teller(key, document, on)` gives a sentence without personal data; "" where the paper stands;
    None where another has to say. Upper apps are loaded, and so asked, first.
    """
    _tellers.setdefault(kind, []).append(teller)


def standing_of(document: Document, on: date) -> str:
    """Why a paper no longer counts, or what has ended since; "" where nothing is known."""
    kind, _, key = document.subject.partition(":")
    for teller in _tellers.get(kind, ()) if key else ():
        told = teller(key, document, on)
        if told is not None:
            return told
    return ""
