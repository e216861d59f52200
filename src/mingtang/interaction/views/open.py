"""Views for everyone: how content people are with each unit."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.qr import qr_svg
from mingtang.base.web import site_url
from mingtang.cases.views.common import private, short_names
from mingtang.interaction import present, queries
from mingtang.interaction.rules import is_enough, name_on

PERIOD = timedelta(days=364)


@public
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """The rates of each unit over a year, where enough people rated."""
    on = today()
    units = queries.by_unit(on - PERIOD, on)
    names = short_names(row.organisation_id for row in units)
    context = {
        "since": on - PERIOD,
        "until": on,
        "least": settings.MINGTANG_RATING_LEAST,
        "practice": name_on(settings.MINGTANG_RATING_NAMES, on),
        "rows": present.public_rows(
            units, names, settings.MINGTANG_RATING_LEAST, queries.published_counts()
        ),
        "sides": present.side_rows(
            queries.by_indicator(on - PERIOD, on), settings.MINGTANG_RATING_LEAST
        ),
    }
    return render(request, "interaction/satisfaction.html", context)


@public
@require_GET
def token_qr(request: HttpRequest, token: str) -> HttpResponse:
    """The address behind a token as a picture, for the slip. Raises UnknownToken."""
    queries.token_sent(token)
    link = site_url(request) + reverse("interaction:by_token", args=[token])
    return private(HttpResponse(qr_svg(link), content_type="image/svg+xml"))


@public
@require_GET
def words(request: HttpRequest, unit_id: int) -> HttpResponse:
    """What people said of a unit, as far as it was published."""
    found = queries.published(unit_id)
    on = today()
    units = [row for row in queries.by_unit(on - PERIOD, on) if row.organisation_id == unit_id]
    enough = bool(units) and is_enough(units[0].tally, settings.MINGTANG_RATING_LEAST)
    if not found and not enough:
        raise NotFound
    names = short_names([unit_id])
    context = {
        "unit": names.get(unit_id, ""),
        "words": [
            {"level": present.level(one.level), "text": one.text, "on": one.published_at}
            for one in found
        ],
    }
    return render(request, "interaction/words.html", context)
