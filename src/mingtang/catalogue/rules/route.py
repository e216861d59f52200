"""Rules: the route of a case as rows of a table, and as the stages and steps that editions keep.

Stages are serial, the steps of a stage run side by side (docs/architecture.md).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mingtang.catalogue.rules.fields import (
    Choice,
    Number,
    Option,
    Row,
    Several,
    Table,
    Text,
    is_blank,
)

Route = dict[str, Any]

DEPARTMENT = "item.department"  # the step belongs to the item's own department
STEP_KINDS = {
    "review": Option("审查"),
    "joint_review": Option("联合审查"),
    "site_visit": Option("现场踏勘"),
    "payment": Option("缴费"),
    "issue": Option("制证"),
}
ROUTE = Table(
    "route",
    "流程环节",
    (
        Text("name", "环节", 60),
        Choice("kind", "类型", STEP_KINDS),
        Text("stage", "阶段", 60),
        Number("days", "时限", 0, 999, "个工作日"),
        Text("standard", "审查标准", 300),
        Text("result", "结果", 100),
        Text("organisation", "单位", 100, help="别的单位办的环节，选那个单位。"),
        Several(
            "needs", "前置环节", help="要等哪些环节办好才能开始；前面的阶段本来就在前，不用选。"
        ),
        Text("key", "标识", 40),
    ),
    in_order=6,
    most=20,
    help="从受理到决定之间的环节；同一阶段的环节同时办，阶段一个接一个。别的单位办的、要等别的环节办好的，在“更多”里选。",
)
KEY = re.compile(r"[a-z0-9_-]{1,40}")
EXTRA = ("days", "standard", "result")


def route_of(rows: Sequence[Row]) -> Route:
    """Stages and steps of the rows, in their order; no row means one examination.

    A row without a usable key is given one from its kind that no other has. What a step needs may
    be named by key or by name; what names no step, or several, stays as it is.
    """
    rows = rows or [{"name": "审查", "kind": "review", "stage": "办理"}]
    keys = list(_keys(rows))
    named = _named(rows, keys)
    stages: list[Route] = []
    for key, row in zip(keys, rows, strict=True):
        name = row.get("stage") or (stages[-1]["name"] if stages else "办理")
        stage = next((one for one in stages if one["name"] == name), None)
        if stage is None:
            number = len(stages) + 1
            stage = {"key": "main" if number == 1 else f"stage-{number}", "name": name, "steps": []}
            stages.append(stage)
        stage["steps"].append(_step(key, row, named))
    return {"stages": stages}


def _keys(rows: Sequence[Row]) -> Iterator[str]:
    named = [key if KEY.fullmatch(key := row.get("key", "")) else "" for row in rows]
    given: set[str] = set()
    for row, key in zip(rows, named, strict=True):
        kind = row.get("kind") or "review"
        wanted = key or kind
        number = 1
        while wanted in given or (not key and wanted in named):
            number += 1
            wanted = f"{kind}-{number}"
        given.add(wanted)
        yield wanted


def _named(rows: Sequence[Row], keys: Sequence[str]) -> dict[str, str]:
    """What a step may be called by: its key, or its name where no other has it."""
    names = [row["name"] for row in rows]
    by_name = {n: key for n, key in zip(names, keys, strict=True) if names.count(n) == 1}
    return by_name | {key: key for key in keys}


def _step(key: str, row: Row, named: Mapping[str, str]) -> Row:
    step = {
        "key": key,
        "name": row["name"],
        "kind": row.get("kind") or "review",
        "organisation": row.get("organisation") or DEPARTMENT,
        "needs": list(dict.fromkeys(named.get(need, need) for need in row.get("needs") or [])),
        "completion": "all",
    }
    return step | {name: row[name] for name in EXTRA if not is_blank(row.get(name))}


def rows_of(route: Route) -> list[Row]:
    """The rows that `route_of` makes the same route of."""
    found = []
    for stage in route["stages"]:
        for step in stage["steps"]:
            row = {"name": step["name"], "kind": step["kind"], "stage": stage["name"]}
            row |= {name: step[name] for name in EXTRA if name in step}
            if step["organisation"] != DEPARTMENT:
                row["organisation"] = step["organisation"]
            if step["needs"]:
                row["needs"] = list(step["needs"])
            found.append(row | {"key": step["key"]})
    return found


def days_of(route: Route) -> int:
    """Working days of the whole route: the longest way through each stage, the stages summed."""
    return sum(_stage_days(stage["steps"]) for stage in route["stages"])


def _stage_days(steps: Sequence[Row]) -> int:
    """Side by side, but a step begins when those of the stage that it needs are done."""
    ends = {step["key"]: 0 for step in steps}
    for _ in steps:  # each round settles at least one step more
        ends = {step["key"]: step.get("days", 0) + _begin(step, ends) for step in steps}
    return max(ends.values(), default=0)


def _begin(step: Row, ends: Mapping[str, int]) -> int:
    return max((ends.get(need, 0) for need in step["needs"]), default=0)


# ── the units of steps, and what steps wait for ───────────────────────────────────────────────


def steps_in(route: Route) -> Iterator[tuple[int, int, Row]]:
    """All steps in order, each with the number of its row and of its stage, from 1."""
    row = 0
    for number, stage in enumerate(route["stages"], 1):
        for step in stage["steps"]:
            row += 1
            yield row, number, step


def units_of(route: Route) -> list[str]:
    """The units of steps that are not the item's own department, as the route has them."""
    found = (step["organisation"] for _row, _stage, step in steps_in(route))
    return list(dict.fromkeys(unit for unit in found if unit != DEPARTMENT))


def with_codes(route: Route, code_of: Callable[[str], str | None]) -> tuple[Route, list[str]]:
    """The route with the code of each unit for whatever it was called, and a sentence for each
    row whose unit nobody knows."""
    unknown = [
        f"第{row}行“单位”：没有登记“{step['organisation']}”，或有几个单位叫这个名称，"
        "请写已登记单位的代码或全称。"
        for row, _stage, step in steps_in(route)
        if step["organisation"] != DEPARTMENT and code_of(step["organisation"]) is None
    ]
    return {"stages": [_coded(stage, code_of) for stage in route["stages"]]}, unknown


def _coded(stage: Route, code_of: Callable[[str], str | None]) -> Route:
    steps = []
    for step in stage["steps"]:
        unit = step["organisation"]
        code = unit if unit == DEPARTMENT else code_of(unit) or unit
        steps.append({**step, "organisation": code})
    return {**stage, "steps": steps}


def misplaced_needs(route: Route) -> Iterator[tuple[int, str]]:
    """Needs that could never be met: the row and a sentence for each."""
    places = {step["key"]: (stage, step["name"]) for _row, stage, step in steps_in(route)}
    for row, stage, step in steps_in(route):
        for need in step["needs"]:
            if need not in places:
                yield row, f"前置环节“{need}”不在流程里，请改选，或写清环节的名称。"
            elif places[need][0] > stage:
                name = places[need][1]
                yield row, f"前置环节“{name}”在后面的阶段才办，请改选，或调整阶段的先后。"
    for stage_of_route in route["stages"]:
        yield from _circles(stage_of_route["steps"], route)


def _circles(steps: Sequence[Row], route: Route) -> Iterator[tuple[int, str]]:
    """Steps that wait for themselves in the end, each circle told once, at its first row."""
    needs = {step["key"]: [n for n in step["needs"] if n != step["key"]] for step in steps}
    rows = {step["key"]: row for row, _stage, step in steps_in(route)}
    names = {step["key"]: step["name"] for step in steps}
    told: set[str] = set()
    for step in steps:
        key = step["key"]
        if key in step["needs"]:
            yield rows[key], f"前置环节写了“{step['name']}”自己，请删去。"
        circle = [] if key in told else way_back(key, needs)
        if circle:
            told.update(circle)
            way = "→".join(names[one] for one in [*circle, key])
            yield rows[key], f"前置环节绕成了圈（{way}），谁也开始不了，请去掉其中一个。"


def way_back(key: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a step over what it needs back to itself; empty if there is none."""
    ways, seen = [[key]], set()
    for way in ways:  # grows while it is read
        for need in needs.get(way[-1], ()):
            if need == key:
                return way
            if need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return []
