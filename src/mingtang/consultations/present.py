"""What screens of consultations show: rows, states, figures as bars."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from mingtang.base.clock import legal_date
from mingtang.base.ids import parse_id
from mingtang.base.privacy import mask_text
from mingtang.consultations import queries
from mingtang.consultations.models import Activity, Comment
from mingtang.consultations.rules.life import CommentState, Kind, State, Verdict
from mingtang.consultations.rules.survey import CrossRow, Question, QuestionKind, Tally
from mingtang.consultations.services.common import state_of
from mingtang.consultations.services.life import last_day

TONES = {
    State.DRAFT: "info",
    State.OPEN: "ok",
    State.CLOSED: "info",
    State.MISSING: "bad",
    State.REPORTED: "ok",
}
COMMENT_TONES = {"waiting": "warn", "kept": "ok", "set_aside": "info"}
VERDICT_TONES = {"adopted": "ok", "partly": "info", "not_adopted": "warn", "answered": "ok"}


def page_of_activity(key: str, for_staff: bool) -> str | None:
    if parse_id(key) is None:
        return None
    return reverse("consultations:office_one" if for_staff else "consultations:one", args=[key])


def titles_of_activities(keys: Iterable[str]) -> dict[str, str]:
    numbers = {number: key for key in keys if (number := parse_id(key)) is not None}
    return {numbers[number]: title for number, title in queries.titles(numbers).items()}


def row(activity: Activity, unit: str, now: Any, count: int = 0) -> dict[str, Any]:
    """A line of a list. The public reads the title that was reviewed."""
    state, kind = state_of(activity, now), Kind(activity.kind)
    version = activity.notice.published_version
    return {
        "id": activity.id,
        "title": version.title if version is not None else activity.title,
        "kind": kind.label,
        "noun": kind.noun,
        "is_interview": kind is Kind.INTERVIEW,
        "is_survey": kind is Kind.SURVEY,
        "is_opinions": kind is Kind.OPINIONS,
        "unit": unit,
        "state": state.label,
        "tone": TONES[state],
        "is_open": state is State.OPEN,
        "is_missing": state is State.MISSING,
        "is_over": state in {State.CLOSED, State.MISSING, State.REPORTED},
        "opened": legal_date(activity.opened_at) if activity.opened_at else None,
        "last_day": last_day(activity.closes_at) if activity.closes_at else None,
        "result_due": activity.result_due_date,
        "held_at": activity.held_at,
        "held_until": activity.held_until,
        "guests": activity.guests,
        "short_reason": activity.short_reason,
        "days": activity.days,
        "count": count,
    }


def comment(one: Comment) -> dict[str, Any]:
    """What somebody said, for those who answer: who it was is shown masked."""
    return {
        "number": one.number,
        "text": one.text,
        "may_publish": one.may_publish,
        "at": one.submitted_at,
        "state": {
            "label": CommentState(one.state).label,
            "tone": COMMENT_TONES[one.state],
        },
        "public_text": one.public_text,
        "set_aside_reason": one.set_aside_reason,
        "verdict": {"label": Verdict(one.verdict).label, "tone": VERDICT_TONES[one.verdict]}
        if one.verdict
        else None,
        "answer": one.answer,
    }


def proposed(one: Comment) -> str:
    """The copy that is proposed for the public: masked where it may be shown at all; whoever did
    not agree is not quoted, and their opinion is put in the office's words."""
    return mask_text(one.text, [one.name]) if one.may_publish else ""


def figures(lines: Iterable[tuple[Question, Tally]]) -> list[dict[str, Any]]:
    """A survey's questions with their bars, and the table of the same numbers."""
    return [
        {"number": number, "text": question.text, "kind": question.kind.label}
        | _figures(question, found)
        for number, (question, found) in enumerate(lines, 1)
    ]


def _figures(question: Question, found: Tally) -> dict[str, Any]:
    if question.kind is QuestionKind.TEXT:
        return {"bars": [], "base": 0}
    return {
        "base": found.base,
        "bars": [
            {
                "label": option,
                "parts": [(found.counts[at], "info"), (found.base - found.counts[at], "rest")],
                "text": f"{found.counts[at]}（{found.share(at)}%）",
                "count": found.counts[at],
                "share": found.share(at),
            }
            for at, option in enumerate(question.options)
        ],
    }


def crossing(first: Question, second: Question, rows: Iterable[CrossRow]) -> dict[str, Any]:
    """One question by another: a row for each answer to the first, shares of the second; none
    where too few answered."""
    return {
        "first": first.text,
        "second": second.text,
        "head": second.options,
        "rows": [
            {
                "option": one.option,
                "base": one.tally.base if one.tally else None,
                "cells": [f"{one.tally.share(at)}%" for at in range(len(second.options))]
                if one.tally
                else [],
            }
            for one in rows
        ],
    }
