"""Views: what was decided, for everybody."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.base.replica import may_lag
from mingtang.cases import present, queries
from mingtang.regions import queries as regions

MONTHS_OFFERED = 24


@public
@may_lag
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Results of cases, the latest first: natural persons masked, some kinds never."""
    on = today()
    after = Cursor.read(request.GET.get("after", ""))
    unit, month = parse_id(request.GET.get("unit", "")), _month(request.GET.get("month", ""))
    page = queries.result_notices(after, unit, month)
    names = regions.names_of({unit or 0, *(case.organisation_id for case in page.rows)}, on)
    given = {"unit": unit, "month": f"{month:%Y-%m}" if month else ""}
    asked = {key: value for key, value in given.items() if value}
    context = {
        "rows": [present.notice(case, names.get(case.organisation_id, "")) for case in page.rows],
        "unit": names.get(unit, "") if unit else "",
        "units": _units(unit, on),
        "months": _months(month, on),
        "is_narrowed": bool(asked),
        "next_url": f"?{urlencode({**asked, 'after': page.next})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(asked)}" if after else "",
    }
    return render(request, "cases/results.html", context)


def _month(text: str) -> date | None:
    """The first day of a month written 2013-09; what is no month narrows nothing."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2013-09") else None
    except ValueError:
        return None


def _units(chosen: int | None, on: date) -> list[dict[str, Any]]:
    return [
        {"id": card.id, "name": card.short_name, "chosen": card.id == chosen}
        for card in regions.organisation_cards(on, kinds=["department", "township"])
    ]


def _months(chosen: date | None, on: date) -> list[dict[str, Any]]:
    """The latest months, and the chosen one where it lies further back."""
    found = [on.replace(day=1)]
    while len(found) < MONTHS_OFFERED:
        found.append((found[-1] - timedelta(1)).replace(day=1))
    found += [chosen] if chosen and chosen not in found else []
    return [{"first": first, "chosen": first == chosen} for first in found]
