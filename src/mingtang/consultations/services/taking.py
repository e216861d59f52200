"""Commands: what the public says is taken in: opinions, questions, sheets; codes are given out."""

from collections.abc import Mapping
from datetime import datetime

from mingtang.base.codes import normalise_code, spell_code
from mingtang.base.db import queue_up
from mingtang.base.errors import DomainError
from mingtang.base.sealed import keyed_hash
from mingtang.consultations import queries
from mingtang.consultations.models import Activity, Comment, Sheet, SheetAnswer, SurveyToken
from mingtang.consultations.rules.life import Kind, NotOpen, State, check_comment
from mingtang.consultations.rules.survey import (
    AnsweredAlready,
    Said,
    UnknownToken,
    check_said,
)
from mingtang.consultations.services.common import (
    PUBLIC,
    Result,
    locked,
    person_of,
    state_of,
    tell,
)
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command

MOST_TOKENS = 500


def _open(activity_id: int, at: datetime) -> Activity:
    """An activity that takes in what is said, held. Raises NotOpen."""
    activity = locked(activity_id)
    if state_of(activity, at) is not State.OPEN or not queries.is_shown(activity):
        raise NotOpen(Kind(activity.kind))
    return activity


@command("consultation.comment")
def comment(
    *,
    activity_id: int,
    text: str,
    name: str = "",
    phone: str = "",
    may_publish: bool = False,
    person_id: int | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Take in an opinion or a question; who says it is sealed with it, and the ledger is told of
    nobody. Records "consultation.commented". Returns {"number"}. Raises NotOpen, BadComment."""
    activity = _open(activity_id, at)
    kind = Kind(activity.kind)
    if kind is Kind.SURVEY:
        raise NotOpen(kind)
    said = check_comment(kind, text)
    number = activity.comments.count() + 1
    Comment.objects.create(
        activity=activity,
        number=number,
        text=said,
        name=name.strip(),
        phone=phone.strip(),
        person_id=person_id,
        may_publish=may_publish,
        submitted_at=at,
    )
    facts = {"number": number}
    tell(activity, "consultation.commented", facts, actor=PUBLIC, at=at, command_id=command_id)
    return {"number": number}


@command("consultation.issue_tokens")
def issue_tokens(
    *, activity_id: int, count: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Give out codes for a survey, each good for one sheet. They are derived from the house's key
    and the act that gave them out, so that a page shown twice shows the same; of each only the
    hash is kept. Records "consultation.tokens_issued". Returns {"count"}; `codes` spells them."""
    activity = locked(activity_id)
    if activity.kind != Kind.SURVEY.value or state_of(activity, at) is not State.OPEN:
        raise NotOpen(Kind(activity.kind))
    if not 1 <= count <= MOST_TOKENS:
        raise DomainError(f"一次可以领 1 到 {MOST_TOKENS} 个答题码。")
    SurveyToken.objects.bulk_create(
        SurveyToken(
            activity=activity,
            voter_key=_token_key(activity, code),
            issued_at=at,
            issued_by_id=person_of(actor),
        )
        for code in codes(activity.id, command_id, count)
    )
    facts = {"count": count}
    tell(activity, "consultation.tokens_issued", facts, actor=actor, at=at, command_id=command_id)
    return {"count": count}


def codes(activity_id: int, command_id: str, count: int) -> list[str]:
    """The codes that an act gave out."""
    made = (f"{activity_id}/{command_id}/{number}" for number in range(count))
    return [spell_code(keyed_hash("survey_code", one.encode())) for one in made]


def _token_key(activity: Activity, code: str) -> str:
    return keyed_hash("survey_token", f"{activity.id}/{normalise_code(code)}".encode()).hex()


@command("consultation.submit_sheet")
def submit_sheet(
    *,
    activity_id: int,
    answers: Mapping[str, Said],
    person_id: int | None = None,
    token: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Take in a sheet, one of each person or code. `answers` by the question's position, from 1.

    Records "consultation.sheet_received", which says nothing of what was answered, nor by whom.
    Raises NotOpen, BadSheet, AnsweredAlready, UnknownToken.
    """
    activity = _open(activity_id, at)
    if activity.kind != Kind.SURVEY.value:
        raise NotOpen(Kind(activity.kind))
    voter = _voter(activity, person_id, token)
    queue_up(f"sheet:{voter}")
    if Sheet.objects.filter(activity=activity, voter_key=voter).exists():
        raise AnsweredAlready
    _keep(activity, voter, answers, at)
    facts = {"count": activity.sheets.count()}
    tell(activity, "consultation.sheet_received", facts, actor=PUBLIC, at=at, command_id=command_id)
    return {"received": True}


def _voter(activity: Activity, person_id: int | None, token: str) -> str:
    if token.strip():
        key = _token_key(activity, token)
        if not activity.tokens.filter(voter_key=key).exists():
            raise UnknownToken
        return key
    if person_id is None:
        raise UnknownToken
    return keyed_hash("survey_person", f"{activity.id}/{person_id}".encode()).hex()


def _keep(activity: Activity, voter: str, answers: Mapping[str, Said], at: datetime) -> None:
    sheet = Sheet.objects.create(activity=activity, voter_key=voter, submitted_at=at)
    for row in queries.questions_of(activity):
        said = answers.get(str(row.position), Said())
        check_said(row.position, queries.as_question(row), said)
        if said.choices or said.text.strip():
            SheetAnswer.objects.create(
                sheet=sheet, question=row, choices=list(said.choices), text=said.text.strip()
            )
