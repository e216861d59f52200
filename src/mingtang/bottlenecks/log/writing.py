"""Writers of a log's analysis: JSON and a table of the edges. Seconds, to the microsecond."""

import csv
import io
import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from mingtang.base.cells import guarded
from mingtang.bottlenecks.rules.mining import Findings
from mingtang.bottlenecks.rules.spread import Spread

MICROS = 1_000_000
EDGE_COLUMNS = ("from", "to", "count", "median_seconds", "mean_seconds", "p90_seconds")
DEFINITIONS = {
    "edge": "an event and the next of its case, in order of time, ties in file order",
    "activity": "time since the event before it in its case; the first event of a case has none",
    "percentile": "linear interpolation at rank share*(n-1), as numpy.percentile; median alike",
    "rework": "an activity that a case had before; self_loops: directly after itself",
    "time_zone": "times without a zone are Asia/Shanghai",
}


def seconds(micros: Fraction) -> float:
    return float(round(micros / MICROS, 6))


def _spread(spread: Spread | None) -> dict[str, float | None]:
    return {
        "median_seconds": seconds(spread.median) if spread else None,
        "mean_seconds": seconds(spread.mean) if spread else None,
        "p90_seconds": seconds(spread.p90) if spread else None,
    }


def _edges(found: Findings) -> list[dict[str, Any]]:
    return [
        {"from": edge.source, "to": edge.target, "count": edge.count, **_spread(edge.spread)}
        for edge in found.edges
    ]


def _activities(found: Findings) -> list[dict[str, Any]]:
    return [
        {
            "activity": one.name,
            "count": one.count,
            "cases": one.cases,
            **_spread(one.spread),
            "starts": one.starts,
            "ends": one.ends,
            "repeats": one.repeats,
            "self_loops": one.self_loops,
        }
        for one in found.activities
    ]


def _rework(found: Findings) -> dict[str, Any]:
    return {
        "cases": found.rework_cases,
        "events": sum(one.repeats for one in found.rework),
        "self_loops": sum(one.self_loops for one in found.rework),
        "activities": [
            {
                "activity": one.name,
                "cases": one.repeat_cases,
                "repeats": one.repeats,
                "self_loops": one.self_loops,
            }
            for one in found.rework
        ],
    }


def _counted(pairs: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"activity": name, "cases": cases} for name, cases in pairs]


def as_dict(found: Findings) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "events": found.events,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "case_duration": _spread(found.case_spread),
        "edges": _edges(found),
        "activities": _activities(found),
        "variants": [
            {"activities": list(one.activities), "cases": one.cases} for one in found.variants
        ],
        "start_activities": _counted(found.starts),
        "end_activities": _counted(found.ends),
        "rework": _rework(found),
        "resources": [
            {"resource": one.name, "count": one.count, "cases": one.cases, **_spread(one.spread)}
            for one in found.resources
        ],
        "definitions": DEFINITIONS,
    }


def as_json(found: Findings) -> str:
    return json.dumps(as_dict(found), ensure_ascii=False, indent=2)


def as_csv(found: Findings) -> str:
    """The edges, one in each line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, EDGE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for edge in _edges(found):
        writer.writerow(edge | {"from": guarded(edge["from"]), "to": guarded(edge["to"])})
    return out.getvalue().rstrip("\n")
