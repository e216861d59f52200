"""Views for devices: signed messages only. What is refused says why, and what time it is here."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mingtang.accounts.policy import public
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import printable
from mingtang.screens import services
from mingtang.screens.rules.devices import Message, Reason, Refused, read

HEADERS = ("X-Device", "X-Counter", "X-Time", "X-Mac")
LONGEST_BODY = 64 * 1024

Told = dict[str, Any]
Handle = Callable[[Any, Told, datetime], Told]


def heard(request: HttpRequest, handle: Handle) -> JsonResponse:
    """Check a message, do what it asks, answer in JSON. Every device speaks through here."""
    at = now()
    clock = {"time": round(at.timestamp() * 1000)}
    try:
        message = _message(request)
        device = services.accept_message(message, at)
        answer = JsonResponse({**handle(device, _body(message), at), **clock})
    except Refused as refused:
        told = {"error": refused.message, "reason": refused.reason.value, **clock}
        answer = JsonResponse(told, status=refused.status)
    except DomainError as error:
        answer = JsonResponse({"error": error.message, **clock}, status=error.status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _message(request: HttpRequest) -> Message:
    device, counter, moment, mac = (request.headers.get(name, "") for name in HEADERS)
    body = request.body if int(request.META.get("CONTENT_LENGTH") or 0) <= LONGEST_BODY else b""
    return read(
        (device, counter, moment, mac), method=request.method or "", path=request.path, body=body
    )


def _body(message: Message) -> Told:
    try:
        said = json.loads(message.body or b"{}")
    except ValueError:
        raise Refused(Reason.UNREADABLE) from None
    if not isinstance(said, dict):
        raise Refused(Reason.UNREADABLE)
    return said


def word(said: Told, name: str, most: int) -> str:
    """A short text of a message."""
    found = said.get(name)
    return printable(found)[:most] if isinstance(found, str) else ""


@csrf_exempt
@public
@require_POST
def beat(request: HttpRequest) -> JsonResponse:
    """I live, this is my version, this is what I show."""
    return heard(request, _beat)


def _beat(device: Any, said: Told, at: datetime) -> Told:
    services.beat(device, version=word(said, "version", 40), shows=word(said, "shows", 120), at=at)
    return {"ok": True}
