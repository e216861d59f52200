"""The map of a running matter: states, who waits for whom, the expected end; three people."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.joint.maps import map_of, map_of_route
from mingtang.joint.models import JointCase
from mingtang.joint.rules.bpmn import read
from mingtang.joint.rules.route import Need, Node, content_of, route_of
from mingtang.timing.queries import current_calendar
from tests.joint.office import Office, route
from tests.joint.routes import chain
from tests.joint.test_bpmn import faults
from tests.world import morning

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 24)
DAY = dt.date(2013, 9, 24)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def accepted(office: Office, at: dt.datetime) -> JointCase:
    matter = office.open(at)
    office.accept(matter, at)
    matter.refresh_from_db()
    return matter


def looks(matter: JointCase, on: dt.date) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    boxes = map_of(matter, on).drawing.boxes
    return {box.key: (box.look.state, box.look.tone, box.look.waits_for) for box in boxes}


def test_the_map_says_who_works_and_who_waits_for_whom(accepted: JointCase) -> None:
    assert looks(accepted, DAY) == {
        "plan": ("办理中", "info", ()),
        "land": ("办理中", "info", ()),
        "water": ("等前置", "wait", ("建设用地批准",)),
        "environment": ("等前置", "wait", ("建设用地批准",)),
        "fire": ("等前置", "wait", ("建设用地批准",)),
    }


def test_the_map_names_who_handles_each_part(accepted: JointCase) -> None:
    units = {box.key: box.unit for box in map_of(accepted, DAY).drawing.boxes}
    assert units["water"] == "江山市水利局"  # the route leaves it to the item
    assert units["fire"] == "江山市公安消防大队"


def test_the_expected_end_is_counted_from_the_clock_that_runs(accepted: JointCase) -> None:
    calendar = current_calendar()
    due = calendar.add(dt.date(2013, 9, 17), 10)
    shown = map_of(accepted, DAY)
    end = calendar.add(due, 10)
    assert shown.headline == f"预计{end.year}年{end.month}月{end.day}日办结"
    assert shown.note.startswith("决定时间的一路：建设用地批准 → ")
    late = calendar.add(due, 3)
    assert looks(accepted, late)["land"][:2] == ("办理中，超期", "bad")
    assert f"{calendar.add(late, 10).day}日办结" in map_of(accepted, late).headline


def test_what_is_over_no_longer_holds_the_others(
    office: Office, accepted: JointCase, at: dt.datetime
) -> None:
    office.decide(accepted, "land", LATER)
    found = looks(accepted, DAY)
    assert found["land"][:2] == ("已办结", "ok")
    assert found["fire"] == ("办理中", "info", ())


def test_the_page_is_for_colleagues_of_the_matter(
    office: Office, accepted: JointCase, client: Client
) -> None:
    for name in ("map", "bpmn"):
        address = reverse(f"joint:{name}", args=[accepted.id])
        client.logout()
        assert client.get(address).url.startswith("/sign-in/")
        for who, status in (
            (office.clerk, 200),
            (office.world.colleague, 404),
            (office.world.stranger, 404),
        ):
            client.force_login(who)
            assert client.get(address).status_code == status, (name, who.username)


def test_the_drawing_and_the_table_say_the_same_and_break_no_policy(
    office: Office, accepted: JointCase, client: Client
) -> None:
    client.force_login(office.clerk)
    page = client.get(reverse("joint:map", args=[accepted.id])).content.decode()
    drawing = re.search(r"<svg class=\"joint-map__drawing\".*?</svg>\s*<ul", page, re.DOTALL)[0]
    table = page[page.index("<table") :]
    for name in ("企业投资项目备案", "建设用地批准", "取水许可", "消防设计审核"):
        assert name in drawing
        assert name in table
    assert "style=" not in page
    assert drawing.count("joint-map__line--soft") == 1  # water may be simulated
    assert '<title id="map-title">' in drawing
    assert '<desc id="map-desc">' in drawing
    link = reverse("joint:map", args=[accepted.id])
    assert link in client.get(reverse("joint:detail", args=[accepted.id])).content.decode()


def test_the_file_of_a_matter_is_its_route_without_its_state(
    office: Office, accepted: JointCase, client: Client
) -> None:
    client.force_login(office.clerk)
    data = client.get(reverse("joint:bpmn", args=[accepted.id])).content
    assert faults(data) == []
    assert content_of(read(data).route) == accepted.edition.content
    assert accepted.number not in data.decode()
    assert "办理中" not in data.decode()


def test_the_map_asks_as_much_for_five_parts_as_for_one(office: Office, at: dt.datetime) -> None:
    def asked(keys: list[str]) -> int:
        matter = office.open(at, nodes=keys)
        office.accept(matter, at)
        matter = JointCase.objects.select_related("edition__route").get(id=matter.id)
        map_of(matter, DAY)
        with CaptureQueriesContext(connection) as found:
            map_of(matter, DAY)
        return len(found)

    assert asked(["plan"]) == asked(["plan", "land", "water", "environment", "fire"])


def test_what_was_not_chosen_is_not_on_the_map(office: Office, at: dt.datetime) -> None:
    matter = office.open(at, nodes=["plan", "fire"])
    office.accept(matter, at)
    assert looks(matter, DAY) == {"plan": ("办理中", "info", ()), "fire": ("办理中", "info", ())}


def test_the_plan_of_a_route_tells_its_days(office) -> None:
    shown = map_of_route(route(), DAY)
    assert shown.headline == "最长一路20个工作日"
    by_key = {box.key: box.look for box in shown.drawing.boxes}
    assert (by_key["fire"].when, by_key["plan"].when) == ("第11至20个工作日", "第1至10个工作日")
    open_ended = map_of_route(chain(Node("a", "甲"), Node("b", "乙", days=0)), DAY)
    assert [box.look.when for box in open_ended.drawing.boxes] == ["第1个工作日起", "即办"]
    at_once = map_of_route(chain(Node("a", "甲", days=0)), DAY)
    ((_stage, (only,)),) = at_once.stages
    assert (at_once.headline, only.days) == ("各环节都是即办", "即办")
    circle = chain(Node("a", "甲", needs=(Need("b"),)), Node("b", "乙", needs=(Need("a"),)))
    assert {box.look.state for box in map_of_route(circle, DAY).drawing.boxes} == {"绕成了圈"}


def test_a_route_is_what_its_edition_holds(accepted: JointCase) -> None:
    assert route_of(accepted.edition.content) == route()
