"""Views: the sections of the portal that no module fills yet, help, accessibility."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.counts import queries as counts

Text = Any  # a sentence, translated when it is shown


@dataclass(frozen=True)
class Way:
    """Something one can do today, and the page where."""

    label: Text
    text: Text
    route: str
    query: str = ""


@dataclass(frozen=True)
class Section:
    """One of the five sections: what can be done there today and what is not there yet."""

    key: str
    title: Text
    text: Text
    icon: str
    ways: tuple[Way, ...]
    lacking: Text = ""
    has_figures: bool = False


ITEMS = Way(
    gettext_lazy("办事指南和七公开"),
    gettext_lazy("每个事项的依据、条件、材料、程序、时限和收费"),
    "catalogue:items",
)
RESULTS = Way(
    gettext_lazy("办结公示"),
    gettext_lazy("作出的决定，按单位和月份查看"),
    "cases:results",
)
VERIFY = Way(
    gettext_lazy("核验文书"),
    gettext_lazy("凭文书上的编号，核对是不是本中心发出的"),
    "files:verify",
)
PROGRESS = Way(
    gettext_lazy("查办件进度"),
    gettext_lazy("凭回执上的编号和查询码，看到哪一步、哪天到期"),
    "cases:progress",
)
REQUESTS = Way(
    gettext_lazy("依申请公开"),
    gettext_lazy("申请公开政府信息，查进度，算答复期限"),
    "requests:index",
)
PACE = Way(
    gettext_lazy("各单位办得多快"),
    gettext_lazy("按时办结、提前办结和提速率，按单位查看"),
    "supervision:rates",
)
PLACES = Way(
    gettext_lazy("附近服务点"),
    gettext_lazy("当面咨询、当面办理：大厅、乡镇（街道）和村（社区）"),
    "site:places",
)
HELP = Way(
    gettext_lazy("怎么更正、怎么投诉"),
    gettext_lazy("对办理结果或服务不满意时可以怎么做"),
    "site:help",
)

VILLAGES = Way(
    gettext_lazy("三务公开"),
    gettext_lazy("村里的党务、村务、财务：先选乡镇（街道），再选村"),
    "villages:index",
)
LETTERS = Way(
    gettext_lazy("写信"),
    gettext_lazy("咨询、求助、投诉、举报、建议，不登录也能写"),
    "letters:index",
)
LETTER_PROGRESS = Way(
    gettext_lazy("查来信进度"),
    gettext_lazy("凭来信编号和查询码，看到谁在办、哪天答复"),
    "letters:progress",
)
PUBLIC_LETTERS = Way(
    gettext_lazy("公开的来信和答复"),
    gettext_lazy("来信人同意公开的，去掉了个人信息"),
    "letters:answered",
)
ANSWERS = Way(
    gettext_lazy("常见问答"),
    gettext_lazy("很多人问过的，先看一看"),
    "letters:answers",
)
LETTER_FIGURES = Way(
    gettext_lazy("来信和答复的数字"),
    gettext_lazy("每月收了多少、答了多少、快不快"),
    "letters:figures",
)
OPENNESS = Way(
    gettext_lazy("政府信息公开"),
    gettext_lazy("主动公开的文件、结果、计划，按栏目、单位、日期查找"),
    "openness:home",
)
GUIDE = Way(
    gettext_lazy("政府信息公开指南"),
    gettext_lazy("怎么找、怎么取；没有公开的怎么申请"),
    "openness:guide",
)
REPORTS = Way(
    gettext_lazy("政府信息公开年报"),
    gettext_lazy("每年公开了什么、收到多少申请"),
    "openness:reports",
)

SECTIONS = {
    one.key: one
    for one in (
        Section(
            "openness",
            gettext_lazy("政务公开"),
            gettext_lazy("事项、结果、文书"),
            "book",
            (OPENNESS, VILLAGES, GUIDE, REQUESTS, REPORTS, ITEMS, RESULTS, VERIFY),
        ),
        Section(
            "projects",
            gettext_lazy("项目审批"),
            gettext_lazy("投资项目怎么批"),
            "building",
            (
                Way(
                    gettext_lazy("重大项目"),
                    gettext_lazy("向社会公开的重大项目，在哪里、办到哪个阶段"),
                    "projects:open",
                ),
                Way(
                    gettext_lazy("查找项目审批事项"),
                    gettext_lazy("条件、材料和时限，可以网上申请的直接申请"),
                    "catalogue:items",
                    "?q=%E9%A1%B9%E7%9B%AE",
                ),
                Way(
                    gettext_lazy("一件事"),
                    gettext_lazy("要办几个事项的事，按先后排好"),
                    "catalogue:life_events",
                ),
                Way(
                    gettext_lazy("中介机构名录"),
                    gettext_lazy("环评、测绘、设计这些机构，办得快不快"),
                    "agents:directory",
                ),
                PROGRESS,
                PLACES,
            ),
            gettext_lazy("代办自愿、免费：需要有人全程代办的，请到大厅咨询台登记或拨打服务热线。"),
        ),
        Section(
            "interaction",
            gettext_lazy("政民互动"),
            gettext_lazy("写信、征集、评价"),
            "chat",
            (
                LETTERS,
                LETTER_PROGRESS,
                PUBLIC_LETTERS,
                ANSWERS,
                LETTER_FIGURES,
                Way(
                    gettext_lazy("征集调查"),
                    gettext_lazy("对草案提意见、向访谈提问、答问卷，看结果"),
                    "consultations:index",
                ),
                Way(
                    gettext_lazy("给自己的办件评价"),
                    gettext_lazy("先查到办件，办结后在办件页面上评价"),
                    "cases:progress",
                ),
                PLACES,
                HELP,
            ),
        ),
        Section(
            "operation",
            gettext_lazy("阳光运行"),
            gettext_lazy("收了办了多少"),
            "clock",
            (PACE, RESULTS, PROGRESS, VERIFY),
            gettext_lazy("各单位的考核结果还没有在网上公布。"),
            has_figures=True,
        ),
    )
}


def section_tiles() -> list[dict[str, Any]]:
    """The five sections in their order; online service has pages of its own."""
    tiles = [
        {
            "title": one.title,
            "text": one.text,
            "icon": one.icon,
            "url": reverse("site:section", args=[one.key]),
        }
        for one in SECTIONS.values()
    ]
    service = {
        "title": _("网上办事"),
        "text": _("找事项、网上申请"),
        "icon": "document",
        "url": reverse("catalogue:items"),
    }
    return [*tiles[:2], service, *tiles[2:]]


@public
@require_GET
def section(request: HttpRequest, key: str) -> HttpResponse:
    """What one can do in a section today, what is not there yet, and where to turn instead."""
    if key not in SECTIONS:
        raise NotFound
    found = SECTIONS[key]
    context = {
        "section": found,
        "ways": [
            {"title": way.label, "text": way.text, "url": reverse(way.route) + way.query}
            for way in found.ways
        ],
        "has_figures": found.has_figures,
        "months": _months(today()) if found.has_figures else [],
    }
    return render(request, "site/section.html", context)


def _months(on: date) -> list[dict[str, Any]]:
    """What was received and decided in each month of this year, the latest first."""
    measures = {
        "received": ("case.submitted", "case.taken_in"),
        "granted": ("case.granted", "case.deemed_granted"),
        "refused": ("case.refused",),
    }
    wanted = [one for names in measures.values() for one in names]
    found = counts.by_month(wanted, since=on.replace(month=1, day=1), until=on)
    return [
        {"first": first} | {key: sum(row[one] for one in names) for key, names in measures.items()}
        for first, row in sorted(found.items(), reverse=True)
    ]


@public
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """How to file, look up, correct, complain, and read the pages more easily."""
    return render(request, "site/help.html")


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What of these pages is tested for everybody's use, what is not, how to report a barrier."""
    return render(request, "site/accessibility.html")
