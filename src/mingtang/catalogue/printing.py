"""The handbook (办事指南汇编): the guides of all in the hall, or of one organ, as one file."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from mingtang.base.pdf import whole_pdf_of
from mingtang.base.qr import picture_of
from mingtang.catalogue.queries import guides


@dataclass(frozen=True)
class Handbook:
    """What was made: the file, and what is in it."""

    pdf: bytes
    items: int
    departments: int
    unpublished: int


def handbook(*, on: date, site: str, organ: str = "") -> Handbook:
    """The handbook as of a day, in Chinese, laid out anew each time: it takes minutes.

    `organ`: the code of the one unit whose items it has. `site` is the public address, without a
    slash at its end. Raises NotFound for an unknown organ or where nothing is published, and
    PdfUnavailable.
    """
    found, waiting = guides.handbook_items(on, organ), guides.unpublished_items(on, organ)
    chapters = [
        {"unit": unit, "items": [_guide(item, site, on) for item in items]}
        for unit, items in groupby(found, lambda item: item["department"])
    ]
    context = {
        "chapters": chapters,
        "waiting": waiting,
        "count": len(found),
        "on": on,
        "site_url": site,
        "centre_name": settings.MINGTANG_CENTRE_NAME,
        "hotline": settings.MINGTANG_HOTLINE,
    }
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("catalogue/handbook_pdf.html", context)
        made = whole_pdf_of(text, base_url=f"{site}/")
    return Handbook(made, len(found), len(chapters), len(waiting))


def _guide(item: dict[str, Any], site: str, on: date) -> dict[str, Any]:
    address = site + reverse("catalogue:item", args=[item["code"]])
    return {"item": item, "address": address, "qr_picture": picture_of(address), "on": on}
