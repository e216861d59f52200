"""Views: what the pages of letters share."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from mingtang.accounts.policy import scope
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.letters import present, queries
from mingtang.letters.rules.moves import HEADS, OFFICE
from mingtang.letters.services.filing import letter_office
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing

SHOWN, FILED = "letters_shown", "letters_filed"  # what this browser has shown the right to
ORGANS = ("department", "centre", "township")


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def unit_of(letter: queries.Letter) -> str:
    """Who has it: the unit that leads, or the office."""
    return regions.name_of(letter.lead_id or letter.office_id, today())


def organs() -> list[tuple[str, str]]:
    """Whom a letter may be about, and who may handle one: by kind and number."""
    cards = regions.organisation_cards(today(), kinds=ORGANS)
    order = {kind: place for place, kind in enumerate(("centre", "department", "township"))}
    listed = sorted(cards, key=lambda one: (order.get(one.kind, 9), one.area6, one.unit3))
    return [(str(one.id), one.name) for one in listed]


def remember(request: HttpRequest, key: str, number: str) -> None:
    request.session[key] = [*request.session.get(key, [])[-9:], number]


def has_shown(request: HttpRequest, number: str) -> bool:
    """Whether this browser sent the letter, or has given its query code."""
    return number in request.session.get(SHOWN, []) + request.session.get(FILED, [])


def writers_letter(request: HttpRequest, number: str) -> queries.Letter:
    """The letter, for its writer or who knows its query code. Staff act for no writer with a code.
    Raises NotFound."""
    if has_shown(request, number) and not scope(request).is_staff:
        return queries.filed_letter(number)
    return queries.own_letter(scope(request), number)


def rows_of(request: HttpRequest, found: list[queries.Letter]) -> list[dict[str, Any]]:
    on, calendar = today(), timing.current_calendar()
    names = regions.short_names_of({one.lead_id or one.office_id for one in found}, on)
    titles = queries.titles_for(scope(request), found)
    return [
        present.row(one, titles[one.id], on, names.get(one.lead_id or one.office_id, ""), calendar)
        for one in found
    ]


def tabs(request: HttpRequest) -> dict[str, bool]:
    """Which tabs of the desk are open to a reader."""
    reader = scope(request)
    return {"is_office": reader.has_role(OFFICE), "is_head": reader.has_role(HEADS)}


def check_is_of_the_office(request: HttpRequest) -> None:
    """Mails and those who read tip-offs are of the one office to which letters come.

    Raises NotFound for the same roles elsewhere.
    """
    if letter_office() not in queries.units_of(scope(request), OFFICE):
        raise NotFound


def onward(given: dict[str, str], after: Cursor | DateCursor | None) -> str:
    kept = {name: value for name, value in given.items() if value}
    return "?" + urlencode({**kept, "after": str(after)}) if after else ""
