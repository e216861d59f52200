"""Views: the record book, trainings, what publishes itself."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor, DateCursor
from mingtang.channels.queries import all_channels
from mingtang.disclosure import present, queries, services
from mingtang.disclosure.forms import TrainingForm
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.auto import AutoKind
from mingtang.disclosure.views.common import (
    READERS,
    day_asked,
    done,
    grant_at,
    organ_choices,
    pressed,
    refused,
    sent,
)
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of


@staff(*READERS)
@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """记录本: who did what when, of one unit in a period; it prints as it stands."""
    organs, on = queries.readable_organs(scope(request)), today()
    unit = parse_id(request.GET.get("unit", ""))
    own = [int(one) for one, _name in organ_choices(request, chain.READERS)]
    unit = unit if unit in organs else next(iter(own or organs), None)
    if unit is None:
        raise NotFound
    since, until = day_asked(request, "since", date(on.year, 1, 1)), day_asked(request, "until", on)
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.book(unit, since, until, after)
    names = {one.code: one.name for one in all_channels()}
    kept = urlencode({"unit": str(unit), "since": str(since), "until": str(until)})
    context = {
        "rows": [present.event(one, names) for one in page.rows],
        "unit": unit,
        "unit_name": names_of([unit], on)[unit],
        "units": _units(organs, own, on),
        "since": since,
        "until": until,
        "next_url": f"?{kept}&after={page.next}" if page.next else "",
        "first_url": f"?{kept}" if after else "",
    }
    return render(request, "disclosure/office/book.html", context)


def _units(organs: list[int], own: list[int], on: date) -> list[tuple[int, str]]:
    names = names_of(organs if len(organs) <= 100 else own, on)
    return sorted(names.items(), key=lambda pair: (pair[1], pair[0]))


@staff(*READERS)
def trainings(request: HttpRequest) -> HttpResponse:
    """培训记录: who was taught what, and when."""
    reader, on = scope(request), today()
    may = reader.has_role(chain.REVIEWERS)
    form = None
    if may:
        organs = organ_choices(request, chain.REVIEWERS)
        form = TrainingForm(request.POST or None, organs=organs)
        if form.is_valid():
            try:
                return _noted(request, form)
            except DomainError as error:
                form.add_error(None, error.message)
    year = parse_id(request.GET.get("year", "")) or on.year
    year = min(max(year, 2000), 2100)
    after = DateCursor.read(request.GET.get("after", ""))
    organs_read, days = queries.readable_organs(reader), (date(year, 1, 1), date(year, 12, 31))
    page = queries.trainings(organs_read, *days, after)
    names = names_of({one.organisation_id for one in page.rows}, on)
    context: dict[str, Any] = {
        "rows": [(one, names.get(one.organisation_id, "")) for one in page.rows],
        "total_hours": page.hours,
        "next_url": f"?year={year}&after={page.next}" if page.next else "",
        "first_url": f"?year={year}" if after else "",
        "year": year,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "disclosure/office/trainings.html", context, status=status)


def _noted(request: HttpRequest, form: TrainingForm) -> HttpResponseRedirect:
    data = dict(form.cleaned_data)
    organ = int(data.pop("organisation"))
    del data["command_id"]
    by = sent(grant_at(request, chain.REVIEWERS, organ), request, form)
    services.note_training(organisation_id=organ, **data, **by)
    done(request, _("培训已登记。"))
    return redirect("disclosure:trainings")


@staff(*sorted(chain.RELEASERS))
@require_GET
def auto(request: HttpRequest) -> HttpResponse:
    """What of other parts becomes a draft by itself, kind by kind."""
    rows = [
        {"kind": kind.value, "label": kind.label, "is_on": is_on}
        for kind, is_on in queries.switches().items()
    ]
    context = {"rows": rows, "button": CommandForm(auto_id=False)}
    return render(request, "disclosure/office/auto.html", context)


@staff(*sorted(chain.RELEASERS))
@require_POST
def switch(request: HttpRequest, kind: str) -> HttpResponseRedirect:
    """Switch a kind on or off."""
    if kind not in set(AutoKind):
        raise NotFound
    grant = queries.grants_for(scope(request), chain.RELEASERS)[0]
    try:
        form = pressed(request)
        is_on = request.POST.get("is_on") == "1"
        services.switch_auto(kind=AutoKind(kind), is_on=is_on, **sent(grant, request, form))
        done(request, _("已打开。") if is_on else _("已关闭。"))
    except DomainError as error:
        refused(request, error)
    return redirect("disclosure:auto")
