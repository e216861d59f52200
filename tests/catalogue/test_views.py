"""The public pages of the catalogue: open to everyone, the same for everyone."""

import pytest
from django.test import Client
from django.urls import reverse

from mingtang.catalogue.models import Item
from tests.world import World

pytestmark = pytest.mark.django_db


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
    first = client.get(reverse("catalogue:items"), {"kind": "permit"})
    after = first.context["next_after"]
    assert f"after={after}" in first.content.decode()
    second = client.get(reverse("catalogue:items"), {"kind": "permit", "after": after})
    assert [row.name for row in second.context["items"]] == ["事项20"]


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
