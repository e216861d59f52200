"""Paper: the printed guide for everyone, the information sheet for those at a counter."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base.qr import qr_svg
from mingtang.catalogue.models import Item
from mingtang.catalogue.queries import guides
from mingtang.catalogue.services import record_enquiry
from mingtang.counts import queries as counts
from mingtang.counts.models import DayCount
from mingtang.ledger.models import Event
from mingtang.ledger.services import deliver_all, replay
from mingtang.site.settings.env import WrongSetting, address
from tests.world import World, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def code(world: World) -> str:
    return world.item(
        name="取水许可", statutory=20, promised=5, materials="申请书|表格|2", fee="不收费"
    )


# ── the guide ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["clerk", "colleague", "citizen", "nobody"])
def test_everyone_prints_the_guide(world: World, client: Client, code: str, who: str) -> None:
    if who != "nobody":
        client.force_login(getattr(world, who))
    page = client.get(reverse("catalogue:guide", args=[code])).content.decode()
    titles = [
        "项目名称",
        "办事依据",
        "申报条件",
        "申报材料",
        "办理程序",
        "承诺时限",
        "收费标准",
        "办理地点",
    ]
    places = [page.find(f"、{title}<") for title in titles[:7]] + [page.find(titles[7])]
    assert -1 not in places
    assert places == sorted(places)
    assert "申请书" in page
    assert "第 1 版" in page
    assert reverse("catalogue:qr", args=[code]) in page


def test_the_page_of_an_item_leads_to_its_guide(client: Client, code: str) -> None:
    page = client.get(reverse("catalogue:item", args=[code])).content.decode()
    assert reverse("catalogue:guide", args=[code]) in page


@pytest.mark.parametrize("name", ["guide", "qr"])
def test_an_unknown_item_has_no_guide_and_no_code(client: Client, name: str) -> None:
    for wrong in ("330881-xx", "\x00"):
        assert client.get(reverse(f"catalogue:{name}", args=[wrong])).status_code == 404


def test_the_guide_costs_the_same_with_more_materials(world: World, client: Client) -> None:
    def cost(code: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("catalogue:guide", args=[code]))
        return len(captured)

    few = cost(world.item("330881-few", materials="甲"))
    many = cost(world.item("330881-many", materials=";".join(f"材料{n}" for n in range(40))))
    assert few == many <= 7


def test_the_qr_code_is_a_picture_without_a_style(client: Client, code: str) -> None:
    answer = client.get(reverse("catalogue:qr", args=[code]))
    picture = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert answer.content == qr_svg(f"http://testserver/items/{code}/")
    assert answer.content != qr_svg("http://testserver/items/another/")


def test_paper_leads_to_the_public_address(client: Client, code: str, settings) -> None:
    settings.MINGTANG_PUBLIC_URL = "https://hall.example"
    assert client.get(reverse("catalogue:qr", args=[code])).content == qr_svg(
        f"https://hall.example/items/{code}/"
    )


def test_a_public_address_that_is_none_stops_the_start(monkeypatch) -> None:
    monkeypatch.setenv("MINGTANG_PUBLIC_URL", "https://hall.example/")
    assert address("MINGTANG_PUBLIC_URL") == "https://hall.example"
    monkeypatch.setenv("MINGTANG_PUBLIC_URL", "hall.example")
    with pytest.raises(WrongSetting, match="https"):
        address("MINGTANG_PUBLIC_URL")


# ── the information sheet ─────────────────────────────────────────────────────────────────────


def ask(client: Client, code: str, command_id: str = ""):
    data = {"item": code, "command_id": command_id or new_command_id()}
    return client.post(reverse("catalogue:enquire"), data)


def enquiries() -> int:
    return Event.objects.filter(kind="enquiry.recorded").count()


def test_two_clicks_lead_from_the_search_to_the_sheet(world: World, client: Client, code) -> None:
    client.force_login(world.clerk)
    assert reverse("catalogue:enquiries") in client.get(reverse("cases:desk")).content.decode()
    found = client.get(reverse("catalogue:enquiries"), {"q": "取水"}).content.decode()
    command_id = re.search(r'name="command_id" value="([0-9a-f]{32})"', found)
    assert command_id
    answer = ask(client, code, command_id[1])
    page = client.get(answer.url).content.decode()
    for shown in (
        "一次性告知单",
        "取水许可",
        "申请书",
        "按第 1 版告知",
        "江山市水利局",
        "告知时间",
    ):
        assert shown in page
    assert reverse("catalogue:qr", args=[code]) in page


def test_a_colleague_of_another_unit_tells_it_too(world: World, client: Client, code) -> None:
    client.force_login(world.colleague)
    page = client.get(ask(client, code).url).content.decode()
    assert "江山市规划局" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("general", 200), ("handler", 404), ("manager", 404), ("stranger", 404)],
)
def test_only_those_at_a_counter_hand_it_out(world: World, client, code, who, status) -> None:
    client.force_login(world.clerk)
    sheet = ask(client, code).url
    client.force_login(getattr(world, who))
    before = enquiries()
    assert client.get(reverse("catalogue:enquiries")).status_code == status
    assert client.get(sheet).status_code == status
    assert ask(client, code).status_code == (302 if status == 200 else 404)
    assert enquiries() == before + (status == 200)


def test_a_guest_is_asked_to_sign_in(client: Client, code: str) -> None:
    assert client.get(reverse("catalogue:enquiries")).status_code == 302
    assert ask(client, code).status_code == 403  # the page that asks to sign in
    assert enquiries() == 0


def test_a_second_click_makes_no_second_enquiry(world: World, client: Client, code: str) -> None:
    client.force_login(world.clerk)
    one = new_command_id()
    assert ask(client, code, one).url == ask(client, code, one).url
    assert enquiries() == 1
    assert ask(client, world.item("330881-other"), one).status_code == 409


def test_reading_the_sheet_again_counts_nothing(world: World, client: Client, code: str) -> None:
    client.force_login(world.clerk)
    sheet = ask(client, code).url
    client.get(sheet)
    client.get(sheet)
    assert enquiries() == 1
    assert client.get(reverse("catalogue:enquire")).status_code == 405


def test_the_sheet_keeps_the_edition_that_was_told(world: World, client: Client, code) -> None:
    client.force_login(world.clerk)
    sheet = ask(client, code).url
    world.item(name="取水许可", promised=3, materials="新申请书")
    page = client.get(sheet).content.decode()
    assert "按第 1 版告知" in page
    assert "新申请书" not in page
    assert "新申请书" in client.get(ask(client, code).url).content.decode()


def test_the_enquiry_holds_item_edition_and_counter_and_nobody(world, client, code) -> None:
    client.force_login(world.clerk)
    ask(client, code)
    event = Event.objects.get(kind="enquiry.recorded")
    item = Item.objects.get()
    assert event.stream == f"item:{item.id}"
    assert event.facts == {
        "code": code,
        "name": "取水许可",
        "edition_id": str(item.current_edition_id),
        "number": 1,
        "department_id": str(world.water.id),
        "organisation_id": str(world.water.id),
    }


@pytest.mark.parametrize(
    "data", [{}, {"item": "x" * 65, "command_id": "0" * 32}, {"item": "x", "command_id": "1"}]
)
def test_a_form_that_is_not_ours_is_refused(world, client, data) -> None:
    client.force_login(world.clerk)
    assert client.post(reverse("catalogue:enquire"), data).status_code == 422


def test_an_item_out_of_force_has_no_sheet(world: World, client: Client, code: str) -> None:
    client.force_login(world.clerk)
    Item.objects.update(status="suspended")
    assert ask(client, code).status_code == 409
    assert ask(client, "330881-xx").status_code == 404
    assert enquiries() == 0


def test_another_event_of_the_item_is_no_sheet(world: World, client: Client, code: str) -> None:
    client.force_login(world.clerk)
    assert client.get(reverse("catalogue:sheet", args=[code, 1])).status_code == 404
    assert client.get(reverse("catalogue:sheet", args=[code, 99])).status_code == 404
    assert client.get(f"/items/{code}/sheets/{'9' * 30}/").status_code == 404


@pytest.mark.both
def test_enquiries_are_counted_by_counter_and_a_replay_gives_the_same(world, code, at) -> None:
    for who in (world.clerk, world.clerk, world.general):
        by = {"actor": world.actor(who), "at": at, "command_id": new_command_id()}
        record_enquiry(item_code=code, **by)
    deliver_all(at)
    on = at.date()
    assert guides.enquiry_figures(world.water.id, on) == {"here": 2, "everywhere": 3}
    assert guides.enquiry_figures(world.planning.id, on) == {"here": 0, "everywhere": 3}
    DayCount.objects.update(count=7)
    replay("day_counts", at)
    deliver_all(at)
    assert counts.totals(["enquiry.recorded"], since=on, until=on) == {"enquiry.recorded": 3}


def test_the_page_shows_the_figure_of_the_day(world: World, client: Client, code: str) -> None:
    from mingtang.base.clock import now

    client.force_login(world.clerk)
    ask(client, code)
    deliver_all(now())
    page = client.get(reverse("catalogue:enquiries")).content.decode()
    assert "今日咨询 <strong>1</strong> 件" in page


def test_the_search_costs_the_same_with_more_rows(world: World, client: Client, code) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("catalogue:enquiries"), {"q": "取水"})
        return len(captured)

    client.force_login(world.clerk)
    few = cost()
    for n in range(10):
        world.item(f"330881-more-{n}", name=f"取水{n}", department=world.planning)
    assert cost() == few
