"""Views of the receipt of a letter, for who wrote it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.tracking import address_with_keys
from mingtang.base.web import site_url
from mingtang.files.receipts import Way, receipt_file, receipt_page, receipt_picture
from mingtang.letters import services
from mingtang.letters.rules.kinds import Kind
from mingtang.letters.views.common import writers_letter

WAY = Way(
    *("letters:progress", _("查来信进度"), "letters:progress_of"),
    *("letters:proof_file", "letters:proof_qr"),
)


@public
@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """What the receipt says, how to keep it, how to check it. Nothing of what was written."""
    letter = writers_letter(request, number)
    return receipt_page(request, letter.stream, letter.number, said("来信"), WAY)


@public
@require_GET
def proof_file(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a file."""
    return receipt_file(writers_letter(request, number).stream)


@public
@require_GET
def proof_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a picture, or the way back to this letter; of a tip-off without its keys:
    who finds the paper reads nothing."""
    letter = writers_letter(request, number)
    lookup = f"{site_url(request)}{reverse(WAY.lookup)}"

    def way_back() -> str:
        if letter.kind == Kind.TIP_OFF.value:
            return lookup
        return address_with_keys(lookup, letter.number, services.tracking_code(letter))

    return receipt_picture(letter.stream, way_back)
