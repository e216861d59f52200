"""What an item's page, its guide and its sheet say: all of the edition, for one variant or all."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Edition, Item, LifeEvent, LifeEventItem
from mingtang.catalogue.queries import telling
from mingtang.catalogue.rules import SHIPPED
from mingtang.catalogue.rules.chain import Link, Step, chain_of
from mingtang.catalogue.rules.details import DETAILS, MATERIALS
from mingtang.catalogue.rules.route import route_of
from mingtang.catalogue.rules.variants import asked_for, chosen, names_of
from mingtang.catalogue.services import import_items
from mingtang.ledger.rules import SYSTEM
from tests.world import World, morning, new_command_id

pytestmark = pytest.mark.once

PERMIT = next(one for one in SHIPPED if one.key == "permit")
VARIANTS = [{"code": "01", "name": "新办"}, {"code": "02", "name": "变更"}]
RICH = {
    "basis": "《公共场所卫生管理条例》第四条",
    "conditions": "有固定的经营场所。",
    "procedure": "收件；受理；审查；决定；送达。",
    "statutory": 20,
    "promised": 8,
    "statutory_basis": "《实施细则》第二十二条",
    "materials": "申请表|表格|1|必要|签字|类型=原件|来源=申请人自备|受理标准=填写完整\n"
    "身份证明|复印件|1|必要||出具单位=公安机关|依据=《居民身份证法》\n"
    "平面图|图纸|1|必要||规格=A3|办理项=01\n"
    "原许可证|原件|1|必要||办理项=02",
    "variants": "01|新办|第一次开业的\n02|变更|改名的",
    "route": "材料审查|审查|审核|2\n现场审核|现场踏勘|审核|3|卫生设施符合要求\n"
    "制证|制证|发证|1||许可证",
    "level": "县级",
    "channels": "窗口、网上",
    "service_levels": "市、乡镇",
    "special": "卫生检测|15个工作日|《实施细则》第五条",
    "promised_note": "从受理次日起算",
    "fees": "检测费|每项30元|价费字314号|是|小微企业减半\n工本费|10元||否",
    "fee_basis": "省物价局文件",
    "visits": "1",
    "visits_note": "领证可邮寄",
    "places": "卫生窗口|鹿溪北路1号二楼|周一至周五8:30—17:00|0570-4000001",
    "enquiry": "0570-4000002",
    "complaint": "0570-4000003",
    "online": "是",
    "online_url": "https://permits.example/health",
    "result_type": "证照",
    "result_name": "公共场所卫生许可证",
    "joint_bodies": "市公安局",
    "intermediary": "卫生检测机构",
    "quantity_limit": "不限",
    "office": "水政科",
    "discretion": "按取水量分三档。",
    "accountability": "超时不办的，依法追责。",
    "questions": "小旅馆要办吗？|要办。",
    "effective_on": "2013-01-01",
}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────


lines = st.lists(
    st.fixed_dictionaries(
        {"name": st.text(min_size=1, max_size=3)},
        optional={"variants": st.lists(st.sampled_from(["01", "02", "03"]), max_size=3)},
    ),
    max_size=6,
)


@given(lines, st.sampled_from(["", "01", "02", "09", "x"]))
def test_a_variant_asks_for_what_is_for_all_and_what_is_its_own(materials, code) -> None:
    picked = chosen(VARIANTS, code)
    asked = asked_for(materials, picked)
    assert all(line in asked for line in materials if not line.get("variants"))
    if picked is None:
        assert code not in {"01", "02"}
        assert asked == materials
    else:
        left_out = [line for line in materials if line not in asked]
        assert all(code not in line["variants"] for line in left_out)
        assert all(not line.get("variants") or code in line["variants"] for line in asked)


def test_variants_are_called_by_name() -> None:
    assert names_of(VARIANTS, ["02", "01", "07"]) == "变更、新办、07"


def test_the_chain_leads_from_the_counter_to_the_hand_over() -> None:
    route = route_of(
        [
            {"name": "材料审查", "kind": "review", "stage": "审核", "days": 2},
            {"name": "踏勘", "kind": "site_visit", "stage": "审核", "standard": "设施齐全"},
            {"name": "发证", "kind": "issue", "stage": "发证", "days": 1, "result": "许可证"},
        ]
    )
    assert chain_of(route, PERMIT, promised="8个工作日", on_the_spot=False) == [
        Link("收件"),
        Link("受理", "5个工作日内"),
        Link(
            "审核",
            "",
            (
                Step("材料审查", "2个工作日", ""),
                Step("踏勘", "", "设施齐全"),
            ),
        ),
        Link("发证", "1个工作日", (Step("发证", "1个工作日", "结果：许可证"),)),
        Link("决定", "自受理起共8个工作日"),
        Link("送达", "决定后10个工作日内"),
    ]


def test_what_is_done_on_the_spot_has_no_days_between() -> None:
    chain = chain_of(route_of([]), PERMIT, promised="当场办结", on_the_spot=True)
    assert [link.name for link in chain] == ["收件", "受理", "审查", "决定", "送达"]
    assert [link.limit for link in chain] == ["", "", "", "当场办结", ""]


def test_every_detail_has_its_place_on_the_page() -> None:
    grouped = [key for keys in telling.GROUPS.values() for key in keys]
    placed = [*grouped, *telling.SHOWN_APART]
    assert sorted(placed) == sorted(field.key for field in DETAILS)


def test_every_column_of_a_material_is_shown() -> None:
    shown = {"name", "form", "copies", "need", "note", "sheet", "variants"}
    shown |= {*telling.MATERIAL_FACTS, *telling.item_files.COLUMNS}
    assert shown == {column.key for column in MATERIALS.columns}


# ── the pages ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def code(world: World) -> str:
    return world.item(name="公共场所卫生许可", **RICH)


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    page = re.sub(r"<[^>]+>", "", answer.content.decode())
    return re.sub(r"\s+", " ", page)


def sheet(client: Client, world: World, code: str) -> str:
    client.force_login(world.clerk)
    data = {"item": code, "command_id": new_command_id()}
    address: str = client.post(reverse("catalogue:enquire"), data).url
    return address


PLAIN = ["申请人自备"]  # goes without saying on paper
SAID = [
    *("填写完整", "公安机关", "《居民身份证法》", "A3", "表格（原件）"),
    *("检测费", "每项30元", "价费字314号", "小微企业减半", "不减免", "省物价局文件"),
    *("卫生检测", "15个工作日", "从受理次日起算", "现场审核", "卫生设施符合要求"),
    *("鹿溪北路1号二楼", "周一至周五8:30—17:00", "0570-4000002", "0570-4000003"),
    *("窗口、网上", "市、乡镇", "公共场所卫生许可证", "8个工作日", "20个工作日"),
]
MORE = [
    *("小旅馆要办吗？", "要办。", "六十日内申请行政复议", "市公安局", "卫生检测机构"),
    *("不限", "2013年1月1日", "县级"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["item", "guide"])
def test_page_and_guide_say_all_of_the_edition(client: Client, code: str, name: str) -> None:
    page = text(client, reverse(f"catalogue:{name}", args=[code]))
    assert [one for one in [*SAID, *MORE] if one not in page] == []
    assert [one for one in PLAIN if one in page] == (PLAIN if name == "item" else [])


@pytest.mark.django_db
def test_the_sheet_says_what_one_takes_along(world: World, client: Client, code: str) -> None:
    page = text(client, sheet(client, world, code))
    assert [one for one in SAID if one not in page] == []


@pytest.mark.django_db
def test_the_most_urgent_stands_first(client: Client, code: str) -> None:
    brief = queries.item_detail(code)["brief"]
    assert [(one["question"], one["answer"]) for one in brief] == [
        ("要带什么", "4 种材料"),
        ("到哪里办", "卫生窗口"),
        ("跑几趟", "跑 1 次"),
        ("要多久", "8个工作日"),
        ("收多少钱", "每项30元、10元"),
    ]
    page = client.get(reverse("catalogue:item", args=[code])).content.decode()
    for one in brief:
        assert f'href="#{one["target"]}"' in page
        assert f'id="{one["target"]}"' in page


@pytest.mark.django_db
def test_what_is_not_said_is_left_out_but_the_seven_disclosures(world, client) -> None:
    address = reverse("catalogue:item", args=[world.item("330881-bare")])
    page, source = text(client, address), client.get(address).content.decode()
    for title in (
        *("一、项目名称", "二、办事依据", "三、申报条件", "四、申报材料", "五、办理程序"),
        *("六、承诺时限", "七、收费标准"),
    ):
        assert title in page
    for title in ("常见问题", "办理方式和结果", "特别程序", ">其他<", "您要办哪一种"):
        assert title not in source
    assert page.count("本事项尚未载明") == 4
    assert "收多少钱 未载明" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fees", "fee", "brief"),
    [
        ("", "不收费", "不收费"),
        ("工本费|10元/证", "", "10元/证"),
        ("甲|1元\n乙|2元", "", "1元、2元"),
        ("甲|" + "一" * 20 + "\n乙|" + "二" * 20, "", "2 个项目收费"),
        ("", "每证20元，依据《办法》", "每证20元"),
        ("", "按省里的标准，每平方米" + "收一点" * 20, "收费，见收费标准"),
        ("", "", "未载明"),
    ],
)
def test_the_fee_in_a_word(world: World, fees: str, fee: str, brief: str) -> None:
    found = queries.item_detail(world.item(fees=fees, fee=fee))
    assert found["fee_brief"] == brief


@pytest.mark.django_db
def test_only_a_web_address_becomes_a_link(world: World, client: Client) -> None:
    for given_url, is_link in (
        ("https://a.example/x", True),
        ("javascript:alert(1)", False),
        ("a.example", False),
    ):
        item = world.item("330881-url", online_url=given_url)
        page = client.get(reverse("catalogue:item", args=[item])).content.decode()
        assert ("到专门网站办理" in page) == is_link
        assert "javascript:" not in page


@pytest.mark.django_db
def test_an_inspection_is_not_applied_for_and_has_no_chain(world: World, client: Client) -> None:
    item = world.item("330881-jc", kind="06")
    assert "收件" not in text(client, reverse("catalogue:item", args=[item]))


# ── variants ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("variant", "asked", "left_out"),
    [
        ("", ["申请表", "身份证明", "平面图", "原许可证"], []),
        ("01", ["申请表", "身份证明", "平面图"], ["原许可证"]),
        ("02", ["申请表", "身份证明", "原许可证"], ["平面图"]),
        ("77", ["申请表", "身份证明", "平面图", "原许可证"], []),
        ("\x00", ["申请表", "身份证明", "平面图", "原许可证"], []),
    ],
)
def test_page_guide_and_sheet_ask_for_what_the_variant_needs(
    world: World, client: Client, code: str, variant: str, asked: list[str], left_out: list[str]
) -> None:
    addresses = [reverse(f"catalogue:{name}", args=[code]) for name in ("item", "guide")]
    for address in [*addresses, sheet(client, world, code)]:
        page = client.get(address, {"variant": variant}).content.decode()
        assert [one for one in asked if one not in page] == []
        assert [one for one in left_out if one in page] == []
        assert 'href="?variant=01"' in page
        assert page.count('aria-current="true"') == 1


@pytest.mark.django_db
def test_the_chosen_variant_goes_along_to_guide_and_pdf(client: Client, code: str) -> None:
    page = client.get(reverse("catalogue:item", args=[code]), {"variant": "02"}).content.decode()
    for name in ("guide", "guide_pdf"):
        assert f'href="{reverse(f"catalogue:{name}", args=[code])}?variant=02"' in page
    guide = text(client, reverse("catalogue:guide", args=[code]), variant="02")
    assert "公共场所卫生许可（变更）" in guide


# ── not published ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def drafted(world: World) -> str:
    """An item that an import laid down as a draft: no edition says anything of it yet."""
    row = {
        "row": "2",
        "department": "江山市水利局",
        "name": "未发布的事项",
        "task_code": "330881-draft",
        "task_type": "01",
        "area_code": "330881000000",
    }
    at = morning(2013, 1, 4)
    import_items(rows=[row], source="测试", actor=SYSTEM, at=at, command_id=new_command_id())
    item = Item.objects.get(code="330881-draft")
    assert item.current_edition is None
    assert Draft.objects.filter(item=item).exists()
    return item.code


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "citizen", "clerk"])
def test_a_draft_without_an_edition_is_nowhere_to_be_seen(world, client, drafted, who) -> None:
    if who != "nobody":
        client.force_login(getattr(world, who))
    for name in ("item", "guide", "guide_pdf", "qr"):
        assert client.get(reverse(f"catalogue:{name}", args=[drafted])).status_code == 404, name
    address = reverse("catalogue:item_file", args=[drafted, "表.pdf"])
    assert client.get(address).status_code == 404
    assert "未发布的事项" not in client.get(reverse("catalogue:items")).content.decode()


@pytest.mark.django_db
def test_no_sheet_and_no_package_of_a_draft(world: World, client: Client, drafted: str) -> None:
    event = LifeEvent.objects.create(key="open", name="开店", position=1)
    LifeEventItem.objects.create(life_event=event, item=Item.objects.get(code=drafted), position=1)
    assert "开店" not in client.get(reverse("catalogue:life_events")).content.decode()
    page = client.get(reverse("catalogue:life_event", args=["open"])).content.decode()
    assert "未发布的事项" not in page
    client.force_login(world.clerk)
    data = {"item": drafted, "command_id": new_command_id()}
    assert client.post(reverse("catalogue:enquire"), data).status_code == 404


# ── what it costs ─────────────────────────────────────────────────────────────────────────────


def cost(client: Client, address: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return len(captured)


def many(count: int, **more: Any) -> dict[str, Any]:
    """An edition of which there is much, or little."""
    rows = range(count)
    return {
        "materials": "\n".join(f"材料{n}|表格|1|必要||空白表格=表{n}.pdf" for n in rows),
        "fees": "\n".join(f"收费{n}|{n}元" for n in rows),
        "questions": "\n".join(f"问{n}|答{n}" for n in rows),
        "places": "\n".join(f"处{n}|某路{n}号" for n in rows),
        **more,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "most"), [("item", 8), ("guide", 8)])
def test_more_to_tell_asks_no_more_questions(world, client, name: str, most: int) -> None:
    few = reverse(f"catalogue:{name}", args=[world.item("330881-few", **many(1))])
    lots = reverse(f"catalogue:{name}", args=[world.item("330881-many", **many(25))])
    assert cost(client, few) == cost(client, lots) <= most


@pytest.mark.django_db
def test_a_longer_sheet_asks_no_more_questions(world: World, client: Client) -> None:
    few = sheet(client, world, world.item("330881-few", **many(1)))
    lots = sheet(client, world, world.item("330881-many", **many(25)))
    assert cost(client, few) == cost(client, lots)


@pytest.mark.django_db
def test_life_events_cost_the_same_with_more_of_all(world: World, client: Client) -> None:
    def grow(keys: range) -> None:
        for n in keys:
            event = LifeEvent.objects.create(key=f"e{n}", name=f"事{n}", position=n)
            for place in keys:
                code = world.item(f"330881-e{n}-{place}", **many(place))
                item = Item.objects.get(code=code)
                LifeEventItem.objects.create(life_event=event, item=item, position=place)

    grow(range(1, 2))
    pages = [reverse("catalogue:life_events"), reverse("catalogue:life_event", args=["e1"])]
    before = [cost(client, page) for page in pages]
    grow(range(2, 6))
    pages[1] = reverse("catalogue:life_event", args=["e5"])
    assert [cost(client, page) for page in pages] == before


@pytest.mark.django_db
def test_the_list_of_enquiries_costs_the_same_with_more_rows(world: World, client: Client) -> None:
    client.force_login(world.clerk)
    world.item("330881-one", name="取水一", **many(1))
    address = reverse("catalogue:enquiries")
    cost(client, address, q="取水")  # reads anew what is at hand of the index
    few = cost(client, address, q="取水")
    for n in range(8):
        world.item(f"330881-x{n}", name=f"取水{n}", **many(5))
    cost(client, address, q="取水")
    assert cost(client, address, q="取水") == few


@pytest.mark.both
@pytest.mark.django_db
def test_an_old_edition_still_tells_what_it_told(world: World, code: str) -> None:
    world.item(code="330881-qs", name="公共场所卫生许可", **(RICH | {"fee_basis": "新文件"}))
    first = Edition.objects.get(item__code=code, number=1)
    told = queries.describe(first.item, first, morning(2013, 9, 17).date())
    assert told["fee_basis"] == "省物价局文件"
    assert queries.item_detail(code)["fee_basis"] == "新文件"
