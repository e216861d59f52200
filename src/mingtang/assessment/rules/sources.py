"""Rules of assessment: where numbers come from. Pure.

A source reads what the ledger tells of a target in a period, and names the events behind its
number: every point drills to them. Business apps are known by the kinds of their events alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mingtang.assessment.rules.observations import ObservationKind
from mingtang.assessment.rules.schemes import Offer, Shape, TargetKind
from mingtang.assessment.rules.scoring import Evidence, Measured


@dataclass(frozen=True)
class Fact:
    """An event of the ledger as a source reads it, with where it counts."""

    stream: str
    seq: int
    kind: str
    on: date
    facts: Mapping[str, Any]
    organisation_id: int | None = None
    window_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Told:
    """What happened to a target in a period, and the whole history of each thing it touched.
    `until`: the last day of the period. `unfounded`: ratings that two persons found to be so, by
    stream and service."""

    facts: tuple[Fact, ...] = ()
    histories: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    until: date | None = None
    unfounded: frozenset[tuple[str, int]] = frozenset()

    def of(self, *kinds: str) -> Iterator[Fact]:
        wanted = frozenset(kinds)
        return (fact for fact in self.facts if fact.kind in wanted)

    def before(self, fact: Fact) -> list[Fact]:
        return [one for one in self.histories.get(fact.stream, ()) if one.seq < fact.seq]

    def after(self, fact: Fact) -> list[Fact]:
        return [one for one in self.histories.get(fact.stream, ()) if one.seq > fact.seq]


# Agents act for applicants, not as officers: they have sources of their own.
OFFICERS = frozenset(TargetKind) - {TargetKind.AGENT}
UNITS = frozenset({TargetKind.DEPARTMENT, TargetKind.TOWNSHIP})
AGENTS = frozenset({TargetKind.AGENT})


@dataclass(frozen=True)
class Source:
    """A number to judge by: its code, what it is called, what it gives and how it is found."""

    code: str
    label: str
    shape: Shape
    measure: Callable[[Told], Measured]
    targets: frozenset[TargetKind] = field(default_factory=lambda: OFFICERS)


FILED = ("case.submitted", "case.taken_in")
DECIDED = ("case.granted", "case.refused")
TURNED_AWAY = ("case.declined", "case.not_required", "case.returned")
ACCEPTED = ("case.accepted", "case.deemed_accepted")
REFUSED = ("case.refused", "case.declined", "case.not_required")
# Wherever the office brought a case to its end, a service was given and may be rated.
RATEABLE = ("case.delivered", *TURNED_AWAY, "case.terminated")
CARD, RATING, OBSERVED = "card.raised", "rating.given", "observation.confirmed"
CORRECTED, UNFOUNDED = "rating.corrected", "bad_rating.approved"
TICKET = "bad_rating:"  # how the streams of bad ratings begin
TICKET_LIMITS = ("bad_rating.opened", "bad_rating.confirmed")  # which begin a limit
LIFTED = frozenset({"card.cancelled", "card.superseded"})
CORRECTION = "case.correction_asked"
ENTERED, MANY_ENTERED = "release.made", "release.many_made"  # what was published, and where
JOINT_DONE, JOINT_BOUNCED = "joint.done", "joint.part_bounced"
MET = "meeting.attended"  # how an invited unit came to a joint review or a site visit
ACTED, AGENT_RATED = "agency.acted", "agency.rated"
ENTRUSTED = ("agency.signed", "agency.taken_over")
CHECKED = "exchange.checked"  # how the rows of a unit fared in a batch for those above
READ_KINDS = (
    CHECKED,
    *(JOINT_DONE, JOINT_BOUNCED, MET),
    *(ACTED, AGENT_RATED, *ENTRUSTED),
    *(*FILED, *DECIDED, *RATEABLE, CORRECTION),
    *(ENTERED, MANY_ENTERED),
    *(CARD, RATING, OBSERVED),
    *TICKET_LIMITS,
)

SHORTEST_REASON = 10  # characters; less says nothing to whoever was refused
GOOD = frozenset({"very_satisfied", "satisfied", "fairly_satisfied"})
BAD = frozenset({"dissatisfied", "very_dissatisfied"})


def evidence(fact: Fact, what: str) -> Evidence:
    return Evidence(fact.stream, fact.seq, fact.on, what)


def counted(found: Iterable[tuple[Fact, str]]) -> Measured:
    """How often: each event with what it was."""
    listed = tuple(evidence(fact, what) for fact, what in found)
    return Measured(Decimal(len(listed)), None, listed)


def share(found: Iterable[tuple[Fact, bool, str]]) -> Measured:
    """How many of them: each event, whether it counts, what it was."""
    listed = list(found)
    shown = tuple(evidence(fact, what) for fact, _counts, what in listed)
    return Measured(Decimal(sum(counts for _, counts, _ in listed)), len(listed), shown)


# ── cards of supervision ──────────────────────────────────────────────────────────────────────


def standing_cards(told: Told, colour: str) -> Iterator[Fact]:
    """Cards that count: those cancelled, or lifted by a graver one, do not, whenever that was."""
    for fact in told.of(CARD):
        later = {one.kind for one in told.histories.get(fact.stream, ())}
        if fact.facts.get("colour") == colour and not later & LIFTED:
            yield fact


def _rule(card: Fact) -> str:
    return str(card.facts.get("rule_name") or card.facts.get("rule_code", ""))


def _cards(colour: str, label: str) -> Callable[[Told], Measured]:
    def measure(told: Told) -> Measured:
        return counted((one, f"{label} {_rule(one)}") for one in standing_cards(told, colour))

    return measure


# ── limits ────────────────────────────────────────────────────────────────────────────────────


def promise_of(told: Told, decision: Fact) -> tuple[date, date] | None:
    """Until when a decision was promised, and when the promised limit was stopped by it."""
    due = None
    for fact in told.before(decision):
        for op in _promised(fact):
            due = date.fromisoformat(op["due"]) if op.get("due") else due
    stops = [op for op in _promised(decision) if op.get("op") == "stop"]
    return (due, date.fromisoformat(stops[0]["on"])) if due and stops else None


def _promised(fact: Fact) -> list[Mapping[str, Any]]:
    return [op for op in fact.facts.get("clocks") or [] if op.get("kind") == "promised"]


def _timed(told: Told) -> Iterator[tuple[Fact, date, date]]:
    for fact in told.of(*DECIDED):
        promise = promise_of(told, fact)
        if promise is not None:
            yield fact, *promise


def _late(told: Told) -> Measured:
    return counted(
        (fact, f"承诺 {due}，{on} 办结，超期") for fact, due, on in _timed(told) if on > due
    )


def _on_time(told: Told) -> Measured:
    return share(
        (fact, on <= due, f"承诺 {due}，{on} 办结{'，超期' if on > due else ''}")
        for fact, due, on in _timed(told)
    )


def _early(told: Told) -> Measured:
    return share(
        (fact, on < due, f"承诺 {due}，{on} 办结{'，提前' if on < due else ''}")
        for fact, due, on in _timed(told)
    )


# ── how cases were handled ────────────────────────────────────────────────────────────────────


def _decided(told: Told) -> Measured:
    return counted((fact, "办结") for fact in told.of(*DECIDED))


def _received(told: Told) -> Measured:
    return counted((fact, "收件") for fact in told.of(*FILED))


def _on_the_spot(told: Told) -> Measured:
    decided = ((fact, bool(fact.facts.get("is_on_the_spot"))) for fact in told.of(*DECIDED))
    return share((fact, is_so, "即办" if is_so else "非即办") for fact, is_so in decided)


def _online(told: Told) -> Measured:
    filed = ((fact, fact.facts.get("channel") == "online") for fact in told.of(*FILED))
    return share((fact, is_so, "网上" if is_so else "窗口") for fact, is_so in filed)


def _returned(told: Told) -> Measured:
    """Of the cases that came to an end, how many were turned away."""
    ended = ((fact, fact.kind in TURNED_AWAY) for fact in told.of(*DECIDED, *TURNED_AWAY))
    return share((fact, is_so, "退件" if is_so else "办结") for fact, is_so in ended)


def _corrected(told: Told) -> Measured:
    """Of the cases decided, in how many corrections were asked for."""
    decided = (
        (fact, any(one.kind == CORRECTION for one in told.before(fact)))
        for fact in told.of(*DECIDED)
    )
    return share((fact, is_so, "补正过" if is_so else "一次办成") for fact, is_so in decided)


def _late_corrections(told: Told) -> Measured:
    """补正 belongs before acceptance (《行政许可法》第三十二条第一款第（四）项)."""
    return counted(
        (fact, "受理后又要求补正")
        for fact in told.of(CORRECTION)
        if any(one.kind in ACCEPTED for one in told.before(fact))
    )


def _unreasoned(told: Told) -> Measured:
    """A refusal states its reasons (《行政许可法》第三十八条第二款)."""
    return counted(
        (fact, "未说明理由")
        for fact in told.of(*REFUSED)
        if len(str(fact.facts.get("reason", "")).strip()) < SHORTEST_REASON
    )


# ── ratings ───────────────────────────────────────────────────────────────────────────────────


def _said(rating: Fact | None) -> str:
    return str(rating.facts.get("level_label", "评价")) if rating else "未评，按满意计"


def last_words(told: Told) -> Iterator[tuple[Fact, Fact]]:
    """Each rating given, and the word that counts: the rater's correction goes before the first
    one. What two persons found unfounded counts on neither side, whenever that was."""
    for fact in told.of(RATING):
        service = int(fact.facts.get("completed_seq", 0))
        if (fact.stream, service) not in told.unfounded:
            yield fact, _rated_seqs(told, fact).get(service, fact)


def _good(told: Told) -> Measured:
    """Of what was rated; silence is no praise."""
    return share(
        (fact, word.facts.get("level") in GOOD, _said(word)) for fact, word in last_words(told)
    )


def _rated_seqs(told: Told, fact: Fact) -> dict[int, Fact]:
    """The word that counts, by the service it is about."""
    later = told.histories.get(fact.stream, ())
    words = (one for one in later if one.kind in {RATING, CORRECTED})
    return {int(one.facts.get("completed_seq", 0)): one for one in words}


def _services(told: Told) -> Iterator[tuple[Fact, Fact | None]]:
    """Each service that was completed, and what was said of it."""
    for fact in told.of(*RATEABLE):
        yield fact, _rated_seqs(told, fact).get(fact.seq)


def _participation(told: Told) -> Measured:
    return share(
        (fact, said is not None, "已评" if said else "未评") for fact, said in _services(told)
    )


def _good_filled(told: Told) -> Measured:
    """As some statistics have it: whoever says nothing is content. An option for reports only."""
    return share(
        (fact, said is None or said.facts.get("level") in GOOD, _said(said))
        for fact, said in _services(told)
        if (fact.stream, fact.seq) not in told.unfounded
    )


def _bad(told: Told) -> Measured:
    return counted(
        (fact, _said(word)) for fact, word in last_words(told) if word.facts.get("level") in BAD
    )


def _late_care(told: Told) -> Measured:
    """Limits of bad ratings begun in the period and not kept: no call back within a working day,
    nothing set right in time. One still open is late if it ended within the period."""
    return counted(
        (fact, f"差评应在 {due} 以前{'回访' if is_call else '整改'}，没有按时")
        for fact in told.of(*TICKET_LIMITS)
        for due, is_call in _late_limits(told, fact)
    )


def _late_limits(told: Told, fact: Fact) -> Iterator[tuple[date, bool]]:
    for begun in fact.facts.get("clocks") or []:
        if begun.get("op") != "start" or not begun.get("due"):
            continue
        ops = [
            op
            for one in told.after(fact)
            for op in one.facts.get("clocks") or []
            if op.get("kind") == begun.get("kind")
        ]
        due = [str(begun["due"]), *(str(op["due"]) for op in ops if op.get("due"))][-1]
        ended = next((str(op["on"]) for op in ops if op.get("op") == "stop"), None)
        if ended is None and told.until is not None:
            ended = told.until.isoformat()
        if ended is not None and ended > due:
            yield date.fromisoformat(due), begun.get("kind") == "call_back"


# ── how the books are kept ────────────────────────────────────────────────────────────────────


def _late_entries(told: Told) -> Measured:
    """Releases that were entered more than a working day after they happened: each row of a list
    counts. What the system notes by itself is never late."""
    rows = [(fact, _late_rows(fact)) for fact in told.of(ENTERED, MANY_ENTERED)]
    late = [(fact, count) for fact, count in rows if count]
    shown = tuple(evidence(fact, f"发布后没有及时登记（{count}条）") for fact, count in late)
    return Measured(Decimal(sum(count for _fact, count in late)), None, shown)


def _late_rows(fact: Fact) -> int:
    if fact.kind == MANY_ENTERED:
        return int(fact.facts.get("late_rows", 0))
    return int(fact.facts.get("is_in_time") is False)


def _complete(told: Told) -> Measured:
    """Of the rows made for those above, how many passed the check: of each span its last batch."""
    last = {fact.stream: fact for fact in told.of(CHECKED)}
    rows = [(fact, int(fact.facts["rows"]), int(fact.facts["passed"])) for fact in last.values()]
    shown = tuple(evidence(fact, f"上报{all_}条，合格{passed}条") for fact, all_, passed in rows)
    good, total = sum(passed for _, _, passed in rows), sum(all_ for _, all_, _ in rows)
    return Measured(Decimal(good), total, shown)


# ── joint matters, their meetings, agents ────────────────────────────────────────────────────────


def _joint_on_time(told: Told) -> Measured:
    """Of the joint matters that were done, how many within the limit told to the applicant: the
    promised one, else the one by law."""
    timed = ((fact, _joint_limit(told, fact)) for fact in told.of(JOINT_DONE))
    return share(
        (fact, fact.on <= due, f"期限 {due}，{fact.on} 全部办结{'，超期' if fact.on > due else ''}")
        for fact, due in timed
        if due is not None
    )


def _joint_limit(told: Told, done: Fact) -> date | None:
    """As it stood. An extension that was granted makes the one by law the one that counts."""
    dues: dict[str, date] = {}
    before = told.before(done)
    for op in (op for fact in before for op in fact.facts.get("clocks") or []):
        if op.get("kind") in {"promised", "statutory"} and op.get("due"):
            dues[str(op["kind"])] = date.fromisoformat(op["due"])
    if any(fact.kind == "joint.extended" for fact in before):
        return dues.get("statutory")
    return dues.get("promised", dues.get("statutory"))


def _joint_bounced(told: Told) -> Measured:
    """Cases of a joint matter that departments sent back to the window that leads it."""
    return counted((fact, "事项被退回窗口") for fact in told.of(JOINT_BOUNCED))


def _came(attendance: str, label: str) -> Callable[[Told], Measured]:
    """How often an invited unit came late, or not at all."""

    def measure(told: Told) -> Measured:
        return counted(
            (fact, label) for fact in told.of(MET) if fact.facts.get("attendance") == attendance
        )

    return measure


def _agent_acts(told: Told) -> Measured:
    return counted((fact, "代办一件事") for fact in told.of(ACTED))


def _entrusted(told: Told) -> Measured:
    """Projects that came to an agent in the period, by a letter or from another agent."""
    return counted((fact, "承接项目") for fact in told.of(*ENTRUSTED))


def _steps_on_time(told: Told) -> Measured:
    """Of the steps of plans that were done, how many by their planned day."""
    done = ((fact, not fact.facts.get("is_late")) for fact in told.of(ACTED) if _is_step(fact))
    return share((fact, is_so, "按计划办完" if is_so else "晚于计划") for fact, is_so in done)


def _is_step(fact: Fact) -> bool:
    return bool(fact.facts.get("done"))


def _agent_good(told: Told) -> Measured:
    return share(
        (fact, fact.facts.get("level") in GOOD, _said(fact)) for fact in told.of(AGENT_RATED)
    )


# ── what people saw ───────────────────────────────────────────────────────────────────────────


def _observed(kind: ObservationKind) -> Callable[[Told], Measured]:
    def measure(told: Told) -> Measured:
        seen = (one for one in told.of(OBSERVED) if one.facts.get("kind") == kind.value)
        return counted((one, str(one.facts.get("label", kind.label))) for one in seen)

    return measure


def volume(told: Told) -> int:
    """How many cases were brought to their end: by this, comparable ones are grouped."""
    return sum(1 for _ in told.of(*DECIDED, *TURNED_AWAY))


_BUILT_IN = (
    Source("yellow_cards", "黄牌数", Shape.COUNT, _cards("yellow", "黄牌")),
    Source("red_cards", "红牌数", Shape.COUNT, _cards("red", "红牌")),
    Source("late_cases", "超过承诺时限办结的件数", Shape.COUNT, _late),
    Source("on_time_rate", "按时办结率", Shape.RATIO, _on_time),
    Source("early_rate", "提前办结率", Shape.RATIO, _early),
    Source("on_the_spot_rate", "即办率", Shape.RATIO, _on_the_spot),
    Source("online_rate", "网上申请率", Shape.RATIO, _online),
    Source("correction_rate", "补正率", Shape.RATIO, _corrected),
    Source("return_rate", "退件率", Shape.RATIO, _returned),
    Source("late_corrections", "受理后补正次数", Shape.COUNT, _late_corrections),
    Source("refusals_without_reason", "不受理、不许可未说明理由的件数", Shape.COUNT, _unreasoned),
    Source("good_rating_rate", "好评率（只算评了的）", Shape.RATIO, _good),
    Source("good_rating_rate_filled", "好评率（未评按满意计）", Shape.RATIO, _good_filled),
    Source("participation_rate", "参评率", Shape.RATIO, _participation),
    Source("bad_ratings", "不满意评价数", Shape.COUNT, _bad),
    Source("late_bad_ratings", "差评没有按时回访、整改的次数", Shape.COUNT, _late_care),
    Source("late_entries", "发布后没有及时登记的条数", Shape.COUNT, _late_entries),
    Source("complete_rows_rate", "上报数据合格率", Shape.RATIO, _complete, UNITS),
    Source("decided_cases", "办结件数", Shape.COUNT, _decided),
    Source("received_cases", "收件件数", Shape.COUNT, _received),
    Source("joint_on_time_rate", "牵头的并联件按时办结率", Shape.RATIO, _joint_on_time, UNITS),
    Source("joint_bounces", "牵头的并联件被退回窗口次数", Shape.COUNT, _joint_bounced, UNITS),
    Source("meetings_late", "联审、踏勘迟到次数", Shape.COUNT, _came("late", "迟到"), UNITS),
    Source("meetings_absent", "联审、踏勘缺席次数", Shape.COUNT, _came("absent", "缺席"), UNITS),
    Source("agent_acts", "代办台账条数", Shape.COUNT, _agent_acts, AGENTS),
    Source("agent_projects", "新承接的代办项目数", Shape.COUNT, _entrusted, AGENTS),
    Source("agent_on_time_rate", "代办步骤按计划办完率", Shape.RATIO, _steps_on_time, AGENTS),
    Source("agent_good_rating_rate", "业主评价好评率", Shape.RATIO, _agent_good, AGENTS),
    *(Source(kind.source, kind.label, Shape.COUNT, _observed(kind)) for kind in ObservationKind),
)
SOURCES: dict[str, Source] = {one.code: one for one in _BUILT_IN}


def offers() -> dict[str, Offer]:
    """What the registered sources give, as the check of a scheme asks for it."""
    return {one.code: Offer(one.shape, one.targets) for one in SOURCES.values()}


def register(source: Source) -> None:
    """Another source, by its code, while the apps load."""
    if SOURCES.setdefault(source.code, source) is not source:
        raise ValueError(f"source {source.code} is registered already")
