"""Importing items: all or nothing, editions never change, unchanged rows change nothing."""

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.services import (
    ImportRefused,
    import_demo_items,
    import_items,
    plan_import,
    read_items_file,
)
from mingtang.ledger.models import Event
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Organisation, Region
from mingtang.regions.services import load_regions
from tests.shared import shared_file
from tests.world import World, morning

pytestmark = pytest.mark.django_db
AT = morning(2013, 9, 17)
DAY = AT.date()
numbers = itertools.count(1)

Row = dict[str, str]


def row(number: int = 2, **cells: str) -> Row:
    return {
        "row": str(number),
        "department": "江山市水利局",
        "name": f"事项{number}",
        "task_code": f"330881-016-{number:03}",
        "task_type": "1",
        "area_code": "330881000000",
        **cells,
    }


def run(*rows: Row, command_id: str = "") -> dict[str, Any]:
    return import_items(
        rows=list(rows),
        source="清单.csv",
        as_published=True,
        actor=SYSTEM,
        at=AT,
        command_id=command_id or f"import-{next(numbers)}",
    )


def test_a_new_code_becomes_an_item_with_its_first_edition(world: World) -> None:
    result = run(row(promised_days="10", main_item="取水"))
    item = Item.objects.select_related("current_edition").get()
    edition = item.current_edition
    assert edition is not None
    assert (result["new"], result["changed"], result["same"]) == (1, 0, 0)
    assert (item.code, item.department_id, item.main_item) == (
        "330881-016-002",
        world.water.id,
        "取水",
    )
    assert (edition.number, edition.promised_amount, edition.statutory_amount) == (1, 10, 20)
    assert (edition.source, edition.source_row, edition.published_by_label) == (
        "清单.csv",
        2,
        "系统",
    )


def test_publishing_is_told_in_the_ledger(world: World) -> None:
    run(row())
    item = Item.objects.get()
    [event] = history(f"item:{item.id}")
    assert event.kind == "item.published"
    assert event.facts["code"] == item.code
    assert event.facts["number"] == 1
    assert event.facts["edition_id"] == str(item.current_edition_id)


def test_the_same_rows_again_change_nothing(world: World) -> None:
    run(row(2), row(3))
    before = Event.objects.count()
    result = run(row(2), row(3))
    assert (result["new"], result["changed"], result["same"]) == (0, 0, 2)
    assert (Edition.objects.count(), Event.objects.count()) == (2, before)


def test_a_row_that_only_moved_in_the_file_is_the_same(world: World) -> None:
    run(row(2))
    assert run(row(2) | {"row": "77"})["same"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "新名称"},
        {"main_item": "主项"},
        {"department": "江山市规划局"},
        {"basis": "某法第一条"},
        {"promised_days": "5"},
        {"materials": "申请表"},
        {"fee": "不收费"},
        {"task_type": "7"},
    ],
)
def test_a_changed_row_becomes_the_next_edition(world: World, change: Row) -> None:
    run(row(2))
    result = run(row(2, **change))
    item = Item.objects.select_related("current_edition").get()
    assert (result["changed"], Edition.objects.count()) == (1, 2)
    assert item.current_edition is not None
    assert item.current_edition.number == 2
    assert [event.facts["number"] for event in history(f"item:{item.id}")] == [1, 2]


def test_a_new_default_promise_is_a_new_edition_too(world: World, settings: Any) -> None:
    run(row(2))
    settings.MINGTANG_DEFAULT_PROMISED_DAYS = 15
    assert run(row(2))["changed"] == 1
    numbers = Edition.objects.order_by("number").values_list("promised_amount", flat=True)
    assert list(numbers) == [20, 15]


def test_a_material_keeps_its_id_in_every_edition(world: World) -> None:
    for materials in ("申请表；身份证；平面图", "平面图；验资报告", "申请表|原件|2；身份证"):
        run(row(2, materials=materials))
    lines = [line for edition in Edition.objects.order_by("number") for line in edition.materials]
    ids: dict[str, set[str]] = {}
    for line in lines:
        ids.setdefault(line["name"], set()).add(line["id"])
    assert all(len(known) == 1 for known in ids.values())
    assert len(set.union(*ids.values())) == 4


def test_two_materials_of_one_name_have_ids_of_their_own(world: World) -> None:
    run(row(2, materials="照片；照片"))
    first, second = Edition.objects.get().materials
    assert first["id"] != second["id"]


def test_an_edition_cannot_be_changed_or_removed(world: World) -> None:
    run(row(2))
    for attempt in (
        lambda: Edition.objects.update(name="改过的"),
        lambda: Item.objects.update(current_edition=None) and Edition.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    assert Edition.objects.get().name == "事项2"


def test_one_wrong_row_keeps_the_whole_file_out(world: World) -> None:
    with pytest.raises(ImportRefused, match=r"有1处错误，没有导入任何事项。第3行") as refusal:
        run(row(2), row(3, task_type="x"), row(4))
    assert [error.row for error in refusal.value.errors] == [3]
    assert (Item.objects.count(), Edition.objects.count()) == (0, 0)


def test_a_promise_longer_than_the_law_is_an_error(world: World) -> None:
    with pytest.raises(ImportRefused, match="承诺时限30个工作日长于法定时限20个工作日"):
        run(row(2, promised_days="30"))
    assert run(row(2, promised_days="30", statutory_days="45"))["new"] == 1


def test_limits_in_units_that_do_not_compare_are_a_doubt(world: World) -> None:
    plan = plan_import(
        [row(2, promised_days="25", statutory_days="30个自然日")], on=DAY, as_published=True
    )
    assert [finding.text for finding in plan.findings] == [
        "承诺时限与法定时限的单位不同，无法比较长短，请人工核对"
    ]


def test_a_repeated_command_answers_as_before(world: World) -> None:
    first = run(row(2), command_id="the-same")
    assert run(row(2), command_id="the-same") == first
    assert Edition.objects.count() == 1


def test_unknown_departments_and_regions_are_registered_with_a_doubt(world: World) -> None:
    far = {"department": "区水务局", "area_code": "511602", "dept_code": "113308810026310171"}
    plan = plan_import([row(2, **far, task_code="511602-001-001")], on=DAY, as_published=True)
    assert [finding.text for finding in plan.doubts] == [
        "部门“区水务局”未登记，将新登记",
        "区划代码511602000000未登记，将按代码登记，名称待补",
    ]
    run(row(2, **far), row(3, **far), row(4, **far | {"department": "区民政局"}))
    region = Region.objects.get(code="511602000000")
    units = Organisation.objects.filter(region=region).order_by("unit3")
    assert [(unit.code, unit.unit3) for unit in units] == [
        ("511602-001", "001"),
        ("511602-002", "002"),
    ]
    assert units[0].credit_code == "113308810026310171"
    assert [event.kind for event in history(f"organisation:{units[0].id}")] == [
        "organisation.registered"
    ]


def test_the_same_department_name_in_another_county_is_another_department(world: World) -> None:
    run(row(2), row(3, area_code="511602"))
    mine, theirs = Item.objects.select_related("department").order_by("id")
    assert mine.department_id == world.water.id
    assert theirs.department.area6 == "511602"


def test_unit_numbers_already_given_are_passed_over(world: World) -> None:
    run(row(2, department="江山市新设局"))
    unit = Organisation.objects.get(code="330881-001")
    assert unit.id not in {world.water.id, world.planning.id}


def test_without_a_region_a_known_department_is_found_by_its_name(world: World) -> None:
    run(row(2, area_code=""))
    assert Item.objects.get().department_id == world.water.id


def test_without_a_region_an_unknown_department_is_an_error(world: World) -> None:
    with pytest.raises(ImportRefused, match="没有填写区划代码，也没有登记过这个部门"):
        run(row(2, area_code="", department="某局"))


def test_a_department_is_known_by_its_short_name_too(world: World) -> None:
    run(row(2, department="市水利局"))
    assert Item.objects.get().department_id == world.water.id


def test_an_abolished_item_stays_abolished(world: World) -> None:
    run(row(2))
    Item.objects.update(status="abolished")
    plan = plan_import([row(2, name="改名")], on=DAY, as_published=True)
    assert "已取消，这一行没有导入" in plan.doubts[0].text
    run(row(2, name="改名"))
    assert (Item.objects.get().status, Edition.objects.count()) == ("abolished", 1)


def test_more_rows_cost_few_more_statements(world: World) -> None:
    costs = []
    for size in (5, 25):
        rows = [row(n, task_code=f"330881-{size:03}-{n:03}") for n in range(2, 2 + size)]
        with CaptureQueriesContext(connection) as captured:
            run(*rows)
        costs.append(len(captured))
    assert costs[1] <= costs[0] + 3  # bulk inserts are cut at the parameters of one statement


@pytest.mark.slow
def test_the_demonstration_items_are_sound() -> None:
    load_regions(county="330881", actor=SYSTEM, at=AT, command_id="regions")
    result = import_demo_items(as_published=True, actor=SYSTEM, at=AT, command_id="demo")
    assert result["new"] >= 60
    assert (result["departments_new"], result["regions_new"]) == (0, 0)
    again = import_demo_items(as_published=True, actor=SYSTEM, at=AT, command_id="demo-again")
    assert (again["new"], again["changed"]) == (0, 0)
    # one under a special law has a limit of its own
    item = Item.objects.filter(current_edition__name__startswith="取水许可").order_by("id")[0]
    found = queries.item_detail(item.code)
    assert found["statutory_label"] == "45个工作日"
    assert "取水许可和水资源费征收管理条例" in found["statutory_basis"]


# ── the command line ──────────────────────────────────────────────────────────────────────────

HEADINGS = "部门,事项名称,事项编码,事项类型,区划代码\n"
LINE = "江山市水利局,取水许可审批,330881-016-001,1,330881000000\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(HEADINGS + LINE, encoding="utf-8")
    return path


def test_the_command_imports_and_sums_up(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_items", file, "--as-published")
    shown = capsys.readouterr().out
    assert "已导入。共1行：新增1，更新0，未变0，其中0项没有达到公开要求" in shown
    assert queries.published("330881-016-001")[1].number == 1


def test_without_the_word_what_the_gate_stops_stays_a_draft(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_items", file)
    shown = capsys.readouterr().out
    assert "留在草稿 第2行：“办事依据”：没有填写。" in shown
    assert "其中1项没有达到公开要求，留在草稿" in shown
    with pytest.raises(queries.ItemNotFound):
        queries.published("330881-016-001")


def test_a_dry_run_writes_nothing(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_items", file, "--dry-run")
    assert "没有写入。共1行：新增1" in capsys.readouterr().out
    assert Item.objects.count() == 0


def test_errors_are_listed_with_rows_and_end_in_failure(
    world: World, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HEADINGS + LINE + "某局,,330881/2,x,1\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("import_items", file)
    assert ended.value.code == 1
    shown = capsys.readouterr().out
    assert "错误 第3行：“事项名称”没有填写。" in shown
    assert "没有写入。共2行" in shown
    assert Item.objects.count() == 0


def test_an_unusable_file_ends_in_failure_with_its_sentence(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="不能读取文件"):
        call_command("import_items", tmp_path / "no.csv")


def test_results_come_as_json_too(
    world: World, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_items", file, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["written"], found["new"], found["errors"]) == (True, True, 1, [])
    with pytest.raises(CommandError):
        call_command("import_items", tmp_path / "no.csv", "--format", "json")
    assert json.loads(capsys.readouterr().out)["ok"] is False


# ── a real catalogue ──────────────────────────────────────────────────────────────────────────


@pytest.mark.shared
def test_a_real_districts_catalogue_is_taken_whole() -> None:
    rows = read_items_file(shared_file("data/catalogue_511602.csv"))
    with CaptureQueriesContext(connection) as captured:
        result = run(*rows)
    assert (len(rows), result["new"], result["departments_new"]) == (1135, 1135, 34)
    assert len(captured) < 250
    again = run(*rows)
    assert (again["same"], again["new"], again["changed"]) == (1135, 0, 0)
    assert Edition.objects.count() == 1135


@pytest.mark.shared
def test_a_real_catalogues_doubts_are_told_and_its_positive_controls_are_not() -> None:
    plan = plan_import(
        read_items_file(shared_file("data/catalogue_511602.csv")), on=DAY, as_published=True
    )
    assert plan.errors == []
    doubts = [finding.text for finding in plan.doubts]
    same_names = Counter(text.split("”")[0] for text in doubts if "同名" in text)
    assert same_names == {
        "区人社局的“求职创业补贴申领": 2,
        "区行政审批局的“城市建筑物、设施上张挂、张贴宣传品审批": 2,
    }
    assert any("“2222222222222”是重复的同一个字符" in text for text in doubts)
    assert any("“11511301452259996u”含小写字母" in text for text in doubts)
    assert any("编码中的区划510000000000" in text for text in doubts)
    assert sum("未登记，将新登记" in text for text in doubts) == 34
    # right codes: 财政局 by credit code, 司法局 by organisation code, raise no doubt of their own
    assert not any("11511301008778220W" in text or "00877868-5" in text for text in doubts)


@pytest.mark.shared
def test_any_item_of_a_real_catalogue_can_be_filed() -> None:
    run(*read_items_file(shared_file("data/catalogue_511602.csv")))
    code = Item.objects.order_by("id").values_list("code", flat=True)[700]
    edition = queries.edition_for_filing(code)
    limits = queries.limits_of(edition)
    assert limits.promised is not None
    assert (limits.promised.label, limits.promised_basis) == (
        "20个工作日",
        "事项未单独承诺，按本中心统一承诺",
    )
