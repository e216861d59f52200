"""Views: what the pages of joint matters share."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from mingtang.accounts.policy import scope
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.web import site_url
from mingtang.cases.views.common import private, remember
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf, page_context, pdf_name
from mingtang.joint import present, queries
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing

SHOWN, FILED = present.SHOWN, "joint_filed"  # what this browser has shown the right to

__all__ = [
    "FILED",
    "SHOWN",
    "applicants_matter",
    "has_shown",
    "names_of",
    "paper_file",
    "paper_page",
    "private",
    "remember",
    "rows_of",
    "unit_of",
]


def unit_of(joint: queries.JointCase) -> str:
    return regions.name_of(joint.lead_id, today())


def names_of(parts: Iterable[queries.JointPart]) -> dict[int, str]:
    return regions.names_of({one.organisation_id for one in parts if one.organisation_id}, today())


def rows_of(found: Sequence[queries.JointCase]) -> list[dict[str, Any]]:
    on, calendar = today(), timing.current_calendar()
    names = regions.short_names_of({one.lead_id for one in found}, on)
    parts = queries.parts_of_matters(one.id for one in found)
    return [
        present.row(one, parts.get(one.id, []), on, names.get(one.lead_id, ""), calendar)
        for one in found
    ]


def has_shown(request: HttpRequest, number: str) -> bool:
    """Whether this browser filed the matter, or has given its query code."""
    return number in request.session.get(SHOWN, []) + request.session.get(FILED, [])


def applicants_matter(request: HttpRequest, number: str) -> queries.JointCase:
    """The matter, for its applicant or who knows its query code. Staff act for no applicant with
    a code. Raises NotFound."""
    if has_shown(request, number) and not scope(request).is_staff:
        return queries.filed_matter(number)
    return queries.own_matter(scope(request), number)


def paper_page(
    request: HttpRequest, joint: queries.JointCase, document_id: int, route: str, key: object
) -> HttpResponse:
    """A paper of a matter to read and print. `route`: of the page that it is read from."""
    context = page_context(document_of(joint, document_id)) | {
        "back_route": route,
        "number": key,
        "pdf_url": reverse(f"{_papers(route)}_pdf", args=[key, document_id]),
    }
    return private(render(request, "files/document.html", context))


def _papers(route: str) -> str:
    return "joint:document" if route == "joint:detail" else "joint:own_document"


def paper_file(request: HttpRequest, joint: queries.JointCase, document_id: int) -> HttpResponse:
    found = document_of(joint, document_id)
    answer = HttpResponse(document_pdf(found, site_url(request)), content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return private(answer)


def document_of(joint: queries.JointCase, document_id: int) -> files.Document:
    found = files.document_of(joint.stream, document_id)
    if found is None:
        raise NotFound
    return found
