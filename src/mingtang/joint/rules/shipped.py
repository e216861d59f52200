"""Rules: routes shipped as tables, and how a city makes them its own.

A shipped node names a kind of office (自然资源), not an organisation, and no item: both differ from
city to city. What a city does not say stays empty, and the checks ask for it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from mingtang.base.errors import DomainError
from mingtang.joint.rules.checks import ItemFacts
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie
from mingtang.timing.rules import Unit

FOLDER = Path(__file__).parents[1] / "data"
SIMULATED = "~"  # before a need that may be simulated
Line = Mapping[str, str]


@dataclass(frozen=True)
class ShippedRoute:
    """`leads` and `organisation` are kinds of offices."""

    code: str
    name: str
    note: str
    route: Route


class BadTable(DomainError):
    """A table that lacks a column."""


def rows_of(text: str, columns: Iterable[str]) -> list[Line]:
    """The lines of a table. Raises BadTable for a column that is not there."""
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTable(f"表里没有这些列：{'、'.join(missing)}。第一行应是列名。")
    return [{name: (row[name] or "").strip() for name in columns} for row in reader]


def table(name: str) -> str:
    """The text of a shipped table."""
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


@cache
def shipped() -> tuple[ShippedRoute, ...]:
    heads = csv.DictReader(table("routes").splitlines())
    lines = list(csv.DictReader(table("nodes").splitlines()))
    return tuple(
        ShippedRoute(
            head["route"],
            head["name"],
            head["note"],
            _route([line for line in lines if line["route"] == head["route"]]),
        )
        for head in heads
    )


def _route(lines: list[dict[str, str]]) -> Route:
    stages = dict.fromkeys(line["stage"] for line in lines)
    return Route(tuple(_stage([one for one in lines if one["stage"] == key]) for key in stages))


def _stage(lines: list[dict[str, str]]) -> Stage:
    first = lines[0]
    return Stage(
        key=first["stage"],
        name=first["stage_name"],
        nodes=tuple(_node(line) for line in lines),
        lead=first["lead"],
        days=_days(first["stage_days"]),
        is_serial=first["serial"] == "是",
    )


def _node(line: Line) -> Node:
    needs = [need for need in line["needs"].split("、") if need]
    return Node(
        key=line["node"],
        name=line["name"],
        kind=NodeKind(line["kind"]),
        organisation=line["unit"],
        days=_days(line["days"]),
        needs=tuple(_need(need) for need in needs),
        is_required=line["required"] == "是",
    )


def _days(cell: str) -> int | None:
    return int(cell) if cell else None


def _need(text: str) -> Need:
    tie = Tie.SIMULATE if text.startswith(SIMULATED) else Tie.HARD
    return Need(text.removeprefix(SIMULATED), tie)


# ── a city's own ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class City:
    """`units`: organisations by kind of office; `items`: items by route and node."""

    units: Mapping[str, str]
    items: Mapping[tuple[str, str], str]


def city_of(units: str, items: str) -> City:
    """The two tables of a city. Raises BadTable."""
    return City(
        {line["unit"]: line["organisation"] for line in rows_of(units, ("unit", "organisation"))},
        {
            (line["route"], line["node"]): line["item"]
            for line in rows_of(items, ("route", "node", "item"))
        },
    )


def fitted(one: ShippedRoute, city: City, known: Mapping[str, ItemFacts]) -> Route:
    """The route with the city's organisations, items and promises for what it left open. An item
    that the catalogue has not is left open."""
    return Route(
        tuple(
            replace(
                stage,
                lead=city.units.get(stage.lead, ""),
                nodes=tuple(_fitted(one.code, node, city, known) for node in stage.nodes),
            )
            for stage in one.route.stages
        )
    )


def _fitted(code: str, node: Node, city: City, known: Mapping[str, ItemFacts]) -> Node:
    item = city.items.get((code, node.key), "")
    facts = known.get(item)
    unit = city.units.get(node.organisation, "")
    if facts is None:
        return replace(node, organisation=unit)
    days = node.days
    if days is None and facts.promised and facts.promised.unit is Unit.WORKING_DAY:
        days = facts.promised.amount
    return replace(node, item=item, organisation=facts.department, days=days)
