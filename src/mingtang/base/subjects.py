"""Where pages about a subject such as `case:42` stand. An upper app registers its own kind;
a lower page asks for the address without knowing the app."""

from collections.abc import Callable, Iterable

Finder = Callable[[str, bool], str | None]
Titles = Callable[[Iterable[str]], dict[str, str]]

_finders: dict[str, Finder] = {}
_titles: dict[str, Titles] = {}


def register(kind: str, finder: Finder, titles: Titles | None = None) -> None:
    """Say who knows the pages of a kind, once per process, while the apps load.

    `finder(key, for_staff)` gives the address for staff or for the public, or None.
    `titles(keys)` says, for colleagues, what each is called: number and name.
    """
    _finders[kind] = finder
    if titles is not None:
        _titles[kind] = titles


def titles_of(subjects: Iterable[str]) -> dict[str, str]:
    """What subjects are called, by subject; itself where nobody knows. One asking per kind."""
    found = {subject: subject for subject in subjects}
    keys: dict[str, list[str]] = {}
    for subject in found:
        kind, _, key = subject.partition(":")
        keys.setdefault(kind, []).append(key)
    for kind in keys.keys() & _titles.keys():
        known = _titles[kind](keys[kind])
        found |= {f"{kind}:{key}": title for key, title in known.items()}
    return found


def url_of(subject: str, *, for_staff: bool = False) -> str | None:
    """The page about a subject, or None where nobody knows one. Access is that page's business."""
    kind, _, key = subject.partition(":")
    finder = _finders.get(kind)
    return finder(key, for_staff) if finder and key else None
