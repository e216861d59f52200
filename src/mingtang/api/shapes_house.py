"""Shapes of what an office sets and notes."""

from datetime import date, datetime

from ninja import Schema

from mingtang.api.shapes_pages import Said


class SubstitutionLine(Schema):
    id: Said
    absent: str
    substitute: str
    to: date
    is_current: bool


class PaperReceiptLine(Schema):
    """A paper receipt of an outage that waits for a second person."""

    id: Said
    code: str
    number: str
    item_name: str
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
