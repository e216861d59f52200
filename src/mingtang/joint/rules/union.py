"""Rules: one form and one list of materials for all parts of a joint matter. Pure.

The same question, by what it is called everywhere or else by its words, is asked once and its
answer given to every part that asks it; so is the same material, by its name. Questions that hang
on others stay where they are.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mingtang.questions.rules import (
    Answers,
    Condition,
    Fault,
    Form,
    Kind,
    Question,
    Section,
    check,
)

NECESSARY, MAY_DEFER = "必要", "容缺"  # what an edition says of a material


def material_key(name: str) -> str:
    """By what the same material is known wherever it is asked: its name, however it is typed."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum())
    return hashlib.sha256(plain.casefold().encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Wanted:
    """One material of the whole. `by`: (key of the part, id of its line there). `may_defer`: every
    part that must have it says that it may come later (容缺)."""

    key: str
    name: str
    is_required: bool
    may_defer: bool
    note: str
    by: tuple[tuple[str, str], ...]


def materials_of(parts: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> list[Wanted]:
    """The materials that parts ask for, each once, in the order in which they are first named."""
    asked: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for part, lines in parts:
        for line in lines:
            asked.setdefault(material_key(line["name"]), []).append((part, line))
    return [_wanted(key, lines) for key, lines in asked.items()]


def _wanted(key: str, lines: Sequence[tuple[str, Mapping[str, Any]]]) -> Wanted:
    needs = {line["need"] or NECESSARY for _part, line in lines}
    _first, line = lines[0]
    return Wanted(
        key=key,
        name=line["name"],
        is_required=not needs.isdisjoint({NECESSARY, MAY_DEFER}),
        may_defer=MAY_DEFER in needs and NECESSARY not in needs,
        note=line["note"],
        by=tuple((part, line["id"]) for part, line in lines),
    )


@dataclass(frozen=True)
class Asked:
    """The form of one part: its key, what it is called, its questions."""

    part: str
    name: str
    form: Form


@dataclass(frozen=True)
class Union:
    """The one form. `places`: (part, path in its own form) → path in the one form."""

    form: Form
    places: Mapping[tuple[str, str], str]


def union_of(parts: Sequence[Asked]) -> Union:
    """The one form of all parts. Depends on nothing but their forms and their order."""
    builder = _Builder()
    for number, part in enumerate(parts, 1):
        builder.add(number, part)
    return Union(Form("申请表", tuple(builder.sections())), builder.places)


class _Builder:
    def __init__(self) -> None:
        self.places: dict[tuple[str, str], str] = {}
        self._same: dict[Any, str] = {}
        self._questions: dict[str, Question] = {}  # by path in the one form
        self._sections: list[tuple[Section, list[str]]] = []

    def add(self, number: int, part: Asked) -> None:
        for section in part.form.sections:
            key = f"p{number}_{section.key}"
            when = tuple(self._moved(part.part, one) for one in section.when)
            title = section.title if number == 1 else f"{part.name}：{section.title}"
            kept = [
                path
                for question in section.questions
                if (path := self._ask(part.part, key, question, is_open=not section.when))
            ]
            if kept:
                self._sections.append((Section(key, title, section.help, (), when), kept))

    def _ask(self, part: str, section: str, question: Question, *, is_open: bool) -> str:
        """The path of a question that is new; "" for one that was asked already."""
        same = _signature(question) if is_open and not question.when else None
        if same is not None and same in self._same:
            path = self._same[same]
            self.places[part, question.path] = path
            if question.is_required and not self._questions[path].is_required:
                self._questions[path] = replace(self._questions[path], is_required=True)
            return ""
        path = f"{section}.{question.key}"
        self.places[part, question.path] = path
        self._questions[path] = self._placed(part, path, question)
        if same is not None:
            self._same[same] = path
        return path

    def _placed(self, part: str, path: str, question: Question) -> Question:
        for inner in question.rows:
            self.places[part, inner.path] = f"{path}.{inner.key}"
        return replace(
            question,
            path=path,
            when=tuple(self._moved(part, one) for one in question.when),
            not_before=self.places.get((part, question.not_before), question.not_before),
            not_after=self.places.get((part, question.not_after), question.not_after),
            rows=tuple(self._placed(part, f"{path}.{one.key}", one) for one in question.rows),
        )

    def _moved(self, part: str, condition: Condition) -> Condition:
        path = self.places.get((part, condition.path), condition.path)
        return replace(condition, path=path)

    def sections(self) -> Iterable[Section]:
        for section, paths in self._sections:
            yield replace(section, questions=tuple(self._questions[path] for path in paths))


def _signature(question: Question) -> Any:
    """What two questions have in common that are one. Rows are never shared."""
    if question.kind is Kind.ROWS:
        return None
    words = "".join(char for char in question.title if char.isalnum())
    return (
        question.known_as or words,
        question.kind,
        tuple(question.options.items()),
        *(question.unit, question.decimals, question.pattern),
        *(str(question.least), str(question.most), question.not_before, question.not_after),
    )


def answers_for(union: Union, part: Asked, answers: Answers) -> Answers:
    """What one part is told of the answers to the one form."""
    found: Answers = {}
    for section in part.form.sections:
        for question in section.questions:
            place, _, key = union.places[part.part, question.path].rpartition(".")
            value = (answers.get(place) or {}).get(key)
            if value is not None:
                found.setdefault(section.key, {})[question.key] = value
    return found


def faults_in(union: Union, parts: Iterable[Asked], answers: Answers, on: date) -> list[Fault]:
    """What is wrong with the answers, by the form of each part, told where it was asked."""
    found: dict[tuple[str, int | None, str], Fault] = {}
    for part in parts:
        for fault in check(part.form, answers_for(union, part, answers), on=on):
            place = union.places[part.part, fault.path]
            found.setdefault((place, fault.row, fault.text), replace(fault, path=place))
    return list(found.values())
