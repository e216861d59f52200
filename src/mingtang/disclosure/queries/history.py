"""Reads of an item's history, from the ledger: what was public when, who did what."""

from collections.abc import Iterable

from mingtang.disclosure.models import Publication
from mingtang.ledger.queries import Event, history


def published_hashes(item: Publication) -> set[str]:
    """The hashes of all versions that ever were public."""
    return {
        str(event.facts["content_hash"])
        for event in history(item.subject)
        if event.kind == "disclosure.published"
    }


def events_of(item: Publication) -> Iterable[Event]:
    """What happened to an item, oldest first."""
    return history(item.subject)
