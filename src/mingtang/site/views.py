"""The front door: home, preferences, health, and the pages for what went wrong."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mingtang.accounts.policy import public
from mingtang.base.clock import legal_date, today
from mingtang.cases import queries as cases
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import life
from mingtang.counts import queries as counts
from mingtang.regions import queries as regions
from mingtang.site.context import CONTRASTS, TYPE_SIZES
from mingtang.timing import queries as timing

LIFE_EVENTS_SHOWN = 7
A_YEAR = 365 * 24 * 3600
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


@public
def home(request: HttpRequest) -> HttpResponse:
    """Search first; what many come for; real figures."""
    on = today()
    context = {
        "query_placeholder": _("如：开小吃店、办取水许可"),
        "popular": _popular(),
        "figures": _figures(on),
        "services": _services(),
        "life_events": life.life_events(LIFE_EVENTS_SHOWN),
        "recent_results": _recent_results(on),
        "calendar_note": timing.calendar_day_note(on),
    }
    return render(request, "site/home.html", context)


def _popular() -> list[dict[str, str]]:
    return [
        {"name": item["name"], "url": reverse("catalogue:item", args=[item["code"]])}
        for item in catalogue.popular_items(4)
    ]


def _figures(on: date) -> list[dict[str, Any]]:
    year = counts.totals(
        ["case.submitted", "case.granted", "case.refused"],
        since=on.replace(month=1, day=1),
        until=on,
    )
    size = catalogue.size()
    return [
        {"value": size["published"], "label": _("个事项可查可办")},
        {"value": regions.place_count(), "label": _("个市、乡镇、村服务点")},
        {"value": year["case.submitted"], "label": _("件今年收到的申请")},
        {"value": year["case.granted"] + year["case.refused"], "label": _("件今年作出的决定")},
    ]


def _recent_results(on: date) -> list[dict[str, Any]]:
    decided = cases.recent_decisions(5)
    names = regions.short_names_of({case.organisation_id for case in decided}, on)
    return [
        {
            "item_name": case.edition.name,
            "department": names[case.organisation_id],
            "date": legal_date(case.decided_at) if case.decided_at else on,
        }
        for case in decided
    ]


def _services() -> list[dict[str, str]]:
    return [
        {
            "title": _("找事项"),
            "text": _("条件、材料、时限、收费"),
            "url": reverse("catalogue:items"),
            "icon": "document",
        },
        {
            "title": _("查办件进度"),
            "text": _("凭回执上的编号和查询码"),
            "url": reverse("cases:progress"),
            "icon": "clock",
        },
        {
            "title": _("我的办件"),
            "text": _("登录后查看全部申请"),
            "url": reverse("cases:mine"),
            "icon": "folder",
        },
    ]


@public
@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    """Remember the size of type or the contrast, and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    answer = HttpResponseRedirect(target)
    for name, allowed in (("type", TYPE_SIZES), ("contrast", CONTRASTS)):
        value = request.POST.get(name)
        if value in allowed:
            answer.set_cookie(
                f"mt_{name}", value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
            )
    return answer


@public
def health(request: HttpRequest) -> JsonResponse:
    """For a supervisor of processes: the database answers."""
    timing.last_official_year()
    return JsonResponse({"ok": True})


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
