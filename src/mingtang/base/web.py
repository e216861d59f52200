"""Small things that every app's views need."""

import uuid

from django.conf import settings
from django.http import HttpRequest

from mingtang.base.noting import NEVER, note


def source_of(request: HttpRequest) -> str:
    """Where a request comes from, for rate limits. Forwarded headers are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))


def search_text(request: HttpRequest, name: str = "q") -> str:
    """What someone typed into a search field: at most 60 characters, none of them control codes."""
    return printable(request.GET.get(name, ""))[:60]


def printable(typed: str) -> str:
    """What was typed without control codes, which no database keeps."""
    return "".join(char for char in typed if char.isprintable()).strip()


def new_command_id() -> str:
    """An id for the command that a form will send: 122 random bits."""
    note(NEVER)
    return uuid.uuid4().hex


def site_url(request: HttpRequest) -> str:
    """Where the public finds this site, without a slash at its end: paper goes where the
    counter's own address does not."""
    base: str = settings.MINGTANG_PUBLIC_URL
    return base or request.build_absolute_uri("/").rstrip("/")
