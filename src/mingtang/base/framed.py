"""Pages of which all but the frame is the same for every reader: that part is drawn once.

The frame is the head with its tools and the way around, messages, the foot, and the size of type:
it is drawn for each request. All else is drawn without the request, so that nothing of a reader can
be in it, and kept by what it was made of, as whole pages are (base.pages); it leaves holes where
the frame goes. So whoever is signed in, reads in large type or came by another address is given the
same text as everybody. No form that needs a token belongs on such a page: it would have none.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from mingtang.base import kept
from mingtang.base.clock import today
from mingtang.base.noting import note, noting
from mingtang.base.pages import Pieces, Shelf, first_reading, source_of
from mingtang.base.shown import SHOWN

HOLE = "<!-- frame -->"  # never data: its < would be escaped; stands in base/frame.html too
SHELF: Shelf[Pieces] = Shelf(8 * 2**20)
Facts = Callable[[], dict[str, Any]]


def site_words() -> dict[str, str]:
    """What every page says of the site, as the city sets it."""
    return {
        "site_name": settings.MINGTANG_SITE_NAME,
        "centre_name": settings.MINGTANG_CENTRE_NAME,
        "hotline": settings.MINGTANG_HOTLINE,
        "site_domain": site_domain(),
        "site_id_code": settings.MINGTANG_SITE_ID_CODE,
    }


def site_domain() -> str:
    """The host of the page tag SiteDomain: what the city says, never what a request says."""
    return urlsplit(settings.MINGTANG_PUBLIC_URL).netloc or settings.ALLOWED_HOSTS[0]


def render_framed(
    request: HttpRequest, template: str, about: tuple[str, ...], facts: Facts
) -> HttpResponse:
    """The page of a template that extends base/page.html. `about`: all that decides what is on it,
    beside the database, the day and the language. `facts`: what it shows, read only if need be; it
    must not look at the request. Raises what `facts` raises."""
    if getattr(request, SHOWN, None) is not None:
        return render(request, template, facts())
    frame = render_to_string("base/frame.html", None, request).split(HOLE)[1:-1]
    texts = _texts((template, *about, get_language() or ""), template, facts)
    woven = [one for pair in zip(texts, [*frame, ""], strict=True) for one in pair]
    return HttpResponse("".join(woven))


def _texts(key: tuple[str, ...], template: str, facts: Facts) -> tuple[str, ...]:
    """What is kept, if it still holds, or else made anew."""
    marks = kept.marks()
    if marks is None:
        return _drawn(template, facts)
    found = SHELF.get(key)
    if found is not None and found.source.holds(marks, today):
        note(*found.source.kinds)
        return found.texts
    with noting():
        on = today()  # before it is made, as for whole pages
    with noting() as noted, connection.execute_wrapper(first_reading(marks)):
        texts = _drawn(template, facts)
    note(*noted)
    if (source := source_of(noted, marks, on)) is not None:
        SHELF.put(key, Pieces(texts, source))
    return texts


def _drawn(template: str, facts: Facts) -> tuple[str, ...]:
    return tuple(
        render_to_string(template, {**site_words(), **facts(), "frame_hole": HOLE}).split(HOLE)
    )
