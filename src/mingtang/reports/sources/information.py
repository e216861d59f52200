"""Source: information requests and remedies: tables three and four, and what was charged."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from mingtang.base.clock import legal_date
from mingtang.reports.rules.figures import Figure, NoFigure, RowRef
from mingtang.reports.rules.tables import COLUMNS, GROUPS, REMEDIES, RESULTS, ROWS, Row
from mingtang.requests import queries as requests
from mingtang.requests.models import FeeNotice, Remedy, Request
from mingtang.requests.rules.tables import Matrix


def gather(organisation_id: int, year: int) -> Iterator[Figure]:
    three = requests.table3(organisation_id, year)
    for at, row in enumerate(ROWS):
        for place, column in enumerate(COLUMNS):
            count = len(_ids(three, at, place))
            yield Figure(f"t3.{row.name}.{place}", f"{row}·{column}", Decimal(count), "件")
    for name, group in GROUPS.items():
        total = sum(len(_ids(three, ROWS.index(row), len(COLUMNS) - 1)) for row in group)
        yield Figure(f"t3.group.{name}", name, Decimal(total), "件")
    four = requests.table4(organisation_id, year)
    for at, remedy in enumerate(REMEDIES):
        for place, result in enumerate(RESULTS):
            count = len(_ids(four, at, place))
            yield Figure(f"t4.{remedy.name}.{place}", f"{remedy}·{result}", Decimal(count), "件")
    cents = requests.fee_income_cents(organisation_id, year)
    yield Figure("fee.income", "收取信息处理费", Decimal(cents) / 100, "元")


def _ids(table: Matrix, row: int, column: int) -> tuple[int, ...]:
    """The ids of a cell by its place: both apps keep the order of the form."""
    return table.ids(table.rows[row], table.columns[column])


def rows(organisation_id: int, year: int, key: str) -> Iterator[RowRef]:
    kind, *place = key.split(".")
    if key == "fee.income":
        yield from _fees(organisation_id, year)
    elif kind == "t3":
        yield from _requests(_cell_ids(organisation_id, year, place))
    elif kind == "t4" and place[0] in {one.name for one in REMEDIES}:
        table = requests.table4(organisation_id, year)
        at = next(at for at, one in enumerate(REMEDIES) if one.name == place[0])
        yield from _remedies(_ids(table, at, int(place[1])))
    else:
        raise NoFigure


def _cell_ids(organisation_id: int, year: int, place: list[str]) -> list[int]:
    table = requests.table3(organisation_id, year)
    if place[0] == "group":
        group, column = GROUPS.get(place[1], ()), len(COLUMNS) - 1
    elif place[0] in Row.__members__ and place[1].isdecimal() and int(place[1]) < len(COLUMNS):
        group, column = (Row[place[0]],), int(place[1])
    else:
        raise NoFigure
    return [one for row in group for one in _ids(table, ROWS.index(row), column)]


def _requests(ids: list[int]) -> Iterator[RowRef]:
    found = Request.objects.filter(id__in=ids).order_by("submitted_at", "id")
    for one in found:
        yield RowRef(one.number, legal_date(one.submitted_at), Decimal(1), f"request:{one.id}")


def _remedies(ids: tuple[int, ...]) -> Iterator[RowRef]:
    found = Remedy.objects.filter(id__in=ids).select_related("request")
    for one in found.order_by("raised_date", "id"):
        subject = f"request:{one.request_id}"
        yield RowRef(one.request.number, one.raised_date, Decimal(1), subject)


def _fees(organisation_id: int, year: int) -> Iterator[RowRef]:
    paid = FeeNotice.objects.filter(
        request__organisation=organisation_id,
        paid_date__range=(date(year, 1, 1), date(year, 12, 31)),
    ).select_related("request")
    for one in paid.order_by("paid_date", "id"):
        amount = Decimal(one.amount_cents) / 100
        yield RowRef(one.request.number, one.paid_date, amount, f"request:{one.request_id}")
