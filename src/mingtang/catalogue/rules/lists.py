"""Rules: the power list, the responsibility list and the handbook: their fields, what changed from
one year to the next. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, NotAllowed
from mingtang.catalogue.rules.compare import shown
from mingtang.catalogue.rules.kinds import ItemKind
from mingtang.catalogue.rules.route import rows_of
from mingtang.ledger.rules import canonical

Content = Mapping[str, Any]


class ListKind(StrEnum):
    """Which list. Stored."""

    POWERS = "powers"
    RESPONSIBILITIES = "duties"
    HANDBOOK = "handbook"

    @property
    def label(self) -> str:
        return {"powers": "权力清单", "duties": "责任清单", "handbook": "办事指南汇编"}[self.value]


YEARLY = (ListKind.POWERS, ListKind.RESPONSIBILITIES)
# A service that everybody may ask for is no power (行政权力 are types 01–10 of GB/T 39046).
NO_POWER = frozenset({ItemKind.PUBLIC_SERVICE, ItemKind.ROUTINE_SERVICE})
FIELDS = {
    # column of a list: its label
    "code": "编码",
    "name": "名称",
    "kind": "类型",
    "subject": "实施主体",
    "office": "承办科室",
    "basis": "实施依据",
    "level": "行使层级",
    "served": "行使对象",
    "procedure": "办理程序",
    "statutory": "法定时限",
    "promised": "承诺时限",
    "fee": "收费",
    "discretion": "裁量基准",
    "duties": "责任事项",
    "accountability": "追责情形和依据",
    "complaint": "监督投诉",
    "state": "状态",
}
COLUMNS = {
    ListKind.POWERS: tuple(name for name in FIELDS if name not in {"duties", "accountability"}),
    ListKind.RESPONSIBILITIES: (
        *("code", "name", "kind", "subject", "office", "basis"),
        *("duties", "accountability", "complaint", "state"),
    ),
    ListKind.HANDBOOK: ("code", "name", "kind", "subject", "promised", "fee", "state"),
}
OF_THE_LIST = ("code", "name")  # columns of the row itself


class ListFrozen(Conflict):
    def __init__(self) -> None:
        super().__init__("这份清单已经定稿，不能再改。内容有变化时，请生成新的一期。")


class SecondPersonFreezes(NotAllowed):
    def __init__(self) -> None:
        super().__init__("生成清单的人不能定稿，请由另一位同事核对后定稿。")


class NothingToList(Conflict):
    def __init__(self, unit: str, label: str) -> None:
        super().__init__(f"{unit}在这一天没有可以列入{label}的事项，没有生成。请核对日期和单位。")


def belongs(kind: ListKind, content: Content) -> bool:
    """Whether an item goes on a list, by what its edition says."""
    if kind is ListKind.HANDBOOK:
        return content.get("in_centre") is True
    return ItemKind(content["kind"]) not in NO_POWER


def row_content(kind: ListKind, content: Content, *, subject: str, state: str) -> dict[str, str]:
    """What a list says of an item, in words: each column of the list but code and name."""
    said = {"subject": subject, "state": state, "duties": _duties(content), "fee": _fee(content)}
    return {
        name: said[name] if name in said else shown(name, content)
        for name in COLUMNS[kind]
        if name not in OF_THE_LIST
    }


def _duties(content: Content) -> str:
    """What is owed at each step: its name, and within which limit."""
    lines = []
    for number, row in enumerate(rows_of(content["route"]), 1):
        days = row.get("days")
        lines.append(f"{number}. {row['name']}" + (f"（{days}个工作日内）" if days else ""))
    return "\n".join(lines)


def _fee(content: Content) -> str:
    return "不收费" if content.get("is_free") else str(content.get("fee") or "") or "未载明"


def rows_hash(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of all rows of a list, in their order."""
    return hashlib.sha256(canonical(list(rows))).hexdigest()


# ── what changed ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """A row of a list as it is compared."""

    code: str
    name: str
    content: Mapping[str, str]

    def said(self, column: str) -> str:
        own = {"code": self.code, "name": self.name}
        return own[column] if column in own else self.content.get(column, "")


@dataclass(frozen=True)
class Change:
    """`kind`: added, gone or changed; `fields`: label, before, after of what changed."""

    kind: str
    code: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    changes: tuple[Change, ...]
    same_count: int

    def of(self, kind: str) -> list[Change]:
        return [one for one in self.changes if one.kind == kind]


def difference(before: Sequence[Line], after: Sequence[Line], columns: Sequence[str]) -> Difference:
    """Two lists by the codes of their rows: what came, what went, what says something else."""
    old, new = {one.code: one for one in before}, {one.code: one for one in after}
    changes = [
        *(Change("added", one.code, one.name) for code, one in new.items() if code not in old),
        *(Change("gone", one.code, one.name) for code, one in old.items() if code not in new),
    ]
    kept = [code for code in new if code in old]
    altered = {code: tuple(_fields(old[code], new[code], columns)) for code in kept}
    changes += [
        Change("changed", code, new[code].name, fields)
        for code, fields in altered.items()
        if fields
    ]
    return Difference(tuple(changes), sum(not fields for fields in altered.values()))


def _fields(before: Line, after: Line, columns: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for column in columns:
        pair = before.said(column), after.said(column)
        if pair[0] != pair[1]:
            yield (FIELDS[column], *pair)


# ── copies ────────────────────────────────────────────────────────────────────────────────────


class CopiesDoNotAdd(Conflict):
    def __init__(self, copies: int, shared: int) -> None:
        super().__init__(
            f"发放名单合计 {shared} 份，印数是 {copies} 份，对不上。请核对后再登记；"
            "没有发完的，写一行“留存”。"
        )


def check_shares(copies: int, shares: Sequence[tuple[str, int]]) -> None:
    """Every copy went somewhere, or lies somewhere. Raises CopiesDoNotAdd."""
    shared = sum(count for _recipient, count in shares)
    if shared != copies:
        raise CopiesDoNotAdd(copies, shared)
