"""What is wrong with a route is told with its place; what is right is let through."""

import pytest
from hypothesis import given

from mingtang.catalogue.rules.limits import Limit
from mingtang.joint.rules.checks import (
    ItemFacts,
    Known,
    RouteInvalid,
    check,
    errors_of,
    faults_of,
    settled,
)
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie
from mingtang.timing.rules import Unit
from tests.joint.routes import KNOWN, chain, routes


def node(key: str, *needs: str, **more: object) -> Node:
    fields = {"name": f"环节{key}", "organisation": "gtj", "days": 5} | more
    return Node(key, needs=tuple(map(Need, needs)), **fields)  # type: ignore[arg-type]


def texts(route: Route, known: Known = KNOWN) -> list[str]:
    return [str(fault) for fault in errors_of(route, known)]


@given(routes())
def test_a_valid_route_has_no_errors(route: Route) -> None:
    assert errors_of(route, KNOWN) == []


def can_all_be_done(route: Route) -> bool:
    """Plays the route, written apart from the rules: each round does whatever may begin."""
    done: set[str] = set()
    while True:
        before = len(done)
        must: set[str] = set()
        for stage in route.stages:
            for one in stage.nodes:
                waits = {need.node for need in one.needs} | (must if stage.is_serial else set())
                if waits <= done:
                    done.add(one.key)
            must |= {one.key for one in stage.nodes if one.is_required}
        if len(done) == before:
            return len(done) == sum(1 for _ in route.nodes())


@given(routes(is_valid=False))
def test_a_route_is_refused_for_its_ties_exactly_if_it_cannot_be_played(route: Route) -> None:
    words = ("绕成了圈", "开始不了", "写了自己")
    told = [fault for fault in errors_of(route, KNOWN) if any(word in fault.text for word in words)]
    assert bool(told) == (not can_all_be_done(route))
    for fault in told:
        assert fault.node in {one.key for _stage, one in route.nodes()}


def test_a_circle_is_told_with_its_way_and_what_hangs_on_it_is_told_too() -> None:
    found = texts(chain(node("a", "c"), node("b", "a"), node("c", "b"), node("d", "c")))
    assert found == [
        "阶段“办理”的环节“环节a”：前置绕成了圈（环节a→环节c→环节b→环节a，箭头指向要等的环节），谁也开始不了。请去掉其中一个前置。",
        "阶段“办理”的环节“环节d”：永远开始不了：它等的“环节c”办不成。请先改好前面的圈。",
    ]


def test_a_need_in_a_later_stage_that_waits_for_this_one_is_a_circle_of_stages() -> None:
    early = Stage("s1", "一", (node("a", "b"),), lead="fgj")
    late = Stage("s2", "二", (node("b"),), lead="fgj")
    assert "其中“环节b”在后面的阶段，要等前面阶段办完" in texts(Route((early, late)))[0]
    beside = Stage("s2", "二", (node("b"),), lead="fgj", is_serial=False)
    assert texts(Route((early, beside))) == []
    optional = Stage("s1", "一", (node("a", "b", is_required=False),), lead="fgj")
    assert texts(Route((optional, late))) == []


@pytest.mark.parametrize(
    ("route", "sentence"),
    [
        (Route(()), "整条路线：一个阶段也没有，请先写阶段和环节。"),
        (chain(), "阶段“办理”：里面没有环节，请写上，或删去这个阶段。"),
        (chain(node("a", "x")), "环节a”：前置环节“x”不在路线里，请改选。"),
        (chain(node("a", "a")), "环节a”：前置环节写了自己，请删去。"),
        (chain(node("a"), node("b", "a", "a")), "环节b”：前置环节“环节a”写了2次，请留一次。"),
        (chain(node("a"), node("a", name="乙")), "标识“a”用了2次，请改成不同的。"),
        (chain(node("a"), node("b", name="环节a")), "名称“环节a”用了2次，请改成不同的。"),
        (chain(node("A")), "标识“A”只能用小写字母"),
        (chain(node("a", name=" ")), "没有写名称。"),
        (chain(node("a", organisation="xxj")), "环节a”：单位“xxj”没有登记，请改选。"),
        (chain(node("a", organisation="")), "环节a”：没有写由哪个单位办，请选单位。"),
        (chain(node("a", item="x-1")), "事项“x-1”不在目录里，或还没有发布，请改选。"),
        (chain(node("a", item="x", kind=NodeKind.OWNER)), "不能写事项，请删去“x”"),
        (chain(node("a", days=1000)), "时限应是0到999的整数，或留空。"),
        (chain(node("a", days=9), node("b", "a", days=9), days=17), "共18个工作日，超过本阶段"),
        (chain(node("a", days=23), node("b", "a", days=23)), "超过联合办理的45个工作日"),
        (
            Route((Stage("s1", "一", (node("a"),), lead="xxj"),)),
            "阶段“一”：牵头单位“xxj”没有登记，请改选。",
        ),
        (chain(*(node(f"n{number}") for number in range(61))), "最多20个阶段、60个环节"),
    ],
)
def test_each_fault_is_told_with_its_place(route: Route, sentence: str) -> None:
    assert any(sentence in text for text in texts(route)), texts(route)
    with pytest.raises(RouteInvalid) as refused:
        check(route, KNOWN)
    assert sentence in refused.value.message


ITEM = ItemFacts("选址意见书核发", "gtj", Limit(7, Unit.WORKING_DAY), Limit(20, Unit.WORKING_DAY))
WITH_ITEM = Known(organisations=KNOWN.organisations, items={"x-1": ITEM})


@pytest.mark.parametrize(
    ("days", "sentence", "is_error"),
    [
        (21, "写了21个工作日，超过事项的法定时限20个工作日，请改短。", True),
        (20, "写了20个工作日，超过事项的承诺时限7个工作日，请改短。", False),
        (7, None, False),
    ],
)
def test_days_beyond_the_law_are_refused_and_beyond_the_promise_told(
    days: int, sentence: str | None, is_error: bool
) -> None:
    found = faults_of(chain(node("a", item="x-1", days=days)), WITH_ITEM)
    assert [(fault.text, fault.is_error) for fault in found] == (
        [(sentence, is_error)] if sentence else []
    )


def test_a_limit_in_another_unit_is_left_to_people() -> None:
    items = {"x-1": ItemFacts("环评", "gtj", statutory=Limit(60, Unit.CALENDAR_DAY))}
    known = Known(organisations=KNOWN.organisations, items=items)
    (found,) = faults_of(chain(node("a", item="x-1", days=50)), known)[:1]
    assert not found.is_error
    assert "法定时限是60" in found.text


def test_an_item_of_another_department_is_refused() -> None:
    route = chain(node("a", item="x-1", organisation="zjj"))
    assert "单位不是事项“选址意见书核发”的实施部门" in texts(route, WITH_ITEM)[0]
    assert texts(chain(node("a", item="x-1", organisation="")), WITH_ITEM) == []


def test_what_is_not_known_is_told_as_to_be_confirmed() -> None:
    found = faults_of(Route((Stage("s1", "一", (node("a", days=None),)),)), KNOWN)
    assert [(fault.place, fault.text) for fault in found] == [
        ("阶段“一”", "没有写牵头单位，待确认。"),
        ("阶段“一”的环节“环节a”", "没有写对应的事项，待确认。"),
        ("阶段“一”的环节“环节a”", "没有写承诺时限，待确认。"),
    ]
    assert not any(fault.is_error for fault in found)


def test_the_owners_days_are_nobodys_promise() -> None:
    building = node("b", "a", kind=NodeKind.OWNER, days=300, organisation="")
    assert texts(chain(node("a"), building, days=5)) == []


def test_stages_together_beyond_the_joint_limit_are_told_not_refused() -> None:
    stages = [Stage(f"s{n}", f"第{n}", (node(f"n{n}", days=20),), lead="fgj") for n in (1, 2, 3)]
    found = [f for f in faults_of(Route(tuple(stages)), KNOWN) if f.place == "整条路线"]
    assert [(f.is_error, "共60个工作日" in f.text) for f in found] == [(False, True)]


@given(routes())
def test_needs_are_settled_in_the_order_of_the_route(route: Route) -> None:
    turned = Route(
        tuple(
            Stage(
                **vars(stage)
                | {
                    "nodes": tuple(
                        Node(**vars(one) | {"needs": one.needs[::-1]}) for one in stage.nodes
                    )
                }
            )
            for stage in route.stages
        )
    )
    assert settled(turned) == route


def test_a_simulated_tie_makes_an_order_too() -> None:
    route = chain(
        node("a", "b"), Node("b", "乙", organisation="gtj", needs=(Need("a", Tie.SIMULATE),))
    )
    assert "绕成了圈" in texts(route)[0]
