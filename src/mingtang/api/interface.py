"""The interface: how every operation answers, and how each is declared."""

import hashlib
import inspect
import json
import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from mingtang.api import queries, services
from mingtang.api.bodies import fingerprint
from mingtang.api.doors import SAFE, Door
from mingtang.api.rules import (
    CODE_HEADER,
    FIELDS,
    BodyWrong,
    Fault,
    NotJson,
    TooOften,
    fault_of,
)
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.sealed import keyed_hash
from mingtang.base.space import NoRoom, is_away, is_full
from mingtang.ledger.rules import CommandConflict

PROBLEM = "application/problem+json"
RETRY_SECONDS = "5"
View = TypeVar("View", bound=Callable[..., Any])
BUSY = "系统正忙，没有得到结果。请稍后用同一个编号再发一次，只算一次。"
FULL = "服务器磁盘满了，没有得到结果。请稍后用同一个编号再发一次，只算一次。"


class Interface(NinjaAPI):
    """Answers in one manner: problems with a sentence, ETags, what is left of the rate."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        if request.method in SAFE:
            data = _picked(data, request.GET.get(FIELDS, ""))
        answer = super().create_response(request, data, **more)
        return _conditional(request, _headed(request, answer))

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        refused = _refusal(exc)
        if refused is None:
            return super().on_exception(request, exc)
        return _headed(request, problem(refused))


def _refusal(error: Exception) -> DomainError | None:
    """Why an operation was not done, in a sentence; None for a fault of ours."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ValidationError):
        return BodyWrong(_fault(one) for one in error.errors)
    if isinstance(error, Http404):
        return NotFound()
    if is_full(error):
        return NoRoom(FULL)
    if is_away(error):
        return _Busy(BUSY)
    if isinstance(error, HttpError):
        return NotJson()
    return None


class _Busy(DomainError):
    status = 503


def _fault(error: dict[str, Any]) -> Fault:
    return Fault(".".join(str(part) for part in error["loc"][1:]), fault_of(error["type"]))


def problem(error: DomainError) -> HttpResponse:
    """A refusal as RFC 9457 has it, in the words of the pages."""
    said = {
        "type": "about:blank",
        "title": error.heading or HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "errors": [vars(fault) for fault in _faults(error)],
    }
    text = json.dumps(said, ensure_ascii=False)
    answer = HttpResponse(text, status=error.status, content_type=PROBLEM)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_SECONDS
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _faults(error: DomainError) -> list[Fault]:
    """Where: of a body that does not fit, and of the form of an item."""
    found = getattr(error, "faults", ())
    return [
        one if isinstance(one, Fault) else Fault(f"answers.{one.path}", str(one.text))
        for one in found
    ]


def _picked(data: Any, asked: str) -> Any:
    """Only the fields that were asked for: of each row of a page, or of the one thing."""
    if not asked or not isinstance(data, dict):
        return data
    wanted = set(asked.split(","))
    if "rows" in data:
        rows = [_of(row, wanted) for row in data["rows"]]
        return {**data, "rows": rows}
    return _of(data, wanted)


def _of(row: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in wanted}


def _headed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    pace = getattr(request, "pace", None)
    if pace is not None:
        answer.headers["RateLimit-Limit"] = str(pace.most)
        answer.headers["RateLimit-Remaining"] = str(pace.remaining)
        answer.headers["RateLimit-Reset"] = str(pace.seconds)
    is_personal = request.user.is_authenticated or CODE_HEADER in request.headers
    kept = "no-store, private" if is_personal or request.method not in SAFE else "no-cache"
    answer.headers.setdefault("Cache-Control", kept)
    return answer


def _conditional(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """304 where the reader has it already."""
    if request.method not in SAFE or answer.status_code != HTTPStatus.OK:
        return answer
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer.headers["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=answer)
    assert isinstance(found, HttpResponse)
    return found


# ── how operations are declared ───────────────────────────────────────────────────────────────


def reads(router: Router, path: str, door: Door, answer: Any, said: str) -> Callable[[View], View]:
    """An operation that only reads. `said`: what it is good for, in a few words."""

    def declare(view: View) -> View:
        names = frozenset(inspect.signature(view).parameters) | {FIELDS}
        own = replace(door, asked=names)
        extra = {"x-door": door}
        made = router.get(path, auth=own, response=answer, summary=said, openapi_extra=extra)
        declared: View = made(view)
        return declared

    return declare


def writes(
    router: Router,
    path: str,
    door: Door,
    answer: Any,
    said: str,
    *,
    body: Any = None,
    verbs: Any = None,
    files: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """An operation that does something, once for each key. `body` gives the shape of what is sent;
    `verbs` the shape and the words of each verb, where the path ends in one; `files` the names
    under which files may come along."""
    extra = {"x-door": door, "x-body": body, "x-verbs": verbs, "x-files": files}
    name = re.sub(r"[^a-z]+", "_", path.replace("{verb}", "")).strip("_")
    declared: Callable[[View], View] = router.post(
        path,
        auth=door,
        response=answer,
        summary=said,
        operation_id=f"do_{name}",
        openapi_extra=extra,
    )
    return declared


def once(request: HttpRequest, key: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it, or answer as the same request was answered before. What an act leaves to its command
    is kept by the command; this keeps the rest, so that a state that moved on refuses no retry.

    Raises CommandConflict where the key came with other content.
    """
    asked = [
        str(request.user.pk),
        request.path,
        request.headers.get(CODE_HEADER, ""),
        fingerprint(request),
    ]
    digest = keyed_hash("api_reply", "\n".join(asked).encode()).hex()
    earlier = queries.reply_to(key)
    if earlier is not None:
        if earlier.digest != digest:
            raise CommandConflict
        answer: dict[str, Any] = earlier.answer
        return answer
    with translation.override(settings.LANGUAGE_CODE):
        answer = act()
    services.remember(key=key, digest=digest, answer=answer, at=now())
    return answer


api = Interface(
    title="明堂 HTTP 接口",
    version="1.0",
    description="屏幕上能看的、能办的，接口也能。谁能看、谁能办，和屏幕上一样。",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api_v1",
)
