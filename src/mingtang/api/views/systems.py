"""Views: a system takes its token; the document of the interface, and its page to read."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import Policy, public
from mingtang.accounts.rules import RefusalKind
from mingtang.accounts.services_refusals import note_refusal
from mingtang.api import services
from mingtang.api.document import chapters, document
from mingtang.api.rules import BodyWrong, WrongClient
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.web import for_reading, secret_fields, source_of

ERRORS = {WrongClient: "invalid_client", BodyWrong: "invalid_scope"}  # RFC 6749 §5.2


@csrf_exempt
@public
@for_reading
@secret_fields("client_secret")
def token(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0, client credentials (RFC 6749 §4.4): id and secret in the header or the form."""
    if request.method != "POST" or request.POST.get("grant_type") != "client_credentials":
        said = {"error": "unsupported_grant_type"}
        return JsonResponse(said, status=400, headers={"Cache-Control": "no-store"})
    client_id, secret = _shown(request)
    try:
        made = services.token_for(
            client_id=client_id,
            secret=secret,
            scope=request.POST.get("scope", ""),
            source=source_of(request),
            at=now(),
        )
    except DomainError as error:
        note_refusal(request, RefusalKind.CLIENT, error)
        told = {
            "error": ERRORS.get(type(error), "invalid_request"),
            "error_description": str(error),
        }
        return JsonResponse(told, status=error.status, headers={"Cache-Control": "no-store"})
    return JsonResponse(made, headers={"Cache-Control": "no-store"})


def _shown(request: HttpRequest) -> tuple[str, str]:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


@public
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """The document of the interface: OpenAPI 3.1."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@public
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """The same to read: made from the document, with nothing from elsewhere."""
    return render(request, "api/reference.html", {"chapters": chapters(document())})


for _view in (openapi, reference):  # in Chinese alone, like what they tell of
    _view.policy = Policy("api")  # type: ignore[attr-defined]
