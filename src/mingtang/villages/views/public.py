"""Views for everybody: townships, a village, one disclosure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.villages import queries


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Choose a township."""
    return render(request, "villages/index.html", {"townships": queries.pilot_townships()})


@public
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A township with its villages, or a village with its sections."""
    found = queries.village_by_code(code)
    return render(request, "villages/village.html", {"village": found})


@public
@require_GET
def entry(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """One disclosure."""
    return render(request, "villages/entry.html", {"entry": queries.entry(disclosure_id)})
