"""Shapes of what an office sets and notes."""

from datetime import date, datetime
from decimal import Decimal

from ninja import Schema

from mingtang.api.shapes_pages import Said


class SubstitutionLine(Schema):
    id: Said
    absent: str
    substitute: str
    to: date
    is_current: bool


class PaperReceiptLine(Schema):
    """A paper receipt of an outage that waits for a second person. `subject`: of what it is."""

    id: Said
    code: str
    subject: str
    title: str
    received_at: datetime
    entered_at: datetime
    entered_by: str
    stage: str


class MandateLine(Schema):
    """`id` is blank of one that is over."""

    id: Said
    name: str
    state: Said


class GuideLine(Schema):
    id: Said
    place: str
    state: Said
    number: int


class RuleLine(Schema):
    profile: str
    code: str
    name: Said


class QueueKept(Schema):
    id: Said
    letter: str
    name: str


class InsertLine(Schema):
    id: Said
    text: str
    ends_at: datetime


class CutOverPoint(Schema):
    """A point of the check list; `said`: what who ticked it has written."""

    point: str
    label: Said
    is_done: bool
    figure: str
    todo: str
    said: str


class OldOpenCase(Schema):
    """A case that was open in the old system; the applicant's name is masked."""

    id: Said
    old_number: str
    item: str
    applicant: str
    submitted: date


class CutOverList(Schema):
    """`source` is blank where several old systems are known: one of `sources` is asked for."""

    source: str
    sources: list[str]
    points: list[CutOverPoint]
    open: list[OldOpenCase]
    is_sealed: bool


class CourseLine(Schema):
    """A training; `came`, `passed`: numbers of people."""

    id: Said
    topic: str
    held_date: date
    came: int
    passed: int


class Attended(Schema):
    username: str
    name: str
    hours: Decimal
    is_passed: bool


class CourseFile(Schema):
    id: Said
    topic: str
    held_date: date
    rows: list[Attended]
