"""Who knows the things for which windows gave receipts: cases, joint matters, requests for
information, letters. An upper app registers its room once per process, while the apps load."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from mingtang.accounts.rules import Role, Scope

Command = Callable[..., Any]


def _everything(_scope: Scope) -> Q:
    return Q()


def _nothing(_scope: Scope, _subject_id: int) -> None:
    """Raises where a thing is the reader's own."""


@dataclass(frozen=True)
class Room:
    """One kind of things. `unit_roles` confirm what their own unit answers for, `place_roles` what
    came in their region. `readable`: which of its receipts a reader may see besides.
    `check_own(scope, id)` raises where a thing is the reader's own: nobody confirms that."""

    kind: str  # as its streams begin: case:42
    confirm: Command
    refuse: Command
    unit_roles: frozenset[Role]
    place_roles: frozenset[Role] = frozenset()
    readable: Callable[[Scope], Q] = _everything
    check_own: Callable[[Scope, int], None] = _nothing


_rooms: dict[str, Room] = {}


def register(room: Room) -> None:
    _rooms[room.kind] = room


def rooms() -> Iterable[Room]:
    return _rooms.values()


def room_of(kind: str) -> Room:
    return _rooms[kind]
