"""What each app holds about a person, and how it lets go of it. An app registers itself while the
apps load; what nobody registered is told to nobody, so a test looks for sealed fields without one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mingtang.persons.rules import Held, Who


@dataclass(frozen=True)
class Holder:
    """`tell` gives everything, oldest first. `erase` lets go of what nothing makes us keep, inside
    the transaction that is open, and says how many; None: all of it stays. `models`: the tables
    that it speaks for, as "app.Model". `is_for_own_eyes`: no copy of it is made at a counter."""

    name: str
    label: str
    tell: Callable[[Who], Iterable[Held]]
    erase: Callable[[Who, datetime], int] | None = None
    models: tuple[str, ...] = ()
    is_for_own_eyes: bool = False


LAST = "account"
_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    """In the order in which they let go: the account, by which others find theirs, last."""
    return [_holders[name] for name in sorted(_holders, key=lambda name: (name == LAST, name))]


def told(who: Who) -> Iterator[tuple[Holder, list[Held]]]:
    """Everything that is held about somebody, by holder; those with nothing are left out."""
    for holder in holders():
        if found := list(holder.tell(who)):
            yield holder, found


def let_go(who: Who, at: datetime) -> dict[str, int]:
    """Erase what may go. Returns how many of each holder."""
    done = {one.label: one.erase(who, at) for one in holders() if one.erase is not None}
    return {label: count for label, count in done.items() if count}
