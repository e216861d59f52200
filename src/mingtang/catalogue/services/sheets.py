"""Services: a CSV, XLSX or XLS file read as a table of items. Only shape is judged here."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from mingtang.base.cells import unguarded
from mingtang.catalogue.rules.columns import ITEMS, Sheet, SheetError

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
HEADER_WITHIN = 20  # a title and notes may stand above the header
MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 500 * 1024 * 1024

Table = list[list[str]]


def read_items_file(path: Path, sheet: Sheet = ITEMS) -> list[dict[str, str]]:
    """The rows of a file under canonical column names; `row` is the row's number in the file.

    Raises SheetError with a sentence that says what to do.
    """
    return rows_of(read_table(path, sheet), path.name, sheet)


def read_table(path: Path, sheet: Sheet) -> Table:
    """The cells of a file as they stand. Raises SheetError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SheetError(f"不能读取文件“{path.name}”：{error.strerror}。") from None
    return table_of(data, path.name, sheet)


def read_upload(data: bytes, name: str, sheet: Sheet) -> list[dict[str, str]]:
    """The rows of a file that is at hand, as somebody uploaded it. Raises SheetError."""
    return rows_of(table_of(data, name, sheet), name, sheet)


def table_of(data: bytes, name: str, sheet: Sheet) -> Table:
    """The cells of a file that is at hand. Raises SheetError."""
    if not data.strip():
        raise SheetError(f"文件“{name}”是空的，请核对后重试。")
    if len(data) > MAX_BYTES:
        raise SheetError(f"文件“{name}”超过 50 MB，请分成几个文件导入。")
    is_book = data.startswith((ZIP, OLE))
    return _read_book(data, name) if is_book else _read_csv(data, name, sheet)


def _read_book(data: bytes, name: str) -> Table:
    if data.startswith(ZIP):
        _check_unpacked(data, name)
    from python_calamine import CalamineError, CalamineWorkbook  # not for each web process

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = (book.get_sheet_by_name(sheet) for sheet in book.sheet_names)
        tables = (sheet.to_python(skip_empty_area=False) for sheet in sheets)
        rows = next((table for table in tables if any(map(any, table))), [])
    except (CalamineError, ValueError) as error:
        raise SheetError(
            f"文件“{name}”不是可以读取的表格（{error}），请另存为 XLSX 或 CSV。"
        ) from None
    return [[_text(cell) for cell in row] for row in rows]


def _check_unpacked(data: bytes, name: str) -> None:
    """A small archive may unpack to more than the machine holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise SheetError(f"文件“{name}”已损坏，请重新保存后再试。") from None
    if size > MAX_UNPACKED:
        raise SheetError(f"文件“{name}”解开后过大，请分成几个文件导入。")


def _text(cell: Any) -> str:
    """What a person sees in the cell: whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _read_csv(data: bytes, name: str, sheet: Sheet) -> Table:
    """The separator is the one under which a header is recognised: commas, unless another is."""
    text = _decode(data, name)
    tables = (_split(text, mark, name) for mark in ",\t;")
    first = next(tables)
    found = (table for table in chain([first], tables) if _has_header(table, sheet))
    return next(found, first)


def _split(text: str, separator: str, name: str) -> Table:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SheetError(f"文件“{name}”不是完整的 CSV（{error}），请检查引号是否成对。") from None


def _has_header(table: Table, sheet: Sheet) -> bool:
    return any(sheet.looks_like_headings(cells) for cells in table[:HEADER_WITHIN])


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetError(f"文件“{name}”的编码无法识别，请另存为 UTF-8 或 GB18030 的 CSV，或 XLSX。")


def rows_of(table: Table, name: str, sheet: Sheet) -> list[dict[str, str]]:
    """The rows below the headings, under canonical column names. Raises SheetError."""
    heads = (n for n, cells in enumerate(table[:HEADER_WITHIN]) if sheet.looks_like_headings(cells))
    header = next(heads, None)
    if header is None:
        needed = "、".join(sheet.labels[column] for column in sheet.required)
        raise SheetError(
            f"文件“{name}”前{HEADER_WITHIN}行里没有列名。需要的列：{needed}；"
            "如有列名仍不能识别，请核对文件编码。"
        )
    columns = sheet.recognise(table[header])
    sheet.check_columns(list(columns.values()))
    body = enumerate(table[header + 1 :], start=header + 2)
    rows = list(_rows(body, columns, len(table[header])))
    if not rows:
        raise SheetError(f"文件“{name}”只有列名，没有事项，请核对后重试。")
    return rows


def _rows(
    body: Iterable[tuple[int, list[str]]], columns: dict[int, str], width: int
) -> Iterator[dict[str, str]]:
    for number, cells in body:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[width:]):
            raise SheetError(f"第{number}行的格数比列名多，可能少了引号或多了逗号，请改正后重试。")
        yield {"row": str(number)} | {
            column: unguarded(cells[position].strip()) if position < len(cells) else ""
            for position, column in columns.items()
        }
