"""Views: what waits for whom, agreeing to several at once, who is late."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.replica import may_lag
from mingtang.base.web import new_command_id
from mingtang.villages import present_office as present
from mingtang.villages import services
from mingtang.villages.queries import desk as lists
from mingtang.villages.queries import rights
from mingtang.villages.rules.moves import CITY, READERS, Deed, Verdict

TABS = {
    "write": gettext_lazy("要写的"),
    "examine": gettext_lazy("等我审查的"),
    "approve": gettext_lazy("等乡镇审核的"),
    "release": gettext_lazy("可以发布的"),
    "out": gettext_lazy("公开中的"),
}
TOGETHER = {"approve": Deed.APPROVE, "release": Deed.RELEASE}  # what may be done with several
MOST_VILLAGES = 5


@staff(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One's lists; who only watches is shown who is late."""
    reader, on = scope(request), today()
    tabs = lists.tabs_of(reader)
    if not tabs:
        return redirect("village_office:overview")
    asked = request.GET.get("tab", "")
    tab = asked if asked in tabs else _first(tabs)
    page = lists.waiting(reader, tab, Cursor.read(request.GET.get("after", "")))
    context = {
        "tabs": [
            {"key": key, "label": TABS[key], "count": count, "is_here": key == tab}
            for key, count in tabs.items()
        ],
        "tab": tab,
        "rows": [present.row(one, on) for one in page.rows],
        "next_url": f"?{urlencode({'tab': tab, 'after': str(page.next)})}" if page.next else "",
        "objections": [present.objection(one, on) for one in lists.objections_for(reader)],
        "villages": _villages(request),
        "together": TOGETHER[tab].label if tab in TOGETHER else "",
        "command_id": new_command_id(),
    }
    return render(request, "villages/office/desk.html", context)


def _first(tabs: dict[str, int]) -> str:
    return next((tab for tab, count in tabs.items() if count and tab != "out"), next(iter(tabs)))


def _villages(request: HttpRequest) -> list[dict[str, Any]]:
    """The villages for which the reader may begin something new."""
    mine = lists.written_by(scope(request))
    return [
        {"name": one.name, "url": reverse("village_office:new", args=[one.code])}
        for one in mine[:MOST_VILLAGES]
    ]


@staff(*READERS)
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Agree to several that were looked at, or release several, at once."""
    tab = request.POST.get("tab", "")
    back = f"{reverse('village_office:desk')}?tab={tab}"
    ids = [one for text in request.POST.getlist("ids") if (one := parse_id(text)) is not None]
    try:
        if not ids or tab not in TOGETHER:
            raise DomainError(_("请先勾选要办的公开。"))
        _all(request, TOGETHER[tab], ids)
    except DomainError as error:
        notes.error(request, error.message)
    else:
        notes.success(request, _("已办理 %d 条。") % len(ids))
    return redirect(back)


def _all(request: HttpRequest, deed: Deed, ids: list[int]) -> None:
    reader = scope(request)
    found = [rights.disclosure_for(reader, one) for one in ids]
    actors = [rights.permit(reader, one.village_id, deed) for one in found]
    by = {"actor": actors[0], "at": now(), "command_id": request.POST.get("command_id", "")}
    if deed is Deed.RELEASE:
        services.release(disclosure_ids=ids, **by)
    else:
        hashes = {str(one.id): request.POST.get(f"hash_{one.id}", "") for one in found}
        services.approve(hashes=hashes, verdict=Verdict.AGREE.value, **by)


@staff(*READERS)
@may_lag
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Who is missing, how late; for a township, for the city."""
    reader, on = scope(request), today()
    year = _year(request.GET.get("year", ""), on)
    every = lists.overview(reader, on, since=date(year, 1, 1), until=date(year, 12, 31))
    towns = present.sums_by_town(every, on)
    asked = request.GET.get("town", "")
    town = asked if asked in {one["code"] for one in towns} else ""
    rows = [one for one in every if not town or one.village.township_code == town]
    shown = present.overview_rows(rows, on)
    context = {
        "towns": towns,
        "town": town,
        "year": year,
        "years": [on.year, on.year - 1],
        "rows": sorted(shown, key=lambda one: -one["worst"]),
        "total": lists.sum_of(rows, on),
        "is_city": reader.has_role(CITY),
    }
    return render(request, "villages/office/overview.html", context)


def _year(text: str, on: date) -> int:
    return int(text) if text in {str(on.year), str(on.year - 1)} else on.year
