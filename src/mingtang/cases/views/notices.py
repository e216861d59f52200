"""Views: what was decided, for everybody."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.cases import present, queries
from mingtang.regions import queries as regions


@public
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Results of cases, the latest first: natural persons masked, some kinds never."""
    after = Cursor.read(request.GET.get("after", ""))
    unit = parse_id(request.GET.get("unit", ""))
    page = queries.result_notices(after, unit)
    names = regions.names_of({case.organisation_id for case in page.rows}, today())
    asked = {"unit": unit} if unit else {}
    context = {
        "rows": [present.notice(case, names.get(case.organisation_id, "")) for case in page.rows],
        "unit": regions.names_of({unit}, today()).get(unit, "") if unit else "",
        "next_url": f"?{urlencode({**asked, 'after': page.next})}" if page.next else "",
        "first_url": f"{request.path}?{urlencode(asked)}" if after else "",
    }
    return render(request, "cases/results.html", context)
