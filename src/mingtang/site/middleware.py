"""What no view handled becomes a page; nothing begins on a full disk; English where asked."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mingtang.accounts.policy import scope
from mingtang.accounts.rules import RefusalKind
from mingtang.accounts.services_refusals import note_refusal
from mingtang.api.interface import problem
from mingtang.base import metrics
from mingtang.base.errors import DomainError
from mingtang.base.requesting import id_for, request_id
from mingtang.base.space import NoRoom, is_away, is_short
from mingtang.site.views import error_page, unavailable

log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


OTHER = "OTHER"
METHODS = {*SAFE, "POST", "PUT", "PATCH", "DELETE"}


class follow_requests:  # noqa: N801 – Django calls it like a function
    """Each request has an id, which the answer tells and each line of the log; it is counted by the
    name of its route, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(id_for(request.headers.get("X-Request-ID", "")))
        begun = perf_counter()
        try:
            if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal():
                request.META["CONTENT_LENGTH"] = "0"  # as the stream of its content has it
            answer = _as_problem(request, self.get_response(request))
            answer.headers["X-Request-ID"] = request_id.get()
            _note_access(request, answer.status_code)
            self._told(request, answer.status_code, perf_counter() - begun)
            return answer
        finally:
            request_id.reset(token)

    @staticmethod
    def _told(request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        method = request.method if request.method in METHODS else OTHER
        metrics.request_answered(str(method), route, status, seconds)
        more = {"method": method, "route": route, "status": status}
        more["milliseconds"] = round(seconds * 1000, 1)
        log.info("%s %s %s", method, route, status, extra=more)


def _note_access(request: HttpRequest, status: int) -> None:
    """Somebody of the staff at what is not theirs, or is not there: both look the same. Whether
    they are staff is known where a view has asked; an address that is none is no refusal."""
    asked = getattr(request, "_mingtang_scope", None)
    if status == HTTPStatus.NOT_FOUND and request.resolver_match and asked and asked.is_staff:
        note_refusal(request, RefusalKind.ACCESS, staff=asked.person_id)


class _Refused(DomainError):
    """What no operation refused, but the way to it: an address that is none, another method, a
    host that is not ours."""

    def __init__(self, status: int) -> None:
        super().__init__(REFUSED.get(status, REFUSED[400]))
        self.status = status


API_ROOT = "/api/v1/"
REFUSED = {
    400: "请求的格式不对，请核对地址、请求头和内容。",
    403: "不能这样请求，请核对身份和请求头。",
    404: "没有这个接口地址，请核对接口说明。",
    405: "这个接口地址不接受这种请求方法，请核对接口说明。",
    500: "系统出错了，没有得到结果。请稍后用同一个编号再发一次，只算一次。",
}


def _as_problem(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Machines are refused in one manner, also where Django spoke before an operation did."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code < 400 or not is_page or not request.path.startswith(API_ROOT):
        return answer
    made = problem(_Refused(answer.status_code))
    answer.content = made.content
    answer.headers["Content-Type"] = made.headers["Content-Type"]
    if "Content-Length" in answer.headers:
        answer.headers["Content-Length"] = str(len(answer.content))
    return answer


class answer_domain_errors:  # noqa: N801 – Django calls it like a function
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DatabaseError):
            metrics.database_failed("web")
        if isinstance(error, DomainError):
            return error_page(request, error.status, error.message, error.heading)
        return unavailable(request, error) if is_away(error) else None

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """On a disk that is nearly full nothing is begun; reading goes on."""
        if request.method in SAFE:
            return None
        if getattr(view, "is_for_reading", False) or not is_short():
            request.is_begun = True  # type: ignore[attr-defined]
            return None
        route = request.resolver_match
        if route is not None and "api" in route.namespaces:
            return problem(NoRoom())
        return unavailable(request, NoRoom())


ENGLISH = "en"


class choose_language:  # noqa: N801 – Django calls it like a function
    """English for whoever pressed the button, on the pages of the public. Pages of staff stay
    Chinese; what a browser says of languages is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get("mt_language") == ENGLISH
        with translation.override(ENGLISH if asked else settings.LANGUAGE_CODE):
            answer = self.get_response(request)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                answer.headers.setdefault("Content-Language", translation.get_language() or "")
                patch_vary_headers(answer, ["Cookie"])
            return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request.has_english = _has_english(request, view)  # type: ignore[attr-defined]
        if not request.has_english:  # type: ignore[attr-defined]
            translation.activate(settings.LANGUAGE_CODE)


def _has_english(request: HttpRequest, view: Any) -> bool:
    """Public pages have, and those of citizens who signed in."""
    policy = getattr(view, "policy", None)
    if policy is None or policy.name == "public":
        return True
    try:
        return policy.name == "signed_in" and not scope(request).is_staff
    except OperationalError:
        return False  # the view meets the same, and its answer says so
