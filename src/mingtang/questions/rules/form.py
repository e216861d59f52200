"""Rules: a form as it is used: sections of questions, each with its kind and conditions. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_EITHER = re.compile(r"有没有|(.)不\1")  # 有没有, 是不是, 会不会, 要不要


def yes_and_no(title: str) -> tuple[str, str]:
    """The two answers in the words in which it was asked: 有没有 is answered 有 or 没有."""
    found = _EITHER.search(title)
    if found is None:
        return "是", "否"
    return ("有", "没有") if found[1] is None else (found[1], f"不{found[1]}")


class Kind(StrEnum):
    """What a question takes for an answer, and how the answer is kept as JSON."""

    TEXT = "text"  # a string of one line
    LONG = "long"  # a string of several
    WHOLE = "whole"  # an integer
    DECIMAL = "decimal"  # a string such as "12.50": no binary fractions
    DAY = "day"  # "2013-09-17"
    YES_NO = "yes_no"  # true, false
    ONE = "one"  # the value of one option
    SEVERAL = "several"  # a list of such values
    PHONE = "phone"
    CITIZEN_NUMBER = "citizen_number"
    CREDIT_CODE = "credit_code"
    PLATE = "plate"
    ADDRESS = "address"  # {"region": code, "place": its name, "detail": street and number}
    ROWS = "rows"  # a list of objects of other questions

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: Mapping[Kind, str] = {
    Kind.TEXT: "一行文字",
    Kind.LONG: "多行文字",
    Kind.WHOLE: "整数",
    Kind.DECIMAL: "小数或金额",
    Kind.DAY: "日期",
    Kind.YES_NO: "是或否",
    Kind.ONE: "单选",
    Kind.SEVERAL: "多选",
    Kind.PHONE: "电话",
    Kind.CITIZEN_NUMBER: "身份证号",
    Kind.CREDIT_CODE: "统一社会信用代码",
    Kind.PLATE: "车牌号",
    Kind.ADDRESS: "地址",
    Kind.ROWS: "可增加的表行",
}


@dataclass(frozen=True)
class Condition:
    """What must hold of an earlier answer. `test` is one of TESTS; `path` names the question.

    Inside rows a path of one part names a question of the same row.
    """

    path: str
    test: str
    value: Any


@dataclass(frozen=True)
class Question:
    """One thing asked. `path` is unique in its form: section.key, or section.rows.key."""

    path: str
    title: str
    kind: Kind
    purpose: str
    is_required: bool = False
    help: str = ""
    example: str = ""
    when: tuple[Condition, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    least: Any = None  # of a number, of the length of a text, of the count of rows
    most: Any = None
    decimals: int = 0
    pattern: str = ""
    pattern_help: str = ""
    not_before: str = ""  # a path, "today", or a day
    not_after: str = ""
    known_as: str = ""  # what it is called wherever it is asked: prefilled from earlier answers
    rows: tuple["Question", ...] = ()

    @property
    def key(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    help: str
    questions: tuple[Question, ...]
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Form:
    """A compiled form. Conditions point backwards only, so one pass in order decides them all."""

    title: str
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def questions(self) -> Iterator[Question]:
        """Every question, those inside rows after the rows themselves."""
        for section in self.sections:
            for question in section.questions:
                yield question
                yield from question.rows
