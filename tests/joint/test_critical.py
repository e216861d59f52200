"""Plans of routes and forecasts of running matters, against a count by hand and by brute force."""

import datetime as dt
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from mingtang.joint.rules.critical import (
    GOVERNMENT,
    Live,
    NodeState,
    forecast,
    plan_of,
    stage_days,
)
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie
from mingtang.timing.rules import shipped_calendar
from tests.joint.routes import chain, routes

CALENDAR = shipped_calendar()
TODAY = dt.date(2013, 9, 17)  # Tuesday before Mid-Autumn; the 22nd is a working Sunday


def finishes(route: Route) -> dict[str, int]:
    """The last day of each node by its definition, without an order: written apart."""
    nodes = {node.key: node for _stage, node in route.nodes()}
    hard: dict[str, set[str]] = {}
    soft: dict[str, set[str]] = {}
    must: list[str] = []
    for stage in route.stages:
        for node in stage.nodes:
            hard[node.key] = {need.node for need in node.needs if need.tie is Tie.HARD}
            hard[node.key] |= set(must) if stage.is_serial else set()
            soft[node.key] = {need.node for need in node.needs}
        must += [node.key for node in stage.nodes if node.is_required]

    @cache
    def finish(key: str) -> int:
        start = max((finish(need) for need in hard[key]), default=0)
        granted = max((finish(need) for need in soft[key]), default=0)
        return max(start + (nodes[key].days or 0), granted)

    return {key: finish(key) for key in nodes}


@given(routes())
def test_a_plan_ends_each_node_when_its_definition_says(route: Route) -> None:
    plan = plan_of(route)
    assert {key: slot.finish for key, slot in plan.slots.items()} == finishes(route)
    assert plan.days == max(finishes(route).values())


@given(routes(), st.data())
def test_slack_is_how_much_later_a_node_may_end(route: Route, data: st.DataObject) -> None:
    plan = plan_of(route)
    key = data.draw(st.sampled_from(sorted(plan.slots)))

    def total(more: int) -> int:
        stages = [
            Stage(
                **vars(stage)
                | {
                    "nodes": tuple(
                        Node(
                            **vars(node)
                            | {"days": plan.slots[key].finish - plan.slots[key].start + more}
                        )
                        if node.key == key
                        else node
                        for node in stage.nodes
                    )
                }
            )
            for stage in route.stages
        ]
        return plan_of(Route(tuple(stages))).days

    slack = plan.slots[key].slack
    assert total(slack) == plan.days
    assert total(slack + 1) == plan.days + 1
    assert plan.slots[key].is_critical == (slack == 0 and plan.days > 0)


def test_what_has_no_limit_makes_the_plan_a_floor() -> None:
    route = chain(
        Node("a", "甲", days=3), Node("b", "乙"), Node("c", "丙", days=2, needs=(Need("b"),))
    )
    plan = plan_of(route)
    assert plan.days == 3
    assert plan.is_open
    assert [key for key, slot in plan.slots.items() if slot.is_open] == ["b", "c"]
    assert plan.path == ["a"]
    assert plan_of(chain(Node("a", "甲"))).path == []


def test_only_the_governments_days_are_counted_where_asked() -> None:
    building = Node("b", "建设", kind=NodeKind.OWNER, days=200, needs=(Need("a"),))
    route = chain(Node("a", "甲", days=3), building)
    assert plan_of(route).days == 203
    assert plan_of(route, counted=GOVERNMENT).days == 3
    assert stage_days(route, counted=GOVERNMENT) == [3]


def test_a_simulated_examination_runs_beside_what_it_waits_for() -> None:
    permit = Node("b", "乙", days=5, needs=(Need("a", Tie.SIMULATE),))
    slot = plan_of(chain(Node("a", "甲", days=7), permit)).slots["b"]
    assert (slot.start, slot.finish) == (0, 7)


LAND = Node("land", "用地", days=5)
PLAN = Node("plan", "规划", days=3, needs=(Need("land"),))
FIRE = Node("fire", "消防", days=2)
BUILD = Stage("s2", "施工", (Node("build", "许可", days=4),))
MATTER = Route((Stage("s1", "前期", (LAND, PLAN, FIRE)), BUILD))


def test_from_nothing_begun_the_end_is_counted_in_working_days() -> None:
    found = forecast(MATTER, {}, TODAY, CALENDAR)
    assert found.nodes["land"].end == dt.date(2013, 9, 25)  # vector 1: the 22nd works
    assert found.end == CALENDAR.add(TODAY, 12)
    assert [key for key, one in found.nodes.items() if one.decides] == ["land", "plan", "build"]
    assert found.nodes["build"].blocked_by == ("land", "plan", "fire")
    assert not found.is_open
    assert not found.is_over


def test_a_late_node_ends_today_at_the_earliest_and_moves_what_waits() -> None:
    due = dt.date(2013, 9, 13)
    live = {"land": Live(NodeState.RUNNING, dt.date(2013, 9, 6), due=due)}
    found = forecast(MATTER, live, TODAY, CALENDAR)
    assert found.nodes["land"].is_late
    assert found.nodes["land"].end == TODAY
    assert found.end == CALENDAR.add(TODAY, 7)


def test_what_is_over_stays_where_it_was_and_no_longer_blocks() -> None:
    ended = dt.date(2013, 9, 10)
    live = {
        "land": Live(NodeState.DONE, dt.date(2013, 9, 5), ended, due=dt.date(2013, 9, 9)),
        "plan": Live(NodeState.RUNNING, dt.date(2013, 9, 11), due=dt.date(2013, 9, 20)),
        "fire": Live(NodeState.SKIPPED),
    }
    found = forecast(MATTER, live, TODAY, CALENDAR)
    assert found.nodes["land"].is_late  # it was, and stays told
    assert found.nodes["build"].blocked_by == ("plan",)
    assert found.end == CALENDAR.add(dt.date(2013, 9, 20), 4)
    over = {key: Live(NodeState.DONE, ended, ended) for key in ("land", "plan", "fire", "build")}
    assert forecast(MATTER, over, TODAY, CALENDAR).is_over
    assert forecast(MATTER, over, TODAY, CALENDAR).end == ended


def test_a_simulated_result_waits_for_the_real_one() -> None:
    permit = Node("b", "乙", days=1, needs=(Need("a", Tie.SIMULATE),))
    live = {
        "a": Live(NodeState.RUNNING, TODAY, due=dt.date(2013, 9, 30)),
        "b": Live(NodeState.SIMULATED, TODAY),
    }
    found = forecast(chain(Node("a", "甲", days=9), permit), live, TODAY, CALENDAR)
    assert found.nodes["b"].end == dt.date(2013, 9, 30)
    assert found.nodes["b"].blocked_by == ("a",)
    assert {key for key, one in found.nodes.items() if one.decides} == {"a", "b"}


@given(routes())
def test_a_forecast_of_nothing_begun_is_the_plan(route: Route) -> None:
    found = forecast(route, {}, TODAY, CALENDAR)
    plan = plan_of(route)
    assert found.is_open == plan.is_open
    for key, slot in plan.slots.items():
        assert found.nodes[key].end == CALENDAR.add(TODAY, slot.finish), key
