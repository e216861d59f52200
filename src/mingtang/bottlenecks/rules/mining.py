"""Rules of bottlenecks: what a log of events tells about the way of its cases. Pure.

The events of a case stand in the order of time; those of one instant in the order of the file. An
edge is an event and the next one of its case, and takes the time between both. A log of this kind
tells when something was done and not when it was begun: so an activity takes the time since the
event before it in its case, and the first event of a case takes none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from mingtang.bottlenecks.rules.spread import Spread, spread_of

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line of a log. `at` knows its time zone."""

    case: str
    activity: str
    at: datetime
    resource: str = ""


Trace = Sequence[LogEvent]


@dataclass(frozen=True, slots=True)
class Edge:
    """One activity directly after another. Times in microseconds."""

    source: str
    target: str
    spread: Spread

    @property
    def count(self) -> int:
        return self.spread.count


@dataclass(frozen=True, slots=True)
class Activity:
    """`repeats`: how often it came once more in a case that had it already, `self_loops` of these
    directly after itself."""

    name: str
    count: int
    cases: int
    starts: int
    ends: int
    repeats: int
    repeat_cases: int
    self_loops: int
    spread: Spread | None  # None where it only ever begins a case


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    count: int
    cases: int
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class Variant:
    """One way through, and how many cases went it."""

    activities: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class Findings:
    """All that a log tells, each list with the most frequent first and then by name."""

    cases: int
    events: int
    first: datetime
    last: datetime
    case_spread: Spread
    edges: list[Edge]
    activities: list[Activity]
    variants: list[Variant]
    rework_cases: int
    resources: list[Resource] = field(default_factory=list)

    @property
    def starts(self) -> list[tuple[str, int]]:
        return _most_first((one.name, one.starts) for one in self.activities if one.starts)

    @property
    def ends(self) -> list[tuple[str, int]]:
        return _most_first((one.name, one.ends) for one in self.activities if one.ends)

    @property
    def rework(self) -> list[Activity]:
        """The activities that came more than once in a case."""
        again = [one for one in self.activities if one.repeats]
        return sorted(again, key=lambda one: (-one.repeats, one.name))


def mine(events: Iterable[LogEvent]) -> Findings:
    """`events`: at least one, in the order of the file."""
    cases = traces(events)
    every = [event for trace in cases.values() for event in trace]
    takes = [pair for trace in cases.values() for pair in pairwise(trace)]
    case_spread = spread_of(_micros(trace[0], trace[-1]) for trace in cases.values())
    assert case_spread is not None
    return Findings(
        cases=len(cases),
        events=len(every),
        first=min(event.at for event in every),
        last=max(event.at for event in every),
        case_spread=case_spread,
        edges=_edges(takes),
        activities=_activities(cases.values(), takes),
        variants=_variants(cases.values()),
        rework_cases=sum(len({one.activity for one in t}) < len(t) for t in cases.values()),
        resources=_resources(every, takes),
    )


def traces(events: Iterable[LogEvent]) -> dict[str, list[LogEvent]]:
    """The events of each case in the order of time."""
    found: dict[str, list[LogEvent]] = defaultdict(list)
    for event in events:
        found[event.case].append(event)
    for trace in found.values():
        trace.sort(key=lambda event: event.at)
    return dict(found)


def _micros(before: LogEvent, after: LogEvent) -> int:
    return (after.at - before.at) // MICROSECOND


def _most_first(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def _edges(takes: Iterable[tuple[LogEvent, LogEvent]]) -> list[Edge]:
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    for before, after in takes:
        times[before.activity, after.activity].append(_micros(before, after))
    found = [
        Edge(source, target, spread)
        for (source, target), values in times.items()
        if (spread := spread_of(values))
    ]
    return sorted(found, key=lambda edge: (-edge.count, edge.source, edge.target))


def _activities(
    cases: Iterable[Trace], takes: Iterable[tuple[LogEvent, LogEvent]]
) -> list[Activity]:
    names = [[event.activity for event in trace] for trace in cases]
    per_case = [Counter(trace) for trace in names]
    count = Counter(name for trace in names for name in trace)
    in_cases = Counter(name for counter in per_case for name in counter)
    again = Counter(name for counter in per_case for name, n in counter.items() if n > 1)
    starts, ends = Counter(trace[0] for trace in names), Counter(trace[-1] for trace in names)
    loops = Counter(one for trace in names for one, after in pairwise(trace) if one == after)
    times: dict[str, list[int]] = defaultdict(list)
    for before, after in takes:
        times[after.activity].append(_micros(before, after))
    return [
        Activity(
            name=name,
            count=number,
            cases=in_cases[name],
            starts=starts[name],
            ends=ends[name],
            repeats=number - in_cases[name],
            repeat_cases=again[name],
            self_loops=loops[name],
            spread=spread_of(times[name]),
        )
        for name, number in _most_first(count.items())
    ]


def _variants(cases: Iterable[Trace]) -> list[Variant]:
    ways = Counter(tuple(event.activity for event in trace) for trace in cases)
    ordered = sorted(ways.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Variant(way, number) for way, number in ordered]


def _resources(
    events: Iterable[LogEvent], takes: Iterable[tuple[LogEvent, LogEvent]]
) -> list[Resource]:
    """Whoever is named: how much they did, and how long it took since what was done before."""
    count: Counter[str] = Counter()
    cases: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.resource:
            count[event.resource] += 1
            cases[event.resource].add(event.case)
    times: dict[str, list[int]] = defaultdict(list)
    for before, after in takes:
        times[after.resource].append(_micros(before, after))
    return [
        Resource(name, number, len(cases[name]), spread_of(times[name]))
        for name, number in _most_first(count.items())
    ]
