"""Shapes of what pages show: each picks its fields of what the page has."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field


def _said(value: Any) -> str:
    return "" if value is None else str(getattr(value, "value", value))


Said = Annotated[str, BeforeValidator(_said)]  # ids, codes and words alike are strings


class Label(Schema):
    label: Said


class Act(Schema):
    """Something that the reader may do now."""

    verb: Said
    label: Said


class Written(Schema):
    """A draft as it is written: `content` sent back as it is changes nothing."""

    content: dict[str, Any]


# ── items and routes ──────────────────────────────────────────────────────────────────────────


class EditLine(Schema):
    code: str
    name: str
    department: str = ""
    draft_state: str
    draft_label: str


class Change(Schema):
    """`change` is changed, added or removed."""

    field: Said
    label: Said
    change: Said


class Lack(Schema):
    field: Said = ""
    label: Said
    text: Said


class EditFile(Schema):
    """What is at work: what a draft changes, what keeps it from being published, what the reader
    may do. `edition_number`: of what is in force; 0: none yet."""

    code: str
    edition_number: int
    state_label: Said = ""
    lines: list[Change] = Field(default_factory=list)
    lacks: list[Lack] = Field(default_factory=list)
    acts: list[Act]


class ListLine(Schema):
    id: Said
    kind_label: Said
    unit: str
    year: int
    as_of_date: date
    row_count: int
    is_frozen: bool


# ── campaigns ─────────────────────────────────────────────────────────────────────────────────


class CampaignLine(Schema):
    id: Said
    title: str
    kind_label: Said
    state: Said
    answered: int
    asked: int


class Answering(Schema):
    """A unit that was asked, and whether it has answered."""

    organisation_id: Said
    name: str
    state: Said
    entry_count: int | None
    return_reason: str
    is_late: bool


class CampaignPaper(Schema):
    id: Said
    label: Said
    number: Said
    state: Said


class CampaignFile(Schema):
    id: Said
    title: str
    state: Said
    coverage: list[Answering]
    papers: list[CampaignPaper]
    acts: list[Act]
    may_report: bool


class CampaignEntry(Schema):
    id: Said
    number: int | None
    unit: str
    name: str
    item_code: Said
    proposal: Said
    decision: Said
    said: Said
    effective_date: date | None


# ── assessment ────────────────────────────────────────────────────────────────────────────────


class SchemeLine(Schema):
    """`version_on`: the one that is used; null: none is."""

    code: str
    name: str
    version: int
    version_on: int | None


class SchemeFile(Written):
    code: str
    version: int
    is_on: bool
    faults: list[Said]


class RoundLine(Schema):
    code: str
    period: str
    name: str
    state: Said
    count: int


class SheetLine(Schema):
    id: str
    label: str
    group: Said
    place: int | None
    total: Said


class RoundFile(Schema):
    code: str
    period: str
    state: Said
    objections_due: date | None
    sheets: list[SheetLine]
    acts: list[Act]


class ScoreLine(Schema):
    key: str
    name: str
    measured: Said
    weight: Said
    points: Said


class Entered(Schema):
    id: str
    name: str
    points: Said
    reason: str
    entered_by: str
    confirmed_by: str


class Objected(Schema):
    id: str
    about: Said
    text: str
    answer: str
    is_upheld: bool | None


class SheetFile(Schema):
    """`may_object`: whether the reader speaks for the unit, and still has time."""

    id: Said
    label: str
    state: Said
    total: Said
    lines: list[ScoreLine]
    entries: list[Entered]
    objections: list[Objected]
    may_object: bool


class ObservationLine(Schema):
    id: Said
    kind: Said
    on: date
    who: str
    window: Said
    note: str
    entered_by: str
    confirmed_by: str
    may_confirm: bool


# ── the annual report ─────────────────────────────────────────────────────────────────────────


class ReportLine(Schema):
    id: Said
    organ: str
    year: int
    style: Said
    state: Said


class Found(Schema):
    id: Said
    severity: Said
    why: Said
    expected: Said


class Trouble(Schema):
    id: Said
    text: str
    state: Said


class ReportFile(ReportLine):
    """`report` is all that it says, as its file in JSON has it; `findings` what the self-check
    found; `missing` the numbers that nobody has entered."""

    report: dict[str, Any]
    findings: list[Found]
    missing: list[Said]
    problems: list[Trouble]


# ── ratings ───────────────────────────────────────────────────────────────────────────────────


class TicketLine(Schema):
    id: str
    unit: str
    level: Label
    state: Label
    opened_at: datetime


class TicketFile(TicketLine):
    """`number`: of the case, for who may know it."""

    number: str
    item_name: str
    answer: Said = ""
    acts: list[Act]


class Rated(Schema):
    level: Said
    text: str
    at: datetime
    is_correction: bool


class OwnRating(Schema):
    """`answer`: how a bad rating was set right; `may_rate_again`: whether that may be rated."""

    ratings: list[Rated]
    may_correct: bool
    answer: Said
    may_rate_again: bool


class WordsLine(Schema):
    """What somebody wrote with a rating, as the privacy filter leaves it."""

    id: Said
    unit: str
    text: str
    is_published: bool


class Words(Schema):
    words: list[WordsLine]


# ── data of people ────────────────────────────────────────────────────────────────────────────


class HeldPart(Schema):
    label: Said
    count: int
    kept: list[Said]


class Asking(Schema):
    id: Said
    kind: Said
    asked_at: datetime
    due_date: date
    is_agreed: bool | None
    answer: Said


class OwnData(Schema):
    """What is held, by kind; what stays and why, when one asks to have it erased."""

    parts: list[HeldPart]
    asked: list[Asking]


class DataLine(Schema):
    id: Said
    who: str
    kind: Said
    asked_at: datetime
    due: date
    registered_by: str
    state: Said


class Hold(Schema):
    id: Said
    reason: str


class DataDesk(Schema):
    rows: list[DataLine]
    holds: list[Hold]


class DataPart(Schema):
    label: Said
    goes: int
    stays: int
    why: list[Said]


class DataFile(Schema):
    """`may_decide` and `may_hand_out`: whether the reader may answer, may hand out the copy."""

    row: DataLine
    parts: list[DataPart]
    may_decide: bool
    may_hand_out: bool


# ── troubles ──────────────────────────────────────────────────────────────────────────────────


class TroubleLine(Schema):
    id: Said
    text: str
    page: str
    unit: str
    who: str
    owner: str
    state: Label
    answer: str
    fixed_in: str


class TroubleFile(TroubleLine):
    acts: list[Act]


# ── licences ──────────────────────────────────────────────────────────────────────────────────


class LicenceSeen(Schema):
    """What anybody learns who has the code. `expires_on`: the last day; null: no end; `holder`:
    what can be compared with the paper; `said`: why it does not hold, or no longer."""

    name: str
    number: str
    unit: str
    holder: str
    issued_on: date
    expires_on: date | None
    standing: Label
    said: str


class LicenceLine(LicenceSeen):
    id: str
    code: str
    case_number: str
    renew_by: date | None


class LicenceEnding(Schema):
    ending: str
    law: str
    reason: str
    document: str
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    ended_by: str


class LicenceFile(LicenceLine):
    asked: LicenceEnding | None
    acts: list[Act]


# ── what is made public ───────────────────────────────────────────────────────────────────────


class CopyFile(Written):
    """The public copy beside its letter. `state`: none, drafted or public; `is_own`: drafted by
    the reader, so that another one confirms it."""

    state: str
    is_own: bool


class AnsweredLine(Schema):
    id: Said
    title: str


class AnsweredText(AnsweredLine):
    """A letter and its answer, without whom they lead to."""

    question: str
    answer: str


class MailLine(Schema):
    id: Said
    received: datetime
    trouble: Said
    kib: int


class MailFile(Written):
    trouble: Said
    head: str


class ReleaseLine(Schema):
    id: Said
    day: date
    title: str
    channel: str
    quantity: int | None
    organ: str
    way: Said
    evidence: str
    lacks_proof: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str


class Linked(Schema):
    id: Said
    title: Said


class StandardLine(Schema):
    """A line of the standard catalogue; `where`: whether it was told, and in time."""

    id: Said
    heading: str
    content: str
    where: Said
    count: int
    linked: list[Linked]


class Standard(Schema):
    unit: Said
    lines: list[StandardLine]
