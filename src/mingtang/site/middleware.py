"""Turns a domain error that no view handled into a page with its sentence."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse

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


def _unavailable(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """The database is away or busy: nothing was done, the same request may come again."""
    log.error("database unavailable: %s", type(error).__name__)
    answer = HttpResponse(
        "系统正忙，您的操作没有执行。请保留本页，稍等片刻后刷新重试。",
        status=503,
        content_type="text/plain; charset=utf-8",
    )
    answer.headers["Retry-After"] = "5"
    return answer
