"""Reads of ratings: of one service, of a case."""

from mingtang.interaction.models import Rating
from mingtang.interaction.rules import completed_service
from mingtang.ledger.queries import kinds_of


def service_of(subject: str) -> int | None:
    """The completed service of a case that may be rated; None while it goes on."""
    return completed_service(kinds_of(subject))


def rating_of(subject: str, service: int) -> Rating | None:
    """What was said of a service. None: unrated."""
    return Rating.objects.filter(subject=subject, completed_seq=service).first()


def ratings_of(subject: str) -> list[Rating]:
    """All ratings of a case, oldest service first: one that was taken up again may have several."""
    return list(Rating.objects.filter(subject=subject).order_by("completed_seq", "id"))


def is_rated(subject: str) -> bool:
    return Rating.objects.filter(subject=subject).exists()


def count() -> int:
    """How many services were rated."""
    return Rating.objects.count()
