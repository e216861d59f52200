"""How a document is shown, printed and made a file of."""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from mingtang.base.pdf import pdf_of
from mingtang.base.qr import qr_svg
from mingtang.files import seals
from mingtang.files.codes import code_of
from mingtang.files.models import Document
from mingtang.files.rules.documents import SealState, chinese_date
from mingtang.regions.queries import name_of

NARROW, SHORT = ("序号", "份数"), ("日期", "金额")  # columns that need no room


def page_context(document: Document) -> dict[str, Any]:
    """What `files/document.html` shows. Raises AlteredDocument: nothing is shown then.

    The issuing unit has the name that it bore on the day of issue.
    """
    paper, state = document.paper(), document.seal_state
    return {
        "title": paper.title,
        "document_number": document.number or "",
        "addressee": paper.addressee,
        "paragraphs": paper.paragraphs,
        "row_heads": paper.row_heads,
        "rows": list(paper.cells()),
        "narrow": NARROW,
        "short": SHORT,
        "legal_basis": paper.legal_basis,
        "remedies": paper.remedies,
        "issuer": name_of(document.organisation_id, document.issued_date),
        "issued": chinese_date(document.issued_date),
        "issued_date": document.issued_date,
        "seal_label": state.label,
        "seal_tone": state.tone,
        "seal_name": document.seal_name,
        "seal_notice": seals.notice_of(document.seal_provider),
        "is_draft": state is SealState.DRAFT,
        "is_electronic": state is SealState.ELECTRONIC,
        "needs_seal": paper.needs_seal,
        "code": code_of(document.id, document.salt),
    }


def address_of(code: str, site: str) -> str:
    """Where the public verifies the document of a code: what its QR code says."""
    return site + reverse("files:verified", args=[code])


def pdf_name(document: Document) -> str:
    return "-".join(filter(None, (document.title, document.number))) + ".pdf"


def document_pdf(document: Document, site: str) -> bytes:
    """The paper as a tagged file, a draft marked as one on each sheet.

    `site`: the public address, for the QR code. Raises AlteredDocument and PdfUnavailable.
    """
    context = page_context(document)
    picture = b64encode(qr_svg(address_of(context["code"], site))).decode()
    context |= {"qr_picture": f"data:image/svg+xml;base64,{picture}"}
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("files/document_pdf.html", context)
    return pdf_of(text, base_url=f"{site}/")
