"""Small things that every app's views need."""

import uuid

from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """Where a request comes from, for rate limits. Forwarded headers are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))


def new_command_id() -> str:
    """An id for the command that a form will send: 122 random bits."""
    return uuid.uuid4().hex
