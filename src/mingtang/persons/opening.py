"""What may be shown of a subject such as `case:42`. An upper app registers its own kind, as it
does for pages in `base.subjects`; the page that shows it knows none of them."""

from collections.abc import Callable

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.persons.rules import REVEALERS, Opened

Opener = Callable[[Scope, int], Opened]
_openers: dict[str, Opener] = {}


def register(kind: str, opener: Opener) -> None:
    """`opener(scope, id)` gives what is masked on the page of a subject. It raises NotFound where
    the page itself would not be there for this person."""
    _openers[kind] = opener


def opened(scope: Scope, kind: str, key: int) -> Opened:
    """What a person may have shown by their posts that reveal: one that only reads opens nothing,
    whatever the others may elsewhere.

    Raises NotFound alike for none, for none of yours and for a kind that nobody knows."""
    opener = _openers.get(kind)
    if opener is None:
        raise NotFound
    return opener(scope.only(REVEALERS), key)
