"""Rules: a form and its sections and questions, read from a schema. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from mingtang.questions.rules.compiling.conditions import Conditions
from mingtang.questions.rules.compiling.plain import is_strange, leaves
from mingtang.questions.rules.compiling.words import (
    FORMATS,
    MOST_LINE,
    MOST_LONG,
    MOST_NUMBER,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_ROWS,
    MOST_SECTIONS,
    NAMES,
    OF_KINDS,
    OF_QUESTIONS,
    OF_SECTIONS,
    Schema,
)
from mingtang.questions.rules.form import Form, Kind, Question, Section
from mingtang.questions.rules.order import ORDER
from mingtang.questions.rules.patterns import is_pattern


class Reader(Conditions):
    """Reads the whole."""

    def form(self, schema: Any) -> Form:
        if not isinstance(schema, Mapping):
            self.wrong("申请表", "应是一个对象。")
            return Form("", ())
        if any(is_strange(one) for one in leaves(schema)):
            self.wrong("申请表", "含有不能保存的字符，请删去后重填。")
        title = self.text(schema, "title", "申请表", 60, may_lack=True) or "申请表"
        self.only(schema, "申请表", {"type", "title", "description", "properties", ORDER})
        self.text(schema, "description", "申请表", 500, may_lack=True)
        self.is_object(schema, "申请表")
        parts = self.properties(schema, "申请表")
        if len(parts) > MOST_SECTIONS:
            self.wrong("申请表", f"有 {len(parts)} 个部分，最多 {MOST_SECTIONS} 个，请合并。")
        sections = tuple(self.section(key, part) for key, part in parts.items())
        self.path = ""
        count = len(self.asked)
        if count > MOST_QUESTIONS:
            self.wrong("申请表", f"有 {count} 个问题，最多 {MOST_QUESTIONS} 个，请精简。")
        return Form(title, sections)

    def section(self, key: str, part: Any) -> Section:
        self.path, place = key, self.place(key, part)
        if not isinstance(part, Mapping):
            self.wrong(place, "应是一个部分（对象）。")
            return Section(key, place, "", ())
        self.only(part, place, OF_SECTIONS)
        self.is_object(part, place)
        when = self.conditions(part, place)
        required = self.required(part, place)
        questions = tuple(
            self.question(f"{key}.{name}", one, name in required)
            for name, one in self.properties(part, place).items()
        )
        self.path = key
        return Section(
            key,
            self.text(part, "title", place, 40),
            self.text(part, "description", place, 500, may_lack=True),
            questions,
            when,
        )

    def question(self, path: str, one: Any, is_required: bool, rows: str = "") -> Question:
        self.path, place = path, self.place(path, one)
        if not isinstance(one, Mapping):
            self.wrong(place, "应是一个问题（对象）。")
            return Question(path, place, Kind.TEXT, "")
        kind = self.kind(one, place)
        self.only(one, place, OF_QUESTIONS | OF_KINDS.get(kind, {"format"}))
        if rows and kind is Kind.ROWS:
            self.wrong(place, "在表行里不能再放表行。")
        question = Question(
            path=path,
            title=self.text(one, "title", place, 60),
            kind=kind,
            purpose=self.text(one, "x-purpose", place, 200),
            is_required=is_required,
            help=self.text(one, "description", place, 300, may_lack=True),
            example=self.example(one, place),
            when=self.conditions(one, place, rows),
            known_as=self.text(one, "x-known-as", place, 40, may_lack=True),
            **self.options(one, kind, place),
            **self.bounds(one, kind, place),
            **self.pattern(one, place),
            **self.days(one, place, rows),
            rows=self.rows(path, one, place) if kind is Kind.ROWS else (),
        )
        self.asked[path] = question
        return question

    # ── parts of a question ───────────────────────────────────────────────────────────────────

    def kind(self, one: Schema, place: str) -> Kind:
        sort, form = one.get("type"), one.get("format")
        found = None
        if sort == "string":
            found = Kind.ONE if "oneOf" in one else FORMATS.get(str(form)) if form else Kind.TEXT
        elif sort == "object" and form == "address":
            found = Kind.ADDRESS
        elif sort == "array":
            items = one.get("items")
            inner = items.get("type") if isinstance(items, Mapping) else None
            found = {"string": Kind.SEVERAL, "object": Kind.ROWS}.get(str(inner))
        else:
            found = {"integer": Kind.WHOLE, "boolean": Kind.YES_NO}.get(str(sort))
        if found is None:
            named = f"{sort}/{form}" if form else f"{sort}"
            self.wrong(place, f"的类型“{named}”不在申请表可用的范围内，请看 docs/forms.md。")
        return found or Kind.TEXT

    def example(self, one: Schema, place: str) -> str:
        listed = one.get("examples") or [""]
        if not isinstance(listed, list) or not isinstance(listed[0], str | int):
            self.wrong(place, "的例子（examples）应是文字的列表。")
            return ""
        return str(listed[0])[:100]

    def options(self, one: Schema, kind: Kind, place: str) -> dict[str, Any]:
        if kind not in {Kind.ONE, Kind.SEVERAL}:
            return {}
        source = one["items"] if kind is Kind.SEVERAL else one
        if kind is Kind.SEVERAL:
            self.only(source, place, {"type", "oneOf"})
        listed = source.get("oneOf")
        if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_OPTIONS:
            self.wrong(place, f"应列出 1 到 {MOST_OPTIONS} 个选项。")
            return {}
        found: dict[str, str] = {}
        for line in listed:
            value, title = (
                (line.get("const"), line.get("title")) if isinstance(line, Mapping) else ("", "")
            )
            if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value):
                self.wrong(place, f"的选项“{title}”的代码应是英文字母、数字或下划线。")
            elif not isinstance(title, str) or not 1 <= len(title.strip()) <= 80:
                self.wrong(place, f"的选项“{value}”没有写名称（不超过 80 个字）。")
            elif value in found:
                self.wrong(place, f"的选项代码“{value}”重复。")
            else:
                found[value] = title.strip()
        return {"options": found}

    def bounds(self, one: Schema, kind: Kind, place: str) -> dict[str, Any]:
        if kind in {Kind.TEXT, Kind.LONG}:
            cap = MOST_LINE if kind is Kind.TEXT else MOST_LONG
            return self.span(one, "minLength", "maxLength", place, (0, cap))
        if kind in {Kind.WHOLE, Kind.DECIMAL}:
            names = ("minimum", "maximum") if kind is Kind.WHOLE else ("x-minimum", "x-maximum")
            found = self.span(one, *names, place, (-MOST_NUMBER, MOST_NUMBER))
            found["unit"] = self.text(one, "x-unit", place, 10, may_lack=True)
            if kind is Kind.DECIMAL:
                found["decimals"] = self.whole(one, "x-decimals", place, 1, 4) or 2
            return found
        if kind in {Kind.ROWS, Kind.SEVERAL}:
            cap = MOST_ROWS if kind is Kind.ROWS else MOST_OPTIONS
            return self.span(one, "minItems", "maxItems", place, (0, cap))
        return {}

    def span(
        self, one: Schema, low: str, high: str, place: str, within: tuple[int, int]
    ) -> dict[str, Any]:
        """The least and the most; a count or length without the most has the cap of its kind."""
        floor, cap = within
        least = self.whole(one, low, place, floor, cap)
        most = self.whole(one, high, place, 1 if floor == 0 else floor, cap)
        if least is not None and most is not None and least > most:
            names = f"{NAMES[low]}（{low}）大于{NAMES[high]}（{high}）"
            self.wrong(place, f"的{names}，没有答案能合格，请改正其一。")
        return {"least": least, "most": cap if most is None and floor == 0 else most}

    def pattern(self, one: Schema, place: str) -> dict[str, Any]:
        pattern = one.get("pattern")
        if pattern is None:
            return {}
        bare = pattern.removeprefix("^").removesuffix("$") if isinstance(pattern, str) else ""
        if not is_pattern(bare):
            self.wrong(place, "的格式（pattern）只能由字符、字符类和次数组成，请简化。")
            return {}
        return {
            "pattern": bare,
            "pattern_help": self.text(one, "x-pattern-help", place, 100),
        }

    def days(self, one: Schema, place: str, rows: str) -> dict[str, Any]:
        found = {}
        for key, name in (("x-not-before", "not_before"), ("x-not-after", "not_after")):
            value = one.get(key)
            if value is None:
                continue
            if value != "today" and not _is_day(value):
                value = self.earlier(str(value), place, rows)
                if value and self.asked[value].kind is not Kind.DAY:
                    self.wrong(place, f"的比较对象“{self.asked[value].title}”不是日期。")
            found[name] = value
        return found

    def rows(self, path: str, one: Schema, place: str) -> tuple[Question, ...]:
        items = one["items"]
        self.only(items, place, {"type", "properties", "required", ORDER})
        required = self.required(items, place)
        return tuple(
            self.question(f"{path}.{name}", part, name in required, rows=path)
            for name, part in self.properties(items, place).items()
        )


def _is_day(value: Any) -> bool:
    try:
        return str(date.fromisoformat(value)) == str(value)
    except (TypeError, ValueError):
        return False
