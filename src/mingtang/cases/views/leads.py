"""Views for those who lead: the day of each window, how units do, authority used."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import Letter
from mingtang.accounts.rules import EVERY_ITEM
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.replica import may_lag
from mingtang.cases.queries import leads as queries
from mingtang.cases.rules import MOVE_OF, Outcome, Verb
from mingtang.cases.rules.leads import (
    AUTHORITY_READERS,
    OVERSEERS,
    SHEET,
    SHEET_READERS,
    SOON_DAYS,
    Figures,
    check_span,
    sums_of,
    total_of,
)
from mingtang.cases.views.common import day_asked, day_written, short_names
from mingtang.catalogue import queries as catalogue

ITEMS_NAMED = 3  # on a line of the register; the page of the letter names all


@staff(*SHEET_READERS)
@may_lag
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """What each window did on a day (窗口日报), to print."""
    on = day_asked(request, "on", today())
    context = {
        "on": on,
        "is_today": on == today(),
        "before": on - timedelta(1),
        "after": on + timedelta(1) if on < today() else None,
        "month": f"{on:%Y-%m}",
        **_table(queries.sheet(scope(request), on)),
    }
    return render(request, "cases/sheet.html", context)


@staff(*SHEET_READERS)
@may_lag
@require_GET
def month_sheet(request: HttpRequest) -> HttpResponse:
    """What each window did in a month (窗口月报), to print."""
    now = today()
    first = day_written(f"{request.GET.get('month', '')}-01", now).replace(day=1)
    later = (first + timedelta(31)).replace(day=1)
    last = min(later - timedelta(1), now)
    context = {
        "first": first,
        "last": last,
        "is_running": later > now,
        "month": f"{first:%Y-%m}",
        "before": f"{first - timedelta(1):%Y-%m}",
        "after": f"{later:%Y-%m}" if later <= now else "",
        **_table(queries.sheet(scope(request), last, first)),
    }
    return render(request, "cases/month_sheet.html", context)


def _table(found: queries.Sheet) -> dict[str, Any]:
    """A sheet as its table shows it."""
    oversees = found.elsewhere is not None
    idle = [window for window, numbers in found.lines if oversees and not any(numbers)]
    lines = [numbers for _window, numbers in found.lines]
    lines += [found.elsewhere] if found.elsewhere is not None else []
    return {
        "columns": [column.label for column in SHEET],
        "rows": [
            {"window": window, "cells": _cells(numbers)}
            for window, numbers in found.lines
            if window not in idle
        ],
        "idle": [_("%(place)s %(number)s 号") % vars(window) for window in idle],
        "elsewhere": _cells(found.elsewhere) if found.elsewhere is not None else None,
        "sums": _cells(sums_of(lines)),
        "has_sums": len(lines) > 1,
    }


def _cells(numbers: Iterable[int]) -> list[tuple[str, int]]:
    """Each number with the heading under which it stands."""
    return list(zip((column.label for column in SHEET), numbers, strict=True))


# ── how units do ──────────────────────────────────────────────────────────────────────────────


@staff(*OVERSEERS)
@may_lag
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How each department does (办件总览): in a span of days, and as it stands now."""
    on = today()
    since = day_asked(request, "since", on.replace(day=1))
    until = day_asked(request, "until", on)
    context: dict[str, Any] = {
        "since": since,
        "until": until,
        "on": on,
        "spans": _spans(on),
        "soon_days": SOON_DAYS,
    }
    try:
        check_span(since, until, on)
    except DomainError as error:
        context["message"] = error.message
        return render(request, "cases/overview.html", context, status=error.status)
    rows = queries.overview(scope(request), since, until, on)
    names = short_names(row.organisation_id for row in rows)
    rows.sort(key=lambda row: (-row.decided, -row.open, row.organisation_id))
    context |= {
        "rows": [_unit(row, names.get(row.organisation_id, "")) for row in rows],
        "total": _unit(total_of(rows), _("合计")),
        "bars": [_bar(row, names.get(row.organisation_id, "")) for row in rows if row.timed],
    }
    return render(request, "cases/overview.html", context)


def _spans(on: date) -> list[dict[str, str]]:
    """Spans that people ask for, as links."""
    month = on.replace(day=1)
    last_month = month - timedelta(1)
    spans = [
        (_("今天"), on, on),
        (_("本月"), month, on),
        (_("上月"), last_month.replace(day=1), last_month),
        (_("本年"), on.replace(month=1, day=1), on),
    ]
    return [
        {"label": label, "url": f"?{urlencode({'since': since, 'until': until})}"}
        for label, since, until in spans
    ]


def _unit(row: Figures, name: str) -> dict[str, Any]:
    average = row.average_days
    return {
        "name": name,
        "figures": row,
        "rate": "—" if row.rate is None else f"{row.rate}%",
        "average": "—" if average is None else f"{average:.1f}",
        "urls": {key: _behind(key, row) for key in ("open", "soon", "overdue")},
    }


def _behind(tab: str, row: Figures) -> str:
    """The list behind a number."""
    unit = {"unit": row.organisation_id} if row.organisation_id else {}
    return f"{reverse('cases:desk')}?{urlencode({'tab': tab, **unit})}"


def _bar(row: Figures, name: str) -> dict[str, Any]:
    said = _("%(all)d 件，按时 %(rate)d%%") % {"all": row.timed, "rate": row.rate or 0}
    return {"label": name, "parts": [(row.in_time, "ok"), (row.late, "bad")], "text": said}


# ── authority used ────────────────────────────────────────────────────────────────────────────


@staff(*AUTHORITY_READERS)
@require_GET
def authority(request: HttpRequest) -> HttpResponse:
    """Letters of authority, and how often each was used (授权使用)."""
    reader, on = scope(request), today()
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.letters(reader, after)
    used = queries.used_counts(reader, page.rows)
    units = short_names(row.organisation_id for row in page.rows)
    names = _item_names(page.rows)
    rows = [
        _letter(row, on, units.get(row.organisation_id, ""), names) | {"used": used[row.id]}
        for row in page.rows
    ]
    context = {
        "rows": rows,
        "next_url": f"?{urlencode({'after': page.next})}" if page.next else "",
        "first_url": request.path if after else "",
    }
    return render(request, "cases/authority.html", context)


@staff(*AUTHORITY_READERS)
@require_GET
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One letter, with the decisions that were taken under it."""
    reader, on = scope(request), today()
    found = queries.letter_for(reader, letter_id)
    if found is None:
        raise NotFound
    after = Cursor.read(request.GET.get("after", ""))
    page = queries.decisions_under(reader, found, after)
    units = short_names([found.organisation_id])
    context = {
        "letter": _letter(found, on, units.get(found.organisation_id, ""), _item_names([found])),
        "used": queries.used_counts(reader, [found])[found.id],
        "rows": [
            {
                "number": case.number,
                "item_name": case.edition.name,
                "outcome": Outcome(case.outcome).label if case.outcome else "",
                "decided_by": str(case.decided_by),
                "is_another": case.decided_by_id != found.holder_id,
                "decided_at": case.decided_at,
                "is_alone": case.is_decided_alone,
                "url": reverse("cases:detail", args=[case.number]),
            }
            for case in page.rows
        ],
        "next_url": f"?{urlencode({'after': page.next})}" if page.next else "",
        "first_url": request.path if after else "",
    }
    return render(request, "cases/letter.html", context)


def _item_names(rows: Iterable[Letter]) -> dict[str, str]:
    codes = {code for row in rows for code in row.item_codes if code != EVERY_ITEM}
    return dict(catalogue.item_names(codes=codes, most=len(codes))) if codes else {}


def _letter(row: Letter, on: date, unit: str, names: dict[str, str]) -> dict[str, Any]:
    items = [names.get(code, code) for code in row.item_codes if code != EVERY_ITEM]
    is_all = EVERY_ITEM in row.item_codes
    known = {verb.value for verb in Verb}
    if row.is_in_force(on):
        state = (_("有效"), "ok")
    else:
        state = (_("未生效"), "info") if on < row.valid_from else (_("已过期"), "warn")
    more = len(items) - ITEMS_NAMED
    short = "、".join(items[:ITEMS_NAMED]) + (_(" 等 %d 项") % len(items) if more > 0 else "")
    return {
        "id": row.id,
        "number": row.number,
        "holder": row.holder,
        "unit": unit,
        "items": _("全部事项") if is_all else "、".join(items),
        "items_short": _("全部事项") if is_all else short,
        "acts": "、".join(MOVE_OF[Verb(act)].label if act in known else act for act in row.acts),
        "limits": row.limits,
        "seal": row.seal,
        "valid_from": row.valid_from,
        "ended": row.ended,
        "state": state[0],
        "tone": state[1],
    }
