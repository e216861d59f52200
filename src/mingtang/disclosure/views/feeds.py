"""Views: Atom feeds of the section, of a column, of an organ; files and sheets of paper."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.pdf import pdf_of
from mingtang.base.qr import picture_of
from mingtang.base.web import site_url
from mingtang.disclosure import queries
from mingtang.disclosure.atom import atom
from mingtang.disclosure.queries.every import feed_items
from mingtang.disclosure.queries.public import PublicSought
from mingtang.disclosure.rules.items import Column
from mingtang.disclosure.views.section import page_of
from mingtang.files.download import as_attachment
from mingtang.regions import queries as regions

ENTRIES = 50
KEPT = 300  # seconds in a reader
PDF_KEPT = 600


@public
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """All that is published."""
    title = _("政府信息公开")
    return _feed(request, title, PublicSought(), reverse("openness:home"))


@public
@require_GET
def column_feed(request: HttpRequest, key: str) -> HttpResponse:
    if key not in set(Column):
        raise NotFound
    page = reverse("openness:column", args=[key])
    return _feed(request, Column(key).label, PublicSought(column=Column(key)), page)


@public
@require_GET
def organ_feed(request: HttpRequest, code: str) -> HttpResponse:
    unit = regions.organisation_by_code(code)
    title = regions.name_of(unit.id, today())
    sought = PublicSought(organisation_ids=(unit.id,))
    return _feed(request, title, sought, reverse("openness:organ", args=[code]))


def _feed(request: HttpRequest, title: str, sought: PublicSought, page: str) -> HttpResponse:
    """Asked again before anything has changed, it says only that. A day of the last change is not
    told: what was taken down leaves the newest day as it was."""
    items = feed_items(sought, ENTRIES)
    etag = _etag(items, request.path)
    answer = get_conditional_response(request, etag)
    if answer is None:
        answer = HttpResponse(
            atom(site_url(request), title, items, page, request.path),
            content_type="application/atom+xml; charset=utf-8",
        )
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    patch_vary_headers(answer, ["Cookie"])  # the language of the titles is chosen by one
    return answer


def _etag(items: Sequence[Any], path: str) -> str:
    """Another one as soon as any entry comes, goes or changes."""
    entries = [[one.id, one.published_hash, str(one.published_at)] for one in items]
    said = json.dumps([path, translation.get_language(), entries])
    return quote_etag(hashlib.sha256(said.encode()).hexdigest())


@public
@require_GET
def file(request: HttpRequest, publication_id: str, upload_id: str) -> FileResponse:
    """A file of an item that is public, of the version that is."""
    upload = queries.public_file(parse_id(publication_id) or 0, parse_id(upload_id) or 0)
    return as_attachment(upload)


@public
@require_GET
def sheet(request: HttpRequest, publication_id: str) -> HttpResponse:
    """The sheet for a notice board, as PDF, in Chinese: with the code that leads to the page."""
    translation.activate(settings.LANGUAGE_CODE)
    found = queries.public_item(parse_id(publication_id) or 0)
    context = page_of(found, site_url(request), today())
    context |= {
        "qr_picture": picture_of(context["address"]),
        "centre_name": settings.MINGTANG_CENTRE_NAME,
        "hotline": settings.MINGTANG_HOTLINE,
    }
    made = render_to_string("disclosure/sheet.html", context)
    answer = HttpResponse(
        pdf_of(made, base_url=f"{site_url(request)}/"), content_type="application/pdf"
    )
    name = f"公示-{context['version'].title[:60]}.pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer.headers["Cache-Control"] = f"public, max-age={PDF_KEPT}"
    return answer
