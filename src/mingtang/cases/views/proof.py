"""Views of the receipt of a case, for its applicant."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.cases.views.citizen import address_of
from mingtang.cases.views.common import applicants_case
from mingtang.files.receipts import Way, receipt_file, receipt_page, receipt_picture

WAY = Way(
    *("cases:progress", _("办件查询"), "cases:progress_case"),
    *("cases:proof_file", "cases:proof_qr"),
)


@public
@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """What the receipt says, how to keep it, how to check it."""
    case = applicants_case(request, number)
    return receipt_page(request, case.stream, case.number, case.edition.name, WAY)


@public
@require_GET
def proof_file(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a file."""
    return receipt_file(applicants_case(request, number).stream)


@public
@require_GET
def proof_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a picture, or the way back to this case."""
    case = applicants_case(request, number)
    return receipt_picture(case.stream, lambda: address_of(request, case))
