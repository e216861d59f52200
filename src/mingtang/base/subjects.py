"""Where pages about a subject such as `case:42` stand. An upper app registers its own kind;
a lower page asks for the address without knowing the app."""

from collections.abc import Callable

Finder = Callable[[str, bool], str | None]

_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """Say who knows the pages of a kind, once per process, while the apps load.

    `finder(key, for_staff)` gives the address for staff or for the public, or None.
    """
    _finders[kind] = finder


def url_of(subject: str, *, for_staff: bool = False) -> str | None:
    """The page about a subject, or None where nobody knows one. Access is that page's business."""
    kind, _, key = subject.partition(":")
    finder = _finders.get(kind)
    return finder(key, for_staff) if finder and key else None
