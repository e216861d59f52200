"""The basic catalogue in the database: lists, drafts that follow, the gate, imports."""

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.catalogue import queries, services
from mingtang.catalogue.models import BasicItem, Draft, Edition, Item
from mingtang.catalogue.rules import kind_from
from mingtang.catalogue.rules.columns import SheetError
from mingtang.catalogue.rules.drafts import DraftInvalid
from mingtang.catalogue.rules.gate import GateClosed
from mingtang.catalogue.services import BasicRefused
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Centre, Window
from mingtang.site.settings.env import WrongSetting, words
from tests.catalogue.test_basic_rules import CODE, SAND, line
from tests.catalogue.test_sheets import workbook
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
AT = morning(2013, 9, 17)
DAY = legal_date(AT)
SINCE = date(2013, 1, 1)
OTHER = "330716004000"
numbers = itertools.count(1)
COMPLETE = {
    "basis": SAND.basis,
    "conditions": "有合法的采砂事由。",
    "procedure": "收件；受理；审查；决定；送达。",
    "materials": "申请表|表格|1|必要",
    "fee": "不收费",
    "statutory_basis": SAND.basis,
}


def load(*rows: dict[str, str], on: date = SINCE, **more: Any) -> dict[str, Any]:
    by = {"actor": SYSTEM, "at": AT, "command_id": f"basic-{next(numbers)}", **more}
    return services.load_basic_items(rows=list(rows), valid_from=on, source="清单.csv", **by)


@pytest.fixture
def desk(world: World) -> World:
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    Window.objects.create(centre=centre, number="1", name="水利窗口", organisation=world.water)
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    world.reviewer = world.people.post("reviewer", Role.REFORM_OFFICE, world.centre)
    load(
        line(), line(3, basic_code=OTHER, name="采砂登记", kind="行政确认", basis="《某法》第一条")
    )
    return world


def sand(desk: World, **cells: str) -> Item:
    """An item that follows the basic item of its code."""
    cells = COMPLETE | {"name": SAND.name, "basic_code": CODE} | cells
    return Item.objects.get(code=desk.item(code="330881-cs", statutory=20, promised=5, **cells))


def do(desk: World, who: str, command: Any, **more: Any) -> Any:
    by = {"actor": desk.actor(getattr(desk, who)), "at": AT, "command_id": new_command_id()}
    return command(**by, **more)


def opened(desk: World, item: Item) -> Draft:
    made = do(desk, "author", services.open_draft, item_id=item.id)
    return Draft.objects.get(id=int(made["draft_id"]))


def save(desk: World, draft: Draft, **changes: Any) -> Draft:
    draft.refresh_from_db()
    content = {**draft.content, **changes}
    numbers = {"revision": draft.revision, "base_number": draft.base_number}
    do(desk, "author", services.save_draft, draft_id=draft.id, content=content, **numbers)
    draft.refresh_from_db()
    return draft


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_taken_and_told_in_the_ledger() -> None:
    result = load(line())
    row = BasicItem.objects.get()
    assert (result["new"], result["changed"], result["ended"], result["same"]) == (1, 0, 0, 0)
    assert (row.code, row.name, row.kind, row.levels) == (CODE, SAND.name, "permit", ["county"])
    assert (row.valid_from, row.valid_to, row.source) == (SINCE, None, "清单.csv")
    [event] = ledger.history(f"basic:{CODE}")
    assert (event.kind, event.facts["name"]) == ("basic_item.begun", SAND.name)
    assert event.effective_on == SINCE
    assert ledger.verify().is_ok


def test_the_same_list_again_changes_nothing() -> None:
    load(line())
    before = Event.objects.count()
    for on in (SINCE, date(2014, 1, 1)):
        assert load(line(), on=on)["same"] == 1
    assert (BasicItem.objects.count(), Event.objects.count()) == (1, before)


def test_a_new_list_closes_old_rows_and_each_day_finds_its_own() -> None:
    load(line(), line(3, basic_code=OTHER, name="采砂登记", kind="行政确认"))
    result = load(line(name="河道采砂许可证核发"), on=date(2014, 7, 1))
    assert (result["changed"], result["ended"]) == (1, 1)
    for day, name in ((DAY, SAND.name), (date(2014, 7, 1), "河道采砂许可证核发")):
        found = queries.all_basics(day)
        assert found[CODE].name == name
        assert found[CODE].holds_on(day)
    assert found[OTHER].valid_to == date(2014, 6, 30)
    kinds = [event.kind for event in ledger.history(f"basic:{CODE}")]
    assert kinds == ["basic_item.begun", "basic_item.replaced"]
    assert [event.kind for event in ledger.history(f"basic:{OTHER}")][-1] == "basic_item.ended"
    again = load(
        line(), line(3, basic_code=OTHER, name="又有了", kind="行政确认"), on=DAY.replace(2015)
    )
    assert (again["new"], again["changed"]) == (1, 1)


def test_a_slip_is_corrected_and_the_ledger_keeps_what_stood_there() -> None:
    load(line(name="河道采沙许可"))
    load(line())
    assert BasicItem.objects.get().name == SAND.name
    event = ledger.history(f"basic:{CODE}")[-1]
    assert (event.kind, event.facts["before"]["name"]) == ("basic_item.corrected", "河道采沙许可")


def test_one_wrong_row_keeps_the_whole_list_out() -> None:
    with pytest.raises(BasicRefused, match=r"有1处错误，基本目录没有改动。第3行") as refusal:
        load(line(), line(3, basic_code=OTHER, name=""))
    assert [error.row for error in refusal.value.errors] == [3]
    assert BasicItem.objects.count() == 0


def test_a_repeated_command_answers_as_before() -> None:
    first = load(line(), command_id="the-same")
    assert load(line(), command_id="the-same") == first
    assert BasicItem.objects.count() == 1


def test_more_rows_cost_few_more_statements() -> None:
    costs = []
    for size in (5, 60):
        rows = [line(n, basic_code=f"33011600{n:03}{size % 10}") for n in range(2, 2 + size)]
        changed = [row | {"name": "改"} for row in rows]
        with CaptureQueriesContext(connection) as captured:
            load(*rows)
            load(*changed, on=date(2014, 1, 1))
            load(*(row | {"name": "再改"} for row in changed), on=date(2014, 1, 1))
        costs.append(len(captured))
        BasicItem.objects.all().delete()
    assert costs[1] <= costs[0] + 12  # bulk statements are cut at their parameters


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"code": "123"}, "basic_code_whole"),
        ({"name": ""}, "basic_name_given"),
        ({"kind": "x"}, "basic_kind"),
        ({"valid_to": date(2012, 12, 31)}, "basic_dates_in_order"),
    ],
)
def test_the_database_refuses_what_is_no_basic_item(change: Any, constraint: str) -> None:
    load(line())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BasicItem.objects.update(**change)


def test_the_database_refuses_two_rows_in_force_and_two_of_one_day() -> None:
    load(line())
    row = {"code": CODE, "name": "二", "kind": "permit", "source": "测试"}
    for since, to in ((date(2014, 1, 1), None), (SINCE, date(2013, 2, 1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            BasicItem.objects.create(**row, valid_from=since, valid_to=to)
    BasicItem.objects.create(**row, valid_from=date(2012, 1, 1), valid_to=date(2012, 12, 31))


# ── inherit and lock ──────────────────────────────────────────────────────────────────────────


def test_a_draft_begins_with_what_it_inherits_that_day(desk: World) -> None:
    item = sand(desk)
    assert opened(desk, item).content["name"] == SAND.name
    do(desk, "author", services.discard_draft, draft_id=Draft.objects.get().id)
    load(line(name="河道采砂许可证核发", kind="行政确认"), on=DAY, is_partial=True)
    made = opened(desk, item)
    said = made.content
    assert (said["name"], said["kind"]) == ("河道采砂许可证核发", "confirmation")
    assert said["profile"] == "confirmation"


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"name": "采砂"}, "项目名称"),
        ({"kind": "benefit"}, "事项类型"),
        ({"basis": "《某法》第九条"}, "办事依据"),
    ],
)
def test_a_locked_field_is_not_saved(desk: World, change: dict[str, str], label: str) -> None:
    draft = opened(desk, sand(desk))
    with pytest.raises(DraftInvalid, match=f"“{label}”随基本目录"):
        save(desk, draft, **change)
    draft.refresh_from_db()
    assert draft.revision == 1
    assert save(desk, draft, conditions="别的条件。").revision == 2


def test_the_setting_says_what_is_locked(desk: World, settings: Any) -> None:
    settings.MINGTANG_INHERITED_FIELDS = ("kind",)
    draft = save(desk, opened(desk, sand(desk)), name="采砂", basis="《某法》第九条")
    assert draft.content["name"] == "采砂"
    with pytest.raises(DraftInvalid, match="事项类型"):
        save(desk, draft, kind="benefit")


def test_an_unknown_inherited_field_stops_the_start(monkeypatch: Any) -> None:
    monkeypatch.setenv("MINGTANG_INHERITED_FIELDS", "name,fee")
    with pytest.raises(WrongSetting, match="fee"):
        words("MINGTANG_INHERITED_FIELDS", "name", allowed=("name", "kind", "basis"))


def test_an_item_without_a_code_is_free(desk: World) -> None:
    draft = opened(desk, sand(desk, basic_code=""))
    assert save(desk, draft, name="自己的名称").content["name"] == "自己的名称"
    assert queries.locked_fields(draft.content, DAY) == frozenset()


def test_another_code_brings_its_values_and_may_be_taken_away(desk: World) -> None:
    draft = save(desk, opened(desk, sand(desk)), basic_code=OTHER)
    said = draft.content
    assert (said["name"], said["kind"], said["basis"]) == (
        "采砂登记",
        "confirmation",
        "《某法》第一条",
    )
    free = save(desk, draft, basic_code="", name="自己的名称")
    assert free.content["name"] == "自己的名称"


def test_an_unknown_code_is_refused_with_a_sentence(desk: World) -> None:
    draft = opened(desk, sand(desk))
    with pytest.raises(DraftInvalid, match="“基本编码”：基本目录里没有基本编码“330199999000”"):
        save(desk, draft, basic_code="330199999000")
    load(line(), on=date(2013, 9, 1))  # OTHER ends
    with pytest.raises(DraftInvalid, match="只施行到2013年8月31日"):
        save(desk, draft, basic_code=OTHER)


def test_locked_fields_are_those_that_the_list_states(desk: World) -> None:
    content = {"basic_code": CODE}
    assert queries.locked_fields(content, DAY) == {"name", "kind", "basis"}
    assert queries.locked_fields(content, date(2012, 1, 1)) == frozenset()
    assert queries.locked_fields({"basic_code": "330199999000"}, DAY) == frozenset()
    load(line(basis=""), is_partial=True)
    assert queries.locked_fields(content, DAY) == {"name", "kind"}


# ── the gate ──────────────────────────────────────────────────────────────────────────────────


def basic_lacks(content: dict[str, Any], item: Item, on: date = DAY) -> list[str]:
    lacks = queries.lacks_of(content, item.department_id, on)
    return [one.text for one in lacks if one.field == "basic"]


def test_an_item_that_follows_is_published(desk: World) -> None:
    draft = save(desk, opened(desk, sand(desk)), conditions="新的条件。")
    do(desk, "author", services.submit_draft, draft_id=draft.id)
    do(desk, "reviewer", services.publish_draft, draft_id=draft.id)
    assert Edition.objects.latest("number").number == 2


def test_a_list_that_comes_between_writing_and_publishing_closes_the_gate(desk: World) -> None:
    draft = save(desk, opened(desk, sand(desk)), conditions="新的条件。")
    do(desk, "author", services.submit_draft, draft_id=draft.id)
    load(line(name="河道采砂许可证核发"), on=DAY, is_partial=True)
    with pytest.raises(GateClosed, match="“基本目录”：“项目名称”与基本目录") as refused:
        do(desk, "reviewer", services.publish_draft, draft_id=draft.id)
    assert [lack.field for lack in refused.value.lacks] == ["basic"]
    do(desk, "reviewer", services.return_draft, draft_id=draft.id, reason="请随目录")
    draft = save(desk, draft)  # what was left alone follows
    assert draft.content["name"] == "河道采砂许可证核发"
    do(desk, "author", services.submit_draft, draft_id=draft.id)
    do(desk, "reviewer", services.publish_draft, draft_id=draft.id)


def test_an_expired_code_keeps_the_draft_and_closes_the_gate(desk: World) -> None:
    item = sand(desk)
    draft = opened(desk, item)
    other = line(2, basic_code=OTHER, name="采砂登记", kind="行政确认", basis="《某法》第一条")
    load(other, on=DAY)  # CODE ends
    draft = save(desk, draft, name="写到一半")
    assert "只施行到2013年9月16日" in basic_lacks(draft.content, item)[0]
    assert basic_lacks(draft.content, item, date(2013, 9, 16)) != []  # the name still differs
    assert queries.locked_fields(draft.content, DAY) == frozenset()


def test_a_level_outside_the_basic_item_closes_the_gate(desk: World) -> None:
    item = sand(desk, level="省级")
    [told] = basic_lacks(queries.content_of(item), item)
    assert "“行使层级”是省级" in told
    assert basic_lacks(queries.content_of(item) | {"level": "county"}, item) == []


# ── imports ───────────────────────────────────────────────────────────────────────────────────


def imported(desk: World, **cells: str) -> tuple[Any, list[str]]:
    row = {
        "row": "2",
        "department": "江山市水利局",
        "name": SAND.name,
        "task_code": "330881-016-004",
        "task_type": "1",
        "area_code": "330881000000",
        "basic_code": CODE,
        "promised_days": "5",
        **COMPLETE,
        **cells,
    }
    plan = services.plan_import([row], on=DAY)
    services.import_items(
        rows=[row], source="表.csv", actor=SYSTEM, at=AT, command_id=new_command_id()
    )
    return plan, [finding.text for finding in plan.doubts]


def test_a_row_that_follows_is_published_without_a_doubt(desk: World) -> None:
    plan, doubts = imported(desk)
    assert (doubts, len(plan.editions)) == ([], 1)
    assert Item.objects.get().current_edition.details["basic_code"] == CODE


def test_a_row_that_deviates_is_told_and_stays_a_draft(desk: World) -> None:
    plan, doubts = imported(desk, name="采砂")
    assert doubts == [f"“项目名称”与基本目录（{CODE}）不同：本地“采砂”，基本目录“{SAND.name}”"]
    assert [lack.field for lack in plan.drafts[0].lacks] == ["basic"]
    item = Item.objects.get()
    assert item.current_edition is None
    draft = Draft.objects.get()
    assert draft.content["name"] == "采砂"
    assert save(desk, draft).content["name"] == SAND.name


def test_a_row_with_an_unknown_code_is_told_and_stays_a_draft(desk: World) -> None:
    plan, doubts = imported(desk, basic_code="330199999000")
    assert "没有基本编码“330199999000”" in doubts[0]
    assert len(plan.drafts) == 1


def test_importing_asks_the_same_of_more_rows(desk: World) -> None:
    def plan(count: int) -> int:
        rows = [
            {
                "row": str(n),
                "department": "江山市水利局",
                "name": SAND.name,
                "task_code": f"330881-016-{n:03}",
                "task_type": "1",
                "basic_code": CODE,
            }
            for n in range(2, 2 + count)
        ]
        with CaptureQueriesContext(connection) as captured:
            services.plan_import(rows, on=DAY)
        return len(captured)

    assert plan(30) == plan(3)


# ── the command line and the demonstration ────────────────────────────────────────────────────

HEADINGS = "基本编码,事项名称,事项类型,设定依据,行使层级\n"
LINE = f"{CODE},河道采砂许可,01,《中华人民共和国水法》第三十九条,市级、县级\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "basic.csv"
    path.write_text(HEADINGS + LINE, encoding="utf-8")
    return path


def test_the_command_imports_and_sums_up(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_basic", file, "--from", "2013-01-01")
    assert "已导入。共1行：新增1，更新0，未变0，停止施行0；错误0处" in capsys.readouterr().out
    row = BasicItem.objects.get()
    assert (row.valid_from, row.levels, row.source) == (SINCE, ["city", "county"], "basic.csv")
    call_command("import_basic", file, "--from", "2013-01-01")
    assert "未变1" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_basic", file, "--from", "2013-01-01", "--dry-run")
    assert "没有写入。共1行：新增1" in capsys.readouterr().out
    assert BasicItem.objects.count() == 0


def test_errors_are_listed_with_rows_and_end_in_failure(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HEADINGS + LINE + "3301,,x,,\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("import_basic", file, "--from", "2013-01-01")
    assert ended.value.code == 1
    shown = capsys.readouterr().out
    assert "错误 第3行：“事项名称”没有填写。" in shown
    assert "没有写入。共2行" in shown
    assert BasicItem.objects.count() == 0


def test_results_come_as_json_too(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_basic", file, "--from", "2013-01-01", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["written"], found["new"], found["ended"]) == (True, True, 1, [])


def test_a_wrong_day_or_file_is_a_sentence(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="2026-01-31"):
        call_command("import_basic", file, "--from", "明天")
    with pytest.raises(CommandError, match="不能读取文件"):
        call_command("import_basic", tmp_path / "no.csv", "--from", "2013-01-01")
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(SheetError, match="需要的列：基本编码、事项名称、事项类型"):
        services.read_basic_file(file)


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "basic.xlsx"
    path.write_bytes(workbook([HEADINGS.strip().split(","), LINE.strip().split(",")]))
    [row] = services.read_basic_file(path)
    assert (row["basic_code"], row["name"]) == (CODE, "河道采砂许可")


def test_the_demonstrations_basic_items_are_sound_and_two_items_deviate_on_purpose() -> None:
    told = {"actor": SYSTEM, "at": AT, "command_id": "demo"}
    result = services.load_demo_basic_items(**told)
    assert (result["new"], result["doubts"]) == (34, 0)
    folder = Path(services.__file__).parents[1] / "data"
    items = services.read_items_file(folder / "demo_items.csv")
    alike = {(row["name"], kind_from(row["task_type"]), row["basis"]) for row in items}
    rows = services.read_basic_file(folder / "demo_basic.csv")
    said = [(row["name"], kind_from(row["kind"]), row["basis"]) for row in rows]
    assert [one[0] for one in said if one not in alike] == [
        "兽药经营许可证核发",
        "烟花爆竹经营许可",
    ]
    named = {row["basic_code"] for row in items if row.get("basic_code")}
    assert named <= {row["basic_code"] for row in rows}
