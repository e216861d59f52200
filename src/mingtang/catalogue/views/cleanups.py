"""Screens of clean-up campaigns for everybody: the results, each item of one, its papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.web import search_text, site_url
from mingtang.catalogue import campaign_pages as pages
from mingtang.catalogue.queries import campaigns as queries
from mingtang.files.printing import document_pdf, page_context, pdf_name


@public
@require_GET
def cleanups(request: HttpRequest) -> HttpResponse:
    """The campaigns whose results were announced."""
    rows, next_after = queries.campaigns(after=request.GET.get("after", ""), is_public=True)
    context = {"rows": rows, "next_url": f"?after={next_after}" if next_after else ""}
    return render(request, "catalogue/campaigns/public_list.html", context)


@public
@require_GET
def cleanup(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The result of one: the numbers, and each item with what was decided."""
    found, on = queries.public_campaign(campaign_id), today()
    asked = pages.Asked.read(request, search_text(request))
    context = pages.figures(found, on) | pages.entries(scope(request), found, on, asked)
    return render(request, "catalogue/campaigns/public.html", context)


@public
@require_GET
def cleanup_file(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """All items of one, as CSV."""
    found, on = queries.public_campaign(campaign_id), today()
    rows, _after = queries.entries(found, on=on, page=None)
    return pages.entries_file(found, on, rows, for_staff=False)


@staff(*queries.READERS)
@require_GET
def entries_file(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The inventory as CSV: filled in, it is the table of decisions."""
    found, on = queries.campaign_for(scope(request), campaign_id), today()
    rows, _after = queries.entries(found, on=on, page=None, organisation_id=_own(request, found))
    return pages.entries_file(found, on, rows, for_staff=True)


def _own(request: HttpRequest, found: Any) -> int | None:
    """A department takes its own entries away; the office all."""
    mine = queries.unit_of(scope(request), found)
    if mine is None or queries.leads(scope(request), found):
        return None
    return mine[0].organisation_id


@public
@require_GET
def paper(request: HttpRequest, campaign_id: int, document_id: int) -> HttpResponse:
    """The notice to departments, for staff; the announcement of the result, for everybody."""
    found = _paper(request, campaign_id, document_id)
    pdf_url = reverse("catalogue:campaign_paper_pdf", args=[campaign_id, document_id])
    return render(request, "files/document.html", page_context(found) | {"pdf_url": pdf_url})


@public
@require_GET
def paper_pdf(request: HttpRequest, campaign_id: int, document_id: int) -> HttpResponse:
    found = _paper(request, campaign_id, document_id)
    answer = HttpResponse(document_pdf(found, site_url(request)), content_type="application/pdf")
    name = content_disposition_header(False, pdf_name(found))
    answer.headers["Content-Disposition"] = name or "inline"
    return answer


def _paper(request: HttpRequest, campaign_id: int, document_id: int) -> Any:
    found = queries.campaign(campaign_id)
    if document_id == found.result_id:
        return found.result
    if document_id == found.notice_id and scope(request).is_staff:
        return queries.campaign_for(scope(request), campaign_id).notice
    raise NotFound
