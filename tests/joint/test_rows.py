"""A route as rows and back; what is typed lands where it should."""

from typing import Any

from hypothesis import given

from mingtang.joint.rules.compare import ItemCost, compare, measures, savings
from mingtang.joint.rules.drawing import Look, draw, lines_of, rows_of
from mingtang.joint.rules.route import Need, Node, Route, Stage, Tie
from mingtang.joint.rules.rows import node_rows, route_of_rows, stage_rows
from tests.joint.routes import chain, routes

EMPTY = Route(())


@given(routes())
def test_a_route_comes_back_from_its_rows(route: Route) -> None:
    assert route_of_rows(stage_rows(route), node_rows(route), route) == route
    assert route_of_rows(stage_rows(route), node_rows(route), EMPTY) == route


def made(stages: list[dict[str, Any]], nodes: list[dict[str, Any]], before: Route = EMPTY) -> Any:
    found = route_of_rows(stages, nodes, before)
    return [(stage.key, stage.name, [node.key for node in stage.nodes]) for stage in found.stages]


def test_a_stage_without_a_row_comes_last_and_a_node_without_one_stays_with_the_row_above() -> None:
    nodes = [{"name": "甲", "stage": "前期"}, {"name": "乙"}, {"name": "丙", "stage": "施工"}]
    assert made([{"name": "施工"}], nodes) == [
        ("stage-1", "施工", ["node-3"]),
        ("stage-2", "前期", ["node-1", "node-2"]),
    ]
    assert made([], [{"name": "甲"}]) == [("stage-1", "办理", ["node-1"])]
    assert made([{"name": "施工"}], [{"name": "甲"}]) == [("stage-1", "施工", ["node-1"])]


def test_who_renames_a_stage_need_not_rename_it_in_every_node() -> None:
    before = chain(Node("a", "甲"))
    renamed = [{"name": "审批", "key": "s1"}]
    rows = [{"name": "甲", "stage": "办理", "key": "a"}]
    assert made(renamed, rows, before) == [("s1", "审批", ["a"])]


def test_a_key_that_is_taken_or_unusable_gives_way() -> None:
    rows = [{"name": "甲", "key": "a"}, {"name": "乙", "key": "a"}, {"name": "丙", "key": "丙"}]
    assert made([], rows) == [("stage-1", "办理", ["a", "node-2", "node-3"])]
    rows = [{"name": "甲"}, {"name": "乙", "key": "node-1"}]
    assert made([], rows) == [("stage-1", "办理", ["node-2", "node-1"])]


def test_a_need_that_is_both_is_the_stricter() -> None:
    rows = [{"name": "甲", "key": "a"}, {"name": "乙", "needs": ["a"], "simulates": ["a"]}]
    found = route_of_rows([], rows, EMPTY)
    assert [node.needs for _stage, node in found.nodes()] == [(), (Need("a", Tie.HARD),)]


# ── two editions side by side ─────────────────────────────────────────────────────────────────

OLD = chain(
    Node("a", "甲", item="x-1", days=5),
    Node("b", "乙", item="x-2", days=7, needs=(Need("a"),)),
    Node("c", "丙", days=3),
)
NEW = chain(Node("a", "甲", item="x-1", days=4), Node("b", "乙", item="x-2", days=7))
COSTS = {"x-1": ItemCost(("申请表", "图纸"), 1), "x-2": ItemCost(("申请表",), None)}


def test_what_a_redesign_saves_is_counted_and_what_is_not_known_is_told() -> None:
    found = {one.before.key: one for one in savings(OLD, NEW, COSTS)}
    assert (found["nodes"].saved, found["nodes"].is_whole) == (1, True)
    assert (found["days"].before.value, found["days"].after.value) == (12, 7)
    assert (found["materials"].before.value, found["materials"].before.unknown) == (3, 1)
    assert (found["distinct"].after.value, found["distinct"].is_whole) == (2, False)
    assert (found["visits"].before.value, found["visits"].before.unknown) == (1, 2)
    assert (found["visits"].after.value, found["visits"].after.unknown) == (1, 1)


def test_a_limit_that_is_not_said_is_unknown_not_nothing() -> None:
    (days,) = [one for one in measures(chain(Node("a", "甲")), {}) if one.key == "days"]
    assert (days.value, days.unknown) == (0, 1)


def test_each_change_of_a_route_is_told_once_and_by_name() -> None:
    lines = {line.label: line.change for line in compare(OLD, NEW)}
    assert lines == {"阶段 办理": "same", "甲": "changed", "乙": "changed", "丙": "removed"}


@given(routes())
def test_a_route_does_not_differ_from_itself(route: Route) -> None:
    assert {line.change for line in compare(route, route)} == {"same"}


# ── the drawing ───────────────────────────────────────────────────────────────────────────────


@given(routes())
def test_every_node_is_drawn_inside_its_band_and_none_on_another(route: Route) -> None:
    looks = {node.key: Look("待开始", "info", "") for _stage, node in route.nodes()}
    drawn = draw(route, looks, {})
    boxes = {box.key: box.place for box in drawn.boxes}
    for stage, band in zip(route.stages, drawn.bands, strict=True):
        for node in stage.nodes:
            place = boxes[node.key]
            assert band.place.x <= place.x
            assert place.right <= band.place.right
            assert band.place.y <= place.y
            assert place.bottom <= band.place.bottom <= drawn.height
    listed = list(boxes.values())
    for number, one in enumerate(listed):
        for other in listed[number + 1 :]:
            assert (
                one.right <= other.x
                or other.right <= one.x
                or one.bottom <= other.y
                or other.bottom <= one.y
            )
    ties = sum(len(node.needs) for _stage, node in route.nodes())
    assert len(drawn.lines) == ties
    soft = sum(need.tie is Tie.SIMULATE for _s, node in route.nodes() for need in node.needs)
    assert sum(line.is_soft for line in drawn.lines) == soft
    told = [row.name for _title, rows in rows_of(route, looks, {}) for row in rows]
    assert told == [node.name for _stage, node in route.nodes()]


def test_a_name_is_cut_into_lines_and_the_last_with_an_ellipsis() -> None:
    assert lines_of("用地预审", 5, 2) == ["用地预审"]
    assert lines_of("建设工程规划许可证核发", 6, 2) == ["建设工程规划", "许可证核发"]
    assert lines_of("建设工程规划许可证核发和变更", 6, 2) == ["建设工程规划", "许可证核发…"]
    assert lines_of("", 6, 2) == [""]


def test_stages_say_what_they_wait_for() -> None:
    route = Route(
        (Stage("s1", "一", ()), Stage("s2", "二", (), is_serial=False, lead="gtj", days=5))
    )
    drawn = draw(route, {}, {"gtj": "国土局"})
    assert [band.title for band in drawn.bands] == [
        "1. 一",
        "2. 二，国土局牵头，共5个工作日，各环节只等自己的前置",
    ]
