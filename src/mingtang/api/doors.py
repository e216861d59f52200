"""Doors of the API: who asks, by session or token; whom an operation is open to; how often."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.http import HttpRequest
from ninja.utils import check_csrf

from mingtang.accounts.policy import Policy, scope
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import Role
from mingtang.api.queries import bearer
from mingtang.api.rules import (
    FIELDS,
    FIELDS_LONGEST,
    OPEN_PACE,
    SIGNED_PACE,
    BodyWrong,
    Fault,
    ForgedRequest,
    NotSignedIn,
    Pace,
    TooOften,
    fault_of,
    narrowed,
)
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.web import source_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Door:
    """Whom an operation is open to: the same policies as those of pages, answered for machines."""

    policy: Policy
    asked: frozenset[str] = frozenset()  # the names that may stand in its address

    def __call__(self, request: HttpRequest) -> bool:
        _identify(request)
        who = f"person:{request.user.pk}" if request.user.is_authenticated else source_of(request)
        pace = SIGNED_PACE if request.user.is_authenticated else OPEN_PACE
        request.pace = COUNTER.take(who, pace)  # type: ignore[attr-defined]
        if self.policy.needs_sign_in and not request.user.is_authenticated:
            raise NotSignedIn
        if self.policy.roles is not None and not scope(request).has_role(self.policy.roles):
            raise NotFound  # not allowed and not found look the same
        self._check_address(request)
        return True

    def _check_address(self, request: HttpRequest) -> None:
        """A name that is misspelt narrows nothing: better to hear of it."""
        if unknown := sorted(request.GET.keys() - self.asked):
            raise BodyWrong(Fault(name[:60], fault_of("extra_forbidden")) for name in unknown)
        if len(request.GET.get(FIELDS, "")) > FIELDS_LONGEST:
            raise BodyWrong([Fault(FIELDS, fault_of("string_too_long"))])


def _identify(request: HttpRequest) -> None:
    """A token speaks for its system; without one the session does, and must show that no other
    site sends in its name."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        account, roles = bearer(token.strip())
        request.user = account
        request._mingtang_scope = narrowed(  # type: ignore[attr-defined]
            scope_of(account, today()), roles
        )
    elif request.user.is_authenticated and request.method not in SAFE and check_csrf(request):
        raise ForgedRequest


def everybody() -> Door:
    return Door(Policy("public"))


def signed_in() -> Door:
    return Door(Policy("signed_in", needs_sign_in=True))


def staff(*roles: Role) -> Door:
    return Door(Policy("staff", frozenset(roles or Role), needs_sign_in=True))


# ── how often ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Left:
    """What is left of a span: for the headers of the answer."""

    most: int
    remaining: int
    seconds: int


MOST_CALLERS = 10_000


class Counter:
    """Counts requests in fixed spans, in this process: a shield against loops that ran wild. Each
    process counts for itself. Guesses at codes and keys are counted in the database, elsewhere."""

    def __init__(self) -> None:
        self._spans: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str, pace: Pace) -> Left:
        """One request more. Raises TooOften."""
        now = int(time.monotonic())
        span, left = divmod(now, pace.seconds)
        with self._lock:
            begun, count = self._spans.pop(who, (span, 0))
            count = count + 1 if begun == span else 1
            self._spans[who] = (span, count)
            if len(self._spans) > MOST_CALLERS:
                self._spans.popitem(last=False)
        seconds = pace.seconds - left
        if count > pace.most:
            raise TooOften(seconds)
        return Left(pace.most, pace.most - count, seconds)

    def forget(self) -> None:
        self._spans.clear()


COUNTER = Counter()
