"""What no view handled becomes a page; nothing begins on a full disk; English where asked."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mingtang.accounts.policy import scope
from mingtang.api.interface import problem
from mingtang.base.errors import DomainError
from mingtang.base.space import NoRoom, is_away, is_short
from mingtang.site.views import error_page, unavailable

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class answer_domain_errors:  # noqa: N801 – Django calls it like a function
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return error_page(request, error.status, error.message, error.heading)
        return unavailable(request, error) if is_away(error) else None

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """On a disk that is nearly full nothing is begun; reading goes on."""
        if request.method in SAFE:
            return None
        if getattr(view, "is_for_reading", False) or not is_short():
            request.is_begun = True  # type: ignore[attr-defined]
            return None
        route = request.resolver_match
        if route is not None and "api" in route.namespaces:
            return problem(NoRoom())
        return unavailable(request, NoRoom())


ENGLISH = "en"


class choose_language:  # noqa: N801 – Django calls it like a function
    """English for whoever pressed the button, on the pages of the public. Pages of staff stay
    Chinese; what a browser says of languages is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get("mt_language") == ENGLISH
        with translation.override(ENGLISH if asked else settings.LANGUAGE_CODE):
            answer = self.get_response(request)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                answer.headers.setdefault("Content-Language", translation.get_language() or "")
                patch_vary_headers(answer, ["Cookie"])
            return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request.has_english = _has_english(request, view)  # type: ignore[attr-defined]
        if not request.has_english:  # type: ignore[attr-defined]
            translation.activate(settings.LANGUAGE_CODE)


def _has_english(request: HttpRequest, view: Any) -> bool:
    """Public pages have, and those of citizens who signed in."""
    policy = getattr(view, "policy", None)
    if policy is None or policy.name == "public":
        return True
    try:
        return policy.name == "signed_in" and not scope(request).is_staff
    except OperationalError:
        return False  # the view meets the same, and its answer says so
