"""Services: a bookkeeper's table read as lines; nothing is written here."""

from dataclasses import replace

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.columns import Sheet
from mingtang.catalogue.services.sheets import HEADER_WITHIN, rows_of, table_of
from mingtang.villages.rules import privacy
from mingtang.villages.rules.kinds import Layout
from mingtang.villages.rules.sheets import SHEETS, Read, read_rows


def read_lines(data: bytes, name: str, layout: str) -> Read:
    """The rows of an XLSX, XLS or CSV file. Columns of identity numbers, phones, accounts and
    illnesses are not read at all. Raises SheetError where it is no such table."""
    sheet = SHEETS.get(Layout(layout))
    if sheet is None:
        raise DomainError("这个栏目只写文字，不导入表格。")
    table = table_of(data, name, sheet)
    heads = [row for row in table[:HEADER_WITHIN] if sheet.looks_like_headings(row)]
    private = {cell.strip() for cell in (heads[0] if heads else []) if _is_private(cell, sheet)}
    kept = [cell for cell in (heads[0] if heads else []) if cell.strip() not in private]
    sheet.recognise(kept)
    read = read_rows(rows_of(table, name, sheet), Layout(layout))
    return replace(read, left_out=tuple(sorted(private)))


def _is_private(cell: str, sheet: Sheet) -> bool:
    """What is known as a column of ours is none, whatever else its heading says."""
    return privacy.is_private_column(cell) and "".join(cell.split()) not in sheet.column_of
