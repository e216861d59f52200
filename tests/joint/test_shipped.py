"""The shipped routes: without faults of their own, valid as BPMN, made a city's own once."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.limits import Limit
from mingtang.joint.models import Route, RouteDraft, RouteEdition
from mingtang.joint.queries.routes import route_faults
from mingtang.joint.rules.bpmn import read, write
from mingtang.joint.rules.checks import ItemFacts, Known, errors_of, settled
from mingtang.joint.rules.critical import plan_of
from mingtang.joint.rules.route import Tie, route_of
from mingtang.joint.rules.shipped import BadTable, City, city_of, fitted, shipped, table
from mingtang.joint.services.shipping import load_for_demo, load_shipped
from mingtang.ledger.rules import SYSTEM
from mingtang.timing.rules import Unit
from tests.joint.test_bpmn import faults
from tests.world import World

ROUTES = {one.code: one for one in shipped()}
UNITS = {line.split(",")[0] for line in table("units_330881").splitlines()[1:]}


@pytest.mark.parametrize("code", list(ROUTES))
def test_a_shipped_route_is_valid_bpmn_and_comes_back(code: str) -> None:
    route = settled(ROUTES[code].route)
    data = write(route, code=code, name=ROUTES[code].name)
    assert faults(data) == []
    assert read(data).refused == ()
    assert read(data).route == route


@pytest.mark.parametrize("code", list(ROUTES))
def test_a_shipped_route_has_no_fault_but_what_a_city_must_say(code: str) -> None:
    found = fitted(ROUTES[code], city_of(table("units_330881"), "route,node,item"), {})
    named = {stage.lead for stage in found.stages} | {n.organisation for _s, n in found.nodes()}
    known = Known(organisations=named)
    missing = {fault.node for fault in errors_of(found, known)}
    offices = {node.key: node.organisation for _stage, node in ROUTES[code].route.nodes()}
    assert {offices[key] for key in missing} <= {"地震"}  # no such office in the demo's city


def test_the_days_are_those_that_the_sources_tell_and_no_others() -> None:
    days = {
        (code, node.key): node.days
        for code, one in ROUTES.items()
        for _stage, node in one.route.nodes()
        if node.days is not None
    }
    assert days == {
        ("five-stages", "site-opinion"): 7,
        ("five-stages", "conditions"): 6,
        ("five-stages", "opinions"): 4,
        ("five-stages", "preliminary"): 5,
        ("five-stages", "project-plan"): 3,
        ("five-stages", "land"): 16,
    }
    stages = [stage.days for one in shipped() for stage in one.route.stages if stage.days]
    assert stages == [19]
    assert all("待确认" in one.note for one in shipped())


def test_the_graph_of_an_enterprise_runs_from_the_record_to_the_title() -> None:
    route = ROUTES["enterprise-graph"].route
    plan = plan_of(route)
    nodes = {node.key: node for _stage, node in route.nodes()}
    assert not nodes["record"].needs
    assert all(slot.is_open for slot in plan.slots.values())  # no limit is said anywhere
    ties = {(need.node, node.key): need.tie for node in nodes.values() for need in node.needs}
    assert ties["land", "land-plan"] is Tie.SIMULATE
    assert ties["permit", "building"] is Tie.HARD
    assert len(ties) == 35


def test_a_citys_promise_fills_what_was_left_open_and_nothing_else() -> None:
    facts = ItemFacts("选址", "ghj", promised=Limit(5, Unit.WORKING_DAY))
    city = City(
        {"规划": "ghj"},
        {
            ("five-stages", "site-opinion"): "a-1",
            ("five-stages", "works"): "a-1",
            ("five-stages", "land"): "gone",
        },
    )
    found = fitted(ROUTES["five-stages"], city, {"a-1": facts})
    nodes = {node.key: node for _stage, node in found.nodes()}
    assert (nodes["site-opinion"].item, nodes["site-opinion"].days) == ("a-1", 7)
    assert (nodes["works"].organisation, nodes["works"].days) == ("ghj", 5)
    assert (nodes["land"].item, nodes["land"].organisation) == ("", "")


def test_a_table_without_its_columns_is_refused_by_name() -> None:
    with pytest.raises(BadTable, match="organisation"):
        city_of("unit,code\n规划,ghj", "route,node,item")


def test_without_a_citys_tables_they_come_as_drafts_and_once(world: World, at: datetime) -> None:
    made = load_shipped(actor=SYSTEM, at=at, command_id="1" * 32)
    assert made == {"published": [], "drafts": list(ROUTES)}
    assert load_shipped(actor=SYSTEM, at=at, command_id="2" * 32) == {"published": [], "drafts": []}
    draft = RouteDraft.objects.get(route__code="five-stages")
    assert "没有写由哪个单位办" in " ".join(map(str, route_faults(draft.content)))


def test_with_the_citys_offices_they_are_published(world: World, at: datetime) -> None:
    for number, code in enumerate(("fgj", "gtj", "hbj", "zjj", "xfdd", "rfb", "daj", "wgj"), 20):
        world.organisation(code, f"{number:03}", f"江山市{code}")
    world.item("330881-014-005", department=world.planning, promised_amount=5)
    made = load_for_demo(actor=SYSTEM, at=at, command_id="1" * 32)
    assert made["published"] == ["five-stages", "enterprise-graph"]
    assert made["drafts"] == ["four-stages"]  # for want of an office for earthquakes
    edition = RouteEdition.objects.get(route__code="five-stages")
    nodes = {node.key: node for _stage, node in route_of(edition.content).nodes()}
    assert nodes["site-opinion"].item == "330881-014-005"
    assert Route.objects.get(code="five-stages").current_edition == edition
    assert load_for_demo(actor=SYSTEM, at=at, command_id="1" * 32) == made


def test_the_command_says_what_it_did(world: World) -> None:
    out = StringIO()
    call_command("load_routes", stdout=out)
    call_command("load_routes", stdout=out)
    assert "有待确认、成了草稿的 3 条" in out.getvalue()
    assert out.getvalue().endswith("都已载入。\n")
    with pytest.raises(DomainError, match="读不了文件"):
        call_command("load_routes", units=Path("/no/such/file.csv"))
