"""Security keys and the browser: the question is kept in the session until it is answered, once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mingtang.accounts.services_factor import check_code
from mingtang.accounts.services_keys import Site, check_key

STATE = "key_asked"


def site_of(request: HttpRequest) -> Site:
    origin = request.build_absolute_uri("/").rstrip("/")
    host = request.get_host().rsplit(":", 1)[0] if ":" in request.get_host() else request.get_host()
    return Site(host, origin, settings.MINGTANG_SITE_NAME)


def keep(request: HttpRequest, state: Any) -> None:
    request.session[STATE] = state


def take(request: HttpRequest) -> Any:
    """The question that was asked last; it is answered once."""
    return request.session.pop(STATE, None) or {}


def is_of_key(typed: str) -> bool:
    """A key's word is JSON, which no code and hardly a password begins like."""
    return typed.lstrip().startswith('{"')


def check_second(request: HttpRequest, person_id: int, typed: str, at: datetime) -> None:
    """The second factor: a code, or what a security key says. Raises as they do."""
    if is_of_key(typed):
        told = {"state": take(request), "person_id": person_id, "said": typed, "at": at}
        check_key(site=site_of(request), **told)
    else:
        check_code(person_id=person_id, typed=typed, at=at)
