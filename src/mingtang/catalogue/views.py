"""Screens of the catalogue: the public list and the page of an item."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.web import search_text
from mingtang.catalogue import queries


@public
def items(request: HttpRequest) -> HttpResponse:
    """The list, searched and narrowed by department and kind."""
    on = today()
    text = search_text(request)
    department = parse_id(request.GET.get("department", ""))
    kinds = queries.kinds_in_use()
    kind = request.GET.get("kind", "")
    kind = kind if kind in {row["code"] for row in kinds} else ""
    after = request.GET.get("after", "")
    page = queries.search_items(on=on, text=text, department=department, kind=kind, after=after)
    context = {
        "q": text,
        "departments": queries.department_counts(on),
        "department": "" if department is None else str(department),
        "kinds": kinds,
        "kind": kind,
        "items": page.items,
        "total": page.total,
        "next_after": page.next_after,
    }
    return render(request, "catalogue/item_list.html", context)


@public
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its seven disclosures (七公开)."""
    found = queries.item_detail(code, today())
    file_url = reverse("cases:file", args=[code]) if found["can_file"] else ""
    return render(request, "catalogue/item_detail.html", {"item": found, "file_url": file_url})
