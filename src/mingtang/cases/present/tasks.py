"""What an applicant has to do and what we do, as a list of tasks with four states."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from mingtang.base.words import said
from mingtang.cases.queries import Situation, first_level, is_below
from mingtang.cases.rules import (
    DECIDED,
    HANDLING,
    PauseReason,
    State,
)
from mingtang.cases.rules.fees import ChargeState, yuan
from mingtang.timing.rules import ClockKind


class TaskState(StrEnum):
    YOURS = "yours"
    OURS = "ours"
    DONE = "done"
    LATER = "later"

    @property
    def label(self) -> str:
        return {
            "yours": _("请您办理"),
            "ours": _("我们在办"),
            "done": _("已完成"),
            "later": _("还没到"),
        }[self.value]

    @property
    def tone(self) -> str:
        return {"yours": "warn", "ours": "info", "done": "ok", "later": "todo"}[self.value]


def _task(
    title: str, state: TaskState, text: str = "", due: date | None = None, act: str = ""
) -> dict[str, Any]:
    """`act`: the name of the page where the applicant does it."""
    return {
        "title": title,
        "state": state.value,
        "label": state.label,
        "tone": state.tone,
        "text": text,
        "due": due,
        "act": act,
    }


_GONE = (State.NOT_REQUIRED, State.DECLINED, State.RETURNED, State.WITHDRAWN, State.TERMINATED)


def tasks(now: Situation, where: str = "") -> list[dict[str, Any]]:
    """The way of this case as work for the applicant and for us, in order. `where`: the window."""
    state = now.state
    found = [_task(_("提交申请"), TaskState.DONE), *_corrections(now)]
    if state in _GONE or now.case.ended_at:
        return [*found, _task(said(state.label), TaskState.DONE, now.case.end_reason)]
    found += _owed(now, where)
    found.append(_acceptance(now))
    found += _deferred(now, where)
    found += _first_examination(now)
    found.append(_examination(now))
    found += _payment(now)
    found.append(_delivery(now))
    return found


def _due(now: Situation, *kinds: str) -> date | None:
    running = {clock.kind: clock.due_date for clock in now.clocks if clock.stopped_date is None}
    return next((running[kind] for kind in kinds if kind in running), None)


def _corrections(now: Situation) -> list[dict[str, Any]]:
    found = []
    for correction in now.corrections:
        names = "、".join(line["name"] for line in correction.missing)
        text = "；".join(one for one in (names, correction.note) if one)
        is_last = correction is now.corrections[-1]
        if now.state is State.CORRECTING and is_last:
            due = _due(now, "correction")
            found.append(_task(_("补正材料"), TaskState.YOURS, text, due, "correct"))
        elif correction.supplied_at is None and correction.is_after_acceptance:
            found.append(_task(_("补充材料"), TaskState.YOURS, text, None, "correct"))
        else:
            found.append(_task(_("补正材料"), TaskState.DONE, text))
    return found


def _owed(now: Situation, where: str) -> list[dict[str, Any]]:
    """The papers that were to be brought, as one thing to do: one way leads there."""
    names = "、".join(one.name for one in now.owed)
    if names:
        due = None if now.case.accepted_at else _due(now, "completeness")
        return [_task(_("到窗口交材料"), TaskState.YOURS, _brought_to(names, where), due)]
    if now.to_bring:
        names = "、".join(one.name for one in now.to_bring)
        return [_task(_("到窗口交材料"), TaskState.DONE, names)]
    return []


def _brought_to(what: str, where: str) -> str:
    return _("%(what)s。请带到%(where)s") % {"what": what, "where": where} if where else what


def _acceptance(now: Situation) -> dict[str, Any]:
    if now.case.accepted_at:
        return _task(_("受理"), TaskState.DONE)
    if now.state is State.CORRECTING:
        return _task(_("受理"), TaskState.LATER, _("补正齐全后受理"))
    return _task(_("受理"), TaskState.OURS, _("窗口正在核对材料"), _due(now, "completeness"))


def _deferred(now: Situation, where: str) -> list[dict[str, Any]]:
    """What was promised in the same words for the same day is one thing to do."""
    groups: dict[tuple[bool, date, str], list[str]] = {}
    for one in now.deferred:
        key = (one.supplied_at is not None, one.due_date, one.promise)
        groups.setdefault(key, []).append(one.name)
    return [
        _later(_("补交：%(name)s") % {"name": "、".join(names)}, *key, where)
        for key, names in groups.items()
    ]


def _later(title: str, is_there: bool, due: date, promise: str, where: str) -> dict[str, Any]:
    if is_there:
        return _task(title, TaskState.DONE)
    return _task(title, TaskState.YOURS, _brought_to(promise, where), due, "deferred")


def _first_examination(now: Situation) -> list[dict[str, Any]]:
    """What a lower level examines before the next one decides."""
    if first_level(now.case) is None:
        return []
    title = _("初审并上报")
    if now.case.referred_up_at:
        return [_task(title, TaskState.DONE)]
    if now.state in HANDLING:
        return [_task(title, TaskState.OURS, "", _due(now, ClockKind.PRE_EXAMINATION))]
    return [_task(title, TaskState.LATER)]


def _examination(now: Situation) -> dict[str, Any]:
    state = now.state
    if now.case.decided_at:
        return _task(_("审查和决定"), TaskState.DONE)
    if state is State.PAUSED and now.pauses:
        reason = said(PauseReason(now.pauses[-1].reason).label)
        text = _("正在进行%(reason)s，期间不计时：%(note)s") % {
            "reason": reason,
            "note": now.pauses[-1].note,
        }
        return _task(_("审查和决定"), TaskState.OURS, text, _due(now, "pause"))
    if state in HANDLING and not is_below(now.case):
        kinds = ("statutory",) if now.case.extended_at else ("promised", "statutory")
        return _task(_("审查和决定"), TaskState.OURS, "", _due(now, *kinds))
    return _task(_("审查和决定"), TaskState.LATER)


_CHARGE_STATES: Mapping[ChargeState, TaskState] = {
    ChargeState.DUE: TaskState.YOURS,
    ChargeState.WAIVER_ASKED: TaskState.OURS,
}


def _payment(now: Situation) -> list[dict[str, Any]]:
    found = []
    for charge in now.charges:
        state = ChargeState(charge.state)
        text = f"{said(yuan(charge.cents - charge.waiver_cents))} · {said(state.label)}"
        if state is ChargeState.DUE:
            text += _("。请带缴款通知书到统一收费窗口")
        found.append(_task(_("缴费"), _CHARGE_STATES.get(state, TaskState.DONE), text))
    return found


def _is_being_made(now: Situation) -> bool:
    kinds = now.case.edition.details.get("result_type") or []
    return now.state is not State.REFUSED and "licence" in kinds and now.case.issued_at is None


def _delivery(now: Situation) -> dict[str, Any]:
    state = now.state
    if now.case.delivered_at:
        return _task(_("领取结果"), TaskState.DONE)
    if state not in DECIDED:
        return _task(_("领取结果"), TaskState.LATER, "", None, "collect" if state.is_open else "")
    if _is_being_made(now):
        return _task(
            _("领取结果"), TaskState.OURS, _("证照正在制作，做好后通知您"), None, "collect"
        )
    if now.case.wanted_way == "post":
        return _task(
            _("领取结果"), TaskState.OURS, _("将寄到您填的地址"), _due(now, "delivery"), "collect"
        )
    text = _("请带身份证到窗口领取，也可以改为邮寄")
    return _task(_("领取结果"), TaskState.YOURS, text, _due(now, "delivery"), "collect")
