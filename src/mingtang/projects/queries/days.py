"""Reads of whose time a project's days were.

Claims come from its suspensions, nodes, joint matters and intermediaries; `rules.buckets` settles
them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mingtang.base.clock import legal_date
from mingtang.joint import queries as joint
from mingtang.joint.rules.route import NodeKind
from mingtang.projects.models import Project
from mingtang.projects.queries.intermediaries import engagement_spans
from mingtang.projects.queries.plan import nodes_of
from mingtang.projects.rules.buckets import Bucket, Claim, Stretch, stretches
from mingtang.projects.rules.claims import Span, still, work
from mingtang.timing import queries as timing
from mingtang.timing.rules import ClockKind

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Elapsed:
    """The working days of a project from admission to its end, or to a day while it runs."""

    since: date
    until: date
    stretches: list[Stretch]

    @property
    def by_bucket(self) -> dict[Bucket, int]:
        days = dict.fromkeys(Bucket, 0)
        for one in self.stretches:
            days[one.bucket] += one.days
        return days

    @property
    def total(self) -> int:
        return sum(self.by_bucket.values())


def elapsed(project: Project, on: date) -> Elapsed | None:
    """None before admission: a draft has no days yet."""
    if project.admitted_at is None:
        return None
    since = legal_date(project.admitted_at)
    until = max(since, project.completed_date or on)
    found = stretches(claims_of(project), since, until, timing.current_calendar())
    return Elapsed(since, until, found)


def _suspended(project: Project) -> Iterator[Span]:
    """From the day on which it was said, where an earlier one is named: the person who says it
    takes no day that has passed off anybody."""
    for one in project.suspensions.order_by("from_date", "id"):
        first = max(one.from_date, legal_date(one.suspended_at))
        if one.resumed_date is None or one.resumed_date > first:
            yield Span(first - DAY, one.resumed_date and one.resumed_date - DAY)


def claims_of(project: Project) -> list[Claim]:
    """Everything that somebody had in hand. A day named as the first or last of a suspension or of
    an engagement is one of its days; that on which a node begins is not, as with limits."""
    in_matters = _matters(project)
    done = {key for key, _claims in in_matters}
    suspended = [still(span) for span in _suspended(project)]
    by_hand = [
        claim
        for node in nodes_of(project.id)
        if node.key not in done and node.started_date is not None
        for claim in work(NodeKind(node.kind), Span(node.started_date, node.ended_date))
    ]
    hired = [
        claim
        for one in engagement_spans(project.id)
        for claim in work(one.kind, Span(one.started - DAY, one.ended))
    ]
    return [*suspended, *by_hand, *hired, *(one for _key, found in in_matters for one in found)]


def _matters(project: Project) -> list[tuple[str, list[Claim]]]:
    """By node: the days of its part in a joint matter, net of the applicant's corrections."""
    matters = joint.matters_of_project(project.stream)
    parts = [one for kept in joint.parts_of_matters(m.id for m in matters).values() for one in kept]
    streams = {part.id: f"case:{part.case_id}" for part in parts if part.case_id}
    asked = timing.clock_spans(streams.values(), ClockKind.CORRECTION)
    return [
        (
            part.key,
            work(
                NodeKind(part.kind),
                Span(part.begun_date, part.ended_date),
                [Span(*one) for one in asked.get(streams.get(part.id, ""), [])],
            ),
        )
        for part in parts
        if part.begun_date is not None
    ]
