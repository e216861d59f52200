"""What pages show of ratings, and where the pages about them stand."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mingtang.accounts.queries import person_names
from mingtang.base.ids import parse_id
from mingtang.cases.queries import filed_case, number_of
from mingtang.interaction import queries, services
from mingtang.interaction.forms import TicketForm
from mingtang.interaction.models import BadRating, Rating
from mingtang.interaction.queries import UnitRates
from mingtang.interaction.rules import (
    Indicator,
    Level,
    Rate,
    RatingChannel,
    Tally,
    TicketMove,
    TicketState,
    TicketVerb,
    is_enough,
)
from mingtang.timing.queries import Clock, open_clocks
from mingtang.timing.rules import ClockKind


def _case(key: str) -> tuple[str, str] | None:
    """Stream and number of the case with this id."""
    case_id = parse_id(key)
    number = None if case_id is None else number_of(case_id)
    return (f"case:{case_id}", number) if number else None


def page_to_rate(key: str, for_staff: bool) -> str | None:
    """The page of the subject `rating:KEY`, KEY a case, while its service is unrated: where it is
    rated; for staff, where they print the slip that asks for it."""
    case_id = parse_id(key)
    if case_id is None:
        return None
    subject = f"case:{case_id}"
    service = queries.service_of(subject)
    if service is None or queries.first_rating_of(subject, service) is not None:
        return None
    number = number_of(case_id)
    return number and reverse(
        "interaction:slip" if for_staff else "interaction:rate", args=[number]
    )


def page_of_rating(key: str, for_staff: bool) -> str | None:
    """The page of the subject `rated:KEY`, KEY a case: there once it was rated, for the applicant.
    The rated window does not learn from a case who said what."""
    found = _case(key)
    if for_staff or found is None or not queries.is_rated(found[0]):
        return None
    return reverse("interaction:rate", args=[found[1]])


def page_of_ticket(key: str, for_staff: bool) -> str | None:
    """The page of the subject `bad_rating:KEY`: for staff, whom that page asks who they are."""
    number = parse_id(key)
    return reverse("interaction:bad_rating", args=[number]) if for_staff and number else None


def ticket_titles(keys: Iterable[str]) -> dict[str, str]:
    """What a ticket is called where others name it: its day, and neither case nor person."""
    days = queries.days_of_tickets({number for key in keys if (number := parse_id(key))})
    return {
        str(number): _("%(day)s 收到的差评") % {"day": date_format(day)}
        for number, day in days.items()
    }


def level(value: str) -> dict[str, str] | None:
    return {"label": Level(value).label, "tone": Level(value).tone} if value else None


def sides(details: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(Indicator(name).label, Level(value).label) for name, value in details.items()]


def shown(rating: Rating) -> dict[str, Any]:
    said = Level(rating.level)
    return {
        "level": said.label,
        "tone": said.tone,
        "text": rating.text,
        "at": rating.rated_at,
        "channel": RatingChannel(rating.channel).label,
        "is_correction": rating.corrects_id is not None,
        "details": sides({one.indicator: one.level for one in rating.details.all()}),
    }


# ── bad ratings ───────────────────────────────────────────────────────────────────────────────


def _due(clock: Clock | None, on: date) -> dict[str, Any] | None:
    if clock is None:
        return None
    what = _("回访") if clock.kind == ClockKind.CALL_BACK else _("整改")
    return {"what": what, "on": clock.due_date, "is_over": clock.due_date < on}


def ticket_rows(rows: list[BadRating], names: Mapping[int, str], on: date) -> list[dict[str, Any]]:
    clocks = open_clocks(row.stream for row in rows)
    return [_line(row, names, clocks.get(row.stream), on) for row in rows]


def _line(
    row: BadRating, names: Mapping[int, str], clock: Clock | None, on: date
) -> dict[str, Any]:
    state = TicketState(row.state)
    return {
        "url": reverse("interaction:bad_rating", args=[row.id]),
        "unit": names.get(row.organisation_id, ""),
        "level": level(row.level),
        "state": {"label": state.label, "tone": state.tone},
        "opened_at": row.opened_at,
        "due": _due(clock, on),
    }


def ticket(
    row: BadRating, names: Mapping[int, str], on: date, *, knows_case: bool
) -> dict[str, Any]:
    """A ticket. The centre, which calls back, finds the case through it; who leads the rated unit
    reads what was said, without what tells who said it."""
    number = number_of(parse_id(row.subject.removeprefix("case:")) or 0) or ""
    case = filed_case(number)
    rating = queries.rating_of(row.subject, row.completed_seq)
    clock = open_clocks([row.stream]).get(row.stream)
    return _line(row, names, clock, on) | {
        "number": number if knows_case else "",
        "item_name": case.edition.name,
        "rating": _said(rating, knows_case=knows_case) if rating else None,
        "kind": "" if row.is_complex is None else _("复杂") if row.is_complex else _("简单"),
        "entries": _way(row),
        "rerated": level(row.rerated_level),
    }


def _said(rating: Rating, *, knows_case: bool) -> dict[str, Any]:
    said = shown(rating)
    return said if knows_case else said | {"text": services.filtered(rating)}


def _way(row: BadRating) -> list[dict[str, Any]]:
    """What was done so far, as a way."""
    steps = [
        (_("收到差评"), row.opened_at, None, ""),
        (_("回访"), row.contacted_at, row.contacted_by_id, row.contact_note),
        (_("核实"), row.verified_at, row.verified_by_id, row.verify_note),
        (_("第二人复核"), row.reviewed_at, row.reviewed_by_id, row.review_note),
        (_("答复评价人"), row.answered_at, row.answered_by_id, row.answer),
        (_("评价人再评"), row.rerated_at, None, ""),
        (TicketState(row.state).label, row.closed_at, None, row.close_note),
    ]
    names = person_names({who for _title, _at, who, _text in steps if who})
    done = sorted(
        ((at, title, who, text) for title, at, who, text in steps if at is not None),
        key=lambda step: step[0],
    )
    return [
        {"title": title, "status": "done", "at": at, "who": names.get(who or 0, ""), "text": text}
        for at, title, who, text in done
    ]


def ticket_form(move: TicketMove, data: QueryDict | None) -> TicketForm:
    return TicketForm(
        data,
        label=move.note_label,
        help_text=move.help,
        asks_kind=move.verb is TicketVerb.CONFIRM,
        prefix=None,
    )


# ── rates ─────────────────────────────────────────────────────────────────────────────────────


def told(rate: Rate | None) -> str:
    """A rate with its n; a dash where there was nothing."""
    return f"{rate.percent}%（{rate.part}/{rate.of}）" if rate else "—"


def rate_rows(
    units: list[UnitRates], names: Mapping[int, str], *, fills: bool
) -> list[dict[str, Any]]:
    lines = [(names.get(row.organisation_id, ""), row) for row in units]
    return [
        {
            "unit": name,
            "all": row.tally.all,
            "good": told(row.tally.good_rate_with_silence if fills else row.tally.good_rate),
            "participation": told(row.tally.participation),
            "called_back": told(row.care.call_back_rate),
            "rectified": told(row.care.rectified_rate),
            "unfounded": row.tally.unfounded,
        }
        for name, row in sorted(lines, key=lambda line: (line[0], line[1].organisation_id))
    ]


def public_rows(
    units: list[UnitRates], names: Mapping[int, str], least: int, published: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Units by name; where too few rated, it says so instead of a share."""
    rows = [(names.get(row.organisation_id, ""), row) for row in units]
    return [
        {
            "unit": name,
            "all": row.tally.all,
            "good": told(row.tally.good_rate) if is_enough(row.tally, least) else "",
            "participation": told(row.tally.participation) if is_enough(row.tally, least) else "",
            "rectified": told(row.care.rectified_rate) if is_enough(row.tally, least) else "",
            "words_url": reverse("interaction:words", args=[row.organisation_id])
            if published.get(row.organisation_id)
            else "",
        }
        for name, row in sorted(rows, key=lambda row: (row[0], row[1].organisation_id))
    ]


def side_rows(found: Mapping[str, Tally], least: int) -> list[dict[str, str]]:
    return [
        {"label": one.label, "good": told(found[one.value].good_rate)}
        for one in Indicator
        if one.value in found and is_enough(found[one.value], least)
    ]
