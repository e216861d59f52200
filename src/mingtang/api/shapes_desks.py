"""Shapes of what has a desk with acts: joint matters, villages, queues, consultations, cards."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from mingtang.api.shapes import Open, Paper, Section, Told, Waiting


class Matter(Waiting):
    """A thing with what the reader may do about it; `about`: which part, if any."""

    acts: list[Open]
    history: list[Told]


class RouteNode(Schema):
    key: str
    name: str
    stage: str


class RouteLine(Schema):
    code: str
    name: str
    nodes: list[RouteNode]


class Wanted(Schema):
    id: str
    name: str
    is_required: bool


class RouteAsks(RouteLine):
    """`answers` are {section: {question: value}}; `materials`: each once for all parts."""

    sections: list[Section]
    materials: list[Wanted]


class Part(Schema):
    key: str
    name: str
    stage: str
    unit: str
    status: str
    status_label: str
    case_number: str


class JointProgress(Schema):
    number: str
    title: str
    unit: str
    state: str
    state_label: str
    parts: list[Part]
    documents: list[Paper]


class JointFile(Matter):
    parts: list[Part]
    documents: list[Paper]


class VillageLine(Schema):
    code: str
    name: str
    township: str


class Disclosed(Schema):
    """What a village has made public. `table` and `account` as they are printed."""

    id: str
    title: str
    village: str
    section: str
    released: date
    paragraphs: list[str]
    table: dict[str, Any] | None
    objections_until: date | None


class DisclosureFile(Matter):
    """`content_hash` names what was read: whoever agrees says to what."""

    content_hash: str
    body: str
    lines: list[dict[str, Any]]


class Begun(Schema):
    id: str


class QueueLine(Schema):
    id: str
    letter: str
    name: str
    waiting: int
    closed: str
    has_slots: bool


class Ticket(Schema):
    """A number. `code` shows it to who has it."""

    code: str
    label: str
    queue: str
    state: str
    ahead: int | None
    minutes: int | None
    window: str


class WindowNow(Schema):
    """A window: how many wait for it, whom it serves."""

    waiting: int
    ticket_id: str
    label: str


class Slot(Schema):
    """`at`: its beginning, as an appointment names it."""

    at: str
    left: int


class Booked(Schema):
    code: str
    at: datetime


class Activity(Schema):
    """A consultation, an interview or a survey as the public sees it."""

    id: str
    title: str
    kind: str
    unit: str
    state_label: str
    is_open: bool
    last_day: date | None


class Ask(Schema):
    id: str
    text: str
    kind: str
    options: list[dict[str, Any]]


class ActivityText(Activity):
    body: str
    result: str
    questions: list[Ask]


class ActivityFile(Activity):
    notice_id: str
    result_id: str
    comments: list[dict[str, Any]]


class Said(Schema):
    number: str


class CardFile(Matter):
    colour: str
    rule: str
    what: str
    raised: date
    score: float | None


class ProjectLine(Schema):
    id: str
    name: str
    place: str
    stage: str
    state: str
    state_label: str


class ProjectFile(ProjectLine):
    nodes: list["ProjectNode"]
    problems: list[dict[str, Any]]
    acts: list[Open]
    history: list[Told]


class ProjectNode(Schema):
    """A node of a plan; `id` plans its days."""

    id: str
    key: str
    name: str
    stage: str
    planned_start_date: date | None
    planned_end_date: date | None
    started_date: date | None
    ended_date: date | None


class ProgrammeLine(Schema):
    id: str
    code: str
    name: str
    state: str


class MeetingLine(Schema):
    id: str
    number: str
    matter: str
    held_at: datetime
    place: str
    state_label: str


class MeetingFile(MeetingLine):
    agenda: str
    units: list[dict[str, Any]]
    acts: list[Open]


class AgencyLine(Schema):
    id: str
    number: str
    project: str
    agent: str
    owner: str
    state: str
    state_label: str
    valid_from: date
    valid_to: date


class AgencyFile(AgencyLine):
    """A letter of agency; `fileable`: the nodes that the agent may file for the owner."""

    steps: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    fileable: list[dict[str, str]]
    acts: list[Open]
    history: list[Told]


class FirmLine(Schema):
    """An intermediary of the register; `completed`: engagements that were done."""

    id: str
    name: str
    code: str
    trade: str
    valid_to: date | None
    completed: int


class TaskFile(Matter):
    detail: str
    report: str
    conclusion: str


class VillagePeople(Schema):
    """Who keeps a village's books or watches over them, and what waits for a second person."""

    members: list[dict[str, Any]]
    seatable: list[dict[str, str]]
    kinships: list[dict[str, Any]]
    limits: list[dict[str, Any]]


class UnitRate(Schema):
    """A unit over a year. Where too few rated, the shares are empty."""

    unit: str
    all: int
    good: str
    participation: str
    rectified: str
