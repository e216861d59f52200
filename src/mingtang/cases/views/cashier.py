"""Views of the cashier's day: what was taken and given back, closing it, days closed before."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Scope
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import DateCursor
from mingtang.cases import services
from mingtang.cases.forms.leads import CloseDayForm
from mingtang.cases.queries import money as queries
from mingtang.cases.rules.fees import yuan
from mingtang.cases.rules.leads import CASHIER_READERS, CASHIERS
from mingtang.cases.views.common import day_asked, day_written, private, short_names
from mingtang.ledger.rules import Actor


@staff(*CASHIER_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest) -> HttpResponse:
    """The day of the cashier who signed in (收费日结); a manager reads the days closed."""
    reader = scope(request)
    if request.method != "POST":
        return _page(request, day_asked(request, "on", today()))
    actor = _cashier(reader)
    if actor is None:
        raise NotFound
    form = CloseDayForm(request.POST)
    on = form.data.get("on", "")
    if not form.is_valid():
        return _page(request, day_written(on, today()), form, 422)
    closing = form.cleaned_data
    try:
        services.close_day(
            on=closing["on"],
            counted_cents=closing["counted"],
            note=closing["note"],
            actor=actor,
            at=now(),
            command_id=closing["command_id"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, min(closing["on"], today()), form, error.status)
    messages.success(request, _("%s 的账已结清，当天不能再收费和退费。") % closing["on"])
    return redirect(f"{reverse('cases:cashier')}?{urlencode({'on': closing['on']})}")


def _cashier(reader: Scope) -> Actor | None:
    """Who closes their own drawer: nobody's substitute."""
    own = [one for one in reader.grants if one.role in CASHIERS and one.acting_for_id is None]
    return actor_of(reader, own[0]) if own else None


def _page(
    request: HttpRequest, on: date, form: CloseDayForm | None = None, status: int = 200
) -> HttpResponse:
    reader = scope(request)
    context: dict[str, Any] = {"on": on, "is_cashier": _cashier(reader) is not None}
    if context["is_cashier"] and reader.person_id is not None:
        context |= _own_day(reader.person_id, on, form)
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.closed_days(reader, after)
    units = short_names(row.organisation_id for row in page.rows)
    context |= {
        "who": reader.person_label,
        "days": [_closed(row, units.get(row.organisation_id, "")) for row in page.rows],
        "next_url": f"?{urlencode({'on': on, 'after': page.next})}" if page.next else "",
        "first_url": f"?{urlencode({'on': on})}" if after else "",
    }
    return private(render(request, "cases/cashier.html", context, status=status))


def _own_day(person_id: int, on: date, form: CloseDayForm | None) -> dict[str, Any]:
    said = services.day_of(person_id, on)
    closed = queries.closed_day(person_id, on)
    return {
        "lines": [
            {
                "at": line.at,
                "what": _("退费") if line.cents < 0 else _("收费"),
                "sum": yuan(line.cents),
                "number": line.number,
                "item_name": line.item_name,
                "receipt": line.receipt,
                "note": line.note,
                "url": reverse("cases:detail", args=[line.number]),
            }
            for line in queries.money_of(person_id, on)
        ],
        "count": said["count"],
        "paid": yuan(said["paid"]),
        "refunded": yuan(said["refunded"]),
        "balance": yuan(said["paid"] - said["refunded"]),
        "keys": "text" if said["paid"] < said["refunded"] else "decimal",  # with a minus on phones
        "closed": _closed(closed, "") if closed else None,
        "form": None if closed else form or CloseDayForm(initial={"on": on}),
    }


def _closed(row: Any, unit: str) -> dict[str, Any]:
    difference = row.counted_cents - (row.paid_cents - row.refunded_cents)
    return {
        "date": row.date,
        "cashier": str(row.cashier),
        "unit": unit,
        "count": row.payment_count,
        "paid": yuan(row.paid_cents),
        "refunded": yuan(row.refunded_cents),
        "counted": yuan(row.counted_cents),
        "difference": yuan(difference) if difference else "",
        "note": row.note,
        "closed_at": row.closed_at,
    }
