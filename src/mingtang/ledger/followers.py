"""Followers: who is told of what happened, as the site lists them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from mingtang.ledger.models import Event


@dataclass(frozen=True)
class Follower:
    """Someone who is told. Subscribes by kind; `*` at the end means any ending. `of`: only what
    happened to a sort of thing, "case" for the streams `case:…`; any, where it is not said.

    `handle` runs in one transaction with the removal of the row that asks for it. `reset` empties
    what the follower keeps, so that a replay may fill it anew; without it, `handle` must be
    idempotent.
    """

    name: str
    kinds: tuple[str, ...]
    handle: Callable[[Event], None]
    reset: Callable[[], None] | None = None
    of: str = ""

    def wants(self, kind: str, stream: str) -> bool:
        return self.of in ("", sort_of(stream)) and self.hears(kind)

    def hears(self, kind: str) -> bool:
        return any(
            kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted
            for wanted in self.kinds
        )


def sort_of(stream: str) -> str:
    """What sort of thing a stream is the history of: `case` of `case:42`."""
    return stream.partition(":")[0]


def followers() -> dict[str, Follower]:
    """The followers that the site lists, by name."""
    return _named(tuple(settings.LEDGER_FOLLOWERS))


@functools.cache
def _named(paths: tuple[str, ...]) -> dict[str, Follower]:
    listed: list[Follower] = [import_string(path) for path in paths]
    return {follower.name: follower for follower in listed}


def wanting(kind: str, stream: str) -> tuple[str, ...]:
    """The names of those who are told of an event, in the order of the site's list."""
    return _wanting(tuple(settings.LEDGER_FOLLOWERS), kind, sort_of(stream))


@functools.cache
def _wanting(paths: tuple[str, ...], kind: str, sort: str) -> tuple[str, ...]:
    listed = _named(paths).items()
    return tuple(name for name, follower in listed if follower.wants(kind, f"{sort}:"))
