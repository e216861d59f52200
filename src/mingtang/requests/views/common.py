"""Views: what the pages of requests share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from mingtang.accounts.policy import scope
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.web import site_url
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf, page_context, pdf_name
from mingtang.regions import queries as regions
from mingtang.requests import present, queries
from mingtang.timing import queries as timing

SHOWN, FILED = "requests_shown", "requests_filed"  # what this browser has shown the right to
ORGANS = ("department", "centre", "township")


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


def unit_of(request: queries.Request) -> str:
    return regions.name_of(request.organisation_id, today())


def organs() -> list[tuple[str, str]]:
    """Whom one may ask: departments, the centre, townships, by name."""
    cards = regions.organisation_cards(today(), kinds=ORGANS)
    order = {kind: place for place, kind in enumerate(("centre", "department", "township"))}
    listed = sorted(cards, key=lambda one: (order.get(one.kind, 9), one.area6, one.unit3))
    return [(str(one.id), one.name) for one in listed]


def remember(request: HttpRequest, key: str, number: str) -> None:
    request.session[key] = [*request.session.get(key, [])[-9:], number]


def has_shown(request: HttpRequest, number: str) -> bool:
    """Whether this browser filed the request, or has given its query code."""
    return number in request.session.get(SHOWN, []) + request.session.get(FILED, [])


def applicants_request(request: HttpRequest, number: str) -> queries.Request:
    """The request, for its applicant or who knows its query code. Staff act for no applicant with
    a code. Raises NotFound."""
    if has_shown(request, number) and not scope(request).is_staff:
        return queries.filed_request(number)
    return queries.own_request(scope(request), number)


def rows_of(found: list[queries.Request]) -> list[dict[str, Any]]:
    on, calendar = today(), timing.current_calendar()
    names = regions.short_names_of({one.organisation_id for one in found}, on)
    return [present.row(one, on, names.get(one.organisation_id, ""), calendar) for one in found]


def paper_page(
    request: HttpRequest, about: queries.Request, document_id: int, back: str, pdf: str, key: object
) -> HttpResponse:
    """A paper of a request to read and print."""
    context = page_context(document_of(about, document_id)) | {
        "back_route": back,
        "number": key,
        "pdf_url": reverse(pdf, args=[key, document_id]),
    }
    return private(render(request, "files/document.html", context))


def paper_file(request: HttpRequest, about: queries.Request, document_id: int) -> HttpResponse:
    found = document_of(about, document_id)
    answer = HttpResponse(document_pdf(found, site_url(request)), content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return private(answer)


def document_of(about: queries.Request, document_id: int) -> files.Document:
    found = files.document_of(about.stream, document_id)
    if found is None:
        raise NotFound
    return found
