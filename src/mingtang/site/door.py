"""Where requests come in: a page for everybody is given from the shelf, as long as it holds."""

import sqlite3
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from django.db import DatabaseError

from mingtang.base.clock import today
from mingtang.base.metrics import KEPT, request_answered
from mingtang.base.pages import SHELF, Page, key_of
from mingtang.base.watching import WATCH

Environ = dict[str, Any]
OF_BODY = frozenset({"Content-Length", "Content-Type"})


class Door:
    """The WSGI application around another: what it does not give itself, that one gives."""

    def __init__(self, inner: Callable[[Environ, Callable[..., Any]], Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = kept_page(environ)
        if page is None:
            return self.inner(environ, start_response)
        begun = perf_counter()
        try:
            return self._given(page, environ, start_response)
        finally:
            request_answered(environ["REQUEST_METHOD"], KEPT, 200, perf_counter() - begun)

    def _given(
        self, page: Page, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response(
                "304 Not Modified", [one for one in page.headers if one[0] not in OF_BODY]
            )
            return [b""]
        start_response("200 OK", list(page.headers))
        return [page.body]


def kept_page(environ: Environ) -> Page | None:
    """The page that answers a request, if it is kept and still true."""
    key = key_of(environ)
    page = None if key is None else SHELF.get(key)
    if page is None:
        return None
    try:
        return page if page.source.holds(WATCH.marks(), today) else None
    except (DatabaseError, sqlite3.Error, OSError):  # whoever makes the page says so
        return None
