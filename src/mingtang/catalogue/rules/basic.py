"""Rules: the basic catalogue (基本目录), what an item inherits from it and may not change. Pure.

名称、编码、类型、依据 are the same at every level (四级四同): they are written once, above, and an
item that names a basic code follows. What else is locked, an installation says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.codes import CodeScheme, recognise_code
from mingtang.catalogue.rules.compare import Line, compare, shown
from mingtang.catalogue.rules.content import Content
from mingtang.catalogue.rules.details import BY_KEY, LEVELS
from mingtang.catalogue.rules.drafts import FIELD_LABELS
from mingtang.catalogue.rules.gate import OTHER, Lack
from mingtang.catalogue.rules.kinds import ItemKind, profile_for

INHERITABLE = ("name", "kind", "basis")
KEY = "basic"  # of its lack
CODE_LENGTH = 12
ANY_LEVEL = "shared"  # 分级行使: each level has its part


class BasicCodeUnusable(DomainError):
    """Not a code of the basic catalogue."""


@dataclass(frozen=True)
class Basic:
    """A basic item as it holds from a day on, until the end of another (None: still)."""

    code: str
    name: str
    kind: str
    basis: str = ""
    levels: Sequence[str] = ()
    valid_from: date = date.min
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def check_basic_code(text: str) -> str:
    """Region 2, type 2, department 2, main item 3, sub item 3. Raises BasicCodeUnusable."""
    code = text.strip()
    if not code:
        raise BasicCodeUnusable("“基本编码”没有填写")
    if len(code) != CODE_LENGTH or recognise_code(code).scheme is not CodeScheme.BASIC:
        raise BasicCodeUnusable(
            f"“基本编码”应是{CODE_LENGTH}位（区划2位、类型2位、部门2位、主项3位、子项3位），"
            f"现在是“{code}”"
        )
    return code


def basic_on(rows: Iterable[Basic], day: date) -> Basic | None:
    """Of the rows of one code the one of a day; else the nearest before, or the first after."""
    ordered = sorted(rows, key=lambda row: row.valid_from)
    begun = [row for row in ordered if row.valid_from <= day]
    return begun[-1] if begun else next(iter(ordered), None)


# ── inherit and lock ──────────────────────────────────────────────────────────────────────────


def inherited(basic: Basic, fields: Sequence[str]) -> dict[str, Any]:
    """What an item takes from its basic item: of these fields the ones that it states."""
    return {field: value for field in fields if (value := getattr(basic, field))}


def following(content: Mapping[str, Any], basic: Basic, fields: Sequence[str]) -> Content:
    """The content with all that it inherits. A new kind brings the procedure of its kind."""
    taken = inherited(basic, fields)
    kind = taken.get("kind", content["kind"])
    if kind != content["kind"]:
        taken["profile"] = profile_for(ItemKind(kind)).key
    return {**content, **taken}


def settled(
    content: Mapping[str, Any], before: Mapping[str, Any], basic: Basic, fields: Sequence[str]
) -> tuple[Content, list[str]]:
    """The content to keep, and why it cannot be kept: a sentence for each locked field changed.

    What was left as it was before follows the basic item; another basic code brings its values.
    """
    if content.get("basic_code") != before.get("basic_code"):
        return following(content, basic, fields), []
    faults = [
        f"“{FIELD_LABELS[field]}”随基本目录（{basic.code}），应是“{shown(field, {field: value})}”，"
        "不能在本地改；确需改的，请由上级修改基本目录，或改正“基本编码”。"
        for field, value in inherited(basic, fields).items()
        if not _agrees(content, field, value) and content.get(field) != before.get(field)
    ]
    return following(content, basic, fields), faults


def _agrees(content: Mapping[str, Any], field: str, value: str) -> bool:
    return str(content.get(field) or "").strip() == value.strip()


def deviations(content: Mapping[str, Any], basic: Basic, fields: Sequence[str]) -> list[Line]:
    """The inherited fields in which an item differs: the basic item before, the local after."""
    wrong = {
        field: value
        for field, value in inherited(basic, fields).items()
        if not _agrees(content, field, value)
    }
    if not wrong:
        return []
    local = {field: content.get(field) for field in wrong}
    return [line for line in compare(wrong, local) if line.field in wrong]


def lacks(
    content: Mapping[str, Any], basic: Basic | None, on: date, fields: Sequence[str]
) -> Iterator[Lack]:
    """Why an item that names a basic code is not to be published with it on a day."""
    for text in _faults(content, basic, on, fields):
        yield Lack(KEY, OTHER[KEY], text)


def _faults(
    content: Mapping[str, Any], basic: Basic | None, on: date, fields: Sequence[str]
) -> Iterator[str]:
    code = content.get("basic_code")
    if not code:
        return
    if basic is None or not basic.holds_on(on):
        yield not_in_force(code, basic, on)
        return
    for line in deviations(content, basic, fields):
        yield f"“{line.label}”与基本目录（{code}）不同，请改为“{_text(line.before)}”。"
    if doubt := level_doubt(content, basic):
        yield f"{doubt}，请核对。"


def not_in_force(code: str, basic: Basic | None, on: date) -> str:
    """The sentence about a basic code that does not hold on a day."""
    if basic is None:
        return f"基本目录里没有基本编码“{code}”，请核对编码，或先导入新的基本目录。"
    if basic.valid_from > on:
        return f"基本编码“{code}”（{basic.name}）自{_day(basic.valid_from)}起才施行，请到时再发布。"
    assert basic.valid_to is not None
    return f"基本编码“{code}”（{basic.name}）只施行到{_day(basic.valid_to)}，请改用现行的编码。"


def doubts(
    content: Mapping[str, Any], basic: Basic | None, on: date, fields: Sequence[str]
) -> Iterator[str]:
    """What an import tells of a row, both values beside each other."""
    code = content.get("basic_code")
    if not code:
        return
    if basic is None or not basic.holds_on(on):
        yield not_in_force(code, basic, on).rstrip("。")
        return
    for line in deviations(content, basic, fields):
        local, above = _text(line.after), _text(line.before)
        yield f"“{line.label}”与基本目录（{code}）不同：本地“{local}”，基本目录“{above}”"
    if doubt := level_doubt(content, basic):
        yield doubt


def level_doubt(content: Mapping[str, Any], basic: Basic) -> str:
    """What is wrong with the level at which an item is exercised; blank where nothing is."""
    level = content.get("level")
    if not level or not basic.levels or {level, ANY_LEVEL} & set(basic.levels):
        return ""
    allowed = "、".join(LEVELS[one].label for one in basic.levels)
    return (
        f"“{BY_KEY['level'].label}”是{LEVELS[level].label}，基本目录（{basic.code}）里是{allowed}"
    )


def _text(pieces: Iterable[Any]) -> str:
    return "".join(piece.text for piece in pieces)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
