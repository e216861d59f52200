"""Rules: answers as people read them, and what two submissions differ in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.base.masking import mask_identity, mask_phone
from mingtang.questions.rules.answers import Asked, walk
from mingtang.questions.rules.form import Condition, Form, Kind, Question, yes_and_no


@dataclass(frozen=True)
class Line:
    """One answer: where it stands, what was asked, what was said ("" for nothing)."""

    path: str
    section: str
    title: str
    text: str
    row: int | None = None


@dataclass(frozen=True)
class Change:
    section: str
    title: str
    before: str
    after: str


def shown(form: Form, answers: Mapping[str, Any], *, is_masked: bool = False) -> list[Line]:
    """Every question that was asked, with its answer in words; numbers of persons masked or not."""
    return [
        Line(one.question.path, section.key, _title(one), _text(one, is_masked), one.row)
        for section, asked in walk(form, answers)
        for one in asked
        if one.question.kind is not Kind.ROWS or not one.value
    ]


def _title(one: Asked) -> str:
    return one.question.title if one.row is None else f"{one.question.title}（第 {one.row + 1} 行）"


def _text(one: Asked, is_masked: bool) -> str:
    question, value = one.question, one.value
    if value is None:
        return ""
    if is_masked and question.kind is Kind.CITIZEN_NUMBER:
        return mask_identity(str(value))
    if is_masked and question.kind is Kind.PHONE:
        return mask_phone(str(value))
    if question.kind is Kind.YES_NO:
        yes, no = yes_and_no(question.title)
        return yes if value is True else no if value is False else str(value)
    if question.options:
        picked = value if isinstance(value, list) else [value]
        return "、".join(question.options.get(str(each), str(each)) for each in picked)
    if question.kind is Kind.DAY:
        return _day(str(value))
    if question.kind is Kind.ADDRESS and isinstance(value, Mapping):
        return f"{value.get('place', '')}{value.get('detail', '')}"
    return f"{value} {question.unit}".strip()


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"


def differences(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """What changed from one submission to the next, in the order of the later one."""
    old = {(line.path, line.row): line for line in before}
    changed = [
        Change(line.section, line.title, was.text if was else "", line.text)
        for line in after
        if (was := old.pop((line.path, line.row), None)) is None or was.text != line.text
    ]
    gone = [Change(line.section, line.title, line.text, "") for line in old.values()]
    return [change for change in [*changed, *gone] if change.before != change.after]


def in_words(form: Form, conditions: Sequence[Condition]) -> str:
    """When a question is to be answered, for who sees it without a script; "" for always."""
    titles = {question.path: question for question in form.questions()}
    told = [_told(titles[one.path], one) for one in conditions]
    return f"{'，并且'.join(told)}时填写" if told else ""


def _told(question: Question, condition: Condition) -> str:
    name, test, value = f"“{question.title}”", condition.test, condition.value
    if test == "filled":
        return f"{name}{'已填写' if value else '没有填写'}"
    if test in {"at_least", "at_most"}:
        return f"{name}{'不小于' if test == 'at_least' else '不大于'} {value}{question.unit}"
    if question.kind is Kind.YES_NO:
        yes, no = yes_and_no(question.title)
        return f"{name}选“{yes if value else no}”"
    picked = value if isinstance(value, list) else [value]
    verb = "选" if question.options else "填"
    return f"{name}{verb}" + "或".join(f"“{question.options.get(one, one)}”" for one in picked)


def outline(form: Form) -> list[str]:
    """What a form asks, a line a question: for reading it over and comparing two of them."""
    return [
        f"{section.title}：{'' if question.path.count('.') == 1 else '　'}{_asks(form, question)}"
        for section in form.sections
        for asked in section.questions
        for question in (asked, *asked.rows)
    ]


def _asks(form: Form, question: Question) -> str:
    words = [question.kind.label, "必填" if question.is_required else "选填"]
    words += ["、".join(question.options.values())] if question.options else []
    words += [in_words(form, question.when)] if question.when else []
    words += [f"用途：{question.purpose}"]
    return f"{question.title}（{'；'.join(words)}）"
