"""The public pages of the catalogue: open to everyone, the same for everyone."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from mingtang.catalogue.models import Item
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("who", ["clerk", "colleague", "nobody"])
def test_everyone_reads_the_list_and_the_item(world: World, client: Client, who: str) -> None:
    code = world.item(name="取水许可")
    if who != "nobody":
        client.force_login(getattr(world, who))
    assert "取水许可" in client.get(reverse("catalogue:items")).content.decode()
    assert "取水许可" in client.get(reverse("catalogue:item", args=[code])).content.decode()


def test_the_list_is_narrowed_by_what_the_form_sends(world: World, client: Client) -> None:
    world.item(code="330881-qs", name="取水许可")
    world.item(code="330881-gh", name="规划条件", kind="20", department=world.planning)
    address = reverse("catalogue:items")
    for query in (
        {"q": "取水"},
        {"department": str(world.water.id)},
        {"kind": "permit"},
        {"q": " 取水 ", "department": "", "kind": "", "after": ""},
    ):
        context = client.get(address, query).context
        assert [row.name for row in context["items"]] == ["取水许可"], query
        assert context["total"] == 1


@pytest.mark.parametrize(
    "query",
    [
        {"department": "x"},
        {"department": "9" * 40},
        {"kind": "nonsense"},
        {"after": "x"},
        {"q": "\x00\x01"},
        {"department": str(2**63)},
        {"after": str(2**63)},
        {"level": "nonsense", "theme": "没有", "life": "x' --"},
    ],
)
def test_nonsense_in_the_address_breaks_nothing(
    world: World, client: Client, query: dict[str, str]
) -> None:
    world.item()
    assert client.get(reverse("catalogue:items"), query).status_code == 200


def test_a_long_list_leads_to_its_next_page(world: World, client: Client) -> None:
    for n in range(21):
        world.item(code=f"330881-016-{n:03}", name=f"事项{n}")
    asked = {"kind": "permit", "level": "county", "served": "legal"}
    for query in (asked, asked | {"q": "事项"}):
        first = client.get(reverse("catalogue:items"), query)
        onward = first.context["next_url"]
        assert all(f"{key}=" in onward for key in query)
        assert escape(onward) in first.content.decode()
        second = client.get(reverse("catalogue:items") + onward)
        assert [row.name for row in second.context["items"]] == ["事项20"]
        assert second.context["next_url"] == ""


def test_what_narrows_the_list_is_shown_and_can_be_taken_away(world: World, client: Client) -> None:
    world.item(code="330881-qs", name="取水许可", themes="水务")
    world.item(code="330881-gh", name="取土许可", department=world.planning)
    address = reverse("catalogue:items")
    page = client.get(address, {"q": "取", "kind": "permit", "theme": "水务", "served": ""})
    chips = {facet.key: url for facet, url in page.context["chosen"]}
    assert set(chips) == {"kind", "theme"}
    assert "主题：水务" in page.content.decode()
    assert page.context["total"] == 1
    without = client.get(address + chips["theme"])
    assert (without.context["total"], without.context["q"]) == (2, "取")
    assert client.get(address + page.context["bare_url"]).context["chosen"] == []
    assert "已选的条件" not in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["clerk", "colleague", "nobody"])
def test_everyone_is_offered_items_while_typing(world: World, client: Client, who: str) -> None:
    code = world.item(name="取水<许可>")
    for n in range(12):
        world.item(code=f"330881-{n}", name=f"取土{n}")
    if who != "nobody":
        client.force_login(getattr(world, who))
    address = reverse("catalogue:suggest")
    found = client.get(address, {"q": "qushui"}).json()["items"]
    item = reverse("catalogue:item", args=[code])
    assert found == [{"name": "取水<许可>", "department": "市水利局", "url": item}]
    assert len(client.get(address, {"q": "取"}).json()["items"]) == 8
    for nothing in ("", "  ", "没有这个", "\x00"):
        assert client.get(address, {"q": nothing}).json() == {"items": []}
    assert client.post(address).status_code == 405


def test_an_item_offers_its_application_while_it_is_in_force(world: World, client: Client) -> None:
    code = world.item()
    address, form = reverse("catalogue:item", args=[code]), reverse("cases:file", args=[code])
    assert form in client.get(address).content.decode()
    Item.objects.update(status="suspended")
    assert form not in client.get(address).content.decode()


def test_the_seven_disclosures_stand_in_order_and_blanks_are_said(
    world: World, client: Client
) -> None:
    page = client.get(reverse("catalogue:item", args=[world.item()])).content.decode()
    titles = [
        "项目名称",
        "办事依据",
        "申报条件",
        "申报材料",
        "办理程序",
        "六、承诺时限",
        "七、收费标准",
    ]
    places = [page.find(title) for title in titles]
    assert -1 not in places
    assert places == sorted(places)
    assert "未载明" in page


def test_an_unknown_item_is_a_page_that_says_so(world: World, client: Client) -> None:
    for address in ("/items/330881-xx/", "/items/%00/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "没有找到这个事项" in answer.content.decode()
