"""Numbers with a query code. Whoever looks one up does it on one page, whatever it is the number
of: an upper app registers its own kind, and the lower page asks."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Tracked:
    """A kind of thing with a number and a query code.

    `knows(number)`: whether it is one of these. `unlock(number=…, code=…, source=…, at=…)` raises
    DomainError where the code is wrong. The browser then remembers the number under `session_key`,
    and `route` with the number is the page.
    """

    knows: Callable[[str], bool]
    unlock: Callable[..., object]
    session_key: str
    route: str


_kinds: list[Tracked] = []


def register(kind: Tracked) -> None:
    """Once per process, while the apps load."""
    _kinds.append(kind)


def kind_of(number: str) -> Tracked | None:
    return next((one for one in _kinds if one.knows(number)), None)


def address_with_keys(lookup: str, number: str, code: str) -> str:
    """The page where one looks a number up, with both keys behind the hash: no server's log ever
    sees the code."""
    return f"{lookup}#{urlencode({'number': number, 'code': code})}"
