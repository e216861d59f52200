"""Services: the applicant's side rates a service, corrects that once; tokens that ask for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from mingtang.accounts.queries import posts_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.db import queue_up
from mingtang.base.ids import parse_id
from mingtang.cases import queries as cases
from mingtang.interaction import queries
from mingtang.interaction.models import Rating, RatingDetail, RatingToken
from mingtang.interaction.rules import (
    CALLERS,
    Indicator,
    Level,
    NotCompleted,
    NothingToCorrect,
    OwnUnitMayNotCall,
    RatedAlready,
    RatingChannel,
    StaffMayNotRate,
    TokenUsed,
    indicators_of,
)
from mingtang.ledger.queries import history
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.regions.queries import lines_of

Details = Mapping[str, str]


@command("rating.submit")
def submit(
    *,
    number: str,
    level: str,
    text: str,
    channel: str,
    actor: Actor,
    at: datetime,
    command_id: str,
    details: Details | None = None,
) -> dict[str, Any]:
    """Rate the completed service of a case; the caller has made sure that it is the rater's own.

    Raises StaffMayNotRate, NotCompleted, RatedAlready. The ledger is told the level, not the words.
    """
    rater = _rater(actor, at)
    case = cases.filed_case(number)
    service = _unrated_service(case.stream)
    rating = Rating(
        subject=case.stream,
        completed_seq=service,
        level=Level(level).value,
        text=text.strip(),
        channel=RatingChannel(channel).value,
        rated_at=at,
        rated_by_id=rater,
    )
    return _give(case, rating, details, actor, at, command_id)


@command("rating.correct")
def correct(
    *,
    number: str,
    level: str,
    text: str,
    channel: str,
    actor: Actor,
    at: datetime,
    command_id: str,
    details: Details | None = None,
) -> dict[str, Any]:
    """Say it anew, once, within seven days. The first word stays in the history.

    Raises StaffMayNotRate, NotCompleted, NothingToCorrect.
    """
    rater = _rater(actor, at)
    case = cases.filed_case(number)
    queue_up(f"rating:{case.stream}")
    service = queries.service_of(case.stream)
    if service is None:
        raise NotCompleted
    if not queries.is_correctable(case.stream, service, at):
        raise NothingToCorrect
    rating = Rating(
        subject=case.stream,
        completed_seq=service,
        level=Level(level).value,
        text=text.strip(),
        channel=RatingChannel(channel).value,
        rated_at=at,
        rated_by_id=rater,
        corrects=queries.first_rating_of(case.stream, service),
    )
    return _give(case, rating, details, actor, at, command_id)


@command("rating.submit_call")
def submit_call(
    *,
    number: str,
    level: str,
    text: str,
    actor: Actor,
    at: datetime,
    command_id: str,
    details: Details | None = None,
) -> dict[str, Any]:
    """Write down what an applicant said on the telephone. By somebody of another unit, who never
    acted on the case: no unit writes its own marks.

    Raises OwnUnitMayNotCall, NotCompleted, RatedAlready.
    """
    case = cases.filed_case(number)
    caller = _caller(case, actor, at)
    service = _unrated_service(case.stream)
    rating = Rating(
        subject=case.stream,
        completed_seq=service,
        level=Level(level).value,
        text=text.strip(),
        channel=RatingChannel.PHONE.value,
        rated_at=at,
        typed_by_id=caller,
    )
    return _give(case, rating, details, actor, at, command_id)


def _caller(case: Any, actor: Actor, at: datetime) -> int:
    """Who telephones: with a post for it, at none of the units in line with the rated one."""
    posts = posts_of(int(actor.id or 0), legal_date(at))
    line = lines_of([case.organisation_id])
    busy = {event.actor_id for event in history(case.stream) if event.organisation_id}
    if (
        not any(Role(post.role) in CALLERS for post in posts)
        or any(post.organisation_id in line for post in posts)
        or actor.id in busy
        or actor.acting_for_id in busy - {None}
    ):
        raise OwnUnitMayNotCall
    return int(actor.id or 0)


def _unrated_service(subject: str) -> int:
    """Its completed service, held until the transaction ends. Raises NotCompleted, RatedAlready."""
    queue_up(f"rating:{subject}")
    service = queries.service_of(subject)
    if service is None:
        raise NotCompleted
    if queries.first_rating_of(subject, service) is not None:
        raise RatedAlready
    return service


def _give(
    case: Any,
    rating: Rating,
    details: Details | None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    """Keep a rating and tell the ledger: all but its words."""
    rating.save(force_insert=True)
    known = indicators_of(_is_online(case, rating))
    said = {
        Indicator(name): Level(level)
        for name, level in (details or {}).items()
        if level and Indicator(name) in known
    }
    RatingDetail.objects.bulk_create(
        RatingDetail(rating=rating, indicator=one.value, level=level.value)
        for one, level in said.items()
    )
    facts = {
        "case_id": str(case.id),
        "organisation_id": str(case.organisation_id),
        "completed_seq": rating.completed_seq,
        "level": rating.level,
        "level_label": Level(rating.level).label,
        "channel": rating.channel,
        "has_text": bool(rating.text),
    }
    more = {
        "window_id": str(rating.window_id) if rating.window_id else None,
        "details": {one.value: level.value for one, level in said.items()},
    }
    record(
        stream=case.stream,
        kind="rating.corrected" if rating.corrects_id else "rating.given",
        facts=facts | {name: value for name, value in more.items() if value},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"rating_id": str(rating.id)}


def _is_online(case: Any, rating: Rating) -> bool:
    return case.channel == "online" and rating.channel != RatingChannel.PAD.value


def _rater(actor: Actor, at: datetime) -> int | None:
    """Who rates, None by the query code. Whoever holds a post judges no service of the office."""
    if actor.id is None:
        return None
    if actor.organisation_id or posts_of(int(actor.id), legal_date(at)):
        raise StaffMayNotRate
    return int(actor.id)


# ── tokens ────────────────────────────────────────────────────────────────────────────────────


def _life(channel: RatingChannel) -> timedelta:
    if channel is RatingChannel.PAD:
        return timedelta(seconds=settings.MINGTANG_RATING_PAD_SECONDS)
    return timedelta(days=settings.MINGTANG_RATING_LINK_DAYS)


def issue_token(
    *,
    subject: str,
    channel: str,
    window_id: int | None,
    issued_by_id: int | None,
    at: datetime,
) -> RatingToken:
    """Ask for a rating of the service of a case that is completed and unrated, inside the open
    transaction or alone. A question is no act of the office: the ledger is told the answer.

    Raises NotCompleted, RatedAlready.
    """
    service = queries.service_of(subject)
    if service is None:
        raise NotCompleted
    if queries.first_rating_of(subject, service) is not None:
        raise RatedAlready
    way = RatingChannel(channel)
    return RatingToken.objects.create(
        subject=subject,
        completed_seq=service,
        channel=way.value,
        window_id=window_id,
        issued_at=at,
        issued_by_id=issued_by_id,
        expires_at=at + _life(way),
    )


@command("rating.submit_token")
def submit_by_token(
    *,
    token: str,
    level: str,
    text: str,
    actor: Actor,
    at: datetime,
    command_id: str,
    details: Details | None = None,
) -> dict[str, Any]:
    """Rate by a token: it is used up, and counts for the case, service and window it names.

    Raises UnknownToken, TokenUsed, TokenExpired, StaffMayNotRate, NotCompleted, RatedAlready.
    """
    _rater(actor, at)
    found = queries.token_sent(token)
    queue_up(f"rating:{found.subject}")
    found.refresh_from_db()
    queries.check_token(found, at)
    fresh = RatingToken.objects.filter(Q(used_at=None), id=found.id)
    if not fresh.update(used_at=at):
        raise TokenUsed
    number = cases.number_of(parse_id(found.subject.removeprefix("case:")) or 0)
    rating = Rating(
        subject=found.subject,
        completed_seq=found.completed_seq,
        level=Level(level).value,
        text=text.strip(),
        channel=found.channel,
        rated_at=at,
        window_id=found.window_id,
    )
    holder = Actor(id=None, label="申请人")  # the token says what is rated, not by whom
    return _give(cases.filed_case(number or ""), rating, details, holder, at, command_id)
