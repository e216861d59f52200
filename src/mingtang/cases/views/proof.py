"""Views of the proof: what an applicant takes away, to show later that nobody changed history."""

import json
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.cases import present
from mingtang.cases.views.citizen import address_of
from mingtang.cases.views.common import applicants_case, as_picture, private, unit_of
from mingtang.ledger.proofs import NoProofYet, receipt_of

QR_BYTES = 1000  # more are a picture that a phone does not read off paper


@public
@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """What the receipt says, how to keep it, how to check it; or that it is only being made."""
    case = applicants_case(request, number)
    try:
        content = receipt_of(case.stream)
    except NoProofYet:
        content = b"null"
    told = json.loads(content)
    context = {
        "case": present.public_case(case, unit_of(case)),
        "receipt": told,
        "place": told["position"] + 1 if told else 0,
        "is_small": len(content) <= QR_BYTES,
        "signed_at": datetime.fromisoformat(told["head"]["at"]) if told else None,
    }
    return private(render(request, "cases/proof.html", context))


@public
@require_GET
def proof_file(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a file: no name, no number of a person, not even that of the case."""
    case = applicants_case(request, number)
    answer = HttpResponse(receipt_of(case.stream), content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="receipt.json"'
    return private(answer)


@public
@require_GET
def proof_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a picture while it is small enough; then the way back to this case."""
    case = applicants_case(request, number)
    content = receipt_of(case.stream)
    is_small = len(content) <= QR_BYTES
    return as_picture(content.decode() if is_small else address_of(request, case))
