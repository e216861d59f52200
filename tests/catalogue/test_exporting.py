"""The export: read back elsewhere it gives the same content, and no cell runs as a formula."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.cells import guarded, unguarded
from mingtang.catalogue.models import Item
from mingtang.catalogue.rules.columns import LABELS
from mingtang.catalogue.rules.rows import RawRow
from mingtang.catalogue.services import (
    export_items,
    import_items,
    plan_import,
    read_items_file,
    write_table,
)
from mingtang.catalogue.services.exporting import WRITERS
from mingtang.catalogue.services.importing import DEMO
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions
from tests.shared import shared_file
from tests.world import World, morning, new_command_id

AT = morning(2013, 9, 17)
ON = AT.date()
FORMATS = ("csv", "xlsx")

ODD = [
    {"promised_days": "10", "fee": "每件 5 元", "served": "自然人", "on_the_spot": "否"},
    {"promised_days": "当场", "fee": "不收费", "on_the_spot": "是", "served": "法人"},
    {"fee": "收费", "materials": "申请书|表格|2|必要|盖章\n照片||3\n户口簿"},
    {"task_type": "05", "statutory_days": "3个月", "statutory_basis": "某法第一条"},
    {"task_type": "20", "promised_days": "4小时", "main_item": "主项"},
    {"task_type": "11", "basis": "=HYPERLINK(1)", "conditions": "+86", "procedure": "-一\n二"},
    {"name": "@办理", "basis": "'=已加引号", "dept_code": "11330881002616985P"},
]


def put(rows: list[RawRow]) -> None:
    told = {"actor": SYSTEM, "at": AT, "command_id": new_command_id()}
    import_items(rows=rows, source="清单", as_published=True, **told)


def odd_rows() -> list[RawRow]:
    fixed = {"department": "江山市水利局", "task_type": "01", "area_code": "330881000000"}
    return [
        {"row": str(n), "name": f"事项{n}", "task_code": f"330881-{n}", **fixed, **cells}
        for n, cells in enumerate(ODD, start=2)
    ]


def contents() -> dict[str, tuple[str, str]]:
    items = Item.objects.exclude(current_edition=None)
    rows = items.values_list("code", "current_edition__name", "current_edition__content_hash")
    return {code: (name, digest) for code, name, digest in rows}


@contextmanager
def elsewhere() -> Iterator[None]:
    """An installation of its own: what is done in it is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def export(path: Path, **narrowed: str) -> None:
    write_table(path, export_items(on=ON, **narrowed).rows)


def round_trip(rows: list[RawRow], file: Path) -> None:
    with elsewhere():
        put(rows)
        before = contents()
        export(file)
    assert not Item.objects.exists()
    back = read_items_file(file)
    put(back)
    assert contents() == before
    assert len(before) == len(rows)
    plan = plan_import(back, on=ON, as_published=True)
    assert (len(plan.same), plan.new, plan.changed) == (len(rows), [], [])


@pytest.mark.django_db
@pytest.mark.parametrize("ending", FORMATS)
def test_odd_items_come_back_the_same_elsewhere(tmp_path: Path, ending: str) -> None:
    round_trip(odd_rows(), tmp_path / f"items.{ending}")


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("ending", FORMATS)
def test_the_demo_comes_back_the_same_elsewhere(tmp_path: Path, ending: str) -> None:
    load_regions(county="330881", actor=SYSTEM, at=AT, command_id=new_command_id())
    round_trip(read_items_file(DEMO), tmp_path / f"items.{ending}")


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("ending", FORMATS)
def test_a_real_districts_items_come_back_the_same_elsewhere(tmp_path: Path, ending: str) -> None:
    rows = read_items_file(shared_file("data/catalogue_511602.csv"))
    round_trip(rows, tmp_path / f"items.{ending}")


@pytest.mark.django_db
def test_the_comparison_can_fail(world: World) -> None:
    put(odd_rows())
    changed = [row | {"basis": "另一部法"} for row in odd_rows()]
    assert len(plan_import(changed, on=ON, as_published=True).changed) == len(ODD)


def test_every_column_of_the_import_is_exported() -> None:
    assert set(WRITERS) | {"department"} == set(LABELS)


@pytest.mark.django_db
@pytest.mark.parametrize("ending", FORMATS)
def test_no_cell_begins_like_a_formula(world: World, tmp_path: Path, ending: str) -> None:
    put(odd_rows())
    export(tmp_path / f"items.{ending}")
    cells = [cell for row in export_items(on=ON).rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert "'=HYPERLINK(1)" in cells
    back = {row["task_code"]: row for row in read_items_file(tmp_path / f"items.{ending}")}
    assert back["330881-7"]["basis"] == "=HYPERLINK(1)"
    assert back["330881-8"]["basis"] == "'=已加引号"
    assert back["330881-8"]["name"] == "@办理"


@given(st.text(alphabet="'=+-@\t\ra取", max_size=8))
def test_a_guarded_cell_says_what_it_said(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


@pytest.mark.django_db
def test_a_csv_opens_in_a_spreadsheet_as_chinese(world: World, tmp_path: Path) -> None:
    world.item()
    export(tmp_path / "items.csv")
    data = (tmp_path / "items.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    heading = next(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert heading == list(LABELS.values())


@pytest.mark.django_db
def test_one_department_alone_and_only_what_is_in_force(world: World, tmp_path, capsys) -> None:
    world.item("330881-a")
    world.item("330881-b", name="河道许可")
    world.item("330881-c", name="规划条件", department=world.planning)
    Item.objects.filter(code="330881-b").update(status="suspended")
    file = tmp_path / "items.xlsx"
    call_command("export_items", str(file), department="slj")
    assert "已导出1项" in (said := capsys.readouterr().out)
    assert "暂停或取消的1项没有导出" in said
    assert [row["task_code"] for row in read_items_file(file)] == ["330881-a"]
    call_command("export_items", str(file))
    assert [row["task_code"] for row in read_items_file(file)] == ["330881-a", "330881-c"]


@pytest.mark.django_db
def test_a_wrong_name_or_place_is_a_sentence_and_leaves_no_file(world: World, tmp_path) -> None:
    world.item()
    for wrong in (tmp_path / "items.txt", tmp_path / "none" / "items.csv"):
        with pytest.raises(CommandError, match="文件"):
            call_command("export_items", str(wrong))
    with pytest.raises(CommandError, match="没有单位"):
        call_command("export_items", str(tmp_path / "items.csv"), department="nobody")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_text_too_long_for_a_workbook_is_told_and_the_old_file_stays(world, tmp_path) -> None:
    world.item(materials="\n".join(f"材料{n}||||{'详' * 480}" for n in range(80)))
    file = tmp_path / "items.xlsx"
    file.write_bytes(b"before")
    with pytest.raises(CommandError, match="请改用 CSV"):
        call_command("export_items", str(file))
    assert file.read_bytes() == b"before"
    call_command("export_items", str(tmp_path / "items.csv"))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.django_db
def test_the_export_costs_the_same_with_more_rows(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            export_items(on=ON)
        return len(captured)

    world.item("330881-a")
    few = cost()
    for n in range(10):
        world.item(f"330881-more-{n}", department=world.planning)
    assert cost() == few
