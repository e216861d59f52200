"""Imports and the publish gate: what fails it stays a draft; a column not given stays as it was."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from mingtang.accounts.rules import Role
from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.catalogue.rules.drafts import DraftMoved
from mingtang.catalogue.services import (
    ImportRefused,
    discard_draft,
    export_items,
    import_items,
    load_demo_basic_items,
    open_draft,
    plan_import,
    publish_draft,
    read_items_file,
    save_draft,
    submit_draft,
    write_table,
)
from mingtang.catalogue.services.importing import DEMO
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.regions.models import Centre, Window
from mingtang.regions.services import load_regions
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
AT = morning(2013, 9, 17)
TODAY = morning(2026, 11, 23)
numbers = itertools.count(1)
CODE = "330881-016-002"
BASIS = "《中华人民共和国水法》第四十八条"
COMPLETE = {
    "basis": BASIS,
    "conditions": "有合法的取水事由。",
    "materials": "申请表|表格|1|必要||来源=申请人自备",
    "procedure": "收件；受理；审查；决定；送达。",
    "promised_days": "5",
    "fee": "不收费",
    "questions": "要几天|5个工作日",
}


@pytest.fixture
def hall(world: World) -> World:
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    Window.objects.create(centre=centre, number="1", name="水利窗口", organisation=world.water)
    return world


def row(**cells: str) -> dict[str, str]:
    return {
        "row": "2",
        "department": "江山市水利局",
        "name": "取水许可",
        "task_code": CODE,
        "task_type": "1",
        "area_code": "330881000000",
        **cells,
    }


def run(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    told = {"actor": SYSTEM, "at": AT, "command_id": f"gate-{next(numbers)}"}
    return import_items(rows=list(rows), source="清单.csv", **told, **more)


def by(person: Any) -> dict[str, Any]:
    actor = Actor(id=str(person.id), label=person.name, organisation_label="审改办")
    return {"actor": actor, "at": AT, "command_id": new_command_id()}


def the_item() -> Item:
    return Item.objects.select_related("current_edition").get()


def test_a_complete_row_is_published(hall: World) -> None:
    result = run(row(**COMPLETE))
    assert (result["new"], result["drafts"]) == (1, 0)
    edition = the_item().current_edition
    assert edition is not None
    assert edition.details == {"questions": [{"question": "要几天", "answer": "5个工作日"}]}
    assert edition.materials[0]["origin"] == "applicant"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"basis": "《中华人民共和国水法》（条款待核）"}, "basis"),
        ({"materials": ""}, "materials"),
        ({"fee": ""}, "fee"),
        ({"fee": "收费", "fees": "证书费|10元"}, "fee"),
        ({"department": "江山市规划局"}, "windows"),
    ],
)
def test_an_incomplete_row_stays_a_draft_and_says_why(
    hall: World, change: dict[str, str], field: str
) -> None:
    plan = plan_import([row(**COMPLETE | change)], on=AT.date())
    assert [lack.field for lack in plan.drafts[0].lacks] == [field]
    result = run(row(**COMPLETE | change))
    item, draft = the_item(), Draft.objects.get()
    assert (result["new"], result["drafts"]) == (1, 1)
    assert (item.current_edition, item.name) == (None, "取水许可")
    assert (draft.state, draft.base_number, draft.opened_by, draft.author_ids) == (
        *("draft", 0),
        *(None, []),
    )
    [event] = history(f"item:{item.id}")
    assert (event.kind, event.facts["lacks"]) == ("item.draft_imported", [field])
    with pytest.raises(queries.ItemNotFound):
        queries.published(CODE)


def test_the_same_rows_again_change_nothing(hall: World) -> None:
    for rows in ([row(**COMPLETE)], [row(task_code="330881-016-003")]):
        run(*rows)
        again = run(*rows)
        assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)
    assert Draft.objects.count() == 1


def test_a_better_row_writes_over_the_draft_or_publishes_it(hall: World) -> None:
    run(row(name="取水"))
    run(row(**COMPLETE | {"fee": ""}))
    assert Draft.objects.get().content["conditions"] == COMPLETE["conditions"]
    assert the_item().name == "取水许可"
    assert run(row(**COMPLETE))["changed"] == 1
    assert the_item().current_edition is not None


def test_a_published_item_keeps_its_edition_when_the_next_row_is_incomplete(hall: World) -> None:
    run(row(**COMPLETE))
    result = run(row(**COMPLETE | {"fee": "", "name": "取水审批", "department": "江山市规划局"}))
    item, draft = the_item(), Draft.objects.get()
    assert (result["changed"], result["drafts"]) == (1, 1)
    assert item.current_edition is not None
    assert (item.current_edition.number, item.name) == (1, "取水许可")
    assert (item.department_id, draft.base_number) == (hall.water.id, 1)


def test_what_somebody_is_writing_is_never_written_over(hall: World) -> None:
    run(row(**COMPLETE))
    person = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    open_draft(item_id=the_item().id, **by(person))
    with pytest.raises(ImportRefused, match="又有人正在起草它"):
        run(row(**COMPLETE | {"fee": ""}))
    assert Draft.objects.get().content["is_free"] is True


def test_two_people_carry_an_imported_draft_to_its_first_edition(hall: World) -> None:
    run(row(**COMPLETE | {"fee": ""}))
    draft = Draft.objects.get()
    author = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    reviewer = hall.people.post("reviewer", Role.REFORM_OFFICE, hall.centre)
    content = draft.content | {"is_free": True}
    save_draft(draft_id=draft.id, content=content, revision=1, base_number=0, **by(author))
    submit_draft(draft_id=draft.id, **by(author))
    publish_draft(draft_id=draft.id, **by(reviewer))
    assert Edition.objects.get().number == 1
    assert queries.published(CODE)[0].name == "取水许可"


def test_a_discarded_first_draft_can_be_taken_up_again(hall: World) -> None:
    run(row(**COMPLETE | {"fee": ""}))
    person = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    discard_draft(draft_id=Draft.objects.get().id, **by(person))
    open_draft(item_id=the_item().id, **by(person))
    found = Draft.objects.order_by("id").last()
    assert found is not None
    assert found.content["conditions"] == COMPLETE["conditions"]


def test_a_draft_ends_when_its_row_passes_the_gate(hall: World) -> None:
    run(row(**COMPLETE | {"fee": "", "conditions": "旧条件"}))
    run(row(**COMPLETE | {"conditions": "新条件"}))
    assert not Draft.objects.exists()
    run(row(fee="不收费", basis="《中华人民共和国水法》第七条"))
    assert (said()["conditions"], said()["basis"]) == ("新条件", "《中华人民共和国水法》第七条")


def test_a_draft_ends_when_the_edition_in_force_is_confirmed(hall: World) -> None:
    run(row(**COMPLETE))
    run(row(**COMPLETE | {"fee": ""}))
    assert Draft.objects.count() == 1
    assert run(row(**COMPLETE))["same"] == 1
    assert not Draft.objects.exists()


def test_a_page_opened_before_the_next_import_is_told(hall: World) -> None:
    run(row(**COMPLETE | {"fee": ""}))
    draft = Draft.objects.get()
    run(row(**COMPLETE | {"fee": "", "conditions": "另一个条件"}))
    person = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    with pytest.raises(DraftMoved):
        save_draft(
            draft_id=draft.id, content=draft.content, revision=1, base_number=0, **by(person)
        )


def test_a_partial_row_takes_up_what_was_discarded(hall: World) -> None:
    run(row(**COMPLETE | {"fee": ""}))
    person = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    discard_draft(draft_id=Draft.objects.get().id, **by(person))
    run(row(fee=""))
    found = Draft.objects.get(state="draft")
    assert found.content["conditions"] == COMPLETE["conditions"]


def test_an_abolished_item_gets_neither_draft_nor_edition(hall: World) -> None:
    run(row(**COMPLETE))
    Item.objects.update(status="abolished")
    for fee in ("", "不收费"):
        plan = plan_import([row(**COMPLETE | {"fee": fee, "name": "新名"})], on=AT.date())
        assert "已取消，这一行没有导入" in plan.doubts[0].text
        run(row(**COMPLETE | {"fee": fee, "name": "新名"}))
    assert (Edition.objects.count(), Draft.objects.count()) == (1, 0)


def test_publishing_past_somebodys_draft_is_told(hall: World) -> None:
    run(row(**COMPLETE))
    person = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    open_draft(item_id=the_item().id, **by(person))
    plan = plan_import([row(**COMPLETE | {"conditions": "新条件"})], on=AT.date())
    assert "有人正在起草" in plan.doubts[0].text


@pytest.mark.parametrize("as_published", [True, False])
@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"variants": "01|新办\n01|变更"}, "“业务办理项”第2行代码“01”与第1行重复"),
        ({"materials": "表||||办理项=09"}, "业务办理项里没有它"),
        ({"effective_on": "2026-01-01", "cancelled_on": "2020-01-01"}, "早于计划生效日期"),
        ({"online": "否", "online_depth": "互联网受理"}, "“网上办理”却选了否"),
        ({"conditions": "长" * 20_001}, "最多20000个字"),
        ({"conditions": "a\x0bb"}, "“申请条件”含有不能保存的字符"),
        ({"name": "a\x00b"}, "“事项名称”含有不能保存的字符"),
    ],
)
def test_what_no_draft_could_hold_is_not_imported_either(
    hall: World, cells: dict[str, str], sentence: str, as_published: bool
) -> None:
    with pytest.raises(ImportRefused) as refused:
        run(row(**COMPLETE | cells), as_published=as_published)
    assert sentence in refused.value.errors[0].text
    assert not Item.objects.exists()


def test_a_renamed_material_keeps_its_id_through_a_table(hall: World, tmp_path: Path) -> None:
    run(row(**COMPLETE))
    author = hall.people.post("author", Role.REFORM_OFFICE, hall.centre)
    reviewer = hall.people.post("reviewer", Role.REFORM_OFFICE, hall.centre)
    open_draft(item_id=the_item().id, **by(author))
    draft = Draft.objects.get()
    [line] = draft.content["materials"]
    content = draft.content | {"materials": [line | {"name": "取水申请书"}]}
    save_draft(draft_id=draft.id, content=content, revision=1, base_number=1, **by(author))
    submit_draft(draft_id=draft.id, **by(author))
    publish_draft(draft_id=draft.id, **by(reviewer))
    file = tmp_path / "items.csv"
    write_table(file, export_items(on=AT.date()).rows)
    rows = read_items_file(file)
    assert f"标识={line['id']}" in rows[0]["materials"]
    assert len(plan_import(rows, on=AT.date()).same) == 1
    without = [one | {"materials": "取水申请书|表格|1|必要||来源=申请人自备"} for one in rows]
    assert len(plan_import(without, on=AT.date()).same) == 1


# ── partial files ─────────────────────────────────────────────────────────────────────────────


def said() -> dict[str, Any]:
    edition = the_item().current_edition
    assert edition is not None
    return queries.edition_content_of(edition)


def test_a_column_that_the_file_has_not_stays_as_it_was(hall: World) -> None:
    more = {"statutory_days": "30", "statutory_basis": BASIS, "level": "县级", "on_the_spot": "否"}
    run(row(**COMPLETE | more | {"main_item": "取水", "route": "踏勘|现场踏勘|审查|2"}))
    before = said()
    assert run(row(basis="《中华人民共和国水法》第七条"))["changed"] == 1
    assert said() == before | {"basis": "《中华人民共和国水法》第七条"}
    assert the_item().main_item == "取水"


def test_a_blank_cell_of_a_column_that_is_there_empties_the_field(hall: World) -> None:
    run(row(**COMPLETE))
    run(row(questions=""))
    assert "questions" not in said()


def test_a_new_kind_brings_its_own_procedure(hall: World) -> None:
    run(row(**COMPLETE), as_published=True)
    run(row(task_type="20"), as_published=True)
    assert (said()["kind"], said()["profile"]) == ("public_service", "public_service")


def test_a_profile_that_the_file_names_is_taken(hall: World) -> None:
    run(row(**COMPLETE | {"profile": "一般程序"}))
    assert said()["profile"] == "general"


# ── the demo ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_demos_items_pass_the_gate_or_say_why_not() -> None:
    load_regions(county="330881", actor=SYSTEM, at=TODAY, command_id="regions")
    load_demo_basic_items(actor=SYSTEM, at=TODAY, command_id="basic")
    plan = plan_import(read_items_file(DEMO), on=TODAY.date())
    assert plan.errors == []
    assert not [one.text for one in plan.doubts if "与基本目录" not in one.text]
    assert len(plan.doubts) <= 2  # on purpose: data/NOTICE.txt
    assert len(plan.editions) >= 300
    assert len(plan.editions) + len(plan.drafts) == 481
    assert all(one.lacks for one in plan.drafts)
    whole = [one for one in plan.editions if one.row.route and one.row.materials]
    assert len(whole) >= 300
    charged = [one for one in plan.editions if one.content["is_free"] is False]
    assert charged
    assert all(one.content["fee"] or one.content.get("fees") for one in charged)


@pytest.mark.slow
def test_where_the_article_is_not_known_the_item_stays_a_draft() -> None:
    load_regions(county="330881", actor=SYSTEM, at=TODAY, command_id="regions")
    plan = plan_import(read_items_file(DEMO), on=TODAY.date())
    assert not [one.row.name for one in plan.editions if "待核" in one.content["basis"]]
    unsure = [one for one in plan.drafts if "条款待核" in one.content["basis"]]
    assert len(unsure) >= 50
    assert all("basis" in {lack.field for lack in one.lacks} for one in unsure)
