"""Rules: when a part of a form is asked, read from its schema. Pure."""

from collections.abc import Mapping
from typing import Any

from mingtang.questions.rules.compiling.plain import Plain
from mingtang.questions.rules.compiling.words import MOST_NUMBER, TESTS, TESTS_OF, Schema
from mingtang.questions.rules.form import Condition, Kind, Question


class Conditions(Plain):
    """Reads what a question or section hangs on: answers to questions before it."""

    def conditions(self, one: Schema, place: str, rows: str = "") -> tuple[Condition, ...]:
        listed = one.get("x-when") or []
        listed = [listed] if isinstance(listed, Mapping) else listed
        if not isinstance(listed, list) or not all(isinstance(line, Mapping) for line in listed):
            self.wrong(place, "的条件（x-when）应是对象或对象的列表。")
            return ()
        found = [self.condition(line, place, rows) for line in listed]
        return tuple(condition for condition in found if condition)

    def condition(self, line: Schema, place: str, rows: str) -> Condition | None:
        tests = [name for name in TESTS if name in line]
        if len(tests) != 1 or set(line) != {"question", tests[0]}:
            words = "、".join(TESTS)
            self.wrong(place, f"的条件应写一个问题（question）和一种比较（{words}）。")
            return None
        path = self.earlier(str(line["question"]), place, rows)
        if not path:
            return None
        test, value = tests[0], line[tests[0]]
        self.comparable(self.asked[path], test, value, place)
        return Condition(path, test, value)

    def comparable(self, asked: Question, test: str, value: Any, place: str) -> None:
        """Whether the answer of a question can ever pass the test."""
        if test not in TESTS_OF[asked.kind]:
            known = "、".join(f"{one}（{TESTS[one]}）" for one in TESTS_OF[asked.kind])
            self.wrong(
                place, f"的条件与“{asked.title}”（{asked.kind.label}）比较，只能用 {known}。"
            )
            return
        if test == "in" and not (isinstance(value, list) and value):
            self.wrong(place, "的条件 in 应写一个列表。")
            return
        wanted = value if test == "in" else [value]
        if wrong := [one for one in wanted if not _is_wanted(asked, test, one)]:
            told = "、".join(str(one) for one in wrong)[:100]
            self.wrong(place, f"的条件里“{told}”不是“{asked.title}”{_wants(asked, test)}")

    def earlier(self, name: str, place: str, rows: str) -> str:
        """The path of a question asked before this one; "" and a fault for any other."""
        inside = f"{rows}.{name}" if rows else ""
        if inside in self.asked:
            return inside
        found = self.asked.get(name)
        is_in_rows = name.count(".") == 2
        if found is None or is_in_rows:
            self.wrong(
                place, f"引用了“{name}”，这份表里在它之前没有这个问题。请改引用，或者把顺序调过来。"
            )
            return ""
        return name


def _is_wanted(asked: Question, test: str, value: Any) -> bool:
    """Whether a value is such as the question's answers are."""
    if test == "filled" or asked.kind is Kind.YES_NO:
        return isinstance(value, bool)
    if asked.kind in {Kind.WHOLE, Kind.DECIMAL}:
        return type(value) is int and -MOST_NUMBER <= value <= MOST_NUMBER
    if asked.options:
        return isinstance(value, str) and value in asked.options
    return isinstance(value, str) and bool(value.strip())


def _wants(asked: Question, test: str) -> str:
    if test == "filled" or asked.kind is Kind.YES_NO:
        return "可比的值，应写 true 或 false。"
    if asked.kind in {Kind.WHOLE, Kind.DECIMAL}:
        return "可比的值，应写整数。"
    return "的选项。" if asked.options else "可比的值，应写文字。"
