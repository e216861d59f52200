"""Sheets of numbered paper receipts, to lie at the windows for a day without the system: A4, four
to a sheet, each with a stub that stays."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from mingtang.base.pdf import whole_pdf_of
from mingtang.base.qr import picture_of
from mingtang.outage.rules import code_of

SITE = "http://127.0.0.1/"  # nothing on these sheets leads anywhere


def receipts_pdf(first: int, last: int) -> bytes:
    """The receipts from one number to another. Raises PdfUnavailable."""
    codes = [code_of(serial) for serial in range(first, last + 1)]
    context = {
        "receipts": [{"code": code, "picture": picture_of(code)} for code in codes],
        "centre_name": settings.MINGTANG_CENTRE_NAME,
        "hotline": settings.MINGTANG_HOTLINE,
        "days": settings.MINGTANG_PAPER_RECEIPT_DAYS,
    }
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("outage/receipts_pdf.html", context)
        return whole_pdf_of(text, base_url=SITE)
