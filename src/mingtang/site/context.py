"""What every page needs: names, preferences, the way around."""

from functools import lru_cache, partial
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingtang.accounts.policy import scope
from mingtang.base.framed import site_words
from mingtang.messages.queries import unread_count
from mingtang.site import doors

TYPE_SIZES = ("standard", "large")
CONTRASTS = ("normal", "high")
LANGUAGES = ("zh", "en")
ENTRIES_SHOWN = 7  # so many fit beside each other


class Entry(NamedTuple):
    label: str
    url: str
    current: bool


Entries = tuple[Entry, ...]


class Preferences(NamedTuple):
    type: str
    contrast: str


def preferences(request: HttpRequest) -> Preferences:
    """Size of type and contrast, from two cookies that hold nothing else."""
    size = request.COOKIES.get("mt_type", TYPE_SIZES[0])
    contrast = request.COOKIES.get("mt_contrast", CONTRASTS[0])
    return Preferences(
        type=size if size in TYPE_SIZES else TYPE_SIZES[0],
        contrast=contrast if contrast in CONTRASTS else CONTRASTS[0],
    )


@lru_cache(maxsize=len(LANGUAGES))
def _public_entries(_language: str | None) -> tuple[tuple[str, str], ...]:
    """For everybody; once for each language."""
    return (
        (_("首页"), reverse("site:home")),
        (_("网上办事"), reverse("catalogue:items")),
        (_("办件查询"), reverse("cases:progress")),
    )


def _entries(request: HttpRequest) -> list[tuple[str, str]]:
    entries = list(_public_entries(get_language()))
    if not request.user.is_authenticated:
        return entries
    found = scope(request)
    if not found.is_staff:
        return [*entries, (_("我的办件"), reverse("cases:mine"))]
    entries.append((_("今日"), reverse("site:today")))
    if found.reading():
        entries.append((_("工作台"), reverse("cases:desk")))
    return [*entries, *((door.label, door.url) for door in doors.open_to(found, doors.ELSEWHERE))]


def _desk_entries(request: HttpRequest) -> list[tuple[str, str]]:
    """The second row of the way around: the pages of the desk, for whom each concerns."""
    found = scope(request)
    return [(door.label, door.url) for door in doors.open_to(found, doors.DESK)]


def _subnav(request: HttpRequest, here: str) -> Entries:
    """Shown within the desk, to whoever has more there than the lists."""
    desk = reverse("cases:desk")
    if not here.startswith(desk) or not scope(request).reading():
        return ()
    if any(here.startswith(door.url) for door in doors.ELSEWHERE):
        return ()
    entries = _desk_entries(request)
    best = max((url for _label, url in entries if here.startswith(url)), key=len)
    shown = tuple(Entry(label, url, current=url == best) for label, url in entries)
    return shown if len(shown) > 1 else ()


# Pages whose address does not begin with that of their entry.
BELONGS = {
    "cases:detail": "cases:desk",
    "cases:act": "cases:desk",
    "catalogue:enquiries": "cases:desk",
    "catalogue:life_events": "catalogue:items",
    "catalogue:life_event": "catalogue:items",
    "catalogue:basic_items": "catalogue:edit_list",
    "catalogue:deviations": "catalogue:edit_list",
}


def _section(request: HttpRequest) -> str:
    """Where on the way around a page belongs: mostly its address says it."""
    match = request.resolver_match
    if match is None:
        return request.path
    if match.func.__module__.startswith("mingtang.catalogue.editor"):
        return reverse("catalogue:edit_list")
    return reverse(BELONGS[match.view_name]) if match.view_name in BELONGS else request.path


def unread(request: HttpRequest) -> int:
    """How many messages wait for whoever signed in. Read once per request."""
    person_id = scope(request).person_id
    found = getattr(request, "_mingtang_unread", None)
    if found is None:
        found = getattr(request.user, "unread_count", None)  # read beside the person
    if found is None:
        found = unread_count(person_id) if person_id is not None else 0
    request._mingtang_unread = found  # type: ignore[attr-defined]
    assert isinstance(found, int)
    return found


class Report(NamedTuple):
    """Where what is wrong with a page is said."""

    label: str
    url: str


def _report(request: HttpRequest) -> Report:
    """Staff say it to those who look after the system."""
    if hasattr(request, "user") and scope(request).is_staff:
        return Report(_("这里有问题"), reverse("troubles:new"))
    return Report(_("网页找错"), reverse("letters:page_error"))


@lru_cache(maxsize=len(LANGUAGES))
def _foot_links(_language: str | None) -> tuple[tuple[str, str], ...]:
    """Beneath every page; once for each language."""
    return (
        (_("使用帮助"), reverse("site:help")),
        (_("服务点"), reverse("site:places")),
        (_("取号和预约"), reverse("queues:queue")),
        (_("办结公示"), reverse("cases:results")),
        (_("满意度"), reverse("interaction:satisfaction")),
        (_("核验文书"), reverse("files:verify")),
        (_("无障碍声明"), reverse("site:accessibility")),
    )


def page(request: HttpRequest) -> dict[str, Any]:
    here = _section(request)
    entries = _entries(request) if hasattr(request, "user") else []
    nav, further = _folded(_marked(entries, here))
    return {
        **site_words(),
        "preferences": preferences(request),
        "has_english": getattr(request, "has_english", True),  # an unknown address is a public one
        "unread_count": partial(unread, request),  # asked only where a page shows it
        "foot_links": _foot_links(get_language()),
        "report": _report(request),
        "subnav": _subnav(request, here) if hasattr(request, "user") else (),
        "is_signed_in": hasattr(request, "user") and request.user.is_authenticated,
        "page_address": request.get_full_path(),
        "page_quoted": quote(request.path, safe=""),
        "nav": nav,
        "nav_further": further,
    }


def _folded(entries: Entries) -> tuple[Entries, Entries]:
    """One row of a screen, the first entries and the one that leads here; the rest unfolds."""
    if len(entries) <= ENTRIES_SHOWN + 1:
        return entries, ()
    kept, rest = entries[:ENTRIES_SHOWN], entries[ENTRIES_SHOWN:]
    shown = (*kept, *(entry for entry in rest if entry.current))
    return shown, tuple(entry for entry in rest if not entry.current)


def _marked(entries: list[tuple[str, str]], here: str) -> Entries:
    """The entry that leads to this page: the nearest, where one stands within another."""
    leading = [
        url for _label, url in entries if url == here or (url != "/" and here.startswith(url))
    ]
    best = max(leading, key=len, default="")
    return tuple(Entry(label, url, current=url == best) for label, url in entries)
