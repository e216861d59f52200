"""Rules of supervision: who does often what can hide a delay. Counting, no judgement. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from mingtang.supervision.rules.pace import DECISIONS
from mingtang.supervision.rules.story import HANDLING, Told, runs
from mingtang.timing.rules import OFFICE_HOURS, ClockKind

ENDS = frozenset(
    {
        *("case.withdrawn", "case.terminated", "case.returned"),
        *("case.declined", "case.not_required"),
    }
)
HOUR = timedelta(hours=1)


class Habit(StrEnum):
    PAUSES = "pauses"
    EXTENSIONS = "extensions"
    CORRECTIONS = "corrections"
    LAST_HOUR = "last_hour"
    REOPENED = "reopened"
    BOUNCES = "bounces"

    @property
    def label(self) -> str:
        return {
            "pauses": "暂停计时",
            "extensions": "延期",
            "corrections": "受理后补正",
            "last_hour": "期限前一小时内决定",
            "reopened": "办结后又恢复",
            "bounces": "退回窗口",
        }[self]


KINDS = {
    "case.paused": Habit.PAUSES,
    "case.extended": Habit.EXTENSIONS,
    "case.correction_asked": Habit.CORRECTIONS,
    "case.reopened": Habit.REOPENED,
    "case.bounced": Habit.BOUNCES,
    **dict.fromkeys(DECISIONS[:2], Habit.LAST_HOUR),
}
LOOKED_AT = tuple(sorted({*HANDLING, *KINDS}))


@dataclass(frozen=True)
class Seen:
    """An event with the stream and the local moment."""

    stream: str
    at: datetime
    told: Told


@dataclass(frozen=True)
class Case:
    """Where it was seen."""

    stream: str
    seq: int
    on: date


@dataclass
class Person:
    """What one person did: each habit with its cases, and in how many cases they acted at all."""

    person_id: int
    found: dict[Habit, list[Case]] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)

    @property
    def n(self) -> int:
        return len(self.handled)

    @property
    def most(self) -> int:
        return max((len(cases) for cases in self.found.values()), default=0)


def needs_history(seen: Seen) -> bool:
    """Whether only what came before tells if it counts: the due day, and who had ended the case."""
    return seen.told.kind == "case.reopened" or (
        seen.told.kind in DECISIONS and is_last_hour(seen.at)
    )


def is_last_hour(at: datetime) -> bool:
    """In the last hour before the windows close, or later on that day. `at`: local."""
    closes = datetime.combine(at.date(), OFFICE_HOURS.spans[-1][1], at.tzinfo)
    return at >= closes - HOUR


def habits(seen: Iterable[Seen], histories: Mapping[str, Sequence[Told]]) -> dict[int, Person]:
    """By person. `histories`: whole ones, of the streams where that is needed."""
    people: dict[int, Person] = {}
    for one in seen:
        told = one.told
        if told.person_id:
            actor = people.setdefault(int(told.person_id), Person(int(told.person_id)))
            actor.handled.add(one.stream)
        found = _habit(one, histories.get(one.stream, ()))
        if found is not None:
            habit, person_id = found
            person = people.setdefault(person_id, Person(person_id))
            person.handled.add(one.stream)
            case = Case(one.stream, told.seq, told.on)
            person.found.setdefault(habit, []).append(case)
    return people


def _habit(one: Seen, history: Sequence[Told]) -> tuple[Habit, int] | None:
    """What an event shows of whom; None where it shows nothing."""
    told = one.told
    habit = KINDS.get(told.kind)
    whose = told.facts.get("asked_by") or told.person_id
    if habit is Habit.CORRECTIONS and not told.facts.get("is_after_acceptance"):
        habit = None
    elif habit is Habit.LAST_HOUR:
        habit = habit if is_last_hour(one.at) and _is_due(told, history) else None
    elif habit is Habit.REOPENED:
        whose = _ended_by(told, history) or whose
    return (habit, int(whose)) if habit and whose else None


def _is_due(decision: Told, history: Sequence[Told]) -> bool:
    """Whether the promise of a case ended on the day of its decision."""
    known = [event for event in history if event.seq <= decision.seq]
    return any(
        run.kind == ClockKind.PROMISED and run.until == decision.on == run.due
        for run in runs(known)
    )


def _ended_by(reopened: Told, history: Sequence[Told]) -> str | None:
    ends = [event for event in history if event.seq < reopened.seq and event.kind in ENDS]
    return ends[-1].person_id if ends else None
