"""An independent oracle: what cards there must be, by walking through the days one by one.

It shares nothing with mingtang.supervision but the shipped table of thresholds and colours. A day
is judged by what stood when it began; an event by the day on which it happened.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import mingtang
from mingtang.timing.rules import shipped_calendar

DAY = timedelta(days=1)
TABLE = json.loads(
    (Path(mingtang.__file__).parent / "supervision" / "data" / "rules.json").read_text()
)
CALENDAR = shipped_calendar()
STEPS = {"case.step_claimed", "case.examined", "case.step_returned", "case.step_taken_back"}
ENDS = {
    *("case.granted", "case.refused", "case.deemed_granted", "case.not_required"),
    *("case.declined", "case.returned", "case.withdrawn", "case.terminated"),
}
# Code → the clock of which it says that the end is near, or past.
NEAR = {
    "TIME_DUE_SOON": "promised",
    "PRE_EXAM_DUE_SOON": "pre_examination",
    "PROJECT_NODE_SOON": "node_plan",
    "JOINT_DUE_SOON": "promised",
    "LETTER_DUE_SOON": "letter",
}
OVER = {
    "TIME_PROMISE_OVER": "promised",
    "TIME_PROMISE_OVER2": "promised",
    "TIME_STATUTORY_OVER": "statutory",
    "PRE_EXAM_OVER": "pre_examination",
    "PRE_EXAM_OVER2": "pre_examination",
    "STEP_OVER": "step",
    "ACCEPT_LATE": "completeness",
    "DELIVER_LATE": "delivery",
    "PAUSE_OVER": "pause",
    "PROJECT_NODE_OVER": "node_plan",
    "PROJECT_REPORT_LATE": "monthly_report",
    "PROJECT_PROBLEM_OVER": "problem",
    "VILLAGE_DISCLOSURE_LATE": "disclosure",
    "VILLAGE_DISCLOSURE_FAR_LATE": "disclosure",
    "VILLAGE_OBJECTION_LATE": "objection",
    "JOINT_PROMISE_OVER": "promised",
    "JOINT_STATUTORY_OVER": "statutory",
    "JOINT_STEP_OVER": "step",
    "JOINT_ACCEPT_LATE": "completeness",
    "ORDER_UNANSWERED": "directive",
    "OPINION_LATE": "opinion",
    "CONSULTATION_RESULT_LATE": "feedback",
    "COMPLAINT_LATE": "letter",
}
ONE_EACH = {"MEETING_ABSENT"}  # a card for every such event, not one for the matter
SUBJECTS = {row["subject_kind"] for row in TABLE["rules"] if "off_reason" not in row}


@dataclass
class Fact:
    """One event as the oracle reads it."""

    seq: int
    kind: str
    on: date
    facts: dict[str, Any]


def profile(name: str, about: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Code → colour and parameters, of what is switched on for a kind of subject."""
    return {
        row["code"]: (row["colours"][name], row["params"])
        for row in TABLE["rules"]
        if row["colours"].get(name) and "off_reason" not in row and row["subject_kind"] == about
    }


def working_days_between(after: date, until: date) -> int:
    """Counted on the fingers."""
    count, day = 0, after
    while day < until:
        day += DAY
        count += CALENDAR.is_working_day(day)
    return count


def standing(events: Iterable[Fact], day: date) -> dict[str, dict[str, Any]]:
    """The clocks as they stood when a day began."""
    clocks: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.on >= day:
            continue
        for op in event.facts.get("clocks", []):
            kind, act = op["kind"], op["op"]
            if act == "start":
                last = clocks.get(kind, {})
                is_moved = last.get("stopped_by") == event.seq
                is_again = bool(last) and (bool(op.get("pauses")) or is_moved)
                key = clocks[kind]["key"] if is_again else f"{kind}@{event.seq}"
                began = clocks[kind]["began"] if is_again else event.kind
                clocks[kind] = {"key": key, "began": began, "due": op["due"], "runs": True}
                continue
            clock = clocks[kind]
            clock["due"] = op.get("due", clock["due"])
            if act in {"pause", "stop"}:
                clock["runs"] = False
                clock["stopped_by"] = event.seq if act == "stop" else None
            elif act == "resume":
                clock["runs"] = True
    return clocks


def by_time(code: str, params: dict, kind: str, clock: dict, day: date) -> bool:
    """Whether a clock that runs is, on a day, as a rule about time says."""
    due = date.fromisoformat(clock["due"])
    family = kind.split(":")[0]
    if code == "RATING_UNANSWERED":
        is_over = family in {"call_back", "rectify"} and day > due
        return is_over and working_days_between(due, day) >= params["over_days"]
    if NEAR.get(code) == family:
        return day <= due and working_days_between(day, due) <= params["within_days"]
    if OVER.get(code) != family or day <= due:
        return False
    if code == "ACCEPT_LATE" and clock["began"] not in {"case.submitted", "case.taken_in"}:
        return False
    return working_days_between(due, day) >= params["over_days"]


def by_event(code: str, params: dict, event: Fact, before: Sequence[Fact]) -> bool:
    """Whether an event shows what a rule looks for."""
    kind, facts = event.kind, event.facts
    if code == "MULTI_SUPPLEMENT":
        return kind == "case.correction_asked" and facts["round"] >= params["least"]
    if code == "SUPPLEMENT_AFTER_ACCEPT":
        return kind == "case.correction_asked" and bool(facts.get("is_after_acceptance"))
    if code == "NOT_ACCEPTED":
        return kind in {"case.declined", "case.not_required"}
    if code == "NO_ACCEPT_DOC":
        return kind in {"case.accepted", "case.deemed_accepted"} and "document" not in facts
    if code == "NO_DECISION_DOC":
        return (
            kind in {"case.granted", "case.refused", "case.deemed_granted"}
            and "document" not in facts
        )
    if code == "MEETING_ABSENT":
        return kind == "meeting.attended" and facts["attendance"] == "absent"
    if code == "PAUSE_NO_NOTICE":
        return kind == "case.paused" and "document" not in facts
    return by_event_and_past(code, params, event, before)


def by_event_and_past(code: str, params: dict, event: Fact, before: Sequence[Fact]) -> bool:
    kind, facts = event.kind, event.facts
    if code == "NO_PROCESS":
        examined = any(one.kind == "case.examined" for one in before)
        return kind in {"case.granted", "case.refused"} and not examined
    if code == "BAD_RESULT":
        known = {"granted", "granted_partly", "refused"}
        return kind in {"case.granted", "case.refused"} and facts.get("outcome") not in known
    if code == "REFUSE_NO_REASON":
        wanted = {"case.declined", "case.not_required", "case.refused"}
        return kind in wanted and len(facts["reason"].strip()) < params["least"]
    if code == "RATING_BAD":
        return kind == "bad_rating.opened" and facts["level"].endswith("dissatisfied")
    if code == "FEE_OFF":
        return kind == "case.paid" and fee_is_off([*before, event], facts["charge_id"], params)
    if code == "REGISTER_ORDER":
        first = before[0].on if before else event.on
        return kind in STEPS and event.on < first
    if code == "FINISH_ORDER":
        ends = [one for one in before if one.kind in ENDS | {"case.reopened"}]
        is_over = bool(ends) and ends[-1].kind in ENDS
        return kind in STEPS and is_over and event.on > ends[-1].on
    return False


def fee_is_off(events: Sequence[Fact], charge: str, params: dict) -> bool:
    own = [one for one in events if one.facts.get("charge_id") == charge]
    due = sum(one.facts["cents"] for one in own if one.kind == "case.charged")
    due -= sum(
        one.facts["cents"]
        for one in own
        if one.kind == "case.waiver_answered" and one.facts["is_approved"]
    )
    paid = sum(one.facts["cents"] for one in own if one.kind == "case.paid")
    paid -= sum(one.facts["cents"] for one in own if one.kind == "case.refunded")
    return paid != due if due == 0 else abs(paid - due) / due > params["percent"] / 100


Found = dict[tuple[str, str], tuple[date, str]]


def expected(events: Sequence[Fact], choose, until: date, about: str = "case") -> Found:
    """(key, code) → day and colour. `choose(day)` gives the profile of a day, `about` says what
    the events are told of."""
    found: Found = {}
    day = min(event.on for event in events)
    last_event = max(event.on for event in events)
    while day <= until:
        clocks = standing(events, day)
        running = {kind: clock for kind, clock in clocks.items() if clock["runs"]}
        if day > last_event + DAY and not running:
            break
        for code, (colour, params) in profile(choose(day), about).items():
            for kind, clock in running.items():
                if by_time(code, params, kind, clock, day):
                    found.setdefault((clock["key"], code), (day, colour))
            for place, event in enumerate(events):
                if event.on == day and by_event(code, params, event, events[:place]):
                    key = f"{event.kind}@{event.seq}" if code in ONE_EACH else ""
                    found.setdefault((key, code), (day, colour))
        day += DAY
    return found
