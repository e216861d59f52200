"""Reads that may be some seconds old: boards and statistics from a replica of the database.

A view says `may_lag`. While it runs, what the ORM reads comes from the replica, except: who
somebody is and what they may do (FRESH), what the process keeps of others (base.kept, whose marks
are read on the primary), what is read inside of a transaction. Everything is written on the
primary. A reader who has just sent something reads the primary for some seconds (`pin_writers`);
so does everybody while the replica is away or further behind than MINGTANG_REPLICA_LAG.
"""

import functools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from mingtang.base.noting import NEVER, note

REPLICA = "replica"
FRESH = frozenset({"accounts", "auth", "contenttypes", "sessions"})  # rights never lag
COOKIE = "mt_wrote"
LOOK_SECONDS = 1.0  # how often a process looks how far the replica has come
READING = frozenset({"GET", "HEAD"})
POSITIONS = 512  # remembered of the primary: more than eight minutes of looks
POSITION = (
    "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() "
    "ELSE pg_current_wal_lsn() END - '0/0')::bigint"
)
log = logging.getLogger(__name__)
_reads: ContextVar[bool] = ContextVar("reads of this view may lag", default=False)


class Lag:
    """How far a replica is behind, in seconds: the age of the newest position of the primary that
    it has reached. One that hears nothing more grows old with the primary's next write. No clocks
    of two machines are compared."""

    def __init__(self, primary: Callable[[], int], replica: Callable[[], int]) -> None:
        self._primary, self._replica = primary, replica
        self._seen: deque[tuple[float, int]] = deque(maxlen=POSITIONS)

    def seconds(self, moment: float) -> float:
        """At this moment (time.monotonic). Infinite where it has reached nothing we know of."""
        self._seen.append((moment, self._primary()))
        reached = self._replica()
        while len(self._seen) > 1 and self._seen[1][1] <= reached:
            self._seen.popleft()
        begun, position = self._seen[0]
        return moment - begun if position <= reached else float("inf")


def _position(alias: str) -> int:
    """Bytes of the write-ahead log: written there, or replayed where it is a replica."""
    with connections[alias].cursor() as cursor:
        cursor.execute(POSITION)
        return int(cursor.fetchone()[0])


class Replica:
    """Whether the replica is near enough, as this process last saw it. Threads look in turns."""

    def __init__(self, lag: Lag) -> None:
        self._lag, self._turn = lag, threading.Lock()
        self._good_until = self._next_look = 0.0

    def is_near(self) -> bool:
        """A look holds for a second; while it takes longer than another one, nobody waits for it:
        they read the primary."""
        if time.monotonic() >= self._next_look and self._turn.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._turn.release()
        return time.monotonic() < self._good_until

    def _look(self) -> None:
        begin = time.monotonic()
        try:
            behind = self._lag.seconds(begin)
        except (OperationalError, InterfaceError) as error:
            return self.lost(error)
        self._next_look = begin + LOOK_SECONDS
        is_good = behind <= settings.MINGTANG_REPLICA_LAG
        self._good_until = begin + 2 * LOOK_SECONDS if is_good else 0.0
        return None

    def lost(self, error: Exception) -> None:
        """It did not answer: it is asked again after ten looks."""
        log.warning("replica away: %s", type(error).__name__)
        self._good_until, self._next_look = 0.0, time.monotonic() + 10 * LOOK_SECONDS


THE = Replica(
    Lag(functools.partial(_position, DEFAULT_DB_ALIAS), functools.partial(_position, REPLICA))
)


def is_set() -> bool:
    """Whether this installation has a replica."""
    return REPLICA in connections.settings


def silence() -> str:
    """Why the replica does not answer; blank if it does, or there is none."""
    if not is_set():
        return ""
    try:
        _position(REPLICA)
    except (OperationalError, InterfaceError) as error:
        return str(error).strip().partition("\n")[0]
    return ""


def pinned_seconds() -> int:
    """For how long who sent something reads the primary: longer than a reply may be old."""
    return int(settings.MINGTANG_REPLICA_LAG + 2 * LOOK_SECONDS) + 1


@contextmanager
def fresh() -> Iterator[None]:
    """What is read until its end comes from the primary."""
    token = _reads.set(False)
    try:
        yield
    finally:
        _reads.reset(token)


def may_lag(view: Any) -> Any:
    """For a view that only reads, stands below its policy, and whose answer may be some seconds
    old. If the replica fails meanwhile, the view is asked again of the primary."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        is_pinned = request.method not in READING or COOKIE in request.COOKIES
        if not is_set() or is_pinned or not THE.is_near():
            return view(request, *args, **kwargs)
        token = _reads.set(True)
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            THE.lost(error)
        finally:
            _reads.reset(token)
        connections[REPLICA].close()
        return view(request, *args, **kwargs)

    answer.may_lag = True  # type: ignore[attr-defined]
    return answer


def pin_writers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Who sent something gets a cookie that lasts until the replica must have it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_set() and request.method not in {*READING, "OPTIONS", "TRACE"}:
            response.set_cookie(
                COOKIE,
                "1",
                max_age=pinned_seconds(),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return answer


class Router:
    """Where the ORM reads and writes."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        is_inside = connections[DEFAULT_DB_ALIAS].in_atomic_block
        if not _reads.get() or is_inside or model._meta.app_label in FRESH:
            return DEFAULT_DB_ALIAS
        note(NEVER)  # its marks are those of the primary: such a page is not kept
        return REPLICA

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True  # they are one database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
