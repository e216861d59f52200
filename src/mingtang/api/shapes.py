"""Shapes: what the API answers. Ids are strings; days and instants as in RFC 3339."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class Wrong(Schema):
    field: str
    message: str


class Problem(Schema):
    """Why not (RFC 9457). `detail` is the sentence that a page would show."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong]


class Page(Schema, Generic[Row]):
    """`next`: for `after` of the next page; null on the last."""

    rows: list[Row]
    next: str | None


class Token(Schema):
    access_token: str
    token_type: str
    expires_in: int
    scope: str


# ── items ─────────────────────────────────────────────────────────────────────────────────────


class ItemLine(Schema):
    code: str
    name: str
    department: str
    kind_label: str
    promised_label: str
    fee_label: str


class Guide(Schema):
    """An item as its edition in force says it."""

    code: str
    name: str
    department: str
    kind_label: str
    edition_number: int
    published_at: datetime | None
    status: str
    status_label: str
    promised_label: str
    fee_label: str
    materials: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    variants: list[dict[str, Any]]
    fees: list[dict[str, Any]]


class Question(Schema):
    path: str
    title: str
    kind: str
    is_required: bool
    help: str
    unit: str
    options: dict[str, str]
    rows: list["Question"]


class Section(Schema):
    key: str
    title: str
    help: str
    questions: list[Question]


class ItemForm(Schema):
    """What an application for the item is asked: `answers` are {section: {question: value}}."""

    title: str
    sections: list[Section]


# ── cases ─────────────────────────────────────────────────────────────────────────────────────


class Filed(Schema):
    """The receipt: the number, and the query code that shows the case to who has it."""

    number: str
    query_code: str
    state: str


class CaseLine(Schema):
    number: str
    item_name: str
    applicant: str
    department: str
    state: str
    state_label: str
    due_date: date | None
    light: str


class StepLine(Schema):
    key: str
    name: str
    organisation: str
    status: str
    status_label: str
    done_by: str
    finding: str


class Paper(Schema):
    id: str
    title: str
    number: str
    date: date
    is_draft: bool


class Open(Schema):
    """Something that the reader may do now; `about`: the step, charge, slip or paper, if any."""

    verb: str
    label: str
    about: dict[str, str]


class Told(Schema):
    at: datetime
    who: str
    title: str


class Correction(Schema):
    round: int
    missing: list[dict[str, Any]]
    note: str
    asked_at: datetime
    supplied_at: datetime | None


class Limit(Schema):
    label: str
    due: date | None
    headline: str
    light: str


class CaseFile(Schema):
    """A case as staff see it; identity numbers and telephones are masked, as on the page."""

    number: str
    item_code: str
    item_name: str
    department: str
    state: str
    state_label: str
    applicant_name: str
    identity_masked: str
    phone_masked: str
    channel_label: str
    submitted_at: datetime
    steps: list[StepLine]
    limits: list[Limit]
    corrections: list[Correction]
    documents: list[Paper]
    acts: list[Open]
    deeds: list[Open]
    history: list[Told]


class Station(Schema):
    title: str
    status: str
    at: datetime | None


class Decision(Schema):
    label: str
    reason: str
    legal_basis: str
    remedies: str


class Progress(Schema):
    """A case as its applicant sees it."""

    number: str
    item_code: str
    item_name: str
    department: str
    state: str
    state_label: str
    applicant_masked: str
    submitted_at: datetime
    next_step: str
    stations: list[Station]
    corrections: list[Correction]
    outcome: Decision | None
    documents: list[Paper]


class Done(Schema):
    """An act was done. `result`: what the command says of it; ids are strings."""

    number: str
    state: str
    state_label: str
    result: dict[str, Any]


# ── publications ──────────────────────────────────────────────────────────────────────────────


class PublicLine(Schema):
    id: str
    title: str
    organ: str
    column: str
    public_date: date
    index_number: str


class PublicText(PublicLine):
    """A publication as it stands before the public."""

    body: str
    document_number: str
    formed_date: date
    keywords: str
    validity: str
    files: list[str]


class DraftLine(Schema):
    """`content_hash` names the version that was read: an act says which one it is about."""

    id: str
    title: str
    organ: str
    column: str
    state: str
    state_label: str
    is_public: bool
    content_hash: str


class DraftFile(DraftLine):
    body: str
    findings: list[dict[str, Any]]
    acts: list[str]


class PublicationDone(Schema):
    id: str
    state: str
    state_label: str
    said: str


# ── letters and requests ──────────────────────────────────────────────────────────────────────


class Receipt(Schema):
    """The number, and the query code that shows it to who has it."""

    number: str
    query_code: str
    due_date: date | None


class Waiting(Schema):
    """A line of the worklist of letters, or of requests."""

    id: str
    number: str
    title: str
    unit: str
    state: str
    state_label: str
    due_date: date | None


class Verbs(Schema):
    verb: str
    label: str


class LetterFile(Waiting):
    """A letter as the reader may see it: of who is kept from them there is nothing."""

    kind: str
    text: str
    answers: list[str]
    acts: list[Verbs]
    history: list[Told]


class RequestFile(Waiting):
    description: str
    result: str
    documents: list[Paper]
    acts: list[Verbs]
    history: list[Told]


class Follow(Schema):
    """A letter or a request as who sent it sees it."""

    number: str
    unit: str
    state: str
    state_label: str
    next_step: str
    due_date: date | None
    answers: list[str]
    documents: list[Paper]


class MatterDone(Schema):
    """`result`: what the command says of it; ids are strings."""

    number: str
    state: str
    state_label: str
    result: dict[str, Any]


class Did(Schema):
    """A deed was done. `result`: what the command says of it; ids are strings."""

    result: dict[str, Any]


# ── what anybody may know ─────────────────────────────────────────────────────────────────────


class OpenProject(Schema):
    name: str
    place: str
    stage: str
    is_done: bool


class Figures(Schema):
    received: int
    answered: int
    median_days: float | None
    on_time_share: int | None


class UnitFigures(Figures):
    unit: str


class LetterMonth(Schema):
    """A month's letters. No rate of too few."""

    month: date
    by_kind: dict[str, int]
    city: Figures
    units: list[UnitFigures]


class RequestYear(Schema):
    year: int
    received: int
    answered: int
    open: int
    by_result: dict[str, int]


class CardLine(Schema):
    id: str
    number: str
    colour: str
    state: str
    rule: str
    what: str
    unit: str
    raised: date
    score: float | None
