"""Screens of the catalogue: the public list and the page of an item."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.framed import render_framed
from mingtang.base.ids import parse_id
from mingtang.base.subjects import url_of
from mingtang.base.web import search_text
from mingtang.catalogue import queries
from mingtang.catalogue.queries.campaigns import fates_of_code

COMMON = 2  # facets that stand open on the page; the others wait behind “更多筛选”


def _one_of(known: Iterable[str], asked: str) -> str:
    return asked if asked in known else ""


def _choices(request: HttpRequest) -> dict[str, Any]:
    """What the list is narrowed to; what is no possible value narrows nothing."""
    asked = request.GET
    return {
        "department": parse_id(asked.get("department", "")),
        "served": _one_of(queries.SERVED_SHOWN, asked.get("served", "")),
        "kind": _one_of(queries.KINDS_SHOWN, asked.get("kind", "")),
        "level": _one_of(queries.LEVELS_SHOWN, asked.get("level", "")),
        "referred": _one_of(queries.REFERRED_SHOWN, asked.get("referred", "")),
        "theme": search_text(request, "theme"),
        "life": search_text(request, "life"),
    }


@public
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The list, searched and narrowed by its facets."""
    text, choices = search_text(request), _choices(request)
    page = queries.search_items(
        on=today(), text=text, after=request.GET.get("after", ""), **choices
    )
    given = {key: value for key, value in {"q": text, **choices}.items() if value not in {"", None}}
    facets = list(page.facets.values())
    chosen = [facet for facet in facets if facet.chosen]
    context = {
        "q": text,
        "letters_url": url_of(f"letters_found:{text}") if text else None,
        "common": facets[:COMMON],
        "more": facets[COMMON:],
        "chosen": [(facet, _address(given, without=facet.key)) for facet in chosen],
        "bare_url": _address({"q": text} if text else {}),
        "is_similar": page.is_similar,
        "items": page.items,
        "total": page.total,
        "next_url": _address(given | {"after": page.next_after}) if page.next_after else "",
    }
    return render(request, "catalogue/item_list.html", context)


def _address(given: dict[str, Any], without: str = "") -> str:
    return "?" + urlencode({key: value for key, value in given.items() if key != without})


@public
@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Items for what is typed so far: `{"items": [{"name", "department", "url"}]}`, at most 8."""
    found = queries.suggest_items(search_text(request), today())
    rows = [
        {
            "name": one.name,
            "department": one.department,
            "url": reverse("catalogue:item", args=[one.code]),
        }
        for one in found
    ]
    return JsonResponse({"items": rows})


@public
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its seven disclosures (七公开) and all else it says."""
    variant, edition = request.GET.get("variant", ""), _in_hand(request)
    facts = partial(_item, code, variant, edition)
    return render_framed(
        request, "catalogue/item_detail.html", (code, variant, str(edition)), facts
    )


def _item(code: str, variant: str, edition: int) -> dict[str, Any]:
    found = queries.item_detail(code, today(), variant)
    query = variant_query(found)
    return {
        "item": found,
        "file_url": reverse("cases:file", args=[code]) + query if found["can_file"] else "",
        "variant_query": query,
        "in_hand": edition if edition <= found["edition_number"] else 0,
        "fates": fates_of_code(code, today()) if found["is_abolished"] else [],
    }


def _in_hand(request: HttpRequest) -> int:
    """The edition of the printed guide by whose code somebody came; 0 where there was none."""
    return parse_id(request.GET.get("edition", "")[:6]) or 0


def variant_query(found: dict[str, Any]) -> str:
    """What keeps the chosen business variant in an address; blank where none is chosen."""
    return f"?{urlencode({'variant': found['variant']['code']})}" if found["variant"] else ""
