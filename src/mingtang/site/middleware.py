"""Turns a domain error that no view handled into a page; speaks English where that was asked."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mingtang.accounts.policy import scope
from mingtang.base.errors import DomainError
from mingtang.site.views import error_page

log = logging.getLogger(__name__)


class answer_domain_errors:  # noqa: N801 – Django calls it like a function
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return error_page(request, error.status, error.message, error.heading)
        if isinstance(error, OperationalError):
            return _unavailable(request, error)
        return None


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


def _unavailable(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """The database is away or busy: nothing was done, the same request may come again."""
    log.error("database unavailable: %s", type(error).__name__)
    answer = HttpResponse(
        "系统正忙，您的操作没有执行。请保留本页，稍等片刻后刷新重试。\n"
        "The system is busy and nothing was done. Keep this page, wait a moment and reload.",
        status=503,
        content_type="text/plain; charset=utf-8",
    )
    answer.headers["Retry-After"] = "5"
    return answer
