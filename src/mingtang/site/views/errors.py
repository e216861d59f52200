"""Views: the pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    return error_page(
        request,
        403,
        _("页面停留太久或浏览器禁用了 Cookie，本次没有提交。请返回上一页，刷新后再提交。"),
    )
