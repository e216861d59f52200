"""Screens of the items that one level examines and the next decides (上报件)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import staff
from mingtang.accounts.rules import SEES_NO_CASES, Role
from mingtang.base.clock import today
from mingtang.catalogue.queries.referred import referred_items

READERS = tuple(role for role in Role if role not in SEES_NO_CASES)


@staff(*READERS)
@require_GET
def referred(request: HttpRequest) -> HttpResponse:
    """The list of those items: who examines first, in how many days, who decides."""
    rows, last = referred_items(today(), request.GET.get("after", ""))
    context = {"rows": rows, "next_url": f"?after={last}" if last else ""}
    return render(request, "catalogue/referred.html", context)
