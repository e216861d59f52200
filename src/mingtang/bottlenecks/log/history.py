"""Writers of our own history as a log: CSV that `mingtang bottlenecks` reads back, and XES 2.0.

XES is the standard of process mining tools (IEEE 1849). Its order is fixed: extensions, globals,
classifiers, attributes of the log, traces. Times are UTC there and Beijing time in the CSV.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from mingtang.base.cells import guarded

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = ("case", "activity", "time", "resource", "item", "event")
STANDARD = "http://www.xes-standard.org/"
EXTENSIONS = (
    *(("Concept", "concept"), ("Time", "time"), ("Organizational", "org")),
    ("Lifecycle", "lifecycle"),
)
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="{STANDARD}">"""
GLOBALS = """<global scope="trace">
<string key="concept:name" value="-"/>
</global>
<global scope="event">
<string key="concept:name" value="-"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000000+00:00"/>
<string key="org:resource" value="-"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Activity" scope="event" keys="concept:name"/>"""


@dataclass(frozen=True, slots=True)
class Step:
    """One event. `resource`: an office, never a person."""

    activity: str
    at: datetime
    resource: str
    kind: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happened to one thing. `number`: what colleagues call it by."""

    number: str
    item: str
    steps: list[Step]


def as_csv(traces: Iterable[Trace]) -> Iterator[str]:
    """Line by line."""
    yield _line(COLUMNS)
    for trace in traces:
        for step in trace.steps:
            time = step.at.astimezone(ZONE).isoformat(timespec="microseconds")
            names = (trace.number, step.activity, time, step.resource, trace.item, step.kind)
            yield _line(map(guarded, names))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def as_xes(traces: Iterable[Trace], name: str) -> Iterator[str]:
    """Bit by bit. `name`: what the log is called."""
    yield HEAD
    for extension, prefix in EXTENSIONS:
        yield f'<extension name="{extension}" prefix="{prefix}" uri="{STANDARD}{prefix}.xesext"/>'
    yield GLOBALS
    yield _string("concept:name", name)
    for trace in traces:
        yield "<trace>"
        yield _string("concept:name", trace.number)
        if trace.item:
            yield _string("item", trace.item)
        yield from map(_event, trace.steps)
        yield "</trace>"
    yield "</log>"


def _event(step: Step) -> str:
    time = step.at.astimezone(UTC).isoformat(timespec="microseconds")
    return "\n".join(
        [
            "<event>",
            _string("concept:name", step.activity),
            f'<date key="time:timestamp" value="{time}"/>',
            _string("org:resource", step.resource),
            _string("lifecycle:transition", "complete"),
            _string("kind", step.kind),
            "</event>",
        ]
    )


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(NOT_IN_XML.sub("", value))}/>'
