"""Sends a request through the whole stack without a network, and judges what is answered."""

import io
import json
import random
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.api.doors import COUNTER
from mingtang.api.interface import PROBLEM
from mingtang.base.clock import now
from mingtang.regions.models import Organisation
from tests.access.asking import Who, match
from tests.access.probe import VISITOR, citizen, holder
from tests.access.subjects import kind_of
from tests.malformed import values
from tests.malformed.targets import Target, thing_of
from tests.world import new_command_id

FACTORY = RequestFactory(SERVER_NAME="127.0.0.1")
WRONG_METHOD = 405
TRACE = (b"Traceback (most recent call last)", b'File "/', b"exception_value")
WHO = ("admitted",) * 4 + ("citizen", "clerk", "administrator", "nobody")
WAYS = {"fields": 14, "path": 2, "query": 2, "raw": 2, "headers": 1, "method": 1}  # how often


@cache
def cookie_of(person: Person) -> str:
    """Signed in, and asked a moment ago who it is."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person)
    session = browser.session
    session["proved_at"] = now().timestamp()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def somebody(who: str, target: Target) -> Who:
    name = kind_of(target.route.name)
    thing = thing_of(name) if name else None
    units = thing.units if thing and thing.units else (_centre(),)
    if who == "nobody":
        return VISITOR
    if who == "clerk":
        return holder(frozenset({Role.CLERK}), units[0])
    if who == "administrator":
        return holder(frozenset({Role.SYSTEM_ADMIN}), _centre())
    if who == "admitted" and target.route.roles:
        return holder(target.route.roles, units[0])
    return citizen(thing.person if thing else None)


@cache
def _centre() -> int:
    return Organisation.objects.get(code="centre").id


@dataclass
class Sent:
    """A request as a server hands it over."""

    who: str
    target: Target
    way: str
    method: str
    path: str
    query: str = ""
    content: bytes = b""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def environ(self, person: Person | None) -> dict[str, Any]:
        told = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path.encode("utf-8", "surrogatepass").decode("latin-1"),
            "QUERY_STRING": self.query,
            "CONTENT_TYPE": self.kind,
            "CONTENT_LENGTH": str(len(self.content)),
            "HTTP_IDEMPOTENCY_KEY": new_command_id(),
            "wsgi.input": io.BytesIO(self.content),
        }
        if person is not None:
            told["HTTP_COOKIE"] = cookie_of(person)
        odd = {name: one.encode().decode("latin-1") for name, one in self.headers.items()}
        return {**FACTORY._base_environ(), **told, **odd}

    def __str__(self) -> str:
        more = f" ?{self.query[:200]}" if self.query else ""
        said = f"{self.method} {self.path[:150]!r}{more} {self.who} {self.way} {self.kind[:40]}"
        return f"{self.target.route.name}: {said} {self.headers} {self.content[:400]!r}"


# ── making ────────────────────────────────────────────────────────────────────────────────────


def made(target: Target, dice: random.Random) -> Sent:
    """One request to a target, sound but for what the dice break."""
    way, who = _way(target, dice), dice.choice(WHO)
    parts = dict(target.parts)
    if way == "path":
        parts[dice.choice(sorted(parts))] = dice.choice(values.TEXTS)
    sent = Sent(who, target, way, target.method, target.address(parts))
    _fill(sent, dice)
    if way == "query":
        names = [*target.sound, "page", "q", "fields", "next", "after", "since", *values.TEXTS[:5]]
        pairs = [(dice.choice(names), one) for one in values.of_form(dice)]
        sent.query = _encoded(pairs)
    elif way == "raw":
        sent.content, sent.kind = dice.choice(values.RAW), dice.choice(values.TYPES)
    elif way == "headers":
        sent.headers = dict(dice.sample(values.HEADERS, 2))
    elif way == "method":
        sent.method = dice.choice(values.METHODS)
    return sent


def _way(target: Target, dice: random.Random) -> str:
    """What is broken: nothing that the target does not have."""
    lacks = {"fields"} if not target.has_fields else set()
    lacks |= {"path"} if not target.parts else set()
    ways = [one for one in WAYS if one not in lacks]
    (found,) = dice.choices(ways, [WAYS[one] for one in ways])
    return found


def _fill(sent: Sent, dice: random.Random) -> None:
    target, breaks = sent.target, sent.way == "fields"
    if target.body is not None:
        body = values.broken(target.body, dice) if breaks else target.body
        sent.content, sent.kind = json.dumps(body).encode(), "application/json"
        return
    pairs = _fields(target.sound, dice if breaks else None)
    if target.method == "GET":
        sent.query = _encoded(pairs) if breaks else ""
    elif breaks and dice.random() < 0.2:
        sent.kind = "multipart/form-data; boundary=x"
        sent.content = _multipart(pairs, dice)
    else:
        sent.content, sent.kind = _encoded(pairs).encode(), "application/x-www-form-urlencoded"


def _fields(sound: dict[str, str], dice: random.Random | None) -> list[tuple[str, str]]:
    said = {name: [one] for name, one in sound.items()}
    if dice is not None and said:
        for name in dice.sample(sorted(said), min(len(said), dice.choice((1, 1, 1, 2, 4)))):
            said[name] = values.of_form(dice)
    return [(name, one) for name, several in said.items() for one in several]


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def _multipart(pairs: list[tuple[str, str]], dice: random.Random) -> bytes:
    """Fields as parts; now and then one of them is a file."""
    lines = []
    for name, one in pairs:
        file = (
            f'; filename="{quote(one[:40], errors="replace")}.pdf"' if dice.random() < 0.2 else ""
        )
        lines.append(f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{one}\r\n')
    return ("".join(lines) + "--x--\r\n").encode("utf-8", "surrogatepass")


# ── sending and judging ───────────────────────────────────────────────────────────────────────


class _Handler(BaseHandler):
    """Which view answers an address is looked up once for each address, not for each request."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        request.resolver_match = match(request.path_info)
        return request.resolver_match


def is_let_in(sent: Sent, asking: Who) -> bool:
    """Whether the route admits who asks, in a way that leaves no doubt of who that is."""
    policy = sent.target.route.policy
    if sent.way in {"headers", "method"} or (policy.needs_sign_in and asking.person is None):
        return False
    return policy.roles is None or asking.scope.has_role(policy.roles)


@dataclass
class Judge:
    """Counts what was answered and keeps what should not have been, one of each sort. `entered`:
    how many a gate let in, to its view or to the check of what an operation takes."""

    sent: int = 0
    entered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    faulty: int = 0
    _raised: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._handler = _Handler()
        self._handler.load_middleware()
        got_request_exception.connect(self._note)

    def _note(self, **_more: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self._raised.append(error)

    def close(self) -> None:
        got_request_exception.disconnect(self._note)

    def send(self, sent: Sent) -> int:
        """Through the middleware to the view; nothing that was done stays. The status, or 0 where
        there is none."""
        COUNTER.forget()
        self._raised.clear()
        self.sent += 1
        asking = somebody(sent.who, sent.target)
        told = sent.environ(asking.person)  # who asks stays, of what they ask nothing
        with transaction.atomic():
            try:
                request = WSGIRequest(told)
                request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
                if sent.way != "headers":  # who it is was looked up before: half of the time
                    request._cached_user = asking.person or AnonymousUser()  # type: ignore[attr-defined]
                    request._mingtang_scope = asking.scope  # type: ignore[attr-defined]
                answer = self._handler.get_response(request)
                content = b"".join(
                    answer.streaming_content if answer.streaming else [answer.content]
                )  # type: ignore[attr-defined]
                answer.close()
            except Exception as error:
                self._fault(sent, "raised", error)
                return 0
            finally:
                transaction.set_rollback(True)
        self.statuses[answer.status_code] += 1
        is_met = request.resolver_match is not None and answer.status_code != WRONG_METHOD
        self.entered += is_met and is_let_in(sent, asking)
        if why := wrong(sent.target.is_operation, answer.status_code, answer.headers, content):
            self._fault(sent, why, self._raised[-1] if self._raised else None)
        return answer.status_code

    def _fault(self, sent: Sent, why: str, error: BaseException | None) -> None:
        self.faulty += 1
        sort = f"{why} {sent.target.route.name}"
        told = str(sent)
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            ours = [one for one in frames if "/mingtang/" in one.filename] or list(frames)
            place = f"{ours[-1].filename.rpartition('/mingtang/')[2]}:{ours[-1].lineno}"
            sort = f"{why} {type(error).__name__} {place}"
            told = f"{told}\n    {type(error).__name__}: {str(error)[:200]} [{frames[-1].name}]"
        self.faults.setdefault(sort, told)


def wrong(is_operation: bool, status: int, headers: Any, content: bytes) -> str:
    """What is wrong with an answer, in a word or two; nothing where it is a refusal in good order.

    The token endpoint speaks as OAuth does (RFC 6749, section 5.2)."""
    if status >= 500:
        return str(status)
    if status >= 400 and any(one in content for one in TRACE):
        return f"trace in {status}"
    if is_operation and status >= 400 and headers.get("Content-Type") != PROBLEM:
        return f"no problem+json in {status}"
    return ""
