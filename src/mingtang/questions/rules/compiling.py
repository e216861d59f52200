"""Rules: from a schema to a form. The schema is a subset of JSON Schema, described in
docs/forms.md; all that is wrong with one is told at once, each with its place. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.questions.rules.form import Condition, Form, Kind, Question, Section
from mingtang.questions.rules.order import ORDER
from mingtang.questions.rules.patterns import is_pattern

Schema = Mapping[str, Any]

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_ROWS = 20, 200, 60, 30
MOST_LINE, MOST_LONG = 200, 4000
MOST_NUMBER = 10**12
TESTS: Mapping[str, str] = {
    "is": "等于",
    "in": "是其中之一",
    "has": "选了",
    "at_least": "不小于",
    "at_most": "不大于",
    "filled": "已填写",
}
_NUMBERS = ("filled", "is", "in", "at_least", "at_most")
_WORDS = ("filled", "is", "in")
# Which tests each kind of answer can pass; decimals are compared as numbers, never as text.
TESTS_OF: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(Kind, _WORDS),
    Kind.WHOLE: _NUMBERS,
    Kind.DECIMAL: ("filled", "at_least", "at_most"),
    Kind.YES_NO: ("filled", "is"),
    Kind.SEVERAL: ("filled", "has"),
    Kind.LONG: ("filled",),
    Kind.ADDRESS: ("filled",),
    Kind.ROWS: ("filled",),
}
NAMES = {
    "title": "名称",
    "description": "说明",
    "x-purpose": "收集目的",
    "x-unit": "单位",
    "x-pattern-help": "格式提示",
    "x-known-as": "通用名称",
    "minLength": "最少字数",
    "maxLength": "最多字数",
    "minimum": "最小值",
    "maximum": "最大值",
    "x-minimum": "最小值",
    "x-maximum": "最大值",
    "minItems": "最少个数",
    "maxItems": "最多个数",
    "x-decimals": "小数位数",
}
FORMATS: Mapping[str, Kind] = {
    "long": Kind.LONG,
    "decimal": Kind.DECIMAL,
    "date": Kind.DAY,
    "phone": Kind.PHONE,
    "citizen-number": Kind.CITIZEN_NUMBER,
    "credit-code": Kind.CREDIT_CODE,
    "plate": Kind.PLATE,
}
# What a form may know of a person beforehand.
KNOWN_OF_PERSONS = ("name", "phone", "identity_number")

_EVERY = {"title", "description", "type", "examples"}
_EVERY |= {f"x-{name}" for name in ("purpose", "when", "known-as")}
_OF_SECTIONS = {"type", "title", "description", "properties", "required", "x-when", ORDER}
_ALLOWED: Mapping[Kind, set[str]] = {
    Kind.TEXT: {"maxLength", "minLength", "pattern", "x-pattern-help"},
    Kind.LONG: {"format", "maxLength", "minLength"},
    Kind.WHOLE: {"minimum", "maximum", "x-unit"},
    Kind.DECIMAL: {"format", "x-decimals", "x-unit", "x-minimum", "x-maximum"},
    Kind.DAY: {"format", "x-not-before", "x-not-after"},
    Kind.YES_NO: set(),
    Kind.ONE: {"oneOf"},
    Kind.SEVERAL: {"items", "uniqueItems", "minItems", "maxItems"},
    Kind.ADDRESS: {"format"},
    Kind.ROWS: {"items", "minItems", "maxItems"},
}

PLAIN: Schema = {
    "type": "object",
    "title": "申请表",
    "properties": {
        "matter": {
            "type": "object",
            "title": "申请什么",
            "properties": {
                "summary": {
                    "type": "string",
                    "format": "long",
                    "title": "申请内容",
                    "description": "用自己的话说明要办什么、用在哪里。",
                    "maxLength": 2000,
                    "x-purpose": "让窗口知道您要办的事。",
                }
            },
            "required": ["summary"],
        }
    },
}


class SchemaInvalid(DomainError):
    """A schema that is no form; `sentences` says all that is wrong, `placed` with the path of the
    section or question where it stands, "" for the whole form."""

    def __init__(self, placed: list[tuple[str, str]]) -> None:
        self.placed = placed
        self.sentences = [sentence for _path, sentence in placed]
        super().__init__("申请表有错：" + "".join(self.sentences))


def compiled(schema: Schema) -> Form:
    """The form of a schema. Raises SchemaInvalid with every fault."""
    reader = _Reader()
    form = reader.form(schema)
    if reader.faults:
        raise SchemaInvalid(reader.faults)
    return form


def faults_of(schema: Any) -> list[str]:
    """Why a schema is no form, all of it, as sentences; none for a good one."""
    try:
        compiled(schema)
    except SchemaInvalid as error:
        return error.sentences
    return []


class _Reader:
    """Reads one schema, front to back, and remembers what was asked so far."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []
        self.path = ""  # of the part that is being read
        self.asked: dict[str, Question] = {}

    def wrong(self, place: str, text: str) -> None:
        self.faults.append((self.path, f"“{place}”{text}"))

    def form(self, schema: Any) -> Form:
        if not isinstance(schema, Mapping):
            self.wrong("申请表", "应是一个对象。")
            return Form("", ())
        if any(_is_strange(one) for one in _leaves(schema)):
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
        self.only(part, place, _OF_SECTIONS)
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
        self.only(one, place, _EVERY | _ALLOWED.get(kind, {"format"}))
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

    # ── plain shapes ──────────────────────────────────────────────────────────────────────────

    def place(self, key: str, part: Any) -> str:
        title = part.get("title") if isinstance(part, Mapping) else None
        return title.strip() if isinstance(title, str) and title.strip() else key

    def properties(self, part: Schema, place: str) -> dict[str, Any]:
        found = part.get("properties")
        if not isinstance(found, Mapping) or not found:
            self.wrong(place, "里面还没有内容。")
            return {}
        for key in found:
            if not KEY.fullmatch(str(key)):
                self.wrong(place, f"里的名字“{key}”应是小写字母开头的字母、数字、下划线。")
        order = part.get(ORDER)
        if order is None:
            return dict(found)
        if not isinstance(order, list) or sorted(map(str, order)) != sorted(map(str, found)):
            self.wrong(place, f"的顺序（{ORDER}）应正好列出里面的每个名字。")
            return dict(found)
        return {str(key): found[str(key)] for key in order}

    def required(self, part: Schema, place: str) -> set[str]:
        listed = part.get("required") or []
        if not isinstance(listed, list):
            self.wrong(place, "的必填清单（required）应是列表。")
            return set()
        properties = part.get("properties")
        known = list(properties) if isinstance(properties, Mapping) else []
        unknown = [str(one)[:40] for one in listed if one not in known]
        if unknown:
            self.wrong(place, f"的必填清单里没有“{'、'.join(unknown)}”这个问题。")
        return {str(one) for one in listed}

    def text(self, one: Schema, key: str, place: str, most: int, may_lack: bool = False) -> str:
        value = one.get(key, "")
        name = NAMES.get(key, key)
        if not isinstance(value, str) or len(value) > most:
            self.wrong(place, f"的{name}（{key}）应是不超过 {most} 个字的文字。")
            return ""
        if not value.strip() and not may_lack:
            self.wrong(place, f"没有写{name}（{key}）。")
        return value.strip()

    def whole(self, one: Schema, key: str, place: str, least: int, most: int) -> int | None:
        value = one.get(key)
        if value is None:
            return None
        if type(value) is not int or not least <= value <= most:
            name = NAMES[key]
            span = "不超过一万亿" if most == MOST_NUMBER else f" {least} 到 {most} "
            self.wrong(place, f"的{name}（{key}）应是{span}的整数。")
            return None
        return value

    def is_object(self, one: Schema, place: str) -> None:
        if one.get("type", "object") != "object":
            self.wrong(place, "的类型（type）应写 object。")

    def only(self, one: Schema, place: str, allowed: set[str]) -> None:
        unknown = sorted(str(key) for key in one if key not in allowed)
        if unknown:
            self.wrong(place, f"里的“{'、'.join(unknown)}”不在可用的写法内，请看 docs/forms.md。")


def _is_day(value: Any) -> bool:
    try:
        return str(date.fromisoformat(value)) == str(value)
    except (TypeError, ValueError):
        return False


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


def _leaves(value: Any) -> Iterator[Any]:
    """Every key and value inside, without recursion: what comes may be as deep as it likes."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one
        else:
            yield one


def _is_strange(value: Any) -> bool:
    """Text that a database would refuse."""
    return isinstance(value, str) and any(
        unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\r\n\t" for sign in value
    )
