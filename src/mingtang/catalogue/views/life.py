"""Screens of life events: the list of them, and one with its items and its materials."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.catalogue.queries import life


@public
@require_GET
def life_events(request: HttpRequest) -> HttpResponse:
    """What happens in a life or a firm, each with the items it takes."""
    return render(request, "catalogue/life_events.html", {"events": life.life_events()})


@public
@require_GET
def life_event(request: HttpRequest, key: str) -> HttpResponse:
    """One life event: the items in their order, one list of materials."""
    return render(request, "catalogue/life_event.html", {"event": life.life_event(key, today())})
