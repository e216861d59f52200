"""Headers that every answer carries; what is kept of answers, for a request that reads."""

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from mingtang.base import kept, pages
from mingtang.base.clock import today
from mingtang.base.noting import noting

KINDS = ("text/html", "application/atom+xml")  # of answers that are kept whole

TRAINING = b'<p class="training" lang="zh-CN" role="note">' + (
    "演练环境：数据是演练用的，随时会清空；办理没有效力，文书无效。</p>".encode()
)
BODY = re.compile(rb"<body[^>]*>")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def ask_once(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A request that only reads asks once whether what the process keeps still holds."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        with kept.asked_once():
            return get_response(request)

    return answer


def say_it_is_training(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """In a training each whole page says so, on the screen and printed: there is no page, however
    it is made, that is not marked. Parts of a page have no body, and stand within one."""

    def answer(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        is_page = answer.get("Content-Type", "").startswith(KINDS[0]) and not answer.streaming
        if is_page and (body := BODY.search(answer.content)):
            whole = answer.content
            answer.content = whole[: body.end()] + TRAINING + whole[body.end() :]
            if "Content-Length" in answer.headers:
                answer.headers["Content-Length"] = str(len(answer.content))
        return answer

    return answer


def keep_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The pages of the public are put on the shelf from which the door gives them: base.pages."""

    def answer(request: HttpRequest) -> HttpResponse:
        key, marks = pages.key_of(request.META), kept.marks()
        if key is None or marks is None:
            return get_response(request)
        on = today()  # before it is made: what is begun before midnight is of the day before
        with noting() as noted, connection.execute_wrapper(pages.first_reading(marks)):
            response = get_response(request)
        if not _is_for_everybody(request, response):
            return response
        etag = response.headers.get("ETag") or _tag(response.content)
        response.headers["ETag"] = etag
        response.headers.setdefault("Cache-Control", "no-cache")
        source = pages.source_of(noted, marks, on)
        if source is not None:
            kept_headers = tuple(response.headers.items())
            pages.SHELF.put(key, pages.Page(kept_headers, response.content, etag, source))
        return get_conditional_response(request, etag=etag, response=response) or response

    return answer


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    policy = getattr(match.func, "policy", None) if match else None
    said = response.headers.get("Cache-Control", "")
    return (
        response.status_code == HTTPStatus.OK
        and policy is not None
        and policy.name == "public"
        and not response.streaming
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith(KINDS)
        and not any(word in said for word in ("no-store", "private"))
    )


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer
