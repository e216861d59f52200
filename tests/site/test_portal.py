"""The portal: home, sections, places, help, accessibility. Read by anybody, for few queries."""

from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.base.clock import today
from mingtang.counts.models import DayCount
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Centre
from mingtang.regions.services import load_regions
from mingtang.site.views.sections import SECTIONS
from tests.world import World, morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOME_QUERIES = 11  # one of them looks whether a calendar was loaded
HALL, TOWNSHIP = "330881000000", "330881001000"
PAGES = [
    "/",
    "/places/",
    "/help/",
    "/accessibility/",
    "/results/",
    *(f"/sections/{key}/" for key in SECTIONS),
]


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def count(measure: str, number: int, on: date) -> None:
    DayCount.objects.create(date=on, measure=measure, organisation_id=1, window_id=0, count=number)


@pytest.fixture
def county(db: None) -> None:
    load_regions(
        county="330881", actor=SYSTEM, at=morning(2026, 11, 22), command_id=new_command_id()
    )


def describe(tmp_path: Path, *lines: str) -> None:
    table = tmp_path / "places.csv"
    table.write_text("\n".join(["region,name,address,phone,hours", *lines]), encoding="utf-8")
    call_command("load_places", str(table), verbosity=0)


# ── who may ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["citizen", "clerk", ""])
def test_everybody_reads_the_pages_of_the_portal(
    client: Client, world: World, path: str, who: str
) -> None:
    if who:
        client.force_login(getattr(world, who))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("who", ["citizen", "clerk", ""])
def test_everybody_reads_where_a_place_is(client: Client, world: World, who: str) -> None:
    Centre.objects.create(
        region=world.region, organisation=world.centre, name="行政服务中心", level="county"
    )
    if who:
        client.force_login(getattr(world, who))
    assert "行政服务中心" in text(client, reverse("site:place", args=[HALL]))


@pytest.mark.parametrize("path", ["/places/", "/help/", "/accessibility/", "/sections/openness/"])
def test_pages_of_the_portal_are_read_and_take_nothing(
    client: Client, world: World, path: str
) -> None:
    assert client.post(path).status_code == 405


# ── home ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_home_is_few_queries_however_much_there_is(client: Client, world: World) -> None:
    world.bring(world.file(world.item(), morning(2013, 9, 17)), "granted", morning(2013, 9, 17))
    few = cost(client, "/")
    for number in range(6):
        item = world.item(code=f"330881-{number}", name=f"事项{number}", department=world.planning)
        assert item
        world.bring(world.file("330881-qs", morning(2013, 9, 18)), "granted", morning(2013, 9, 18))
        count("case.submitted", 1, today() - timedelta(number))
    assert cost(client, "/") == few <= HOME_QUERIES


def test_home_leads_to_the_five_sections_in_their_order(client: Client, world: World) -> None:
    page = client.get("/")
    titles = [str(tile["title"]) for tile in page.context["sections"]]
    assert titles == ["政务公开", "项目审批", "网上办事", "政民互动", "阳光运行"]
    for tile in (*page.context["sections"], *page.context["services"]):
        assert client.get(tile["url"]).status_code in {200, 302}, tile["url"]


def test_home_tells_what_was_counted_today_and_this_year(client: Client, world: World) -> None:
    on = today()
    count("case.submitted", 3, on)
    count("case.taken_in", 4, on)
    count("case.refused", 2, on)
    count("case.submitted", 5, on.replace(month=1, day=1) - timedelta(1))  # last year's
    page = client.get("/")
    assert page.context["today"] == {"date": on, "received": 7, "decided": 2}
    assert [figure["value"] for figure in page.context["figures"]][2:] == [7, 2]


def test_home_shows_decisions_as_the_notices_do(client: Client, world: World, settings) -> None:
    case = world.file(world.item(name="取水许可"), morning(2013, 9, 17))
    world.bring(case, "granted", morning(2013, 9, 17))
    assert "2013年9月17日" in text(client, "/")
    assert case.number not in text(client, "/")
    settings.MINGTANG_NOTICE_NEVER_ITEMS = (case.item.code,)
    assert client.get("/").context["results"] == []


# ── sections ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", SECTIONS)
def test_every_way_of_a_section_leads_to_a_page(client: Client, world: World, key: str) -> None:
    answer = client.get(reverse("site:section", args=[key]))
    ways = answer.context["ways"]
    assert ways
    for way in ways:
        assert client.get(way["url"]).status_code == 200, way["url"]
    assert str(SECTIONS[key].lacking) in answer.content.decode()


def test_an_unknown_section_is_not_found(client: Client, world: World) -> None:
    assert client.get("/sections/nothing/").status_code == 404


def test_the_operation_is_told_by_month_for_one_query(client: Client, world: World) -> None:
    first = today().replace(month=1, day=1)
    count("case.submitted", 3, first)
    count("case.deemed_granted", 1, first)
    path = reverse("site:section", args=["operation"])
    (month,) = client.get(path).context["months"]
    assert month == {"first": first, "received": 3, "granted": 1, "refused": 0}
    few = cost(client, path)
    count("case.granted", 1, today())
    count("case.refused", 1, today())
    assert cost(client, path) == few <= 3


# ── places ────────────────────────────────────────────────────────────────────────────────────


def test_the_places_are_a_map_and_a_table_for_few_queries(client: Client, county: None) -> None:
    page = text(client, "/places/")
    link = f'href="{reverse("site:place", args=[TOWNSHIP])}"'
    assert page.count(link) == 2  # the tile, and the line of the table
    assert page.count('class="tile-map__tile"') == 19
    assert "不表示真实位置" in page
    assert cost(client, "/places/") <= 5


def test_a_closed_day_says_when_to_come_and_what_days_ahead_are_unusual(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("mingtang.site.views.places")  # a view has the name of its module
    monkeypatch.setattr(module, "today", lambda: date(2013, 9, 19))
    page = text(client, "/places/")
    assert "今天休息" in page
    assert "9 月 22 日（星期日）上班" in page
    assert "2013年10月7日" in page
    assert "（国庆节）：放假" in page
    assert "调休）：上班" in page
    monkeypatch.setattr(module, "today", lambda: date(2013, 9, 18))
    assert "今天上班" in text(client, "/places/")


def test_without_places_the_page_says_so(client: Client, db: None) -> None:
    assert "还没有登记服务点" in text(client, "/places/")


def test_names_stand_larger_on_the_map_in_large_type(client: Client, county: None) -> None:
    plain = client.get("/places/").context["counties"][0]["map"]["tiles"]
    client.cookies["mt_type"] = "large"
    large = client.get("/places/").context["counties"][0]["map"]["tiles"]
    assert len({tile["x"] for tile in plain}) == 3
    assert len({tile["x"] for tile in large}) == 2
    assert len({(tile["x"], tile["y"]) for tile in large}) == 19  # none upon another


def test_a_hall_shows_its_windows_and_sub_centres(client: Client, county: None) -> None:
    page = text(client, reverse("site:place", args=[HALL]))
    assert "综合窗口" in page
    assert "公安分中心" in page
    assert "还没有登记" in page


def test_a_township_shows_its_service_points(client: Client, county: None) -> None:
    path = reverse("site:place", args=[TOWNSHIP])
    assert "民声社区便民服务站" in text(client, path)
    assert cost(client, path) <= 7


@pytest.mark.parametrize("code", ["330881999000", "330881001001", "x", "１２", "0" * 40])
def test_a_place_that_is_not_there_is_not_found(client: Client, county: None, code: str) -> None:
    assert client.get(reverse("site:place", args=[code])).status_code == 404


@pytest.mark.both
def test_what_a_place_says_of_itself_is_shown(client: Client, county: None, tmp_path: Path) -> None:
    describe(
        tmp_path,
        f"{TOWNSHIP},双塔街道便民服务中心,鹿溪中路1号,0570-4000001,8:30—17:00",
        "330881001001,民声社区便民服务站,民声路2号,,",
        f"{HALL},公安分中心,,0570-4000002,",
    )
    page = text(client, reverse("site:place", args=[TOWNSHIP]))
    for said in ("鹿溪中路1号", "tel:0570-4000001", "8:30—17:00", "民声路2号"):
        assert said in page
    assert "鹿溪中路1号" in text(client, "/places/")
    assert "0570-4000002" in text(client, reverse("site:place", args=[HALL]))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{TOWNSHIP},无此中心,路1号,,", "没有登记"),
        (f"{TOWNSHIP},双塔街道便民服务中心,{'路' * 121},,", "超过 120 个字"),
    ],
)
def test_a_table_that_is_wrong_changes_nothing(
    client: Client, county: None, tmp_path: Path, line: str, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        describe(tmp_path, "330881001001,民声社区便民服务站,民声路2号,,", line)
    assert "民声路2号" not in text(client, reverse("site:place", args=[TOWNSHIP]))


def test_a_table_without_a_column_or_that_is_no_text_is_refused(db: None, tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    table.write_text("region,name\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有“address”列"):
        call_command("load_places", str(table))
    table.write_bytes("地址".encode("gb18030"))
    with pytest.raises(CommandError, match="不能读取"):
        call_command("load_places", str(table))
