"""Views of the public section: its front page, columns, categories, organs, items, search."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base import subjects
from mingtang.base.clock import LEGAL_ZONE, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.web import search_text, site_url
from mingtang.catalogue.queries.listing import Choice, Facet
from mingtang.channels import queries as channels
from mingtang.disclosure import queries
from mingtang.disclosure.queries import section
from mingtang.disclosure.queries.public import PublicSought
from mingtang.disclosure.queries.section import FACETS, Asked
from mingtang.disclosure.rules import text
from mingtang.disclosure.rules.facets import CATEGORY, COLUMN, GENRE, ORGAN, THEME
from mingtang.disclosure.rules.items import (
    CATEGORIES,
    COLUMN_LABELS,
    GENRE_LABELS,
    Column,
    Genre,
    Validity,
)
from mingtang.disclosure.rules.section import ABOUT, CATEGORY_GROUPS, TYPES, laws_on
from mingtang.disclosure.rules.terms import TERMS
from mingtang.regions import queries as regions

LATEST = 10
SUMMARY = 100  # characters of the text in the page tag Description
REQUESTS = "information_requests:new"  # who takes requests says where, in base.subjects


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front page: the five parts that every government's section has, and what is new."""
    on = today()
    counts = queries.public_counts()
    context = {
        "columns": [
            {"key": column.value, "label": column.label, "about": ABOUT[column]}
            | {"count": found.count if (found := counts.get(column)) else 0}
            | {"latest": found.latest if found else None}
            for column in Column
        ],
        "latest": section.latest(LATEST, on),
        "groups": _category_groups(),
        "organs": section.organs(on),
        "total": sum(found.count for found in counts.values()),
        "requests_url": _requests_url(),
        "feed_url": reverse("openness:feed"),
    }
    return render(request, "disclosure/section.html", context)


def _requests_url() -> str:
    """Where one asks for what is not published; blank where that is done on paper alone."""
    return subjects.url_of(REQUESTS) or ""


def _category_groups() -> list[dict[str, Any]]:
    counts = section.category_counts()
    return [
        {
            "title": title,
            "rows": [
                {"code": code, "label": label, "count": counts.get(code, 0)}
                for code, label in CATEGORIES.items()
                if code.startswith(f"{article}-")
            ],
        }
        for article, title in CATEGORY_GROUPS
    ]


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


@public
@require_GET
def column(request: HttpRequest, key: str) -> HttpResponse:
    """The items of a column, the newest first."""
    if key not in set(Column):
        raise NotFound
    return _list(request, {COLUMN: key}, _of_column(Column(key)))


def _of_column(found: Column) -> dict[str, Any]:
    about = _about(found.label, ABOUT[found], TYPES[found])
    return about | {"feed_url": reverse("openness:column_feed", args=[found.value])}


@public
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """政府信息公开年报: the column, under the address that the section names."""
    return _list(request, {COLUMN: Column.REPORT.value}, _of_column(Column.REPORT))


@public
@require_GET
def category(request: HttpRequest, code: str) -> HttpResponse:
    """What the law wants published of one kind, the newest first."""
    if code not in CATEGORIES:
        raise NotFound
    article = dict(CATEGORY_GROUPS)[code.partition("-")[0]]
    return _list(request, {CATEGORY: code}, _about(CATEGORIES[code], article, "法定主动公开内容"))


def _about(name: str, description: str, kind: str) -> dict[str, Any]:
    """The heading of a list, and its page tags (政府网站发展指引 附件)."""
    tags = {
        "ColumnName": name,
        "ColumnDescription": description,
        "ColumnKeywords": f"{name},政府信息公开",
        "ColumnType": kind,
    }
    return {"title": name, "about": description, "tags": tags}


def _list(request: HttpRequest, facets: dict[str, str], about: dict[str, Any]) -> HttpResponse:
    on = today()
    after = request.GET.get("after", "")
    answer = section.find(Asked(facets=facets, after=after), on)
    context = {
        "rows": answer.rows,
        "total": answer.total,
        "next_url": f"?{urlencode({'after': answer.next_after})}" if answer.next_after else "",
        "first_url": request.path if after else "",
        "search_url": f"{reverse('openness:search')}?{urlencode(facets)}",
        "feed_url": "",
    }
    return render(request, "disclosure/list.html", context | about)


@public
@require_GET
def organ(request: HttpRequest, code: str) -> HttpResponse:
    """What one organ publishes: by column, and the newest."""
    on = today()
    unit = regions.organisation_by_code(code)
    sought = PublicSought(organisation_ids=(unit.id,))
    counts = queries.public_counts([unit.id])
    context = {
        "organ": regions.organisation_card(unit.id, on),
        "columns": [
            {"key": one.value, "label": one.label, "count": counts[one].count}
            | {"latest": counts[one].latest}
            for one in Column
            if one in counts
        ],
        "latest": section.latest(LATEST, on, sought),
        "search_url": f"{reverse('openness:search')}?{urlencode({ORGAN: unit.id})}",
        "feed_url": reverse("openness:organ_feed", args=[code]),
    }
    return render(request, "disclosure/organ.html", context)


# ── search ────────────────────────────────────────────────────────────────────────────────────


@public
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search by words or an index number, narrowed by facets and days."""
    words = search_text(request)
    if (found := _by_number(words)) is not None:
        return HttpResponseRedirect(reverse("openness:item", args=[found]))
    asked = _asked(request, words)
    answer = section.find(asked, today())
    given = _given(asked)
    context = {
        "q": words,
        "since": asked.since,
        "until": asked.until,
        "rows": answer.rows,
        "total": answer.total,
        "is_similar": answer.is_similar,
        "facets": _facets(answer, asked),
        "is_narrowed": bool(given),
        "next_url": f"?{urlencode({**given, 'after': answer.next_after})}"
        if answer.next_after
        else "",
        "first_url": f"{request.path}?{urlencode(given)}" if asked.after else "",
    }
    return render(request, "disclosure/search.html", context)


def _by_number(words: str) -> int | None:
    """The item whose index number, present or earlier, was typed whole."""
    if not ("/" in words or "-" in words) or len(words) < len("1/2013-1"):
        return None
    try:
        return queries.public_by_number(words).id
    except NotFound:
        return None


def _asked(request: HttpRequest, words: str) -> Asked:
    facets = {key: search_text(request, key) for key in FACETS}
    if parse_id(facets[ORGAN]) is None:
        facets[ORGAN] = ""
    return Asked(
        text=words,
        facets=facets,
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
        after=request.GET.get("after", ""),
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _given(asked: Asked) -> dict[str, str]:
    given = {"q": asked.text, **asked.facets}
    given |= {"since": str(asked.since or ""), "until": str(asked.until or "")}
    return {key: value for key, value in given.items() if value}


def _facets(answer: section.Answer, asked: Asked) -> list[Facet]:
    units = {str(key): name for key, name in answer.names.items()}
    labels: dict[str, dict[str, str]] = {
        ORGAN: units,
        COLUMN: {one.value: label for one, label in COLUMN_LABELS.items()},
        CATEGORY: CATEGORIES,
        GENRE: {one.value: label for one, label in GENRE_LABELS.items()},
        THEME: {},
    }
    titles = {
        ORGAN: (_("发布单位"), _("全部单位")),
        COLUMN: (_("栏目"), _("全部栏目")),
        GENRE: (_("体裁"), _("全部体裁")),
        CATEGORY: (_("法定类别"), _("全部类别")),
        THEME: (_("主题分类"), _("全部主题")),
    }
    return [
        _facet(key, titles[key], labels[key], answer.counts.get(key, {}), asked.facets[key])
        for key in titles
    ]


def _facet(
    key: str, titles: tuple[str, str], labels: dict[str, str], counts: Any, chosen: str
) -> Facet:
    """The values that leave something, and the one that is chosen."""
    codes = [*counts, chosen] if chosen and chosen not in counts else list(counts)
    order = {code: at for at, code in enumerate(labels)}
    codes.sort(key=lambda code: (order.get(code, len(order)), -counts.get(code, 0), code))
    choices = [Choice(code, labels.get(code, code), counts.get(code, 0)) for code in codes]
    made = next((one for one in choices if one.code == chosen), None)
    return Facet(key, *titles, choices, made)


# ── one item ──────────────────────────────────────────────────────────────────────────────────


@public
@require_GET
def item(request: HttpRequest, publication_id: str) -> HttpResponse:
    """One item: its head, its text and files, what it said before, its earlier numbers."""
    found = queries.public_item(parse_id(publication_id) or 0)
    return render(request, "disclosure/item.html", page_of(found, site_url(request), today()))


def page_of(found: Any, site: str, on: date) -> dict[str, Any]:
    """What the page, the sheet of paper and the static page show of an item."""
    version = found.published_version
    told = section.published_versions(found)
    organ_card = regions.organisation_card(found.organisation_id, on)
    names = regions.names_of([one for one in (found.on_behalf_of_id,) if one], on)
    numbers = [one for one in queries.public_numbers(found) if one.number != found.index_number]
    first = (told[0].at if told else found.published_at).astimezone(LEGAL_ZONE)
    source = version.source or organ_card.name
    address = site + reverse("openness:item", args=[found.id])
    return {
        "item": found,
        "version": version,
        "organ": organ_card,
        "on_behalf_of": names.get(found.on_behalf_of_id or 0, ""),
        "column": Column(version.column).label,
        "category": CATEGORIES.get(version.category, ""),
        "genre": Genre(version.genre).label,
        "validity": Validity(version.validity).label if version.validity != "none" else "",
        "source": source,
        "blocks": text.blocks(version.body),
        "attachments": version.attachments,
        "told": told,
        "earlier_numbers": numbers,
        "address": address,
        "tags": {
            "ArticleTitle": version.title,
            "PubDate": f"{first:%Y-%m-%d %H:%M}",
            "ContentSource": source,
            "Keywords": version.keywords or version.theme or version.title,
            "Author": organ_card.name,
            "Description": text.plain(version.body, SUMMARY) or version.title,
            "Url": address,
            "ColumnName": Column(version.column).label,
            "ColumnType": TYPES[Column(version.column)],
        },
    }


# ── guide, system ─────────────────────────────────────────────────────────────────────────────


@public
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """政府信息公开指南 (《条例》第十二条): how it is sorted, where it is got, how one asks."""
    on = today()
    context = {
        "columns": [{"label": one.label, "about": ABOUT[one]} for one in Column],
        "groups": _category_groups(),
        "channels": [one for one in channels.all_channels() if one.is_open],
        "halls": regions.halls(),
        "term": next((one for one in reversed(TERMS) if one.valid_from <= on), None),
        "requests_url": _requests_url(),
    }
    return render(request, "disclosure/guide.html", context)


@public
@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """政府信息公开制度: the law, and what was laid down here on publishing."""
    on = today()
    own = PublicSought(column=Column.POLICY, theme="政务公开")
    context = {
        "laws": [{"law": law, "is_in_force": law.is_in_force(on)} for law in laws_on(on)],
        "rows": section.latest(50, on, own),
    }
    return render(request, "disclosure/system.html", context)
