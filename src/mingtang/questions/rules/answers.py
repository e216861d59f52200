"""Rules: answers read from what was typed, and checked as a whole. Pure.

Answers are `{section: {question: value}}`, plain JSON; rows are lists of such objects. What was
not answered is left out. Where a condition does not hold nothing is asked, kept or checked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.questions.rules.form import Condition, Form, Kind, Question, Section
from mingtang.questions.rules.values import read

Answers = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer. `row` counts from 0 inside rows."""

    path: str
    title: str
    text: str
    row: int | None = None
    is_missing: bool = False  # nothing is wrong but that there is nothing


def _meets(condition: Condition, seen: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether an answer is as wanted; one that cannot be read never is."""
    value = row.get(condition.path, seen.get(condition.path))
    if condition.test == "filled":
        return (value is not None) is bool(condition.value)
    if condition.test in {"at_least", "at_most"}:
        number = _number(value)
        if number is None:
            return False
        is_less = number < condition.value
        return not is_less if condition.test == "at_least" else is_less or number == condition.value
    if condition.test == "in":
        return value is not None and value in condition.value
    if condition.test == "has":
        return isinstance(value, list) and condition.value in value
    return value is not None and bool(value == condition.value)


def _number(value: Any) -> Decimal | None:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _holds(
    conditions: tuple[Condition, ...], seen: Mapping[str, Any], row: Mapping[str, Any] = {}
) -> bool:
    return all(_meets(condition, seen, row) for condition in conditions)


@dataclass(frozen=True)
class Asked:
    """One question as it is put to somebody: with the answer, and in which row."""

    question: Question
    value: Any
    row: int | None = None


def walk(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[Section, list[Asked]]]:
    """Each section that is asked with its questions, in order: conditions look back only."""
    seen: dict[str, Any] = {}
    for section in form.sections:
        if not _holds(section.when, seen):
            continue
        given = _mapping(answers.get(section.key))
        asked: list[Asked] = []
        for question in section.questions:
            if not _holds(question.when, seen):
                continue
            value = _answer(given, question)
            if value is not None:
                seen[question.path] = value
            asked.append(Asked(question, value))
            if question.kind is Kind.ROWS:
                asked += _rows(question, value, seen)
        yield section, asked


def _rows(question: Question, value: Any, seen: Mapping[str, Any]) -> Iterator[Asked]:
    for number, line in enumerate(value if isinstance(value, list) else []):
        row: dict[str, Any] = {}
        for inner in question.rows:
            if not _holds(inner.when, seen, row):
                continue
            found = _answer(_mapping(line), inner)
            if found is not None:
                row[inner.path] = found
            yield Asked(inner, found, number)


def _answer(given: Mapping[str, Any], question: Question) -> Any:
    """What was answered; None for nothing, in whatever shape it came."""
    value = given.get(question.key)
    return None if value in ("", [], {}) else value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def offered(
    form: Form, answers: Mapping[str, Any], keys: Collection[str]
) -> dict[str, tuple[Condition, ...]]:
    """The questions that a page with these sections shows, each with the conditions that hang on
    answers of the same page; those on answers given before are decided."""
    seen = {
        one.question.path: one.value
        for _section, asked in walk(form, answers)
        for one in asked
        if one.row is None and one.value is not None
    }
    found: dict[str, tuple[Condition, ...]] = {}
    for section in form.sections:
        for question in section.questions if section.key in keys else ():
            for one in (question, *question.rows):
                every = (*section.when, *question.when) if one is question else one.when
                here = tuple(each for each in every if each.path.partition(".")[0] in keys)
                if _holds(tuple(each for each in every if each not in here), seen):
                    found[one.path] = here
    return found


def is_asked(form: Form, answers: Mapping[str, Any], section_key: str) -> bool:
    """Whether a section is put to somebody who answered so."""
    return any(section.key == section_key for section, _asked in walk(form, answers))


def relevant(form: Form, answers: Mapping[str, Any]) -> Answers:
    """The answers to what is asked; all others, and all that this form does not know, left out."""
    found: Answers = {}
    for section, asked in walk(form, answers):
        kept: Answers = {}
        for one in asked:
            if one.value is None:
                continue
            if one.question.kind is Kind.ROWS:
                kept[one.question.key] = _blank_rows(one.value)
            elif one.row is not None:
                rows = kept[one.question.path.split(".")[1]]
                rows[one.row][one.question.key] = one.value
            else:
                kept[one.question.key] = one.value
        if kept:
            found[section.key] = kept
    return found


def _blank_rows(value: Any) -> Any:
    """Rows to be filled with what is asked in them; what are no rows stays for its fault."""
    if not isinstance(value, list):
        return value
    return [{} if isinstance(line, Mapping) else line for line in value]


def check(
    form: Form, answers: Mapping[str, Any], *, on: date, only: str | None = None
) -> list[Fault]:
    """All that is wrong with the answers on a day, in order; of one section where `only` names it.

    Also for answers that came from elsewhere: every value is read again.
    """
    faults: list[Fault] = []
    days: dict[str, str] = {}
    for section, asked in walk(form, answers):
        row_days: dict[str, str] = {}
        number = None
        for one in asked:
            if one.row != number:
                number, row_days = one.row, {}
            value, text = _read(one, on)
            is_missing = one.question.is_required and value is None and not text
            text = _missing(one.question) if is_missing else text
            if one.question.kind is Kind.DAY and value is not None:
                text = _order_fault(one.question, value, days | row_days, on)
                if not text:
                    (days if one.row is None else row_days)[one.question.path] = value
            if text and only in {None, section.key}:
                question = one.question
                faults.append(Fault(question.path, question.title, text, one.row, is_missing))
    return faults


def _read(one: Asked, on: date) -> tuple[Any, str]:
    """The value of an answer, None for nothing; and what is wrong with what was answered."""
    question = one.question
    if question.kind is Kind.ROWS and one.value is not None:
        return one.value, _count_fault(question, one.value)
    try:
        return read(question, one.value, on=on), ""
    except DomainError as error:  # ours, or that of a number's own rules
        return None, error.message


def _missing(question: Question) -> str:
    picks = {Kind.ONE, Kind.SEVERAL, Kind.YES_NO}
    if question.kind is Kind.ROWS:
        return f"请至少填写一行“{question.title}”。"
    return f"请{'选择' if question.kind in picks else '填写'}“{question.title}”。"


def _count_fault(question: Question, value: Any) -> str:
    count = len(value) if isinstance(value, list) else 0
    least = question.least or (1 if question.is_required else 0)
    if not isinstance(value, list) or not all(isinstance(line, Mapping) for line in value):
        return f"“{question.title}”应是若干行。"
    if count < least:
        return f"“{question.title}”至少要填 {least} 行，现在是 {count} 行。"
    if count > question.most:
        return f"“{question.title}”最多填 {question.most} 行，现在是 {count} 行，请删去多余的。"
    return ""


def _order_fault(question: Question, value: str, days: Mapping[str, str], on: date) -> str:
    """Days as text compare as days do. A path whose day was not given is no day."""
    for bound, word in ((question.not_before, "早于"), (question.not_after, "晚于")):
        day = on.isoformat() if bound == "today" else days.get(bound, bound)
        if not day or "." in day:
            continue
        if value < day if word == "早于" else value > day:
            named = "今天" if bound == "today" else day
            return f"“{question.title}”不能{word}{named}，请核对日期。"
    return ""
