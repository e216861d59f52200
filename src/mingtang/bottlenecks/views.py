"""Views: where the time goes, the cases behind a node, another route tried out."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.replica import may_lag
from mingtang.bottlenecks import present
from mingtang.bottlenecks.forms import BoardForm, ChangeForm, PickForm, SelectionForm
from mingtang.bottlenecks.queries import times
from mingtang.bottlenecks.queries.past import past
from mingtang.bottlenecks.queries.times import LongestFirst, Selection
from mingtang.bottlenecks.rules.board import READERS, WORST, By
from mingtang.bottlenecks.rules.whatif import replay
from mingtang.timing.rules import FIRST_DAY

CASES_EACH = 5
ROWS = 30


@staff(*READERS)
@may_lag
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What took how long: by node, stage, department or edition, beside another span or office."""
    reader, on = scope(request), today()
    units = present.unit_choices(times.units_seen(reader), on)
    form = BoardForm(request.GET, units=units, on=on)
    context: dict[str, Any] = {"form": form, "tab": "board"}
    if form.is_valid():
        context |= _figures(request, form, on)
    return render(request, "bottlenecks/board.html", context, status=422 if form.errors else 200)


def _figures(request: HttpRequest, form: BoardForm, on: date) -> dict[str, Any]:
    reader, start = scope(request), (parse_id(request.GET.get("start", "")[:9]) or 0)
    chosen, other, by = form.selection(), form.other(), form.by_what
    found = times.board(reader, chosen, by)
    groups = found.groups[start : start + ROWS]
    keys = [one.key for one in groups]
    last = {} if by is By.STAGE else times.last_rows(keys, by)
    called = present.labels(by, keys, last, on)
    open_now = times.open_counts(reader, by, chosen.unit_id)
    rows = present.rows(by, found, groups, called, open_now, chosen)
    shown: dict[str, Any] = {
        "by": by,
        "rows": rows,
        "bars": [] if start else present.bars(rows, groups),
        "label": present.selection_label(chosen, on),
        **_pages(request, start, len(found.groups)),
    }
    if other is not None:
        present.compare(rows, times.board(reader, other, by))
        shown["other_label"] = present.selection_label(other, on)
    if by is By.NODE and not start:
        worst = rows[:WORST]
        slowest = times.slowest(reader, chosen, [one["key"] for one in worst], CASES_EACH)
        shown["worst"] = present.worst(worst, slowest)
    return shown


def _pages(request: HttpRequest, start: int, count: int) -> dict[str, str]:
    """The rest of the groups. They are reckoned anew each time, so that a place is enough."""
    asked = request.GET.copy()
    asked.pop("start", None)
    first = f"{request.path}?{asked.urlencode()}"
    following = f"{first}&start={start + ROWS}" if start + ROWS < count else ""
    return {"next_url": following, "first_url": first if start else ""}


@staff(*READERS)
@may_lag
@require_GET
def node(request: HttpRequest) -> HttpResponse:
    """The cases behind a node, the longest first. Raises NotFound."""
    reader, on = scope(request), today()
    units = present.unit_choices(times.units_seen(reader), on)
    form = SelectionForm(request.GET, units=units, on=on)
    item, step = request.GET.get("item", "")[:64], request.GET.get("step", "")[:40]
    if not form.is_valid():
        raise NotFound
    chosen = form.selection()
    after = LongestFirst.read(request.GET.get("after", "")[:40])
    rows, following = times.behind(reader, chosen, item, step, after)
    if not rows:
        raise NotFound(_("这段时间没有办件经过这个环节，请从瓶颈分析进入。"))
    asked = present.node_url((item, step), chosen)
    context = {
        "name": rows[0].name,
        "place": rows[0].item_name,
        "label": present.selection_label(chosen, on),
        "rows": present.cases(rows),
        "next_url": f"{asked}&{urlencode({'after': following})}" if following else "",
        "first_url": asked if after else "",
        "tab": "board",
    }
    return render(request, "bottlenecks/node.html", context)


@staff(*READERS)
@may_lag
@require_GET
def what_if(request: HttpRequest) -> HttpResponse:
    """A step side by side instead of after others, or a shorter limit, on a year's cases."""
    reader, on = scope(request), today()
    span = _year(request.GET.get("year", ""), on)
    items = present.item_choices(times.items_decided(reader, span))
    item = request.GET.get("item") or (items[0][0] if items else "")
    asked = {"year": request.GET.get("year", span.since.year), "item": item}
    pick = PickForm(asked, items=items, on=on)
    cases, steps = past(reader, span, item) if pick.is_valid() and item else ([], {})
    form = ChangeForm(request.GET if "step" in request.GET else None, steps=list(steps.items()))
    change = form.change() if cases and form.is_valid() else None
    found = replay(cases, change) if change else None
    context = {
        "pick": pick,
        "form": form,
        "tab": "what_if",
        "has_items": bool(items),
        "has_cases": bool(cases),
        "found": present.outcome(found) if found else None,
        "step_name": steps.get(change.key, "") if change else "",
        "change": change,
    }
    is_wrong = bool(pick.errors or (cases and form.errors))
    return render(request, "bottlenecks/what_if.html", context, status=422 if is_wrong else 200)


def _year(text: str, on: date) -> Selection:
    """The year of an address, or last year where it is none."""
    asked = parse_id(text) or 0
    year = asked if FIRST_DAY.year <= asked <= on.year else on.year - 1
    return Selection(date(year, 1, 1), date(year, 12, 31))
