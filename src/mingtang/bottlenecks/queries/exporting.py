"""Reads of the ledger as a log of events: no name of a person, offices alone."""

from collections.abc import Iterable, Iterator, Mapping

from mingtang.base.clock import legal_date
from mingtang.bottlenecks.log.history import Step, Trace
from mingtang.ledger.queries import Event, histories, streams_of
from mingtang.ledger.rules import SYSTEM

APART = 200  # histories held at once
APPLICANT = "申请人"


def traces(kind: str, titles: Mapping[str, str], year: int | None = None) -> Iterator[Trace]:
    """The whole history of everything of a kind such as `case`, by stream; with a year, of what
    began in it. `titles`: what kinds of events are called."""
    after = ""
    while names := streams_of(kind, after, APART):
        for stream, events in histories(names).items():
            if events and year in {None, legal_date(events[0].at).year}:
                yield _trace(stream, events, titles)
        after = names[-1]


def _trace(stream: str, events: Iterable[Event], titles: Mapping[str, str]) -> Trace:
    listed = list(events)
    first = listed[0].facts
    return Trace(
        number=str(first.get("number") or stream),
        item=str(first.get("item_name") or ""),
        steps=[Step(_activity(one, titles), one.at, _resource(one), one.kind) for one in listed],
    )


def _activity(event: Event, titles: Mapping[str, str]) -> str:
    """What happened, at which node: 审查：现场踏勘."""
    title = titles.get(event.kind, event.kind)
    node = str(event.facts.get("step_name") or "")
    return f"{title}：{node}" if node else title


def _resource(event: Event) -> str:
    """The office that acted; who belongs to none is the applicant's side, or nobody at all."""
    if event.organisation_label:
        return event.organisation_label
    return APPLICANT if event.actor_id else SYSTEM.label
