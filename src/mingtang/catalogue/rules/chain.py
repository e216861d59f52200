"""Rules: the way of an application as a reader sees it, from 收件 to 送达. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingtang.catalogue.rules.profiles import Profile
from mingtang.catalogue.rules.referral import ReferredUp

NOTHING: Mapping[str, str] = {}
FIRST_LINK = "初审并上报"
FIRST_NOTE = "初审的一级不作决定，意见随件上报"


@dataclass(frozen=True)
class Step:
    """One piece of work; those of a link go on side by side. `unit`: who does it, if another than
    the item's department; `after`: what of the same link comes before it."""

    name: str
    limit: str = ""
    note: str = ""
    unit: str = ""
    after: str = ""


@dataclass(frozen=True)
class Link:
    """One link of the chain. Links follow one another."""

    name: str
    limit: str = ""
    steps: tuple[Step, ...] = ()


def chain_of(
    route: Mapping[str, Any],
    profile: Profile,
    *,
    promised: str,
    on_the_spot: bool,
    units: Mapping[str, str] = NOTHING,
    first: ReferredUp | None = None,
) -> list[Link]:
    """收件 → 受理 → the stages of the route → 决定 → 送达, each with its limit where one is set.

    `promised` is the label of the promised limit, counted from 受理 to 决定. What is done on the
    spot has no limits between. `units` names the other units of the route by their codes. What is
    examined below `first` is promised from the day on which it was reported up.
    """
    days = "" if on_the_spot else f"{profile.completeness_days}个工作日内"
    delivery = "" if on_the_spot else f"决定后{profile.delivery_days}个工作日内"
    since = "上报" if first else "受理"
    return [
        Link("收件"),
        Link("受理", days),
        *_below(first),
        *_stages(route, units),
        Link("决定", promised if on_the_spot or not promised else f"自{since}起共{promised}"),
        Link("送达", delivery),
    ]


def _below(first: ReferredUp | None) -> Iterator[Link]:
    if first:
        unit = "乡镇（街道）" if first.is_by_township else ""
        step = Step(FIRST_LINK, f"{first.days}个工作日", FIRST_NOTE, unit)
        yield Link(step.name, f"自受理起{step.limit}", (step,))


def _stages(route: Mapping[str, Any], units: Mapping[str, str]) -> Iterator[Link]:
    for stage in route["stages"]:
        names = {step["key"]: step["name"] for step in stage["steps"]}
        steps = tuple(_step(step, units, names) for step in stage["steps"])
        if len(steps) == 1:
            only = steps[0]
            yield Link(only.name, only.limit, steps if only.note or only.unit else ())
        elif steps:
            yield Link(stage["name"], "", steps)


def _step(step: Mapping[str, Any], units: Mapping[str, str], names: Mapping[str, str]) -> Step:
    said = [
        step.get("standard", ""),
        f"结果：{step['result']}" if step.get("result") else "",
    ]
    limit = f"{step['days']}个工作日" if step.get("days") else ""
    return Step(
        step["name"],
        limit,
        "；".join(one for one in said if one),
        units.get(step["organisation"], ""),
        "、".join(names[need] for need in step["needs"] if need in names),
    )
