"""Views of the receipt of a request, for its applicant."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.tracking import address_with_keys
from mingtang.base.web import site_url
from mingtang.files.receipts import Way, receipt_file, receipt_page, receipt_picture
from mingtang.requests import services
from mingtang.requests.views.common import applicants_request

WAY = Way(
    *("requests:progress", _("查申请进度"), "requests:progress_of"),
    *("requests:proof_file", "requests:proof_qr"),
)


@public
@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """What the receipt says, how to keep it, how to check it."""
    about = applicants_request(request, number)
    return receipt_page(request, about.stream, about.number, said("信息公开申请"), WAY)


@public
@require_GET
def proof_file(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a file."""
    return receipt_file(applicants_request(request, number).stream)


@public
@require_GET
def proof_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a picture, or the way back to this request."""
    about = applicants_request(request, number)
    lookup = f"{site_url(request)}{reverse(WAY.lookup)}"
    return receipt_picture(
        about.stream,
        lambda: address_with_keys(lookup, about.number, services.tracking_code(about)),
    )
