"""Files of items: encodings, separators, workbooks; each unusable file gets one clear sentence."""

import io
import zipfile
from pathlib import Path

import pytest

from mingtang.catalogue.rules.columns import SheetError
from mingtang.catalogue.services import read_items_file

HEADINGS = "部门,主项名称,事项名称,事项编码,事项类型,区划代码\n"
ROW = "区水务局,,取水许可审批,330881-016-001,1,330881000000\n"
EXPECTED = {
    "row": "2",
    "department": "区水务局",
    "main_item": "",
    "name": "取水许可审批",
    "task_code": "330881-016-001",
    "task_type": "1",
    "area_code": "330881000000",
}


def read(tmp_path: Path, content: str | bytes, name: str = "items.csv") -> list[dict[str, str]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_items_file(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_in_use_are_read(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, (HEADINGS + ROW).encode(encoding)) == [EXPECTED]


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_separators_in_use_are_read(tmp_path: Path, mark: str) -> None:
    assert read(tmp_path, (HEADINGS + ROW).replace(",", mark)) == [EXPECTED]


def test_many_semicolons_in_a_cell_do_not_pass_for_separators(tmp_path: Path) -> None:
    content = HEADINGS.strip() + ",申请材料\n" + ROW.strip() + ',"一;二;三;四;五;六;七;八;九"\n'
    assert read(tmp_path, content)[0]["materials"].count(";") == 8


def test_english_headings_and_synonyms_are_known(tmp_path: Path) -> None:
    heads = "department,main_item,name,task_code,task_type,area_code\n"
    assert read(tmp_path, heads + ROW) == [EXPECTED]
    heads = " 实施主体 ,大项名称,*项目名称,实施编码,事项类别,行政区划\n"
    assert read(tmp_path, heads + ROW) == [EXPECTED]


def test_a_title_above_and_blank_lines_between_are_passed_over(tmp_path: Path) -> None:
    [row] = read(tmp_path, f"某区事项清单,,,,,\n\n{HEADINGS},,,,,\n{ROW}")
    assert row == EXPECTED | {"row": "5"}


def test_unknown_columns_are_left_out(tmp_path: Path) -> None:
    [row] = read(tmp_path, f"序号,{HEADINGS.strip()},备注\n1,{ROW.strip()},无\n")
    assert row == EXPECTED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空的"),
        (b"  \n", "是空的"),
        (HEADINGS, "只有列名，没有事项"),
        ("事项名称,事项编码\n取水,1\n", "缺少必需的列：部门、事项类型"),
        ("甲,乙\n1,2\n", "没有列名"),
        (HEADINGS.encode("utf-8").replace(b"\xe9", b"\xff", 1) + b"\xff\xff", "编码"),
        (HEADINGS + ROW.strip() + ",多出来的\n", "第2行的格数比列名多"),
        (HEADINGS + '"区水务局,,取水\n', "引号"),
        ("部门,事项名称,事项编码,事项类型,名称\n" + ROW, "有两列都是“事项名称”"),
        (b"PK\x03\x04 not a workbook", "已损坏"),
        (b"\xd0\xcf\x11\xe0 not a workbook", "不是可以读取的表格"),
        (b"\x00\x01\x02\x00binary", "编码无法识别"),
    ],
)
def test_an_unusable_file_gets_one_clear_sentence(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(SheetError, match=sentence):
        read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"不能读取文件“no\.csv”"):
        read_items_file(tmp_path / "no.csv")


def workbook(cells: list[list[str | int]]) -> bytes:
    """The smallest workbook that holds these cells, numbers as numbers."""

    def cell(value: str | int) -> str:
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    rows = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in cells)
    space = "http://schemas.openxmlformats.org"
    office = f"{space}/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{space}/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/s.xml" ContentType="{kinds}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{office}">'
            '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="s.xml"/></Relationships>'
        ),
        "xl/s.xml": (
            f'<worksheet xmlns="{space}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>'
            "</worksheet>"
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def test_a_workbook_is_read_and_its_numbers_lose_no_digit(tmp_path: Path) -> None:
    heads: list[str | int] = [*HEADINGS.strip().split(",")]
    cells: list[str | int] = ["区水务局", "", "取水许可审批", "330881-016-001", 1, 330881000000]
    assert read(tmp_path, workbook([heads, cells]), "items.xlsx") == [EXPECTED]


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="没有列名"):
        read(tmp_path, workbook([]), "items.xlsx")
