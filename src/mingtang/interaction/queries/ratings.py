"""Reads of ratings: of one service, of a case; the token behind what was sent."""

import hmac
from collections.abc import Iterable
from datetime import datetime

from mingtang.base.sealed import keyed_hash
from mingtang.interaction.models import Rating, RatingToken
from mingtang.interaction.rules import (
    NotCompleted,
    RatedAlready,
    RatingChannel,
    TokenExpired,
    TokenUsed,
    UnknownToken,
    completed_service,
    may_correct,
)
from mingtang.interaction.rules import tokens as writing
from mingtang.ledger.queries import kinds_of
from mingtang.ledger.rules import canonical


def service_of(subject: str) -> int | None:
    """The completed service of a case that may be rated; None while it goes on."""
    return completed_service(kinds_of(subject))


def rating_of(subject: str, service: int) -> Rating | None:
    """What was said of a service, the correction before the first word. None: unrated."""
    rows = Rating.objects.filter(subject=subject, completed_seq=service)
    return rows.prefetch_related("details").order_by("-id").first()


def first_rating_of(subject: str, service: int) -> Rating | None:
    """What was said of a service at first."""
    return Rating.objects.filter(subject=subject, completed_seq=service, corrects=None).first()


def is_correctable(subject: str, service: int, at: datetime) -> bool:
    """Whether what was said may be corrected: once, within the days of the rule."""
    first = first_rating_of(subject, service)
    return (
        first is not None
        and may_correct(first.rated_at, at)
        and not Rating.objects.filter(corrects=first).exists()
    )


def ratings_of(subject: str) -> list[Rating]:
    """All ratings of a case, oldest service first, each before its correction."""
    rows = Rating.objects.filter(subject=subject).prefetch_related("details")
    return list(rows.order_by("completed_seq", "id"))


def is_rated(subject: str) -> bool:
    return Rating.objects.filter(subject=subject).exists()


def count() -> int:
    """How many services were rated."""
    return Rating.objects.filter(corrects=None).count()


# ── tokens ────────────────────────────────────────────────────────────────────────────────────


def written(token: RatingToken) -> str:
    """What is sent for a token: its number and the message code over all it is bound to."""
    return writing.write(token.id, _mac(token))


def _mac(token: RatingToken) -> bytes:
    whole = keyed_hash("rating_token", canonical(writing.bound_to(token)))
    return whole[: writing.MAC_BYTES]


def token_sent(text: str) -> RatingToken:
    """The token that was sent. Raises UnknownToken."""
    number, mac = writing.read(text)
    token = RatingToken.objects.filter(id=number).first()
    if token is None or not hmac.compare_digest(mac, _mac(token)):
        raise UnknownToken
    return token


def check_token(token: RatingToken, at: datetime) -> None:
    """Whether a token still asks something: unused, in time, and its service the one that may be
    rated. Raises TokenUsed, TokenExpired, NotCompleted, RatedAlready."""
    if token.used_at is not None:
        raise TokenUsed
    if not token.issued_at <= at <= token.expires_at:
        raise TokenExpired
    service = service_of(token.subject)
    if service is None:
        raise NotCompleted
    if service != token.completed_seq:
        raise TokenExpired
    if first_rating_of(token.subject, service) is not None:
        raise RatedAlready


def open_question(window_id: int, at: datetime) -> RatingToken | None:
    """What the pad of a window asks now: the last token for it that is neither used nor over."""
    rows = RatingToken.objects.filter(window=window_id, channel=RatingChannel.PAD.value)
    asked = rows.filter(used_at=None, issued_at__lte=at, expires_at__gt=at)
    found = asked.order_by("-issued_at", "-id").first()
    is_open = found and first_rating_of(found.subject, found.completed_seq) is None
    return found if is_open else None


def levels_of(subjects: Iterable[str]) -> dict[str, str]:
    """The word that counts of the last rated service of each case, of those that were rated."""
    rows = Rating.objects.filter(subject__in=list(subjects)).order_by("completed_seq", "id")
    return dict(rows.values_list("subject", "level"))
