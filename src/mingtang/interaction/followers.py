"""Followers of interaction: the list of services, tickets of bad ratings, asking by SMS."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from mingtang.accounts.queries import colleagues, holders_of, window_of
from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.cases import queries as cases
from mingtang.interaction import queries, services
from mingtang.interaction.models import BadRating, RatingToken, Service
from mingtang.interaction.rules import (
    COMPLETES,
    GOES_ON,
    UNIT_LEADS,
    Level,
    RatingChannel,
    TicketState,
    completed_services,
)
from mingtang.interaction.rules.occasions import ANSWERED, ASKED, BAD_RATING
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event, history
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.services import tell
from mingtang.regions.queries import name_of, units_of_county
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind

GIVEN = ("rating.given", "rating.corrected")


def _case(subject: str) -> Any:
    number = cases.number_of(parse_id(subject.removeprefix("case:")) or 0)
    return cases.filed_case(number or "")


# ── services ──────────────────────────────────────────────────────────────────────────────────


def _keep_services(event: Event) -> None:
    """Read the services of a case anew from its history: late, twice or out of order, the same.

    What was taken up again unrated was no completed service after all.
    """
    events = history(event.stream)
    by_seq = {one.seq: one for one in events}
    levels = {one.facts["completed_seq"]: one.facts["level"] for one in events if one.kind in GIVEN}
    reopened = max((one.seq for one in events if one.kind == GOES_ON), default=0)
    kept = [
        seq
        for seq in completed_services((one.seq, one.kind) for one in events)
        if seq > reopened or seq in levels
    ]
    Service.objects.filter(subject=event.stream).exclude(completed_seq__in=kept).delete()
    for seq in kept:
        _keep(by_seq[seq], str(levels.get(seq, "")), is_online=_is_online(events[0]))


def _keep(done: Event, level: str, *, is_online: bool) -> None:
    ticket = queries.ticket_of(done.stream, done.seq)
    Service.objects.update_or_create(
        subject=done.stream,
        completed_seq=done.seq,
        defaults={
            "completed_date": done.effective_on,
            "organisation_id": int(done.facts["organisation_id"]),
            "window_id": _window(done),
            "is_online": is_online,
            "level": level,
            "is_unfounded": ticket is not None and ticket.state == TicketState.UNFOUNDED.value,
        },
    )


def _is_online(first: Event) -> bool:
    return bool(first.facts.get("channel") == "online")


def _window(done: Event) -> int:
    """Where the person sat who completed it; 0: at no window."""
    if not done.organisation_id or not done.actor_id:
        return 0
    unit, on = int(done.organisation_id), legal_date(done.at)
    return window_of(int(done.actor_id), unit, on) or 0


SERVICES = Follower("services", (*sorted(COMPLETES), GOES_ON, *GIVEN), _keep_services)


# ── bad ratings ───────────────────────────────────────────────────────────────────────────────


def _follow_rating(event: Event) -> None:
    """A bad word opens a ticket; a bad word taken back ends it."""
    _keep_services(event)
    service = int(event.facts["completed_seq"])
    said = queries.rating_of(event.stream, service)
    assert said is not None
    ticket = queries.ticket_of(event.stream, service)
    by: dict[str, Any] = {"actor": SYSTEM, "at": event.at, "command_id": _command_id(event)}
    if Level(said.level).is_bad and ticket is None:
        services.open_ticket(rating_id=str(said.id), **by)
        opened = queries.ticket_of(event.stream, service)
        assert opened is not None
        _tell_leads(opened, event)
    elif ticket is not None and not Level(said.level).is_bad:
        services.end_as_corrected(ticket_id=str(ticket.id), **by)


def _command_id(event: Event) -> str:
    return hashlib.sha256(f"bad_rating/{event.id}".encode()).hexdigest()[:32]


def _tell_leads(ticket: BadRating, event: Event) -> None:
    case, on = _case(ticket.subject), legal_date(event.at)
    clock = open_clock(ticket.stream, ClockKind.CALL_BACK)
    people = holders_of(ticket.organisation_id, UNIT_LEADS, case.item.code, on)
    people |= _managers(ticket.organisation_id, on)
    people -= set(ticket.concerned.values_list("person_id", flat=True))
    facts = {
        "item": case.edition.name,
        "unit": name_of(ticket.organisation_id, on),
        "level": Level(ticket.level).label,
        "by": f"在{clock.due_date:%Y年%m月%d日}以前" if clock else "尽快",
    }
    for person in sorted(people):
        tell(
            subject=ticket.stream,
            event=BAD_RATING.event,
            audience=BAD_RATING.audience.value,
            fallback=BAD_RATING.fallback,
            facts=facts,
            person_id=person,
            dedupe=f"{event.id}/bad_rating",
            at=event.at,
        )


def _managers(unit: int, on: date) -> set[int]:
    """The centre of the unit's county: it alone knows whom to call back."""
    return {one.id for one in colleagues(units_of_county(unit), [Role.CENTRE_MANAGER], on)}


BAD_RATINGS = Follower("bad_ratings", GIVEN, _follow_rating)


def _tell_rater(event: Event) -> None:
    """What was set right, to whoever filed the case: staff never learn from it who rated."""
    ticket = BadRating.objects.get(id=int(event.stream.removeprefix("bad_rating:")))
    case = _case(ticket.subject)
    facts = {
        "item": case.edition.name,
        "number": case.number,
        "unit": name_of(ticket.organisation_id, legal_date(event.at)),
        "answer": ticket.answer,
    }
    if case.applicant_person_id is not None:
        tell(
            subject=ticket.stream,
            event=ANSWERED.event,
            audience=ANSWERED.audience.value,
            fallback=ANSWERED.fallback,
            facts=facts,
            person_id=case.applicant_person_id,
            dedupe=f"{event.id}/answered",
            at=event.at,
        )


ANSWERS = Follower("bad_rating_answers", ("bad_rating.answered",), _tell_rater)


# ── asking by SMS ─────────────────────────────────────────────────────────────────────────────


def _ask(event: Event) -> None:
    """A link to whoever filed a case that was completed, where the office pays for it. A replay
    asks nobody again."""
    asked = RatingToken.objects.filter(
        subject=event.stream, completed_seq=event.seq, channel=RatingChannel.SMS.value
    )
    if not settings.MINGTANG_RATING_BY_SMS or not settings.MINGTANG_PUBLIC_URL or asked.exists():
        return
    if queries.service_of(event.stream) != event.seq or queries.is_rated(event.stream):
        return
    case = _case(event.stream)
    token = services.issue_token(
        subject=event.stream,
        channel=RatingChannel.SMS.value,
        window_id=_window(event) or None,
        issued_by_id=None,
        at=event.at,
    )
    path = reverse("interaction:by_token", args=[queries.written(token)])
    tell(
        subject=event.stream,
        event=ASKED.event,
        audience=ASKED.audience.value,
        fallback=ASKED.fallback,
        facts={
            "item": case.edition.name,
            "link": settings.MINGTANG_PUBLIC_URL + path,
            "days": str((token.expires_at - token.issued_at) // timedelta(days=1)),
            "site": settings.MINGTANG_SITE_NAME,
        },
        phone=(case.proxy_phone if case.proxy_name else "") or case.phone,
        dedupe=f"{event.id}/rating_asked",
        at=event.at,
    )


ASKING = Follower("rating_asking", tuple(sorted(COMPLETES)), _ask)
