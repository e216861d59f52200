"""Views: the pages for what went wrong."""

import logging
import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.accounts.again import Typed, typed_in
from mingtang.base.space import is_away, is_full
from mingtang.base.web import is_from_here
from mingtang.site.context import preferences

log = logging.getLogger(__name__)
RETRY_SECONDS, RETRY_WHEN_FULL_SECONDS = 5, 300
ERROR_TITLES = {
    400: gettext_lazy("请求不完整"),
    403: gettext_lazy("不能这样办理"),
    404: gettext_lazy("没有找到"),
    409: gettext_lazy("办件已有变化"),
    422: gettext_lazy("内容需要更正"),
    429: gettext_lazy("请稍后再试"),
    500: gettext_lazy("系统出错"),
    503: gettext_lazy("暂时不能提供"),
}


def error_page(request: HttpRequest, status: int, message: str, heading: str = "") -> HttpResponse:
    context = {
        "status": status,
        "title": heading or ERROR_TITLES.get(status, ERROR_TITLES[500]),
        "message": message,
        "back_url": reverse("site:home"),
    }
    return render(request, "site/error.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, _("没有找到您要的内容，请核对地址或编号后重试。"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, _("浏览器发来的内容不完整，请返回上一页重试。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, _("您不能这样办理，请返回上一页。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What one of our own pages sent too late, after another sign-in say, is offered to be sent
    again; of another site's form nothing is."""
    typed = typed_in(request) if is_from_here(request) else Typed([], False, False)
    if typed.fields:
        answer = render(request, "site/stale.html", {"typed": typed}, status=403)
        answer.headers["Cache-Control"] = "no-store, private"
        return answer
    return error_page(
        request,
        403,
        _("页面停留太久或浏览器禁用了 Cookie，本次没有提交。请返回上一页，刷新后再提交。"),
    )


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The page needs no database, and has what was typed for another try. It says that nothing was
    done only where no view was asked to: a command may have been acknowledged by the database, and
    what came after it have failed."""
    has_no_room = is_full(error)
    log.error("%s: %s", "disk full" if has_no_room else "database away", type(error).__name__)
    typed = typed_in(request)
    context = {
        "has_no_room": has_no_room,
        "is_begun": getattr(request, "is_begun", False),
        "path": request.get_full_path(),
        **preferences(request)._asdict(),
        "sent": typed.fields,
        "asks_anew": typed.asks_anew,
        "counts_once": typed.counts_once,
    }
    page = render_to_string("site/unavailable.html", context)
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Retry-After"] = str(RETRY_WHEN_FULL_SECONDS if has_no_room else RETRY_SECONDS)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, unless what fails outside every view is a database that is away."""
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return unavailable(request, error)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
