"""Routes over several units: who does a step, what it waits for, and what can never be met."""

import copy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingtang.catalogue import queries, services
from mingtang.catalogue.editor.forms import DraftForms
from mingtang.catalogue.models import Draft, Edition
from mingtang.catalogue.rules.chain import Link, Step, chain_of
from mingtang.catalogue.rules.compare import compare
from mingtang.catalogue.rules.content import content_hash
from mingtang.catalogue.rules.drafts import DraftInvalid
from mingtang.catalogue.rules.route import (
    DEPARTMENT,
    EXTRA,
    ROUTE,
    days_of,
    misplaced_needs,
    route_of,
    rows_of,
)
from mingtang.catalogue.services import ImportRefused, export_items, plan_import, read_items_file
from mingtang.catalogue.services.importing import DEMO
from mingtang.ledger.rules import SYSTEM
from mingtang.regions.services import load_regions
from tests.catalogue.test_draft_forms import STANDS, sent, taken
from tests.catalogue.test_editor import act, desk, save
from tests.catalogue.test_gate import content, lacks
from tests.catalogue.test_telling import PERMIT
from tests.world import World, morning, new_command_id

__all__ = ["desk"]  # the fixture
AT = morning(2026, 11, 27)
CELL = (
    "材料审查|审查|审查|2个工作日\n"
    "踏勘|现场踏勘|意见|2个工作日\n"
    "规划意见|联合审查|意见|2个工作日|符合规划||单位=江山市规划局\n"
    "汇总|审查|意见|1个工作日|||前置环节=踏勘、规划意见\n"
    "审定|审查|审定|1个工作日"
)


def steps(made: dict[str, Any]) -> dict[str, Any]:
    return {step["name"]: step for stage in made["stages"] for step in stage["steps"]}


# ── rows and routes ───────────────────────────────────────────────────────────────────────────


def test_a_step_may_be_another_units_and_wait_for_others() -> None:
    made = route_of(ROUTE.read(CELL))
    found = steps(made)
    assert found["规划意见"]["organisation"] == "江山市规划局"
    assert found["汇总"]["needs"] == [found["踏勘"]["key"], found["规划意见"]["key"]]
    assert (found["踏勘"]["organisation"], found["踏勘"]["needs"]) == (DEPARTMENT, [])
    written = ROUTE.write(rows_of(made))
    assert route_of(ROUTE.read(written)) == made
    assert "单位=江山市规划局" in written
    assert "前置环节=site_visit、joint_review" in written


def test_a_need_named_by_a_name_that_several_have_stays_as_it_is() -> None:
    rows = ROUTE.read("意见|审查|一\n意见|审查|一\n审定|审查|二||||前置环节=意见")
    assert steps(route_of(rows))["审定"]["needs"] == ["意见"]
    assert [row for row, _text in misplaced_needs(route_of(rows))] == [3]


def test_the_days_of_a_stage_are_its_longest_way() -> None:
    made = route_of(ROUTE.read(CELL))
    assert days_of(made) == 2 + (2 + 1) + 1
    side_by_side = route_of(ROUTE.read(CELL.replace("前置环节=踏勘、规划意见", "")))
    assert days_of(side_by_side) == 2 + 2 + 1


FROZEN = content(route=route_of(ROUTE.read("材料审查|审查|审查|3|齐全|意见\n制证|制证|发证|1")))


def test_the_hash_of_a_route_without_units_is_what_it_always_was() -> None:
    frozen = "3335d69210bea6d3b9f3ecc11ca85bf5718b7d9e9782c0271f860ec4bf1d01d5"
    assert content_hash(FROZEN) == frozen


@pytest.mark.slow
@pytest.mark.django_db
def test_no_content_of_the_demo_changes_where_no_unit_is_named() -> None:
    load_regions(county="330881", actor=SYSTEM, at=AT, command_id=new_command_id())
    plan = plan_import(read_items_file(DEMO), on=AT.date())
    assert plan.errors == []
    plain = [
        one
        for one in plan.new
        if not any(row.get("organisation") or row.get("needs") for row in one.row.route)
    ]
    for one in plain:
        for row, step in zip(
            rows_of(one.content["route"]), steps_of_all(one.content["route"]), strict=True
        ):
            assert step == {
                "key": row["key"],
                "name": row["name"],
                "kind": row["kind"],
                "organisation": "item.department",
                "needs": [],
                "completion": "all",
                **{name: row[name] for name in EXTRA if name in row},
            }
    several = [one for one in plan.new if one not in plain]
    assert (len(plan.new), len(several)) == (481, 3)
    assert not [one.row.name for one in several if "route" in {lack.field for lack in one.lacks}]


def steps_of_all(route: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for stage in route["stages"] for step in stage["steps"]]


# ── what can never be met ─────────────────────────────────────────────────────────────────────


def needing(**needs: list[str]) -> dict[str, Any]:
    """Three steps of one stage and one of a later; each needs what is said."""
    rows = [
        {"name": name, "key": name, "stage": "后" if name == "d" else "前"} for name in ("abcd")
    ]
    return route_of([row | {"needs": needs.get(row["name"], [])} for row in rows])


@pytest.mark.parametrize(
    ("needs", "row", "words"),
    [
        ({"b": ["x"]}, 2, "前置环节“x”不在流程里"),
        ({"a": ["d"]}, 1, "前置环节“d”在后面的阶段才办"),
        ({"b": ["b"]}, 2, "写了“b”自己"),
        ({"a": ["b"], "b": ["a"]}, 1, "绕成了圈（a→b→a）"),
        ({"a": ["b"], "b": ["c"], "c": ["a", "b"]}, 1, "绕成了圈（a→b→c→a）"),
    ],
)
def test_the_gate_names_the_row_that_would_wait_for_ever(
    needs: dict[str, list[str]], row: int, words: str
) -> None:
    [lack] = lacks(route=needing(**needs))
    assert (lack.field, lack.row) == ("route", row)
    assert words in lack.sentence
    assert f"“流程环节”第{row}行" in lack.sentence


def test_needs_of_the_same_and_of_an_earlier_stage_pass() -> None:
    assert lacks(route=needing(b=["a"], c=["a", "b"], d=["a", "c"])) == []


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.sampled_from("abcdx"), max_size=3, unique=True)
    )
)
def test_what_passes_can_be_done_step_by_step(needs: dict[str, list[str]]) -> None:
    """The gate lets through exactly those routes in which every step comes to its turn."""
    made = needing(**needs)
    done: set[str] = set()
    for stage in made["stages"]:
        waiting = list(stage["steps"])
        while ready := [step for step in waiting if set(step["needs"]) <= done]:
            done |= {step["key"] for step in ready}
            waiting = [step for step in waiting if step["key"] not in done]
    assert (list(misplaced_needs(made)) == []) is (len(done) == 4)


# ── import, export, drafts ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("called", ["ghj", "江山市规划局", "市规划局"])
def test_a_unit_is_kept_by_its_code_whatever_it_was_called(world: World, called: str) -> None:
    world.item(statutory=20, promised=9, route=CELL.replace("江山市规划局", called))
    edition = Edition.objects.get()
    assert steps(edition.route)["规划意见"]["organisation"] == "ghj"
    [row] = export_items(on=AT.date()).rows
    assert any("单位=ghj" in cell for cell in row)


@pytest.mark.django_db
def test_an_unknown_unit_refuses_the_import(world: World) -> None:
    with pytest.raises(ImportRefused, match="“流程环节”第3行“单位”：没有登记“江山市气象台”"):
        world.item(route=CELL.replace("江山市规划局", "江山市气象台"))
    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_of_two_units_of_a_name_the_countys_own_is_meant(world: World) -> None:
    other = world.organisation("far-ghj", "001", "江山市规划局")
    other.area6 = "330825"
    other.save(update_fields=["area6"])
    world.item(route=CELL)
    assert steps(Edition.objects.get().route)["规划意见"]["organisation"] == "ghj"
    world.organisation("ghj-2", "055", "江山市规划局")
    with pytest.raises(ImportRefused, match="几个单位叫这个名称"):
        world.item(code="330881-two", route=CELL)


@pytest.mark.django_db
def test_more_routes_with_units_cost_no_more_questions(world: World) -> None:
    fixed = {"department": "江山市水利局", "task_type": "01", "area_code": "330881000000"}
    costs = []
    for size in (2, 20):
        rows = [
            {"row": str(n), "name": f"事{n}", "task_code": f"330881-{n}", "route": CELL, **fixed}
            for n in range(size)
        ]
        with CaptureQueriesContext(connection) as captured:
            plan_import(rows, on=AT.date())
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_a_draft_takes_a_unit_by_name_and_refuses_one_nobody_knows(desk: World) -> None:
    client = Client()
    act(client, desk.author, desk.code, "open")
    draft = Draft.objects.get()
    told: dict[str, Any] = {
        "draft_id": draft.id,
        "base_number": 1,
        "actor": desk.actor(desk.author),
        "at": AT,
    }
    written = draft.content | {"route": route_of(ROUTE.read(CELL))}
    services.save_draft(content=written, revision=1, command_id=new_command_id(), **told)
    draft.refresh_from_db()
    assert steps(draft.content["route"])["规划意见"]["organisation"] == "ghj"
    wrong = draft.content | {"route": route_of(ROUTE.read(CELL.replace("江山市规划局", "某局")))}
    with pytest.raises(DraftInvalid, match="“流程环节”第3行“单位”：没有登记“某局”"):
        services.save_draft(content=wrong, revision=2, command_id=new_command_id(), **told)


UNITS = {"ghj": "市规划局", "slj": "市水利局"}


def test_in_the_form_units_are_chosen_by_name_and_steps_ticked_by_name() -> None:
    before = content(route=route_of(ROUTE.read(CELL.replace("江山市规划局", "ghj"))))
    [first, *_others] = DraftForms(before, stands=STANDS, units=UNITS).tables["route"]
    assert first.fields["organisation"].widget.choices == [("", "本部门"), *UNITS.items()]
    offered = dict(first.fields["needs"].choices)
    assert offered["joint_review"] == "规划意见"
    assert "review" not in offered  # itself
    assert taken(before) == before
    after = taken(before, **{"route-0-organisation": "slj", "route-4-needs": ["review-2"]})
    found = steps(after["route"])
    assert (found["材料审查"]["organisation"], found["审定"]["needs"]) == ("slj", ["review-2"])
    emptied = taken(before, **{"route-2-organisation": "", "route-3-needs": []})
    assert steps(emptied["route"])["规划意见"]["organisation"] == DEPARTMENT
    assert steps(emptied["route"])["汇总"]["needs"] == []


def test_a_unit_that_is_not_offered_any_more_stays_chosen() -> None:
    before = content(route=route_of(ROUTE.read(CELL.replace("江山市规划局", "old"))))
    forms = DraftForms(before, sent(copy.deepcopy(before)), units=UNITS)
    assert forms.is_valid()
    assert forms.content() == before
    assert ("old", "old") in forms.tables["route"][2].fields["organisation"].widget.choices


@pytest.mark.slow
@pytest.mark.django_db
def test_the_editor_gives_a_step_to_another_unit(desk: World, client: Client) -> None:
    act(client, desk.author, desk.code, "open")
    answer = save(client, desk.author, desk.code, **{"route-0-organisation": "ghj"})
    assert answer.status_code == 302
    assert steps(Draft.objects.get().content["route"])["审查"]["organisation"] == "ghj"
    page = client.get(reverse("catalogue:draft", args=[desk.code])).content.decode()
    assert "单位：江山市规划局" in page
    refused = save(client, desk.author, desk.code, **{"route-0-organisation": "nobody"})
    assert refused.status_code == 422
    assert "没有登记“nobody”" in refused.content.decode()


def test_two_routes_are_compared_by_names() -> None:
    before = content(route=route_of(ROUTE.read("材料审查|审查|审查\n审定|审查|审查")))
    rows = "材料审查|审查|审查|||||单位=ghj\n审定|审查|审查||||前置环节=材料审查"
    after = content(route=route_of(ROUTE.read(rows)))
    lines = [
        line for line in compare(before, after, {"ghj": "江山市规划局"}) if line.field == "route"
    ]
    told = ["".join(piece.text for piece in line.after) for line in lines]
    assert told == [
        "材料审查，类型：审查，阶段：审查，单位：江山市规划局",
        "审定，类型：审查，阶段：审查，前置环节：材料审查",
    ]
    assert {line.change for line in lines} == {"changed"}


# ── what is shown, what a case is handled by ──────────────────────────────────────────────────


def test_the_chain_names_other_units_and_what_comes_before() -> None:
    route = route_of(ROUTE.read(CELL.replace("江山市规划局", "ghj")))
    units = {"ghj": "江山市规划局"}
    links = chain_of(route, PERMIT, promised="9个工作日", on_the_spot=False, units=units)
    assert links[3] == Link(
        "意见",
        "",
        (
            Step("踏勘", "2个工作日"),
            Step("规划意见", "2个工作日", "符合规划", "江山市规划局"),
            Step("汇总", "1个工作日", "", "", "踏勘、规划意见"),
        ),
    )


@pytest.mark.django_db
def test_the_items_page_says_who_else_takes_part(world: World, client: Client) -> None:
    code = world.item(statutory=20, promised=9, route=CELL)
    page = client.get(reverse("catalogue:item", args=[code])).content.decode()
    assert "由江山市规划局办" in page
    assert "等踏勘、规划意见办好再办" in page
    assert "由江山市水利局办" not in page  # the item's own department goes without saying


@pytest.mark.django_db
def test_a_step_written_as_the_items_own_department_is_nobody_elses(world: World) -> None:
    code = world.item(statutory=20, promised=9, route=CELL.replace("江山市规划局", "slj"))
    told = queries.item_detail(code)["chain"]
    assert not [step.unit for link in told for step in link.steps if step.unit]


@pytest.mark.django_db
def test_what_a_case_is_handled_by(world: World) -> None:
    world.item(
        statutory=20,
        promised=9,
        route=CELL,
        variants="01|新办\n02|变更",
        materials="申请表|表格|2|必要\n原许可证|原件|||办理项=02",
        special="水质检测|15个工作日|《条例》第五条\n听证",
        fees="检测费|每项30元||是|小微企业减半\n工本费|10元|价费字1号|否",
        fee_basis="省物价局文件",
        fee="收费",
    )
    edition = Edition.objects.get()
    told = queries.steps_of(edition)
    assert [(one["stage"], one["name"], one["organisation"], one["days"]) for one in told] == [
        (1, "材料审查", DEPARTMENT, 2),
        (2, "踏勘", DEPARTMENT, 2),
        (2, "规划意见", "ghj", 2),
        (2, "汇总", DEPARTMENT, 1),
        (3, "审定", DEPARTMENT, 1),
    ]
    assert told[3]["needs"] == [told[1]["key"], told[2]["key"]]
    names = [line["name"] for line in queries.materials_of(edition)]
    assert names == ["申请表", "原许可证"]
    [form] = queries.materials_of(edition, "01")
    assert (form["name"], form["need"], form["copies"], form["issuer"]) == ("申请表", "必要", 2, "")
    assert form["id"]
    assert [one["copies"] for one in queries.materials_of(edition)] == [2, None]
    assert queries.special_of(edition) == [
        {"name": "水质检测", "limit": "15个工作日", "basis": "《条例》第五条"},
        {"name": "听证", "limit": "", "basis": ""},
    ]
    assert queries.fees_of(edition) == [
        {
            "name": "检测费",
            "standard": "每项30元",
            "basis": "省物价局文件",
            "is_reducible": True,
            "waiver": "小微企业减半",
        },
        {
            "name": "工本费",
            "standard": "10元",
            "basis": "价费字1号",
            "is_reducible": False,
            "waiver": "",
        },
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fee", "found"),
    [("不收费", []), ("", []), ("每立方米 0.2 元", [("", "每立方米 0.2 元", None)])],
)
def test_fees_that_are_a_sentence_or_none(world: World, fee: str, found: list[Any]) -> None:
    world.item(fee=fee)
    told = queries.fees_of(Edition.objects.get())
    assert [(one["name"], one["standard"], one["is_reducible"]) for one in told] == found
