"""Views of uploads in pieces."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import public
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.files import services
from mingtang.files.rules.tickets import LARGEST_CHUNK, Ticket, WrongOffset
from mingtang.files.services.halves import Half

# ── uploads in pieces: answers in JSON for `upload.js`. A ticket opens them, which a page gave that
# had checked access.

Answer = Callable[..., JsonResponse]


def _with_ticket(view: Callable[..., Half | None]) -> Answer:
    """A view gets the ticket of the request; a refusal becomes a sentence with its status."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            ticket = services.read_ticket(request.headers.get("Upload-Ticket", ""), at=now())
            response = _told(view(request, ticket, *args, **kwargs))
        except WrongOffset as error:
            response = _refused(error)
            response.headers["Upload-Offset"] = str(error.offset)
        except DomainError as error:
            response = _refused(error)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return answer


def _told(half: Half | None) -> JsonResponse:
    if half is None:
        return JsonResponse({})
    said = {
        "url": reverse("files:half", args=[half.token]),
        "offset": half.offset,
        "size": half.size,
        "chunk": LARGEST_CHUNK,
        "name": half.name,
        "handed": half.handed,
    }
    return JsonResponse(said, headers={"Upload-Offset": str(half.offset)})


def _refused(error: DomainError) -> JsonResponse:
    said: dict[str, Any] = {"error": error.message}
    if isinstance(error, WrongOffset):
        said["offset"] = error.offset
    return JsonResponse(said, status=error.status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


@public
@require_http_methods(["POST"])
@_with_ticket
def begin(request: HttpRequest, ticket: Ticket) -> Half:
    """A name and a size: a place to send the pieces to."""
    size = _number(request.POST.get("size", ""))
    return services.begin(ticket, request.POST.get("name", ""), size)


@public
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
@_with_ticket
def half(request: HttpRequest, ticket: Ticket, token: str) -> Half | None:
    """How far the file has come; one piece more; or no more of it."""
    if request.method == "DELETE":
        services.forget(ticket, token)
        return None
    if request.method == "PATCH":
        offset = _number(request.headers.get("Upload-Offset", ""))
        return services.append(ticket, token, offset=offset, source=request)
    return services.half(ticket, token)


@public
@require_http_methods(["POST"])
@_with_ticket
def finish(request: HttpRequest, ticket: Ticket, token: str) -> Half:
    """The file is whole: looked into, kept, and handed over as a text that a form can post."""
    return services.finish(ticket, token, at=now())
