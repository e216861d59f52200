"""Life events: a table of packages is read whole, and materials stand once."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from mingtang.catalogue.models import Item, LifeEvent, LifeEventItem
from mingtang.catalogue.queries import life
from mingtang.catalogue.rules.packages import (
    PackageUnreadable,
    Want,
    merge_materials,
    read_packages,
    same_material,
)
from mingtang.catalogue.services import (
    import_demo_items,
    load_demo_life_events,
    load_life_events,
)
from mingtang.ledger.models import Event
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions
from tests.world import World, morning, new_command_id

AT = morning(2013, 9, 17)
ON = AT.date()


def row(**cells: str) -> dict[str, str]:
    return {"key": "open-shop", "name": "开店", "items": "330881-a;330881-b", **cells}


def load(*rows: dict[str, str]) -> dict[str, Any]:
    return load_life_events(rows=list(rows), actor=SYSTEM, at=AT, command_id=new_command_id())


def line(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "form": "", "copies": None, "need": "", "note": "", **more}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────


def test_a_material_of_two_items_is_listed_once_with_both() -> None:
    merged = merge_materials(
        [
            ("登记", [line("申请书", copies=1), line("居民身份证", copies=1, form="复印件")]),
            ("许可", [line("居民身份证", copies=2, form="原件")]),
        ]
    )
    assert [material.name for material in merged] == ["居民身份证", "申请书"]
    assert merged[0].wants == [
        Want("登记", form="复印件", copies=1),
        Want("许可", form="原件", copies=2),
    ]
    assert (merged[0].copies, merged[0].forms) == (3, ["复印件", "原件"])
    assert [material.is_shared for material in merged] == [True, False]


def test_copies_are_not_added_up_where_one_item_does_not_say() -> None:
    (merged,) = merge_materials([("甲", [line("照片", copies=2)]), ("乙", [line("照片")])])
    assert merged.copies is None


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("居民身份证（复印件）", "居民身份证(复印件)", True),
        ("U 盘", "Ｕ盘", True),
        ("居民身份证", "双方居民身份证", False),
        ("户口簿", "户口本", False),
    ],
)
def test_only_the_same_name_is_the_same_material(one: str, other: str, is_same: bool) -> None:
    assert (same_material(one) == same_material(other)) is is_same


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"key": ""}, "第2行：标识"),
        ({"key": "Open Shop"}, "第2行：标识“Open Shop”"),
        ({"name": ""}, "名称"),
        ({"name": "开" * 41}, "40个字"),
        ({"items": " ; "}, "没有列出事项编码"),
        ({"items": "330881-a;330881-a"}, "重复"),
        ({"summary": "长" * 101}, "说明"),
        ({"icon": "x" * 21}, "图标"),
    ],
)
def test_a_bad_row_is_named_with_its_fault(cells: dict[str, str], sentence: str) -> None:
    assert read_packages([row()])[0].item_codes == ("330881-a", "330881-b")
    with pytest.raises(PackageUnreadable, match=sentence):
        read_packages([row(**cells)])


def test_a_key_stands_once_and_an_empty_table_is_refused() -> None:
    with pytest.raises(PackageUnreadable, match=r"第3行.*重复"):
        read_packages([row(), row()])
    with pytest.raises(PackageUnreadable):
        read_packages([])


# ── loading ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shop(world: World) -> World:
    world.item("330881-a", name="个体登记", materials="申请书|表格|1;身份证|复印件|1")
    world.item("330881-b", name="餐饮许可", materials="身份证|复印件|2;图纸")
    world.item("330881-c", name="用电")
    return world


@pytest.mark.django_db
def test_loading_is_told_once_and_the_same_table_changes_nothing(shop: World) -> None:
    assert load(row()) == {"events": 1, "changed": 1, "removed": 0}
    [event] = history("life_event:open-shop")
    assert event.kind == "life_event.loaded"
    assert event.facts["items"] == ["330881-a", "330881-b"]
    before = Event.objects.count()
    assert load(row())["changed"] == 0
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_a_changed_package_is_replaced_and_a_missing_one_removed(shop: World) -> None:
    load(row(), row(key="move", name="搬家", items="330881-c"))
    result = load(row(items="330881-b;330881-a;330881-c"))
    assert result == {"events": 1, "changed": 1, "removed": 1}
    codes = LifeEventItem.objects.order_by("position").values_list("item__code", flat=True)
    assert list(codes) == ["330881-b", "330881-a", "330881-c"]
    assert history("life_event:move")[-1].kind == "life_event.removed"


@pytest.mark.django_db
def test_an_unknown_code_refuses_the_whole_table(shop: World) -> None:
    with pytest.raises(PackageUnreadable, match="330881-x"):
        load(row(), row(key="move", name="搬家", items="330881-x"))
    assert LifeEvent.objects.count() == 0


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.django_db
def test_every_code_of_the_demo_is_an_item_of_the_demo() -> None:
    told: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    load_regions(county="330881", **told, command_id=new_command_id())
    import_demo_items(as_published=True, **told, command_id=new_command_id())
    result = load_demo_life_events(**told, command_id=new_command_id())
    assert result["events"] >= 11
    for card in life.life_events():
        found = life.life_event(card.key, ON)
        assert len(found["rows"]) == card.item_count
        assert found["materials"] or found["silent"], card.name


@pytest.mark.django_db
def test_the_command_takes_a_file_and_names_what_is_wrong(shop, tmp_path, capsys) -> None:
    file = tmp_path / "life.csv"
    file.write_text("key,name,icon,summary,items\nopen-shop,开店,,,330881-a\n", encoding="utf-8")
    call_command("load_life_events", str(file))
    assert "共1个主题" in capsys.readouterr().out
    for content in (b"\xff\xfe\x00", b"key,name\n,\n", b""):
        file.write_bytes(content)
        with pytest.raises(CommandError):
            call_command("load_life_events", str(file))
    with pytest.raises(CommandError, match="不能读取"):
        call_command("load_life_events", str(tmp_path / "none.csv"))


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "colleague", "citizen", "nobody"])
def test_everyone_reads_the_list_and_the_package(shop: World, client: Client, who: str) -> None:
    load(row(items="330881-a;330881-b;330881-c"))
    if who != "nobody":
        client.force_login(getattr(shop, who))
    listed = client.get(reverse("catalogue:life_events")).content.decode()
    page = client.get(reverse("catalogue:life_event", args=["open-shop"])).content.decode()
    assert "3 个事项" in listed
    assert page.index("个体登记") < page.index("餐饮许可") < page.index("用电")
    assert page.count('<td class="table__title">身份证') == 1
    assert "3 份" in page
    assert "请先向窗口咨询：用电" in page


@pytest.mark.django_db
def test_an_item_out_of_force_leaves_its_package(shop: World, client: Client) -> None:
    load(row(), row(key="move", name="搬家", items="330881-c"))
    Item.objects.filter(code="330881-c").update(status="suspended")
    assert [card.name for card in life.life_events()] == ["开店"]
    assert "开店" in client.get("/").content.decode()
    assert "搬家" not in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["none", "%00", "一件"])
def test_an_unknown_life_event_is_a_page_that_says_so(client: Client, key: str) -> None:
    assert client.get(f"/life/{key}/").status_code == 404


@pytest.mark.django_db
def test_list_and_package_cost_the_same_with_more_rows(shop, django_assert_num_queries) -> None:
    load(row())
    few = len(life.life_event("open-shop", ON)["rows"])
    for n in range(8):
        shop.item(f"330881-more-{n}", name=f"事项{n}", department=shop.planning)
    codes = ";".join(f"330881-more-{n}" for n in range(8))
    more = [row(key=f"k{n}", name=f"主题{n}", items=codes) for n in range(5)]
    load(row(items=f"330881-a;330881-b;{codes}"), *more)
    with django_assert_num_queries(1):
        assert len(life.life_events()) == 6
    with django_assert_num_queries(3):
        assert len(life.life_event("open-shop", ON)["rows"]) == few + 8
