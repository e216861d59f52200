"""Asks the house without a network: the view of an address with somebody's rights, and what they
are answered in as few words as tell two answers apart."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.http import Http404, HttpRequest
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import ResolverMatch, resolve
from weasyprint import HTML

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Scope
from mingtang.api.doors import COUNTER
from mingtang.base.errors import DomainError, NotFound
from tests.world import new_command_id

FACTORY = RequestFactory(SERVER_NAME="127.0.0.1")
HIDDEN, ELSEWHERE, UNKNOWN = 404, 302, 401
TO_DOOR = "/sign-in/"


@dataclass(frozen=True)
class Answer:
    """A status, and what was said with it: the sentence of a refusal, where one is sent."""

    status: int
    said: str = ""

    @property
    def is_nothing(self) -> bool:
        """Not there, or first say who you are."""
        to_door = self.status == ELSEWHERE and self.said == TO_DOOR
        return self.status in {HIDDEN, UNKNOWN} or to_door


@dataclass(frozen=True)
class Who:
    """Somebody who asks: nobody signed in where there is no person."""

    person: Person | None
    scope: Scope

    def request(self, method: str, url: str, body: Any = None) -> HttpRequest:
        if url.startswith("/api/"):
            key = {"HTTP_IDEMPOTENCY_KEY": new_command_id()}
            data = json.dumps(body or {}) if method == "POST" else body
            request = getattr(FACTORY, method.lower())(url, data, "application/json", **key)
        else:
            request = getattr(FACTORY, method.lower())(url, body)
        request.user = self.person or AnonymousUser()
        request.session = SessionStore()
        request._messages = _Unsaid(request)
        request._dont_enforce_csrf_checks = True
        request._mingtang_scope = self.scope
        return request


class _Unsaid(BaseStorage):
    """Words for the next page, which nobody will open."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def ask(who: Who, method: str, url: str, body: Any = None) -> Answer:
    """What somebody is answered; nothing that was done stays."""
    COUNTER.forget()
    request = who.request(method, url, body)
    with transaction.atomic():
        try:
            return _answer(request)
        finally:
            transaction.set_rollback(True)


@lru_cache(maxsize=5_000)
def match(path: str) -> ResolverMatch:
    """Which view answers an address: the same for each of the forty who ask for it. Raises
    Resolver404, for an address that is none."""
    return resolve(path)


def _answer(request: HttpRequest) -> Answer:
    """As the middleware of the house says it; what it has no answer for is not caught here."""
    try:
        found = request.resolver_match = match(request.path)
        answer = found.func(request, *found.args, **found.kwargs)
    except Http404:
        return Answer(HIDDEN, str(NotFound()))
    except DomainError as error:
        return Answer(error.status, error.message)
    if answer.status_code < 400:
        way = answer.headers.get("Location", "")
        return Answer(answer.status_code, TO_DOOR if way.startswith(TO_DOOR) else way)
    if answer.headers["Content-Type"] == "application/problem+json":
        return Answer(answer.status_code, json.loads(answer.content)["detail"])
    return Answer(answer.status_code, "")


def settle() -> None:
    """What is loaded stays: the collector need not look at it again during a long walk."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


@contextmanager
def undrawn() -> Iterator[None]:
    """Pages and PDF are not drawn: whether somebody may see one is decided before."""
    with (
        mock.patch.object(Template, "render", return_value=""),
        mock.patch.object(HTML, "write_pdf", return_value=b"%PDF-"),
        mock.patch.object(HTML, "__init__", return_value=None),
    ):
        yield
