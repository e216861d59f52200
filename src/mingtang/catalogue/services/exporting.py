"""Services: items written as a table that the import reads back to the same content."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mingtang.base.cells import guarded
from mingtang.base.space import whole_file
from mingtang.catalogue.models import Edition, Item, ItemStatus, Served
from mingtang.catalogue.rules import KINDS, PROFILES, ItemKind
from mingtang.catalogue.rules.columns import LABELS, SheetError
from mingtang.catalogue.rules.content import for_table
from mingtang.catalogue.rules.details import DETAILS, MATERIAL_CELLS
from mingtang.catalogue.rules.fields import Field, is_blank
from mingtang.catalogue.rules.route import ROUTE, route_of, rows_of
from mingtang.regions import queries as regions
from mingtang.timing.rules import UNIT_LABELS, Unit

MAX_CELL = 32_767  # characters that a cell of a workbook holds
SERVED_WORDS = {Served.NATURAL: "自然人", Served.LEGAL: "法人", Served.BOTH: "均可"}

Writer = Callable[[Item, Edition], str]


@dataclass
class Export:
    """The table, and how many items are not in it."""

    rows: list[list[str]] = field(default_factory=list)
    left_out: int = 0


def export_items(*, on: date, department: str = "") -> Export:
    """The items in force, or those of one department and the units below it, by registration.

    Raises NotFound for an unknown department.
    """
    items = Item.objects.exclude(current_edition=None)
    if department:
        units = regions.subtree_ids(regions.organisation_by_code(department).id)
        items = items.filter(department__in=units)
    in_force = items.filter(status=ItemStatus.ACTIVE)
    listed = list(in_force.select_related("current_edition", "department__region").order_by("id"))
    names = regions.names_of({item.department_id for item in listed}, on)
    made = Export(left_out=items.count() - len(listed))
    made.rows = [_row(item, names.get(item.department_id, "")) for item in listed]
    return made


def _row(item: Item, department: str) -> list[str]:
    edition = item.current_edition
    assert edition is not None
    cells = {"department": department}
    cells |= {column: write(item, edition) for column, write in WRITERS.items()}
    return [guarded(cells[column]) for column in LABELS]


def _limit(amount: int | None, unit: str | None) -> str:
    if amount is None or unit is None:
        return ""
    if amount == 0 and unit == Unit.WORKING_DAY.value:
        return "当场办结"
    return f"{amount}{UNIT_LABELS[Unit(unit)]}"


def _promised(_item: Item, edition: Edition) -> str:
    """Blank where the item promised nothing of its own: the centre's promise is put in again."""
    if edition.promised_is_default:
        return ""
    return _limit(edition.promised_amount, edition.promised_unit)


def _fee(_item: Item, edition: Edition) -> str:
    if edition.is_free:
        return "不收费"
    return edition.fee or ("" if edition.is_free is None else "收费")


def _materials(_item: Item, edition: Edition) -> str:
    return MATERIAL_CELLS.write(for_table(edition.materials))


def _route(_item: Item, edition: Edition) -> str:
    """Blank where nothing but the examination is said, as an import without route makes it."""
    return "" if edition.route == route_of([]) else ROUTE.write(rows_of(edition.route))


def _detail(field: Field) -> Writer:
    def write(_item: Item, edition: Edition) -> str:
        value = edition.details.get(field.key)
        return "" if is_blank(value) else field.write(value)

    return write


WRITERS: dict[str, Writer] = {
    # column of the table: what an item and its edition put there; the department comes by name
    "main_item": lambda item, _edition: item.main_item,
    "name": lambda _item, edition: edition.name,
    "task_code": lambda item, _edition: item.code,
    "task_type": lambda _item, edition: KINDS[ItemKind(edition.kind)].label,
    "area_code": lambda item, _edition: item.department.region.code,
    "dept_code": lambda _item, edition: edition.body_code,
    "basis": lambda _item, edition: edition.basis,
    "conditions": lambda _item, edition: edition.conditions,
    "materials": _materials,
    "procedure": lambda _item, edition: edition.procedure,
    "statutory_days": lambda _item, edition: _limit(
        edition.statutory_amount, edition.statutory_unit
    ),
    "statutory_basis": lambda _item, edition: edition.statutory_basis,
    "promised_days": _promised,
    "fee": _fee,
    "on_the_spot": lambda _item, edition: "是" if edition.on_the_spot else "否",
    "served": lambda _item, edition: SERVED_WORDS[Served(edition.served)],
    "profile": lambda _item, edition: PROFILES[edition.profile].label,
    "route": _route,
} | {field.key: _detail(field) for field in DETAILS}


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def write_table(
    path: Path,
    rows: Sequence[Sequence[str]],
    labels: Sequence[str] = tuple(LABELS.values()),
    title: str = "事项",
) -> None:
    """Write the rows under their headings, as CSV or XLSX by the name's ending; whole or not at
    all. Raises SheetError."""
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise SheetError(f"文件名“{path.name}”应以 .csv 或 .xlsx 结尾。")
    try:
        with whole_file(path) as part:
            if suffix == ".csv":
                _write_csv(part, [labels, *rows])
            else:
                _write_book(part, [labels, *rows], title)
    except OSError as error:
        raise SheetError(f"不能写入文件“{path.name}”（{error}），请核对目录和权限。") from None


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """With a byte order mark, without which spreadsheets take Chinese for another encoding."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_book(path: Path, rows: Sequence[Sequence[str]], title: str) -> None:
    for number, row in enumerate(rows, start=1):
        if any(len(cell) > MAX_CELL for cell in row):
            raise SheetError(f"第{number}行有一格超过{MAX_CELL}个字，XLSX 放不下，请改用 CSV。")
    import xlsxwriter  # with all of a spreadsheet: not for each web process

    try:
        with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
            sheet = book.add_worksheet(title)
            heading = book.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(rows[0]) - 1, 18)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, heading if number == 0 else None)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from None
