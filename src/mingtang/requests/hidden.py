"""What pages of a request show masked, and what of it may be shown for a reason."""

from collections.abc import Iterable

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.base.masking import mask_address, mask_identity, mask_mail_address, mask_phone
from mingtang.persons.rules import Hidden, Opened, hidden
from mingtang.requests import queries
from mingtang.requests.models import Party, Request
from mingtang.requests.rules.consulting import PartyRole


def hidden_of(request: Request, parties: Iterable[Party]) -> tuple[Hidden, ...]:
    agent = next((one.phone for one in parties if one.role == PartyRole.AGENT.value), "")
    number, phone = request.identity_number, request.phone
    return hidden(
        ("identity_number", "证件号码", mask_identity(number), number),
        ("phone", "联系电话", mask_phone(phone), phone),
        ("address", "联系地址", mask_address(request.address), request.address),
        ("email", "电子邮箱", mask_mail_address(request.email), request.email),
        ("proxy_phone", "代理人电话", mask_phone(agent), agent),
    )


def of_subject(scope: Scope, request_id: int) -> Opened:
    """Raises NotFound for whoever's office does not handle it."""
    request = queries.request_for(scope, request_id)
    found = hidden_of(request, queries.file_of(request).parties)
    url = reverse("requests:detail", args=[request.id])
    return Opened(f"{request.number} 信息公开申请", url, found)
