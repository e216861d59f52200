"""What a window's pad and its desk show: whom one serves, what is asked, today's line."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from mingtang.cases import present as cases_present
from mingtang.cases import queries as cases
from mingtang.cases.rules.satisfaction import Level
from mingtang.interaction import queries as interaction
from mingtang.queues import queries as queues
from mingtang.queues.rules import TicketState
from mingtang.screens.rules.pad import MOUTHS
from mingtang.timing import queries as timing


def pad(window_id: int, at: datetime) -> dict[str, Any]:
    """The number that is served, the applicant masked, and the question if one is open."""
    serving = queues.served_at(window_id)
    question = interaction.open_question(window_id, at)
    shown: dict[str, Any] = {"serving": serving.label if serving else "", "who": "", "item": ""}
    case_id = _case_of(question) if question else _first_case(serving)
    if case_id:
        case = cases.filed_case(cases.number_of(case_id) or "")
        shown |= {"who": cases_present.masked_applicant(case), "item": case.edition.name}
    token = interaction.written(question) if question else ""
    until = round(question.expires_at.timestamp() * 1000) if question else 0
    return {**shown, "token": token, "until": until}


def _case_of(question: Any) -> int:
    return int(question.subject.removeprefix("case:"))


def _first_case(serving: Any) -> int | None:
    held = serving.cases.order_by("-attached_at", "-id").first() if serving else None
    return held.case_id if held else None


def faces() -> list[dict[str, Any]]:
    """The five faces; the mouth is drawn as one curve."""
    return [
        {"value": level.value, "label": level.label, "colour": colour, "mouth": _mouth(bend)}
        for level, (bend, colour) in MOUTHS.items()
    ]


def _mouth(bend: int) -> str:
    return f"M32 {64 - bend // 3} Q50 {64 + bend} 68 {64 - bend // 3}"


# ── the line of a window ──────────────────────────────────────────────────────────────────────


def line(window_id: int, on: date) -> list[dict[str, Any]]:
    """Today's numbers of a window: waited, served, the case, its clock, its rating."""
    tickets = queues.of_window(window_id, on)
    ids = [one.case_id for ticket in tickets for one in ticket.cases.all()]
    told = _cases(ids)
    return [
        {
            "id": ticket.id,
            "label": ticket.label,
            "queue": ticket.queue.name,
            "state": TicketState(ticket.state),
            "waited": _minutes(ticket.taken_at, ticket.called_at),
            "served": _minutes(ticket.called_at, ticket.ended_at),
            "may_recall": ticket.state == TicketState.SKIPPED.value,
            "cases": [told[one.case_id] for one in ticket.cases.all() if one.case_id in told],
        }
        for ticket in tickets
    ]


def _cases(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    listed = list(ids)
    streams = {number: f"case:{number}" for number in listed}
    numbers, states = cases.numbers_of(listed), cases.states_of(listed)
    clocks = timing.open_clocks(streams.values())
    levels = interaction.levels_of(streams.values())
    return {
        number: {
            "number": numbers[number],
            "url": reverse("cases:detail", args=[numbers[number]]),
            "state": states[number],
            "due": clocks[stream].due_date if stream in clocks else None,
            "level": Level(levels[stream]) if stream in levels else None,
        }
        for number, stream in streams.items()
        if number in numbers
    }


def _minutes(first: datetime | None, last: datetime | None) -> int | None:
    return round((last - first).total_seconds() / 60) if first and last else None
