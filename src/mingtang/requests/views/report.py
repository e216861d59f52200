"""Views of the tables: 3 and 4 of a year, and the rows behind each number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.regions import queries as regions
from mingtang.requests import queries
from mingtang.requests.rules import tables
from mingtang.requests.rules.moves import READERS
from mingtang.requests.rules.remedies import RemedyKind
from mingtang.requests.rules.tables import Matrix, Outcome4
from mingtang.requests.views.common import rows_of

FIRST_YEAR = 2008
ROWS_4 = {kind.value: kind.label for kind in RemedyKind}
COLUMNS_4 = {**{one.value: one.label for one in Outcome4}, tables.TOTAL: "总计"}


def _unit(request: HttpRequest) -> int:
    """The organ whose tables are asked for: one of the reader's, else their first."""
    units = queries.units_of(scope(request))
    asked = parse_id(request.GET.get("unit", ""))
    if asked in units:
        return asked
    return min(grant.organisation_id for grant in scope(request).grants if grant.role in READERS)


def _check(year: int) -> int:
    if not FIRST_YEAR <= year <= today().year:
        raise NotFound
    return year


@staff(*READERS)
@require_GET
def report(request: HttpRequest, year: int) -> HttpResponse:
    """Tables 3 and 4 of an organ and a year; each number leads to its rows."""
    unit = _unit(request)
    three, four = queries.table3(unit, _check(year)), queries.table4(unit, year)
    context = {
        "year": year,
        "this_year": today().year,
        "unit": regions.name_of(unit, today()),
        "three": _told(three, "3", unit, year, tables.ROW_LABELS, tables.COLUMN_LABELS),
        "four": _told(four, "4", unit, year, ROWS_4, COLUMNS_4),
        "broken": tables.broken_identities(three, four),
        "years": [year + step for step in (-1, 1) if FIRST_YEAR <= year + step <= today().year],
        "fee_yuan": f"{queries.fee_income_cents(unit, year) / 100:.2f}",
        "complaints": queries.complaint_count(unit, year),
    }
    return render(request, "requests/report.html", context)


def _told(
    table: Matrix,
    name: str,
    unit: int,
    year: int,
    row_labels: dict[str, str],
    column_labels: dict[str, str],
) -> dict[str, Any]:
    def cell(row: str, column: str) -> dict[str, Any]:
        count = table.number(row, column)
        url = reverse("requests:cell", args=[year, name, row, column]) + f"?unit={unit}"
        return {"label": column_labels[column], "count": count, "url": url if count else ""}

    return {
        "heads": [column_labels[column] for column in table.columns],
        "rows": [
            {"label": row_labels[row], "cells": [cell(row, column) for column in table.columns]}
            for row in table.rows
        ],
    }


@staff(*READERS)
@require_GET
def cell(request: HttpRequest, year: int, table: str, row: str, column: str) -> HttpResponse:
    """The requests or remedies behind one number."""
    unit = _unit(request)
    if table not in {"3", "4"}:
        raise NotFound
    is_three = table == "3"
    asked = queries.table3 if is_three else queries.table4
    found = asked(unit, _check(year))
    if row not in found.rows or column not in found.columns:
        raise NotFound
    ids, units = found.ids(row, column), queries.units_of(scope(request))
    labels = (tables.ROW_LABELS, tables.COLUMN_LABELS) if is_three else (ROWS_4, COLUMNS_4)
    context = {
        "year": year,
        "back": reverse("requests:report", args=[year]) + f"?unit={unit}",
        "title": f"{labels[0][row]} · {labels[1][column]}",
        "rows": rows_of(queries.requests_of(ids, units)) if is_three else [],
        "remedies": [] if is_three else queries.remedies_of(ids, units),
    }
    return render(request, "requests/cell.html", context)
