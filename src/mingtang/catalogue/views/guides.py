"""Paper of the catalogue: the guide (screen, print, PDF), its QR code, blank forms, the sheet."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public, scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import COUNTER_ROLES, Grant
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.framed import render_framed
from mingtang.base.ids import parse_id
from mingtang.base.pdf import pdf_of
from mingtang.base.qr import picture_of, qr_svg
from mingtang.base.web import new_command_id, search_text, site_url
from mingtang.catalogue import queries, services
from mingtang.catalogue.forms import EnquiryForm
from mingtang.catalogue.queries import guides
from mingtang.catalogue.views import variant_query
from mingtang.files.download import as_attachment

QR_KEPT = 24 * 3600  # seconds: the address of an item changes only with the name of the host
LONGEST_NUMBER = 6  # figures of an edition's number
PDF_KEPT = 600  # seconds in a browser


class StaleForm(DomainError):
    def __init__(self) -> None:
        super().__init__(_("页面内容不完整，没有记录咨询。请返回咨询页，刷新后再点一次。"))


@public
@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide of an item, made to be printed."""
    variant, site = request.GET.get("variant", ""), site_url(request)

    def facts() -> dict[str, Any]:
        context = _guide(site, code, variant, today())
        pdf_url = reverse("catalogue:guide_pdf", args=[code]) + variant_query(context["item"])
        return context | {"pdf_url": pdf_url}

    return render_framed(request, "catalogue/guide.html", (site, code, variant), facts)


def _guide(site: str, code: str, variant: str, on: date) -> dict[str, Any]:
    found = guides.on_paper(queries.item_detail(code, on, variant))
    edition = f"?edition={found['edition_number']}"
    return {
        "item": found,
        "address": _address(site, code) + edition,
        "qr_url": reverse("catalogue:qr", args=[code]) + edition,
        "on": on,
    }


@public
@require_GET
def guide_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The guide as a file, in Chinese: paper is handed on at counters. The same text is laid out
    once: asking again costs a page."""
    translation.activate(settings.LANGUAGE_CODE)
    site = site_url(request)
    context = _guide(site, code, request.GET.get("variant", ""), today())
    context |= {
        "qr_picture": picture_of(context["address"]),
        "site_url": site,
        "centre_name": settings.MINGTANG_CENTRE_NAME,
        "hotline": settings.MINGTANG_HOTLINE,
    }
    text = render_to_string("catalogue/guide_pdf.html", context)
    answer = HttpResponse(pdf_of(text, base_url=f"{site}/"), content_type="application/pdf")
    name = _("办事指南-%(name)s.pdf") % {"name": context["item"]["name"][:60]}
    answer.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer.headers["Cache-Control"] = f"public, max-age={PDF_KEPT}"
    return answer


@public
@require_GET
def item_file(request: HttpRequest, code: str, name: str) -> FileResponse:
    """A blank form or a filled-in sample, for whoever wants to prepare at home."""
    return as_attachment(guides.public_file(code, name))


@public
@require_GET
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code that leads to the page of an item; on a guide it names the edition in hand."""
    queries.published(code)
    number = parse_id(request.GET.get("edition", "")[:LONGEST_NUMBER])
    edition = f"?edition={number}" if number else ""
    drawn = qr_svg(_address(site_url(request), code) + edition)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={QR_KEPT}"
    return answer


def _address(site: str, code: str) -> str:
    """Where the public finds the item."""
    return site + reverse("catalogue:item", args=[code])


# 首问负责: whoever is asked first tells all of it, whichever department's item it is.
@staff(*COUNTER_ROLES)
@require_GET
def enquiries(request: HttpRequest) -> HttpResponse:
    """Find the item somebody asks about, and hand out its sheet."""
    on, text, after = today(), search_text(request), request.GET.get("after", "")
    page = queries.search_items(on=on, text=text, after=after) if text else None
    own = _counter(request)
    context = {
        "q": text,
        "rows": [(row, new_command_id()) for row in page.items] if page else [],
        "total": page.total if page else 0,
        "next_url": f"?{urlencode({'q': text, 'after': page.next_after})}"
        if page and page.next_after
        else "",
        "figures": guides.enquiry_figures(own.organisation_id, on),
        "organisation": own.organisation_label,
    }
    return render(request, "catalogue/enquiries.html", context)


def _counter(request: HttpRequest) -> Grant:
    """The counter somebody stands at: their own post before one held for somebody else."""
    at_counter = [grant for grant in scope(request).grants if grant.role in COUNTER_ROLES]
    return min(at_counter, key=lambda grant: grant.acting_for_id is not None)


@staff(*COUNTER_ROLES)
@require_POST
def enquire(request: HttpRequest) -> HttpResponseRedirect:
    """Note the enquiry; the sheet is shown at an address of its own."""
    form = EnquiryForm(request.POST)
    if not form.is_valid():
        raise StaleForm
    made = services.record_enquiry(
        item_code=form.cleaned_data["item"],
        actor=actor_of(scope(request), _counter(request)),
        at=now(),
        command_id=form.cleaned_data["command_id"],
    )
    return redirect("catalogue:sheet", made["code"], made["number"])


@staff(*COUNTER_ROLES)
@require_GET
def sheet(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The information sheet of an enquiry, as it is printed."""
    found = guides.enquiry_sheet(code, number, request.GET.get("variant", ""))
    context = {"item": found, "address": _address(site_url(request), code)}
    return render(request, "catalogue/sheet.html", context)
