"""Rules of rating tokens: how long they hold, how they are written. Pure.

A token is its row's number and a message code over the whole row. It opens nothing but the rating
of one service, once.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from mingtang.base.errors import Conflict, NotFound

MAC_BYTES = 16
TOKEN_LENGTH = (8 + MAC_BYTES) * 4 // 3


class UnknownToken(NotFound):
    """Forged, cut short or put together of two: all look the same."""

    heading = "评价链接不正确"

    def __init__(self) -> None:
        super().__init__(
            "这个评价链接不完整或不正确，没有提交评价。请重新扫码，或者在“办件查询”里评价。"
        )


class TokenExpired(Conflict):
    heading = "评价链接已经过期"

    def __init__(self) -> None:
        super().__init__("这个评价链接已经过期，没有提交评价。您仍可以在“办件查询”里评价这次服务。")


class TokenUsed(Conflict):
    heading = "评价已经收到"

    def __init__(self) -> None:
        super().__init__("您的评价已经收到，谢谢您。一次服务只评一次，不用再评。")


def bound_to(row: Any) -> list[Any]:
    """Everything that a token is bound to: case, service, window, way and time."""
    return [
        *(str(row.id), row.subject, row.completed_seq, row.channel),
        *(str(row.window_id or ""), str(row.issued_by_id or "")),
        *(_moment(row.issued_at), _moment(row.expires_at)),
    ]


def _moment(at: datetime) -> str:
    return str(round(at.timestamp() * 1_000_000))


def write(number: int, mac: bytes) -> str:
    return urlsafe_b64encode(number.to_bytes(8) + mac[:MAC_BYTES]).decode()


def read(text: str) -> tuple[int, bytes]:
    """Number and message code of what was sent. Raises UnknownToken."""
    if len(text) != TOKEN_LENGTH or not text.isascii():
        raise UnknownToken
    try:
        raw = b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnknownToken from None
    number, mac = int.from_bytes(raw[:8]), raw[8:]
    if len(mac) != MAC_BYTES or number >= 2**63 or write(number, mac) != text:
        raise UnknownToken
    return number, mac
