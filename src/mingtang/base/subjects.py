"""Where pages about a subject such as `case:42` stand. An upper app registers its own kind;
a lower page asks for the address without knowing the app."""

from collections.abc import Callable, Iterable

Finder = Callable[[str, bool], str | None]
Titles = Callable[[Iterable[str]], dict[str, str]]
Pages = Callable[[Iterable[str], bool], dict[str, str]]

_finders: dict[str, Finder] = {}
_titles: dict[str, Titles] = {}
_pages: dict[str, Pages] = {}


def register(
    kind: str, finder: Finder, titles: Titles | None = None, pages: Pages | None = None
) -> None:
    """Say who knows the pages of a kind, once per process, while the apps load.

    `finder(key, for_staff)` gives the address for staff or for the public, or None.
    `titles(keys)` says, for colleagues, what each is called: number and name.
    `pages(keys, for_staff)` gives the addresses of many at once, where to find one takes a look.
    """
    _finders[kind] = finder
    if titles is not None:
        _titles[kind] = titles
    if pages is not None:
        _pages[kind] = pages


def titles_of(subjects: Iterable[str]) -> dict[str, str]:
    """What subjects are called, by subject; itself where nobody knows. One asking per kind."""
    found = {subject: subject for subject in subjects}
    keys = _by_kind(found)
    for kind in keys.keys() & _titles.keys():
        known = _titles[kind](keys[kind])
        found |= {f"{kind}:{key}": title for key, title in known.items()}
    return found


def url_of(subject: str, *, for_staff: bool = False) -> str | None:
    """The page about a subject, or None where nobody knows one. Access is that page's business."""
    kind, _, key = subject.partition(":")
    finder = _finders.get(kind)
    return finder(key, for_staff) if finder and key else None


def urls_of(subjects: Iterable[str], *, for_staff: bool = False) -> dict[str, str | None]:
    """The pages about many subjects, as `url_of` gives them; one asking per kind that can."""
    listed = list(subjects)
    found: dict[str, str | None] = {}
    for kind, keys in _by_kind(listed).items():
        if kind in _pages:
            known = _pages[kind](keys, for_staff)
            found |= {f"{kind}:{key}": known.get(key) for key in keys}
    return {one: found[one] if one in found else url_of(one, for_staff=for_staff) for one in listed}


def _by_kind(subjects: Iterable[str]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for subject in subjects:
        kind, _, key = subject.partition(":")
        keys.setdefault(kind, []).append(key)
    return keys
