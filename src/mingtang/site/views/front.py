"""Views: the front door: home, preferences, health."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.db import missing_guards
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.base.metrics import is_on
from mingtang.base.web import for_reading, is_from_here
from mingtang.cases import present
from mingtang.cases import queries as cases
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import life
from mingtang.counts import queries as counts
from mingtang.disclosure.queries import section as openness
from mingtang.regions import queries as regions
from mingtang.site.context import CONTRASTS, LANGUAGES, TYPE_SIZES
from mingtang.site.views.sections import section_tiles
from mingtang.timing import queries as timing

LIFE_EVENTS_SHOWN = 7
RESULTS_SHOWN, EDITIONS_SHOWN, OPENNESS_SHOWN = 5, 3, 5
RECEIVED = ("case.submitted", "case.taken_in")
DECIDED = ("case.granted", "case.refused", "case.deemed_granted")
A_YEAR = 365 * 24 * 3600


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; the sections and what many come for; what is new, as it was counted."""
    on = today()
    day, year = counts.totals_since([*RECEIVED, *DECIDED], [on, on.replace(month=1, day=1)], on)
    context = {
        "query_placeholder": _("如：开小吃店、办取水许可"),
        "popular": _popular(),
        "figures": _figures(year),
        "sections": section_tiles(),
        "services": _services(),
        "life_events": life.life_events(LIFE_EVENTS_SHOWN),
        "results": _results(on),
        "today": {"date": on} | _received_and_decided(day),
        "openness": openness.latest(OPENNESS_SHOWN, on),
        "editions": catalogue.latest_editions(EDITIONS_SHOWN),
        "calendar_note": timing.calendar_day_note(on),
    }
    return render(request, "site/home.html", context)


def _popular() -> list[dict[str, str]]:
    return [
        {"name": item["name"], "url": reverse("catalogue:item", args=[item["code"]])}
        for item in catalogue.popular_items(4)
    ]


def _received_and_decided(found: Mapping[str, int]) -> dict[str, int]:
    return {
        "received": sum(found[measure] for measure in RECEIVED),
        "decided": sum(found[measure] for measure in DECIDED),
    }


def _figures(year: Mapping[str, int]) -> list[dict[str, Any]]:
    counted = _received_and_decided(year)
    return [
        {"value": catalogue.published_count(), "label": _("个事项可查可办")},
        {"value": regions.place_count(), "label": _("个市、乡镇、村服务点")},
        {"value": counted["received"], "label": _("件今年收到的申请")},
        {"value": counted["decided"], "label": _("件今年作出的决定")},
    ]


def _results(on: date) -> list[dict[str, Any]]:
    """The decisions of the last days, as the result notices tell them."""
    decided = cases.result_notices(limit=RESULTS_SHOWN).rows
    names = regions.short_names_of({case.organisation_id for case in decided}, on)
    return [present.notice(case, names.get(case.organisation_id, "")) for case in decided]


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
        {
            "title": _("附近服务点"),
            "text": _("大厅、乡镇、村在哪里，今天开不开"),
            "url": reverse("site:places"),
            "icon": "pin",
        },
        {
            "title": _("办结公示"),
            "text": _("办成了什么，不予的也公开"),
            "url": reverse("cases:results"),
            "icon": "check",
        },
        {
            "title": _("使用帮助"),
            "text": _("怎么申请、怎么查、怎么改、怎么投诉"),
            "url": reverse("site:help"),
            "icon": "book",
        },
    ]


@public
@for_reading
@csrf_exempt
@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    """Remember the size of type, the contrast or the language, and go back to the page.

    Its form stands on every page and has no token: with one, no page could be kept for everybody.
    Nothing happens here but to the browser's own three cookies, and another site may not ask."""
    if "Origin" in request.headers and not is_from_here(request):
        raise NotAllowed(_("这个请求来自别的网站，没有执行。请在本站的页面上选择。"))
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    answer = HttpResponseRedirect(target)
    known = {"type": TYPE_SIZES, "contrast": CONTRASTS, "language": LANGUAGES}
    for name, allowed in known.items():
        value = request.POST.get(name)
        if value in allowed:
            answer.set_cookie(
                f"mt_{name}", value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
            )
    return answer


@public
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """For whoever shares out requests: whether this process may be sent any. The database answers,
    and nobody can change the ledger unseen."""
    timing.last_official_year()
    found = not missing_guards()
    return JsonResponse({"ok": found}, status=200 if found else 503)


@public
@require_safe
def told_metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads, by whom the setting names."""
    if not is_on():
        raise NotFound
    from mingtang.site import metrics

    if not metrics.may_read(request):
        raise NotFound
    answer = HttpResponse(metrics.page(), content_type=metrics.TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a supervisor of processes: the database answers."""
    timing.last_official_year()
    return JsonResponse({"ok": True})
