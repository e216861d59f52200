"""Rules: the way of an application as a reader sees it, from 收件 to 送达. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingtang.catalogue.rules.profiles import Profile


@dataclass(frozen=True)
class Step:
    """One piece of work; those of a link go on side by side."""

    name: str
    limit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Link:
    """One link of the chain. Links follow one another."""

    name: str
    limit: str = ""
    steps: tuple[Step, ...] = ()


def chain_of(
    route: Mapping[str, Any], profile: Profile, *, promised: str, on_the_spot: bool
) -> list[Link]:
    """收件 → 受理 → the stages of the route → 决定 → 送达, each with its limit where one is set.

    `promised` is the label of the promised limit, counted from 受理 to 决定. What is done on the
    spot has no limits between.
    """
    days = "" if on_the_spot else f"{profile.completeness_days}个工作日内"
    delivery = "" if on_the_spot else f"决定后{profile.delivery_days}个工作日内"
    return [
        Link("收件"),
        Link("受理", days),
        *_stages(route),
        Link("决定", promised if on_the_spot or not promised else f"自受理起共{promised}"),
        Link("送达", delivery),
    ]


def _stages(route: Mapping[str, Any]) -> Iterator[Link]:
    for stage in route["stages"]:
        steps = tuple(_step(step) for step in stage["steps"])
        if len(steps) == 1:
            yield Link(steps[0].name, steps[0].limit, steps if steps[0].note else ())
        elif steps:
            yield Link(stage["name"], "", steps)


def _step(step: Mapping[str, Any]) -> Step:
    said = [
        step.get("standard", ""),
        f"结果：{step['result']}" if step.get("result") else "",
    ]
    limit = f"{step['days']}个工作日" if step.get("days") else ""
    return Step(step["name"], limit, "；".join(one for one in said if one))
