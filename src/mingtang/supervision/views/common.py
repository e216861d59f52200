"""Views: what those of supervision share."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from mingtang.accounts.policy import scope
from mingtang.base.clock import today
from mingtang.base.pdf import pdf_of
from mingtang.base.web import site_url
from mingtang.files.printing import document_pdf, page_context, pdf_name
from mingtang.files.queries import Document
from mingtang.supervision.forms import SpanForm, spread
from mingtang.supervision.rules import INSPECTORS, OVERSEERS
from mingtang.timing.rules import FIRST_DAY


def is_overseer(request: HttpRequest) -> bool:
    return scope(request).has_role(OVERSEERS)


def is_inspector(request: HttpRequest) -> bool:
    return scope(request).has_role(INSPECTORS)


LONGEST_READ = timedelta(days=365)


def read_span(request: HttpRequest, days: int) -> tuple[date, date]:
    """The span for pages that read events each time: the last days, or as asked for, at most a
    year up to its end."""
    on = today()
    since, until = span_asked(request, (on - timedelta(days=days - 1), on))
    return max(since, until - LONGEST_READ), until


def span_asked(request: HttpRequest, otherwise: tuple[date, date]) -> tuple[date, date]:
    """The span that an address names, up to today; what is no day is passed over."""
    form = SpanForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    since, until = spread(asked.get("since"), asked.get("until"), otherwise)
    return max(FIRST_DAY, min(since, today())), max(FIRST_DAY, min(until, today()))


def paper(request: HttpRequest, found: dict[str, Any], back: str, pdf_url: str) -> HttpResponse:
    """An official paper on the screen, made to be printed."""
    context = {"paper": found, "back_url": back, "pdf_url": pdf_url}
    return render(request, "supervision/paper.html", context)


def paper_pdf(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    """The same paper as a file."""
    text = render_to_string(
        "supervision/paper_pdf.html",
        {"paper": found, "centre_name": settings.MINGTANG_CENTRE_NAME},
    )
    made = pdf_of(text, base_url=f"{site_url(request)}/")
    return _file(made, f"{found['title']}-{found['number']}.pdf")


def document(request: HttpRequest, found: Document, back: str, pdf_url: str) -> HttpResponse:
    """A numbered document with the code by which anybody verifies it."""
    context = page_context(found) | {"back_url": back, "pdf_url": pdf_url}
    answer = render(request, "files/document.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def document_file(request: HttpRequest, found: Document) -> HttpResponse:
    return _file(document_pdf(found, site_url(request)), pdf_name(found))


def _file(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    disposition = content_disposition_header(False, name)
    answer.headers["Content-Disposition"] = disposition or "inline"
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
