"""What the map of a joint matter shows: who is at work, who waits for whom, when it will end; and
the same of a route that nothing runs on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from mingtang.base.templatetags.components import day
from mingtang.base.words import said
from mingtang.cases.rules import State
from mingtang.joint.models import JointCase, JointPart
from mingtang.joint.queries.routes import parts_on_map, unit_names
from mingtang.joint.rules.critical import (
    Forecast,
    Live,
    NodeState,
    Outlook,
    Plan,
    forecast,
    plan_of,
)
from mingtang.joint.rules.drawing import Drawing, Look, Row, draw, rows_of
from mingtang.joint.rules.route import Route, route_of
from mingtang.joint.rules.states import PartStatus
from mingtang.timing.queries import current_calendar

STATES = {
    PartStatus.NOT_READY: NodeState.WAITING,
    PartStatus.READY: NodeState.READY,
    PartStatus.SIMULATING: NodeState.RUNNING,
    PartStatus.RUNNING: NodeState.RUNNING,
    PartStatus.DONE: NodeState.DONE,
    PartStatus.REFUSED: NodeState.FAILED,
    PartStatus.STOPPED: NodeState.FAILED,
    PartStatus.SKIPPED: NodeState.SKIPPED,
}


@dataclass(frozen=True)
class Shown:
    """A map: the drawing, the same as rows by stage, and what it comes to in a sentence."""

    drawing: Drawing
    stages: list[tuple[str, list[Row]]]
    headline: str
    note: str
    has_states: bool


# ── a running matter ──────────────────────────────────────────────────────────────────────────


def map_of(joint: JointCase, on: dt.date) -> Shown:
    """The map of a matter as it stands on a day. Only the parts that were chosen are on it."""
    parts = parts_on_map(joint)
    route = chosen(route_of(joint.edition.content), parts)
    found = forecast(route, live_of(parts), on, current_calendar())
    names = {node.key: node.name for _stage, node in route.nodes()}
    looks = {key: _look(one, names) for key, one in found.nodes.items()}
    units = unit_names([route], on)
    return Shown(
        draw(route, looks, units),
        rows_of(route, looks, units),
        _headline(found),
        _why(found, names),
        has_states=True,
    )


def chosen(route: Route, parts: Sequence[JointPart]) -> Route:
    """The route with the nodes that a matter has, each with who handles it there: nothing waits
    for one that was not chosen."""
    units = {part.key: part.organisation.code if part.organisation else "" for part in parts}
    stages = []
    for stage in route.stages:
        nodes = tuple(
            replace(
                node,
                organisation=units[node.key],
                needs=tuple(need for need in node.needs if need.node in units),
            )
            for node in stage.nodes
            if node.key in units
        )
        if nodes:
            stages.append(replace(stage, nodes=nodes))
    return Route(tuple(stages))


def live_of(parts: Sequence[JointPart]) -> dict[str, Live]:
    """How each part stands, with the day on which its case is due."""
    return {part.key: _live(part) for part in parts}


def _live(part: JointPart) -> Live:
    state = STATES[PartStatus(part.status)]
    opinion = getattr(part, "simulated", None)
    if part.status == PartStatus.SIMULATING and opinion is not None and opinion.given_at:
        state = NodeState.SIMULATED
    if part.case is not None and part.case.state == State.PAUSED and state is NodeState.RUNNING:
        state = NodeState.PAUSED
    due = None  # of a part that is over it would be the delivery's
    if part.case is not None and not state.is_over:
        due = part.case.next_due_date
    return Live(state, part.begun_date, part.ended_date, due)


def _look(one: Outlook, names: Mapping[str, str]) -> Look:
    waits = tuple(names[key] for key in one.blocked_by)
    tone = "bad" if one.is_late and not one.state.is_over else one.state.tone
    word = said(one.state.label)
    if one.is_late:
        word += _("，超期")
    return Look(word, tone, _when(one), waits, one.decides)


def _when(one: Outlook) -> str:
    if one.state is NodeState.DONE:
        return day(one.end)
    if one.state in {NodeState.SKIPPED, NodeState.FAILED, NodeState.WAITING}:
        return ""
    floor = _("最早%(day)s") if one.is_open or one.is_late else _("%(day)s前")
    return floor % {"day": day(one.end)}


def _headline(found: Forecast) -> str:
    told = {"day": day(found.end)}
    if found.is_over:
        return _("已全部办结（%(day)s）") % told
    if found.is_open:
        return _("最早%(day)s办结：还有环节没有定时限，或没有结果") % told
    return _("预计%(day)s办结") % told


def _why(found: Forecast, names: Mapping[str, str]) -> str:
    """The way that decides the end, in words."""
    way = [names[key] for key, one in found.nodes.items() if one.decides and not one.state.is_over]
    return _("决定时间的一路：%(way)s") % {"way": " → ".join(way)} if way else ""


# ── a route by itself ─────────────────────────────────────────────────────────────────────────


def map_of_route(route: Route, on: dt.date) -> Shown:
    """The plan of a route: which working days each node has, and what decides the whole."""
    plan = plan_of(route)
    names = {node.key: node.name for _stage, node in route.nodes()}
    looks = {node.key: _planned(plan, node.key) for _stage, node in route.nodes()}
    units = unit_names([route], on)
    way = [names[key] for key in plan.path]
    return Shown(
        draw(route, looks, units),
        rows_of(route, looks, units),
        _total(plan),
        _("决定时间的一路：%(way)s") % {"way": " → ".join(way)} if way else "",
        has_states=False,
    )


def _planned(plan: Plan, key: str) -> Look:
    """Nodes of a circle have no days."""
    slot = plan.slots.get(key)
    if slot is None:
        return Look(_("绕成了圈"), "bad", "")
    first, last = slot.start + 1, max(slot.finish, slot.start)
    days = _("第%(first)s至%(last)s个工作日") % {"first": first, "last": last}
    if slot.finish == slot.start:
        days = _("第%(first)s个工作日起") if slot.is_open else _("即办")
        days %= {"first": first}
    if slot.is_open:
        return Look(_("时限待确认"), "warn", days, decides=slot.is_critical)
    return Look(_("时限已定"), "info", days, decides=slot.is_critical)


def _total(plan: Plan) -> str:
    if not plan.days and not plan.is_open:
        return _("各环节都是即办")
    told = {"days": plan.days}
    if plan.is_open:
        return _("最长一路至少%(days)s个工作日：有环节的时限待确认") % told
    return _("最长一路%(days)s个工作日") % told
