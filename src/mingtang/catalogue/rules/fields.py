"""Rules: the sorts of field an edition has, each read from a cell, written to one, checked, shown.

A value is plain JSON. Blank is None, "" or [] and is left out of what is kept.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from mingtang.base.errors import DomainError
from mingtang.questions.rules import compiled, faults_of, in_order, ordered, outline

TRUE_WORDS = {"1", "是", "y", "yes", "true"}
FALSE_WORDS = {"0", "否", "n", "no", "false"}
LISTED = re.compile(r"[、,，;；\n]")
SEVERAL_MOST = 40


class CellError(DomainError):
    """A cell that cannot be read as its field."""


class Field(Protocol):
    """What all sorts can do. `exchange`: its names in the national tables (国家汇聚表)."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def exchange(self) -> Sequence[str]: ...

    def read(self, text: str) -> Any:
        """The value of a cell. Raises CellError."""

    def write(self, value: Any) -> str:
        """The cell that reads back to the value."""

    def show(self, value: Any) -> str:
        """The value as a reader knows it."""

    def faults(self, value: Any) -> Iterator[str]:
        """Why no edition could hold this value: sentences after the field's name."""


def required(field: Field) -> Callable[[str], Any]:
    """How a cell of the field is read where it must not be blank."""

    def read(text: str) -> Any:
        if not text:
            raise CellError(f"“{field.label}”没有填写")
        return field.read(text)

    return read


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == []


@dataclass(frozen=True)
class Text:
    key: str
    label: str
    most: int = 300
    exchange: Sequence[str] = ()
    is_long: bool = False
    help: str = ""

    def read(self, text: str) -> str:
        for fault in self.faults(text):
            raise CellError(f"“{self.label}”{fault.rstrip('。')}")
        return text

    def write(self, value: str) -> str:
        return value

    def show(self, value: str) -> str:
        return value

    def faults(self, value: Any) -> Iterator[str]:
        if not isinstance(value, str) or any(
            ord(char) < 32 and char not in "\r\n\t" for char in value
        ):
            yield "含有不能保存的字符，请删去后重填。"
        elif len(value) > self.most:
            yield f"有{len(value)}个字，最多{self.most}个字，请精简。"


@dataclass(frozen=True)
class Number:
    key: str
    label: str
    least: int = 0
    most: int = 99
    unit: str = ""
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> int | None:
        found = re.fullmatch(rf"(\d{{1,4}})(?:\.0)?(?:{re.escape(self.unit)})?", text)
        value = int(found[1]) if found else None
        if text and (value is None or any(self.faults(value))):
            span = f"{self.least}到{self.most}"
            raise CellError(f"“{self.label}”应是{span}的整数，现在是“{text}”")
        return value

    def write(self, value: int) -> str:
        return str(value)

    def show(self, value: int) -> str:
        return f"{value}{self.unit}"

    def faults(self, value: Any) -> Iterator[str]:
        if type(value) is not int or not self.least <= value <= self.most:
            yield f"应是{self.least}到{self.most}的整数，或留空。"


@dataclass(frozen=True)
class Flag:
    key: str
    label: str
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> bool | None:
        word = text.lower()
        if word and word not in TRUE_WORDS | FALSE_WORDS:
            raise CellError(f"“{self.label}”应填是或否，现在是“{text}”")
        return word in TRUE_WORDS if word else None

    def write(self, value: bool) -> str:
        return self.show(value)

    def show(self, value: bool) -> str:
        return "是" if value else "否"

    def faults(self, value: Any) -> Iterator[str]:
        if not isinstance(value, bool):
            yield "应选是或否，或留空。"


@dataclass(frozen=True)
class Day:
    """A date, kept as YYYY-MM-DD."""

    key: str
    label: str
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> str:
        day = text.partition(" ")[0].partition("T")[0].replace("/", "-")
        if text and any(self.faults(day)):
            raise CellError(f"“{self.label}”应写成2026-01-31这样的日期，现在是“{text}”")
        return day

    def write(self, value: str) -> str:
        return value

    def show(self, value: str) -> str:
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"

    def faults(self, value: Any) -> Iterator[str]:
        try:
            is_day = date.fromisoformat(value).isoformat() == value
        except (TypeError, ValueError):
            is_day = False
        if not is_day:
            yield "应写成2026-01-31这样的日期，或留空。"


@dataclass(frozen=True)
class Option:
    """One word of a closed list, with its national code where one is attested."""

    label: str
    code: str = ""


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    options: Mapping[str, Option]
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> str:
        return known(self, text) if text else ""

    def write(self, value: str) -> str:
        return self.show(value)

    def show(self, value: str) -> str:
        return self.options[value].label

    def faults(self, value: Any) -> Iterator[str]:
        if value not in self.options:
            yield "不在可选范围内，请重新选择。"


@dataclass(frozen=True)
class Several:
    """Some of a list, in its order; without options any short words, in the order given."""

    key: str
    label: str
    options: Mapping[str, Option] | None = None
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> list[str]:
        words = [word.strip() for word in LISTED.split(text)]
        found = list(dict.fromkeys(known(self, word) for word in words if word))
        for fault in self.faults(found):
            raise CellError(f"“{self.label}”{fault.rstrip('。')}")
        return self.ordered(found)

    def ordered(self, values: Sequence[str]) -> list[str]:
        return [one for one in self.options or values if one in values]

    def write(self, value: Sequence[str]) -> str:
        return self.show(value)

    def show(self, value: Sequence[str]) -> str:
        return "、".join(self.options[one].label if self.options else one for one in value)

    def faults(self, value: Any) -> Iterator[str]:
        if (
            not isinstance(value, list)
            or not all(isinstance(one, str) for one in value)
            or (self.options is not None and not set(value) <= set(self.options))
        ):
            yield "不在可选范围内，请重新选择。"
        elif len(value) > SEVERAL_MOST or any(len(one) > SEVERAL_MOST for one in value):
            yield f"最多{SEVERAL_MOST}个词，每个最多{SEVERAL_MOST}个字。"
        elif any(LISTED.search(one) for one in value):
            yield "每个词里不能有顿号、逗号或分号。"


def known(field: Choice | Several, text: str) -> str:
    """The option that a word names: by our key, by label or by national code."""
    if field.options is None:
        return text
    for key, option in field.options.items():
        if text in {key, option.label} or (option.code and text.lstrip("0") == option.code):
            return key
    labels = "、".join(option.label for option in field.options.values())
    raise CellError(f"“{field.label}”应填{labels}，现在是“{text}”")


@dataclass(frozen=True)
class Asks:
    """A form that applicants fill in, as a schema (docs/forms.md); in a cell it is JSON."""

    key: str
    label: str
    exchange: Sequence[str] = ()
    help: str = ""

    def read(self, text: str) -> Any:
        try:
            value = json.loads(text) if text else None
        except (ValueError, RecursionError):
            raise CellError(f"“{self.label}”不是一份完整的 JSON，请照导出的样子填写") from None
        for fault in self.faults(value) if text else ():
            raise CellError(f"“{self.label}”{fault.rstrip('。')}")
        return ordered(value)

    def write(self, value: Any) -> str:
        return json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":"))

    def show(self, value: Any) -> str:
        return "\n".join(faults_of(value) or outline(compiled(value)))

    def faults(self, value: Any) -> Iterator[str]:
        yield from (f"里{sentence}" for sentence in faults_of(value))


# ── tables ────────────────────────────────────────────────────────────────────────────────────

BARS = "|｜"
LABELLED = re.compile(r"([^\\=＝]+)[=＝]")
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows of fields in one cell: a row a line, its parts between bars.

    The first columns stand in order, the others, and any, as 标签=值. A backslash before a mark
    makes it text.
    """

    key: str
    label: str
    columns: Sequence[Field]
    in_order: int = 99  # columns that need no label
    most: int = 50
    separators: str = "\n"
    exchange: Sequence[str] = ()
    help: str = ""

    @property
    def marks(self) -> str:
        return f"{self.separators}{BARS}=＝\\"

    def read(self, text: str) -> list[Row]:
        lines = [line for line in parted(text, self.separators) if line.strip()]
        rows = [self._row(line.strip()) for line in lines]
        if len(rows) > self.most:
            raise CellError(f"“{self.label}”有{len(rows)}行，最多{self.most}行")
        return rows

    def _row(self, line: str) -> Row:
        labels = {column.label: column for column in self.columns}
        found: Row = {}
        for place, part in enumerate(parted(line, BARS)):
            named = LABELLED.match(part)
            if named and named[1].strip() in labels:
                column, text = labels[named[1].strip()], part[named.end() :]
            elif place < min(self.in_order, len(self.columns)):
                column, text = self.columns[place], part
            elif part.strip():
                raise CellError(f"“{self.label}”中“{line}”多出“{part}”，不知道是哪一栏")
            else:
                continue
            value = self._value(column, unescaped(text).strip(), line)
            if not is_blank(value):
                found[column.key] = value
        first = self.columns[0]
        if first.key not in found:
            raise CellError(f"“{self.label}”中“{line}”没有{first.label}")
        return found

    def _value(self, column: Field, text: str, line: str) -> Any:
        try:
            return column.read(text)
        except CellError as error:
            raise CellError(f"“{self.label}”中“{line}”：{error.message}") from None

    def write(self, value: Sequence[Row]) -> str:
        return self.separators[0].join(self._line(row) for row in value)

    def _line(self, row: Row) -> str:
        parts = [self._part(column, row) for column in self.columns]
        placed = parts[: self.in_order]
        while placed and not placed[-1]:
            placed.pop()
        rest = zip(self.columns[self.in_order :], parts[self.in_order :], strict=True)
        return "|".join([*placed, *(f"{column.label}={part}" for column, part in rest if part)])

    def _part(self, column: Field, row: Row) -> str:
        value = row.get(column.key)
        return "" if is_blank(value) else self._escaped(column.write(value))

    def _escaped(self, text: str) -> str:
        lines = "".join(f"\\{char}" if char in self.marks else char for char in text)
        return lines.replace("\\\n", "\\n").replace("\n", "\\n")

    def show(self, value: Sequence[Row]) -> str:
        return "\n".join(self.show_row(row) for row in value)

    def show_row(self, row: Row) -> str:
        parts = []
        for place, column in enumerate(self.columns):
            value = row.get(column.key)
            if not is_blank(value):
                shown = column.show(value)
                parts.append(shown if place == 0 else f"{column.label}：{shown}")
        return "，".join(parts)

    def faults(self, value: Any) -> Iterator[str]:
        if not isinstance(value, list) or len(value) > self.most:
            yield f"最多{self.most}行，请合并相近的行。"
            return
        for number, row in enumerate(value, 1):
            for column in self.columns:
                if not is_blank(row.get(column.key)):
                    for fault in column.faults(row[column.key]):
                        yield f"第{number}行“{column.label}”{fault}"


def parted(text: str, marks: str) -> list[str]:
    """The text cut at the marks before which no backslash stands."""
    parts: list[str] = []
    start, at = 0, 0
    while at < len(text):
        if text[at] in marks:
            parts.append(text[start:at])
            start = at + 1
        at += 2 if text[at] == "\\" else 1
    return [*parts, text[start:]]


def unescaped(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.DOTALL
    )
