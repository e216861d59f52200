"""Views of the papers of a case: to read and print, and as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.errors import NotFound
from mingtang.base.web import site_url
from mingtang.cases import queries
from mingtang.cases.views.common import CASE_STAFF, applicants_case, private
from mingtang.files import queries as files
from mingtang.files.printing import document_pdf, page_context, pdf_name


@public
@require_GET
def own_document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """A paper of a case, for the applicant's side."""
    case = applicants_case(request, number)
    return _page(request, case, document_id, "cases:progress_case", "cases:own_document_pdf")


@public
@require_GET
def own_document_pdf(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    return _file(request, applicants_case(request, number), document_id)


@staff(*CASE_STAFF)
@require_GET
def document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """A paper of a case, for staff."""
    case = queries.case_for(scope(request), number)
    return _page(request, case, document_id, "cases:detail", "cases:document_pdf")


@staff(*CASE_STAFF)
@require_GET
def document_file(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    return _file(request, queries.case_for(scope(request), number), document_id)


def _found(case: Any, document_id: int) -> Any:
    found = files.document_of(case.stream, document_id)
    if found is None:
        raise NotFound
    return found


def _page(
    request: HttpRequest, case: Any, document_id: int, back: str, pdf_route: str
) -> HttpResponse:
    context = page_context(_found(case, document_id)) | {
        "back_route": back,
        "number": case.number,
        "pdf_url": reverse(pdf_route, args=[case.number, document_id]),
    }
    return private(render(request, "files/document.html", context))


def _file(request: HttpRequest, case: Any, document_id: int) -> HttpResponse:
    found = _found(case, document_id)
    made = document_pdf(found, site_url(request))
    answer = HttpResponse(made, content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return private(answer)
