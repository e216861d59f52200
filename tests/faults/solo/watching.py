"""What came about, read from the tables after each act, and whether one person may bring it about.

A clock that stands still, ends or is due later, a text or figure that is public, a calendar, a card
that is cancelled, a receipt that counts from before the act: each needs a command of the table of
docs/alone.md. Where the table says that two do it, the ledger has to name another one for the
first part.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from mingtang.base.clock import legal_date
from mingtang.cases.models import Case
from mingtang.ledger.models import Event
from mingtang.requests.models import Request
from mingtang.supervision.models import Card
from mingtang.timing.models import CalendarEdition, Clock, DayOff
from tests.structure import alone, test_alone

STOPS, ENDS, CALENDAR, PUBLIC, CANCELS = (*alone.CALLS, *alone.SETS)
DATES = alone.DATES
BY_TWO = frozenset(
    {test_alone.TWO, test_alone.AFTER_TWO, test_alone.UNDER_LETTER, test_alone.CLOSED}
)
MAY_LACK = frozenset({"card.close"})  # where there was no first part, there is none to compare
# command by two → the events that are its first part: the last of them is another person's
FIRST_PART: Mapping[str, tuple[str, ...]] = {
    "case.pause": ("case.pause_asked",),
    "case.extend": ("case.extension_asked",),
    "joint.extend": ("joint.extension_asked",),
    "card.approve_cancel": ("card.cancel_proposed",),
    "case.confirm_paper_receipt": ("case.paper_receipt_entered",),
    "joint.confirm_paper_receipt": ("joint.paper_receipt_entered",),
    "letter.confirm_paper_receipt": ("letter.paper_receipt_entered",),
    "request.confirm_paper_receipt": ("request.paper_receipt_entered",),
    "case.decide": ("case.examined", "case.referred_up"),
    "disclosure.keep": ("disclosure.drafted", "disclosure.revised", "disclosure.reviewed"),
    "disclosure.publish": ("disclosure.drafted", "disclosure.revised"),
    "request.decide": ("request.drafted",),
    "calendar.load": (),
    "entry.confirm": ("sheet.entry_made",),
    "item.publish_draft": ("item.draft_saved", "item.draft_submitted"),
    "letter.confirm_copy": ("letter.copy_drafted",),
    "observation.confirm": ("observation.made",),
    "route.publish_draft": ("route.draft_saved", "route.draft_submitted"),
    "villages.confirm_limit": ("villages.limit_set",),
    "card.close": ("card.explained", "card.appealed"),
    "village.release": ("village.examined", "village.approved"),
    "campaign.announce": ("campaign.decided",),
    "consultation.open": ("disclosure.reviewed", "disclosure.published"),
    "period.lock": ("sheet.published",),
}


# A note of what went out on paper or on air elsewhere: nothing is public by it.
NOTES_ONLY = frozenset({"channels.Release"})


@cache
def public_columns() -> tuple[tuple[type[models.Model], str], ...]:
    """Each column of the house that says that something is public."""
    return tuple(
        (table, field.attname)
        for table in apps.get_models()
        for field in table._meta.concrete_fields
        if field.name in alone.SETS[PUBLIC] and table._meta.label not in NOTES_ONLY
    )


class Picture:
    """What the tables say now."""

    def __init__(self) -> None:
        columns = ("status", "due_date", "due_at", "start_date", "pauses", "kind", "stream")
        self.clocks = {
            one["id"]: one for one in Clock.objects.order_by("id").values("id", *columns)
        }
        self.calendar = (CalendarEdition.objects.count(), DayOff.objects.count())
        self.cancelled = set(Card.objects.exclude(cancelled_at=None).values_list("id", flat=True))
        self.public: dict[tuple[str, int], Any] = {}
        for table, column in public_columns():
            for pk, value in table._default_manager.values_list("pk", column):
                if value:
                    self.public[f"{table._meta.label}.{column}", pk] = value
        self.received: dict[str, Any] = {
            f"case:{pk}": at for pk, at in Case.objects.values_list("id", "submitted_at")
        }
        arrived = Request.objects.values_list("id", "arrived_date", "confirmed_date")
        self.received |= {f"request:{pk}": days for pk, *days in arrived}


def differences(before: Picture, now: Picture, at: datetime) -> list[tuple[str, str]]:
    """(effect, what) of all that came about between the two."""
    found = [
        *_of_clocks(before, now, legal_date(at)),
        *((PUBLIC, f"{key[0]} {key[1]}") for key in now.public if _is_new(before, now, key)),
        *((CANCELS, f"card {one}") for one in sorted(now.cancelled - before.cancelled)),
        *(
            (DATES, f"{key} received {value}")
            for key, value in now.received.items()
            if before.received.get(key) != value and _is_before(value, at)
        ),
    ]
    if before.calendar != now.calendar:
        found.append((CALENDAR, f"{before.calendar} → {now.calendar}"))
    return found


def _is_new(before: Picture, now: Picture, key: tuple[str, int]) -> bool:
    return before.public.get(key) != now.public[key]


def _is_before(value: Any, at: datetime) -> bool:
    if isinstance(value, datetime):
        return value < at
    return any(one is not None and one < legal_date(at) for one in value)


def _of_clocks(before: Picture, now: Picture, on: date) -> list[tuple[str, str]]:
    found = []
    for one, is_now in now.clocks.items():
        was, told = before.clocks.get(one), f"clock {is_now['kind']} of {is_now['stream']}"
        if was is None:
            if is_now["start_date"] < on:
                found.append((DATES, f"{told} starts {is_now['start_date']}"))
            continue
        later = is_now["due_date"] > was["due_date"]
        if later or len(is_now["pauses"]) > len(was["pauses"]):
            found.append((STOPS, f"{told}: {was['due_date']} → {is_now['due_date']}"))
        if is_now["status"] == "stopped" != was["status"]:
            found.append((ENDS, told))
    return found


# ── who may ───────────────────────────────────────────────────────────────────────────────────

# What a change needs: the effect itself, or another one of which it follows.
FOLLOWS = {
    STOPS: (STOPS, ENDS, DATES, CALENDAR),  # begun anew; a day told; days off
    DATES: (DATES, ENDS, CALENDAR),  # the rest of a limit; a receipt confirmed
}


def unaccounted(
    found: list[tuple[str, str]], kinds: set[str], since: int, solo_id: int
) -> list[str]:
    """What no command that ran may bring about by one person."""
    rows = test_alone.rows()
    return [
        f"{effect}: {what} by {sorted(kinds)}"
        for effect, what in found
        if not any(
            _may(kind, rows[one][kind], since, solo_id)
            for kind in kinds
            for one in FOLLOWS.get(effect, (effect,))
            if kind in rows[one]
        )
    ]


def _may(kind: str, why: str, since: int, solo_id: int) -> bool:
    return why not in BY_TWO or is_by_another(kind, since, solo_id)


def is_by_another(kind: str, since: int, solo_id: int) -> bool:
    """Whether the ledger names another one for the first part of what was just done."""
    done = Event.objects.filter(id__gt=since).values_list("stream", "facts")
    if kind == "case.decide" and any(facts.get("is_decided_alone") for _, facts in done):
        granted = Event.objects.filter(kind="authority.granted").order_by("-id").first()
        return granted is not None and not is_of(granted, solo_id)
    streams = {stream for stream, _ in done}
    first = Event.objects.filter(stream__in=streams, kind__in=FIRST_PART[kind], id__lte=since)
    about = {key: value for _, facts in done for key, value in facts.items() if key[-3:] == "_id"}
    last = next((one for one in first.order_by("-id") if _is_about(one.facts, about)), None)
    return kind in MAY_LACK if last is None else not is_of(last, solo_id)


def _is_about(facts: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    """Of what a stream tells of several things, such as limits, about the same one."""
    return all(facts[key] == about[key] for key in facts.keys() & about.keys())


def is_of(event: Event, person_id: int) -> bool:
    """Whether a person did it, or another one did it for them."""
    return str(person_id) in {event.actor_id, event.acting_for_id}
