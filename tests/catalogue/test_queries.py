"""What screens and cases read of the catalogue: pages that add up, plain words for blanks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.catalogue import queries
from mingtang.catalogue.models import Item
from mingtang.catalogue.services import load_life_events
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Centre, OrganisationName, Window
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def cost(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def fill(world: World, count: int, **cells: Any) -> None:
    start = Item.objects.count()
    for n in range(start, start + count):
        world.item(code=f"330881-016-{n:03}", name=f"事项{n:03}", **cells)


def names(**narrowed: Any) -> list[str]:
    return [row.name for row in queries.search_items(on=TODAY, **narrowed).items]


@pytest.mark.slow
def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    fill(world, 45)
    seen, after = [], ""
    for _ in range(3):
        page = queries.search_items(on=TODAY, after=after)
        assert page.total == 45
        seen += [row.name for row in page.items]
        after = page.next_after
    assert seen == [f"事项{n:03}" for n in range(45)]
    assert after == ""


def test_a_full_last_page_has_no_next(world: World) -> None:
    fill(world, queries.PAGE)
    assert queries.search_items(on=TODAY).next_after == ""


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "１２"])
def test_a_broken_cursor_starts_from_the_beginning(world: World, after: str) -> None:
    fill(world, 2)
    assert len(names(after=after)) == 2


@pytest.mark.once
@pytest.mark.slow
def test_a_list_costs_the_same_with_more_rows(world: World) -> None:
    fill(world, 2)
    fill(world, 3, department=world.planning)
    names()  # what is at hand of the index is read anew once after a change
    few = cost(lambda: queries.search_items(on=TODAY))
    fill(world, 25, department=world.planning)
    names()
    assert cost(lambda: queries.search_items(on=TODAY)) == few == 4


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize(
    "narrowed",
    [
        {"kind": "permit"},
        {"served": "legal"},
        {"level": "county"},
        {"theme": "开办企业"},
        {"life": "open-shop"},
        {"text": "事项", "level": "county", "theme": "开办企业"},
    ],
)
def test_a_narrowed_list_costs_the_same_with_more_rows(
    world: World, narrowed: dict[str, Any]
) -> None:
    def read() -> int:
        queries.search_items(on=TODAY, **narrowed)  # reads anew what is at hand
        return cost(lambda: queries.search_items(on=TODAY, **narrowed))

    fill(world, 5, themes="开办企业")
    few = read()
    fill(world, 25, themes="开办企业", department=world.planning)
    assert read() == few


@pytest.mark.slow
def test_suggestions_and_examples_cost_the_same_with_more_rows(world: World) -> None:
    def read() -> tuple[int, int]:
        life_events(Item.objects.values_list("code", flat=True).order_by("id"))
        names()  # reads anew what is at hand
        return cost(lambda: queries.suggest_items("事项", TODAY)), cost(
            lambda: queries.popular_items(4)
        )

    fill(world, 5)
    few = read()
    fill(world, 25, department=world.planning)
    assert read() == few == (4, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("取水", ["取水许可"]),
        ("许可 取水", ["取水许可"]),
        ("水利局", ["取水许可", "水保方案"]),
        ("330881-QS", ["取水许可"]),
        ("规划", ["规划许可"]),
        ("取水 规划", []),
        ("%", []),
        ("没有这个", []),
    ],
)
def test_words_are_sought_in_names_codes_and_departments(
    world: World, text: str, found: list[str]
) -> None:
    world.item(code="330881-qs", name="取水许可")
    world.item(code="330881-sb", name="水保方案", kind="10")
    world.item(code="330881-gh", name="规划许可", department=world.planning)
    assert names(text=text) == found


def test_a_list_is_narrowed_by_department_and_kind(world: World) -> None:
    world.item(code="330881-qs", name="取水许可")
    world.item(code="330881-sb", name="水保方案", kind="10")
    world.item(code="330881-gh", name="规划许可", department=world.planning)
    assert names(department=world.water.id) == ["取水许可", "水保方案"]
    assert names(kind="permit") == ["取水许可", "规划许可"]
    assert names(kind="permit", department=world.water.id) == ["取水许可"]


def test_only_items_in_force_are_listed(world: World) -> None:
    world.item(code="330881-qs", name="取水许可")
    world.item(code="330881-jf", name="旧许可")
    Item.objects.filter(code="330881-jf").update(status="abolished")
    assert names() == ["取水许可"]
    assert queries.size() == {"items": 1, "published": 1, "editions": 2}


def test_the_current_edition_is_the_one_shown(world: World) -> None:
    world.item(name="旧名")
    world.item(name="新名")
    assert names() == ["新名"]
    assert names(text="旧名") == []


def test_departments_are_called_as_on_the_day(world: World) -> None:
    world.item()
    OrganisationName.objects.create(
        organisation=world.water, position=2, name="新水利局", valid_from=date(2020, 1, 1)
    )
    before = queries.search_items(on=date(2019, 1, 1)).items[0].department
    after = queries.search_items(on=TODAY).items[0].department
    assert (before, after) == ("江山市水利局", "新水利局")


@pytest.mark.parametrize(
    ("cells", "promised", "fee"),
    [
        ({}, "20个工作日", "未载明"),
        ({"promised": 10, "fee": "不收费"}, "10个工作日", "不收费"),
        ({"on_the_spot": "是", "fee": "每证20元"}, "当场办结", "每证20元"),
        ({"promised_days": "3个月", "kind": "20", "fee": "是"}, "3个月", "收费，标准未载明"),
    ],
)
def test_limits_and_fees_are_said_in_words(
    world: World, cells: dict[str, Any], promised: str, fee: str
) -> None:
    world.item(**cells)
    [row] = queries.search_items(on=TODAY).items
    assert (row.promised_label, row.fee_label) == (promised, fee)


# ── one item ──────────────────────────────────────────────────────────────────────────────────


def test_an_item_is_shown_with_its_seven_disclosures(world: World) -> None:
    code = world.item(
        name="取水许可",
        basis="某条例",
        conditions="取水合理",
        materials="申请书|原件|2份|必要",
        procedure="申请—审查",
        statutory=45,
        promised=15,
        statutory_basis="某条例第十九条",
        fee="不收费",
    )
    found = queries.item_detail(code, TODAY)
    assert found["statutory_label"] == "45个工作日"
    assert found["statutory_basis"] == "某条例第十九条"
    assert (found["promised_label"], found["promised_note"]) == ("15个工作日", "")
    assert found["materials"][0] | {"id": ""} == {
        "id": "",
        "name": "申请书",
        "form": "原件",
        "copies": "2份",
        "need": "必要",
        "note": "",
        "facts": [],
        "files": [],
    }
    assert (found["edition_number"], found["can_file"], found["kind_label"]) == (
        1,
        True,
        "行政许可",
    )


def test_what_an_item_does_not_say_stays_blank_or_is_said_to_be_so(world: World) -> None:
    found = queries.item_detail(world.item(materials="申请书", kind="20"), TODAY)
    assert (found["basis"], found["conditions"], found["procedure"]) == ("", "", "")
    assert (found["statutory_label"], found["fee_label"]) == ("未载明", "未载明")
    assert found["materials"][0]["copies"] == "未载明"
    assert found["promised_note"] == "事项未单独承诺，按本中心统一承诺"


def test_the_windows_of_an_item_are_its_departments_and_the_general_ones(world: World) -> None:
    code = world.item()
    assert queries.item_detail(code, TODAY)["windows"] == []
    hall = Centre.objects.create(
        region=world.region, organisation=world.centre, name="江山市行政服务中心", level="county"
    )
    Window.objects.create(centre=hall, number="1", name="综合窗口", is_general=True)
    Window.objects.create(centre=hall, number="9", name="水利局窗口", organisation=world.water)
    Window.objects.create(centre=hall, number="8", name="规划局窗口", organisation=world.planning)
    found = queries.item_detail(code, TODAY)["windows"]
    assert [window["name"] for window in found] == ["水利局窗口", "综合窗口"]


def test_a_powers_own_acts_are_shown_but_not_applied_for(world: World) -> None:
    code = world.item(kind="02", name="对违法取水的处罚")
    assert not queries.item_detail(code, TODAY)["can_file"]
    with pytest.raises(queries.ItemNotOpen, match="由部门依职权办理"):
        queries.edition_for_filing(code)


def test_an_item_costs_the_same_with_more_editions(world: World) -> None:
    code = world.item()
    few = cost(lambda: queries.item_detail(code, TODAY))
    for n in range(5):
        world.item(name=f"改名{n}")
    assert cost(lambda: queries.item_detail(code, TODAY)) == few


def test_an_unknown_item_is_not_found(world: World) -> None:
    for read in (queries.item_detail, queries.edition_for_filing):
        with pytest.raises(queries.ItemNotFound, match="没有找到这个事项"):
            read("330881-xx")


# ── what a case needs ─────────────────────────────────────────────────────────────────────────


def test_a_case_is_filed_under_the_current_edition(world: World) -> None:
    code = world.item(name="旧名")
    world.item(name="新名", promised=5)
    with CaptureQueriesContext(connection) as captured:
        edition = queries.edition_for_filing(code)
        unit = edition.item.department
        assert (edition.name, edition.number, unit.unit3) == ("新名", 2, "016")
        assert unit.region.code == "330881000000"
    assert len(captured) == 3  # the unit and the edition, where they are not kept


@pytest.mark.parametrize(("status", "word"), [("suspended", "暂停"), ("abolished", "取消")])
def test_an_item_not_in_force_takes_no_application(world: World, status: str, word: str) -> None:
    code = world.item()
    Item.objects.update(status=status)
    with pytest.raises(queries.ItemNotOpen, match=f"已{word}，不再接收申请"):
        queries.edition_for_filing(code)
    assert not queries.item_detail(code, TODAY)["can_file"]


def test_an_edition_keeps_the_limits_under_which_it_was_published(
    world: World, settings: Any
) -> None:
    code = world.item()
    settings.MINGTANG_DEFAULT_PROMISED_DAYS = 3
    limits = queries.limits_of(queries.edition_for_filing(code))
    assert limits.promised is not None
    assert limits.promised.amount == 20
    assert limits.statutory is not None
    assert limits.statutory_basis == "《中华人民共和国行政许可法》第四十二条"


def test_a_profile_tells_the_days_of_the_procedure(world: World) -> None:
    profile = queries.profile_of(queries.edition_for_filing(world.item()))
    assert (profile.key, profile.completeness_days, profile.delivery_days) == ("permit", 5, 10)


def test_the_route_is_one_review_by_the_items_department(world: World) -> None:
    route = queries.edition_for_filing(world.item()).route
    [step] = [step for stage in route["stages"] for step in stage["steps"]]
    assert (step["key"], step["name"], step["organisation"]) == (
        "review",
        "审查",
        "item.department",
    )


def life_events(*packages: Any) -> None:
    rows = [
        {"key": f"life-{n}", "name": f"主题{n}", "items": ";".join(codes)}
        for n, codes in enumerate(packages)
    ]
    load_life_events(rows=rows, actor=SYSTEM, at=morning(2026, 1, 5), command_id=new_command_id())


def test_items_to_offer_first_are_those_with_which_life_events_begin(world: World) -> None:
    world.item(code="330881-cf", kind="02", name="处罚")
    for code in ("a", "b", "c", "d"):
        world.item(code=f"330881-{code}", name=f"事项{code}")
    assert queries.popular_items(4) == []
    first, second = ["330881-b", "330881-c"], ["330881-d", "330881-cf", "330881-b"]
    life_events(first, second)
    assert [one["name"] for one in queries.popular_items(4)] == ["事项b", "事项d", "事项c"]
    Item.objects.filter(code="330881-b").update(status="suspended")
    assert [one["name"] for one in queries.popular_items(2)] == ["事项d", "事项c"]


def test_the_latest_editions_are_those_in_force(world: World) -> None:
    world.item(code="330881-a", name="甲")
    world.item(code="330881-b", name="乙")
    world.item(code="330881-a", name="甲新")
    world.item(code="330881-c", name="丙")
    Item.objects.filter(code="330881-c").update(status="abolished")
    found = queries.latest_editions(5)
    assert {row["name"] for row in found} == {"乙", "甲新"}
    assert [row["name"] for row in queries.latest_editions(1)] == [found[0]["name"]]
    assert cost(lambda: queries.latest_editions(1)) == cost(lambda: queries.latest_editions(5)) == 1
