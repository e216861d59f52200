"""Views of television: a page of a set-top box, and a draft as it would look there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from mingtang.accounts.policy import public, scope, staff
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.middleware import POLICY
from mingtang.tv.pages import INDEX, Page, Set, area_key
from mingtang.tv.rules import SIZES, Key, Kind, NoSuchPage, Size
from mingtang.tv.rules.keys import parse
from mingtang.villages.queries import desk, rights
from mingtang.villages.rules.moves import READERS

SCRIPT, ICON = "tv/keys.js", "base/favicon.svg"


def _size(code: str) -> Size:
    if code not in SIZES:
        raise NoSuchPage
    return SIZES[code]


def _answer(shown: Set, page: Page) -> HttpResponse:
    """The one style of a page is named in its policy by its hash: no other is let in."""
    response = HttpResponse(shown.written(page, static(SCRIPT), static(ICON)))
    response["Content-Security-Policy"] = POLICY.replace(
        "style-src 'self'", f"style-src '{shown.size.style_hash}'"
    )
    return response


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("tv:page", size="hd", name=INDEX.name)


@public
@require_safe
def page(request: HttpRequest, size: str, name: str) -> HttpResponse:
    """One screen for everybody."""
    shown = Set(_size(size), today())
    return _answer(shown, shown.page(parse(name)))


@staff(*READERS)
@require_safe
def preview(request: HttpRequest, disclosure_id: int, size: str, page: int = 1) -> HttpResponse:
    """A disclosure as it would stand on television, before it goes out."""
    shown = Set(_size(size), today())
    found = rights.disclosure_for(scope(request), disclosure_id)
    entry = desk.preview(found)
    assert entry.village is not None
    key = Key(Kind.ENTRY, str(entry.id), page=page)
    made = shown.entry_page(entry, key, area_key(entry.village, entry.area))
    foot = [link for link in made.foot if link.id in {"next", "previous"}]
    return _answer(shown, Page(f"预览：{made.title}", made.at, lines=made.lines, foot=foot))


def preview_address(key: str, for_staff: bool) -> str | None:
    """Where a draft is seen as on television; `key`: its id."""
    disclosure_id = parse_id(key)
    if not for_staff or disclosure_id is None:
        return None
    return reverse("tv:preview", args=[disclosure_id, "hd"])
