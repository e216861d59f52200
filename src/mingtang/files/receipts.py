"""The pages of a receipt (防改凭证): what a citizen takes away, to show later that nobody changed
history. Whose it is the app has asked before."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingtang.base.qr import qr_svg
from mingtang.files.download import HEADERS
from mingtang.ledger.proofs import NoProofYet, receipt_of

QR_BYTES = 1000  # more are a picture that a phone does not read off paper


@dataclass(frozen=True)
class Way:
    """Routes about a kind of thing: the look-up with what it is called, then its progress, the
    receipt as a file and as a picture, each by the number."""

    lookup: str
    label: Any
    progress: str
    file: str
    picture: str


def receipt_page(
    request: HttpRequest, stream: str, number: str, title: str, way: Way
) -> HttpResponse:
    """What the receipt says, how to keep it, how to check it; or that it is only being made."""
    try:
        content = receipt_of(stream)
    except NoProofYet:
        content = b"null"
    told = json.loads(content)
    context = {
        "number": number,
        "title": title,
        "lookup_label": way.label,
        "lookup_url": reverse(way.lookup),
        "progress_url": reverse(way.progress, args=[number]),
        "file_url": reverse(way.file, args=[number]),
        "picture_url": reverse(way.picture, args=[number]),
        "receipt": told,
        "place": told["position"] + 1 if told else 0,
        "is_small": len(content) <= QR_BYTES,
        "signed_at": datetime.fromisoformat(told["head"]["at"]) if told else None,
    }
    return _private(render(request, "files/proof.html", context))


def receipt_file(stream: str) -> HttpResponse:
    """The receipt as a file: no name, no number of a person, not even that of the thing.
    Raises NoProofYet."""
    answer = HttpResponse(receipt_of(stream), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="receipt.json"'
    return _private(answer)


def receipt_picture(stream: str, way_back: Callable[[], str]) -> HttpResponse:
    """The receipt as a picture while it is small enough; then an address. Raises NoProofYet."""
    content = receipt_of(stream)
    text = content.decode() if len(content) <= QR_BYTES else way_back()
    return _private(HttpResponse(qr_svg(text), content_type="image/svg+xml"))


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = HEADERS["Cache-Control"]
    return answer
