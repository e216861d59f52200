"""Screens of the catalogue: the public list and the page of an item."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.web import search_text
from mingtang.catalogue import queries


def _one_of(known: Iterable[str], asked: str) -> str:
    return asked if asked in known else ""


@public
def items(request: HttpRequest) -> HttpResponse:
    """The list, searched and narrowed by department, kind and whom it serves."""
    on = today()
    text = search_text(request)
    department = parse_id(request.GET.get("department", ""))
    kind = _one_of(queries.KINDS_SHOWN, request.GET.get("kind", ""))
    served = _one_of(queries.SERVED_SHOWN, request.GET.get("served", ""))
    page = queries.search_items(
        on=on,
        text=text,
        department=department,
        kind=kind,
        served=served,
        after=request.GET.get("after", ""),
    )
    context = {
        "q": text,
        "department": "" if department is None else str(department),
        "kind": kind,
        "served": served,
        "facets": page.facets,
        "is_similar": page.is_similar,
        "items": page.items,
        "total": page.total,
        "next_after": page.next_after,
    }
    return render(request, "catalogue/item_list.html", context)


@public
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its seven disclosures (七公开) and all else it says."""
    found = queries.item_detail(code, today(), request.GET.get("variant", ""))
    context = {
        "item": found,
        "file_url": reverse("cases:file", args=[code]) if found["can_file"] else "",
        "variant_query": variant_query(found),
    }
    return render(request, "catalogue/item_detail.html", context)


def variant_query(found: dict[str, Any]) -> str:
    """What keeps the chosen business variant in an address; blank where none is chosen."""
    return f"?{urlencode({'variant': found['variant']['code']})}" if found["variant"] else ""
