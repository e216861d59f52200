"""Rules: the route of a case as rows of a table, and as the stages and steps that editions keep.

Stages are serial, the steps of a stage run side by side (docs/architecture.md).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from mingtang.catalogue.rules.fields import Choice, Number, Option, Row, Table, Text, is_blank

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
        Text("key", "标识", 40),
    ),
    in_order=6,
    most=20,
    help="从受理到决定之间的环节；同一阶段的环节同时办，阶段一个接一个。",
)
KEY = re.compile(r"[a-z0-9_-]{1,40}")
EXTRA = ("days", "standard", "result")


def route_of(rows: Sequence[Row]) -> Route:
    """Stages and steps of the rows, in their order; no row means one examination.

    A row without a usable key is given one from its kind that no other has.
    """
    rows = rows or [{"name": "审查", "kind": "review", "stage": "办理"}]
    keys = list(_keys(rows))
    stages: list[Route] = []
    for key, row in zip(keys, rows, strict=True):
        name = row.get("stage") or (stages[-1]["name"] if stages else "办理")
        stage = next((one for one in stages if one["name"] == name), None)
        if stage is None:
            number = len(stages) + 1
            stage = {"key": "main" if number == 1 else f"stage-{number}", "name": name, "steps": []}
            stages.append(stage)
        stage["steps"].append(_step(key, row))
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


def _step(key: str, row: Row) -> Row:
    step = {
        "key": key,
        "name": row["name"],
        "kind": row.get("kind") or "review",
        "organisation": DEPARTMENT,
        "needs": [],
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
            found.append(row | {"key": step["key"]})
    return found


def days_of(route: Route) -> int:
    """Working days of the whole route: the longest step of each stage, the stages summed."""
    return sum(
        max((step.get("days", 0) for step in stage["steps"]), default=0)
        for stage in route["stages"]
    )
