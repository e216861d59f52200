"""Views: what the pages of cases share."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mingtang.accounts.policy import scope
from mingtang.accounts.rules import SEES_NO_CASES, Role
from mingtang.base.clock import today
from mingtang.base.qr import qr_svg
from mingtang.base.subjects import url_of
from mingtang.cases import present, queries
from mingtang.cases.rules import Channel
from mingtang.files.services import StoredFile, store
from mingtang.questions.forms import Places
from mingtang.questions.rules import Form, Kind
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import FIRST_DAY, WorkingCalendar

CASE_STAFF = tuple(role for role in Role if role not in SEES_NO_CASES)
NUMBER = "0"  # stands for the number of a case in an address
SHOWN, FILED = "cases_shown", "cases_filed"  # what this browser has shown the right to


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def unit_of(case: Any) -> str:
    return regions.name_of(case.organisation_id, today())


def joint_url(case: Any, *, for_staff: bool) -> str | None:
    """The page of the joint matter that a case is part of."""
    if case.channel != Channel.JOINT:
        return None
    return url_of(f"joint_of_case:{case.id}", for_staff=for_staff)


def window_of(case: Any) -> regions.WindowPlace | None:
    """The window to go to: where the application was taken in, a township's perhaps."""
    windows = regions.windows_serving(case.intake_organisation_id or case.organisation_id)
    return windows[0] if windows else None


def short_names(ids: Iterable[int | None]) -> dict[int, str]:
    return regions.short_names_of({one for one in ids if one}, today())


def rows_of(
    cases: list[Any], route: str, calendar: WorkingCalendar | None = None
) -> list[dict[str, Any]]:
    on, calendar = today(), calendar or timing.current_calendar()
    names = short_names(case.organisation_id for case in cases)
    before, _, after = reverse(route, args=[NUMBER]).rpartition(NUMBER)  # once for all rows
    return [
        {
            **present.row(case, on, names[case.organisation_id], calendar),
            "url": f"{before}{quote(case.number)}{after}",
        }
        for case in cases
    ]


def remember(request: HttpRequest, key: str, number: str) -> None:
    request.session[key] = [*request.session.get(key, [])[-9:], number]


def has_shown(request: HttpRequest, number: str) -> bool:
    """Whether this browser filed the case, or has given its query code."""
    known = request.session.get(SHOWN, []) + request.session.get(FILED, [])
    return number in known


def applicants_case(request: HttpRequest, number: str) -> Any:
    """The case, for its applicant, an enterprise's proxy, or who knows its query code. Staff, who
    may come by a code at the counter, act for no applicant with it. Raises NotFound."""
    if has_shown(request, number) and not scope(request).is_staff:
        return queries.filed_case(number)
    return queries.own_case(scope(request), number)


def stored(files: Iterable[Any], command_id: str) -> list[StoredFile]:
    """Uploads of a form, safe on disk; one chosen twice counts once. Raises RefusedFile."""
    kept = [store(one, command_id=command_id) for one in files]
    return list({one.storage_key: one for one in kept}.values())


def as_picture(text: str) -> HttpResponse:
    """A QR code for one reader."""
    return private(HttpResponse(qr_svg(text), content_type="image/svg+xml"))


def places_for(form: Form, edition: Any, on: date) -> Places:
    """Where addresses of an item's form may lie: in the county of its department. Nothing is read
    for a form that asks for none."""
    if all(question.kind is not Kind.ADDRESS for question in form.questions()):
        return ()
    return regions.places_in(f"{edition.item.department.area6}000000", on)


def day_asked(request: HttpRequest, name: str, otherwise: date) -> date:
    """The day that an address names, from the first that is counted to today; another one where
    it names none."""
    return day_written(request.GET.get(name, ""), otherwise)


def day_written(text: str, otherwise: date) -> date:
    """The same for a day that stands anywhere: 2013-09-17, not before anybody's time."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return max(FIRST_DAY, min(asked, today()))
