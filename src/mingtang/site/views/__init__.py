"""Views of the house itself: the front door, its sections, places, help, errors."""

from mingtang.site.views.errors import (
    bad_request,
    csrf_failure,
    error_page,
    forbidden,
    not_found,
    server_error,
    unavailable,
)
from mingtang.site.views.front import health, home, preference, ready, told_metrics
from mingtang.site.views.ledger import extension, ledger_keys, verifier
from mingtang.site.views.places import place, places
from mingtang.site.views.sections import accessibility, help_page, section
from mingtang.site.views.today import today

__all__ = [
    "accessibility",
    "bad_request",
    "csrf_failure",
    "error_page",
    "extension",
    "forbidden",
    "health",
    "help_page",
    "home",
    "ledger_keys",
    "not_found",
    "place",
    "places",
    "preference",
    "ready",
    "section",
    "server_error",
    "today",
    "told_metrics",
    "unavailable",
    "verifier",
]
