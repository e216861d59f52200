"""Views: what was refused, for the audit administrator."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.accounts import queries
from mingtang.accounts.policy import staff
from mingtang.accounts.rules import REFUSAL_READERS, RefusalKind
from mingtang.base.paging import Cursor


@staff(*sorted(REFUSAL_READERS))
@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Sign-ins that failed, second factors, staff at what is not theirs: alike, by the hour."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in set(RefusalKind) else ""
    page = queries.refusals(kind, Cursor.read(request.GET.get("after", "")))
    narrowed = f"kind={kind}&" if kind else ""
    context = {
        "rows": [_row(one) for one in page.rows],
        "kinds": [
            {"value": one.value, "label": one.label, "current": one.value == kind}
            for one in RefusalKind
        ],
        "kind": kind,
        "next_url": f"?{narrowed}after={page.next}" if page.next else "",
    }
    return render(request, "accounts/refusals.html", context)


def _row(one: Any) -> dict[str, Any]:
    return {
        "kind": RefusalKind(one.kind).label,
        "is_locked": one.is_locked,
        "who": one.person.name if one.person else "",
        "source": one.source,
        "route": one.route,
        "count": one.count,
        "first": one.first_at,
        "last": one.last_at,
    }
