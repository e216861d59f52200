"""What became of a document after it was drawn up: its own app knows no cases, so it asks.

An upper app registers who tells for its kind of subject, as it does for pages (base.subjects).
"""

from collections.abc import Callable
from datetime import date

from mingtang.files.models import Document

Teller = Callable[[str, Document, date], str]

_tellers: dict[str, Teller] = {}


def register(kind: str, teller: Teller) -> None:
    """Say who tells of papers of a kind of subject, once per process, while the apps load.

    `teller(key, document, on)` gives a sentence without personal data; "" where the paper stands.
    """
    _tellers[kind] = teller


def standing_of(document: Document, on: date) -> str:
    """Why a paper no longer counts, or what has ended since; "" where nothing is known."""
    kind, _, key = document.subject.partition(":")
    teller = _tellers.get(kind)
    return teller(key, document, on) if teller and key else ""
