"""Rules: the tables of a clean-up campaign: what departments report, what the office decides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from mingtang.catalogue.rules.campaigns import DECISION_BY_WORD, Decision
from mingtang.catalogue.rules.columns import Sheet
from mingtang.catalogue.rules.details import LEVELS
from mingtang.catalogue.rules.kinds import KINDS, ItemKind, holds_on, kind_from
from mingtang.catalogue.rules.rows import Finding, RawRow

T = TypeVar("T")
MOST_NAME, MOST_TEXT, MOST_ROWS = 300, 2000, 5000
MOST_DIGITS = 6  # of a number of the inventory
LEVEL_BY_WORD = {option.label: key for key, option in LEVELS.items()} | {
    **{key: key for key in LEVELS},
    "乡镇": "township",
    "乡镇街道": "township",
    "乡镇（街道）": "township",
    "村": "village",
    "村（社区）": "village",
    "社区": "village",
    "县": "county",
}


def _sheet(labels: Mapping[str, str], required: Sequence[str], more: Mapping[str, str]) -> Sheet:
    headings = {one: key for key, label in labels.items() for one in (key, label)}
    return Sheet(labels, tuple(required), headings | dict(more))


REPORT = _sheet(
    {
        "department": "部门",
        "name": "事项名称",
        "task_code": "事项编码",
        "proposal": "清理建议",
        "note": "理由和依据",
    },
    ("name", "proposal"),
    {"单位": "department", "名称": "name", "编码": "task_code", "建议": "proposal"},
)
DECISIONS = _sheet(
    {
        "number": "序号",
        "name": "事项名称",
        "decision": "决定",
        "after_kind": "调整为",
        "target_level": "下放到",
        "target": "承接单位",
        "merged_into": "并入序号",
        "basis": "依据",
        "effective_date": "生效日期",
    },
    ("number", "decision"),
    {"清理序号": "number", "处理决定": "decision", "名称": "name"},
)


@dataclass(frozen=True)
class Reported:
    """One item as a department reports it. `department` is blank in the department's own file."""

    row: int
    department: str
    name: str
    code: str
    proposal: str
    note: str


@dataclass
class Read(Generic[T]):
    """The rows of a table, and what is wrong with them."""

    rows: list[T] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, row: int, text: str) -> None:
        self.findings.append(Finding(row, text, True))


def read_report(rows: Sequence[RawRow]) -> Read[Reported]:
    """Names, codes and proposals as told; what cannot be so is refused row by row."""
    found: Read[Reported] = Read()
    if len(rows) > MOST_ROWS:
        found.refuse(0, f"一次最多 {MOST_ROWS} 行，请分开提交")
        return found
    seen: dict[tuple[str, str], int] = {}
    for position, raw in enumerate(rows, 1):
        one = _reported(raw, position, found)
        key = (one.department, one.code or one.name)
        if one.name and key in seen:
            found.refuse(one.row, f"与第{seen[key]}行的“{one.name}”重复")
        seen.setdefault(key, one.row)
        found.rows.append(one)
    return found


def _reported(raw: RawRow, position: int, found: Read[Reported]) -> Reported:
    number = int(raw.get("row") or position)
    cells = {name: raw.get(name, "").strip() for name in REPORT.labels}
    if not cells["name"]:
        found.refuse(number, "没有写事项名称")
    if len(cells["name"]) > MOST_NAME:
        found.refuse(number, f"事项名称超过 {MOST_NAME} 个字")
    if len(cells["note"]) > MOST_TEXT:
        found.refuse(number, f"理由和依据超过 {MOST_TEXT} 个字")
    proposal = DECISION_BY_WORD.get(cells["proposal"])
    if cells["proposal"] and proposal is None:
        words = "、".join(one.label for one in Decision)
        found.refuse(number, f"清理建议“{cells['proposal']}”应为{words}之一")
    return Reported(
        number,
        cells["department"],
        cells["name"],
        cells["task_code"],
        proposal.value if proposal else "",
        cells["note"],
    )


# ── decisions ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Known:
    """An entry of the inventory as it stands: its name, kind, and what was decided so far."""

    name: str
    kind: ItemKind
    decision: str = ""
    merged_into: tuple[int, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What a row says of one entry. `target` is a unit as the row names it."""

    row: int
    number: int
    decision: Decision
    after_kind: str = ""
    target_level: str = ""
    target: str = ""
    merged_into: tuple[int, ...] = ()
    basis: str = ""
    effective_date: date | None = None


def read_decisions(
    rows: Sequence[RawRow], known: Mapping[int, Known], *, needs_date: bool
) -> Read[Decided]:
    """What is decided of entries, by their numbers; each row whole and all of them at one.

    `needs_date`: no decision that changes something goes without the day from which it does.
    """
    found: Read[Decided] = Read()
    seen: dict[int, int] = {}
    for position, raw in enumerate(rows, 1):
        one = _decided(raw, position, known, found)
        if one is None:
            continue
        if one.number in seen:
            found.refuse(one.row, f"第{seen[one.number]}行已经决定了序号 {one.number}")
        seen.setdefault(one.number, one.row)
        _check_whole(one, known[one.number], found, needs_date=needs_date)
        found.rows.append(one)
    _check_merges(found, known)
    return found


def is_number(text: str) -> bool:
    """Whether a text can be a number of the inventory."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def _decided(
    raw: RawRow, position: int, known: Mapping[int, Known], found: Read[Decided]
) -> Decided | None:
    row = int(raw.get("row") or position)
    cells = {name: raw.get(name, "").strip() for name in DECISIONS.labels}
    number = int(cells["number"]) if is_number(cells["number"]) else 0
    if number not in known:
        found.refuse(row, f"清单里没有序号“{cells['number']}”")
        return None
    if cells["name"] and cells["name"] != known[number].name:
        found.refuse(row, f"序号 {number} 是“{known[number].name}”，不是“{cells['name']}”")
    decision = DECISION_BY_WORD.get(cells["decision"])
    if decision is None:
        words = "、".join(one.label for one in Decision)
        found.refuse(row, f"决定“{cells['decision']}”应为{words}之一")
        return None
    return Decided(
        row,
        number,
        decision,
        after_kind=_kind(cells["after_kind"], row, found),
        target_level=_level(cells["target_level"], row, found),
        target=cells["target"],
        merged_into=_numbers(cells["merged_into"], row, found),
        basis=cells["basis"][:MOST_TEXT],
        effective_date=_day(cells["effective_date"], row, found),
    )


def _kind(text: str, row: int, found: Read[Decided]) -> str:
    kind = kind_from(text) if text else None
    if text and kind is None:
        found.refuse(row, f"事项类型“{text}”不在代码表中")
    return kind.value if kind else ""


def _level(text: str, row: int, found: Read[Decided]) -> str:
    level = LEVEL_BY_WORD.get(text, "")
    if text and not level:
        found.refuse(row, f"下放到“{text}”应为乡镇级、村居级等层级")
    return level


def _numbers(text: str, row: int, found: Read[Decided]) -> tuple[int, ...]:
    parts = [part.strip() for part in re.split("[、，,]", text) if part.strip()]
    if any(not is_number(part) for part in parts):
        found.refuse(row, f"并入序号“{text}”应是数字，几个之间用顿号隔开")
        return ()
    return tuple(dict.fromkeys(int(part) for part in parts))


def _day(text: str, row: int, found: Read[Decided]) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        found.refuse(row, f"生效日期“{text}”请写成 2013-09-17 这样")
        return None


NEEDS = {
    # decision: the field that it alone must have, and what to say where that is missing
    Decision.CONVERT: ("after_kind", "决定调整，没有写调整为哪一类"),
    Decision.DELEGATE: ("target_level", "决定下放，没有写下放到哪一级"),
    Decision.MERGE: ("merged_into", "决定合并，没有写并入哪个序号"),
}
EXTRA = {
    "after_kind": "只有调整才写“调整为”",
    "target_level": "只有下放才写“下放到”",
    "target": "只有下放才写“承接单位”",
    "merged_into": "只有合并才写“并入序号”",
}


def _check_whole(one: Decided, entry: Known, found: Read[Decided], *, needs_date: bool) -> None:
    own, missing = NEEDS.get(one.decision, ("", ""))
    if own and not getattr(one, own):
        found.refuse(one.row, missing)
    allowed = {own, "target"} if one.decision is Decision.DELEGATE else {own}
    for name, text in EXTRA.items():
        if name not in allowed and getattr(one, name):
            found.refuse(one.row, text)
    if not one.basis:
        found.refuse(one.row, "没有写依据")
    if needs_date and one.effective_date is None and one.decision is not Decision.RETAIN:
        found.refuse(one.row, "没有写生效日期")
    if one.after_kind:
        _check_kind(one, entry, found)


def _check_kind(one: Decided, entry: Known, found: Read[Decided]) -> None:
    after = ItemKind(one.after_kind)
    label = KINDS[after].label
    if after is entry.kind:
        found.refuse(one.row, f"原来就是{label}，不是调整")
    if one.effective_date and not holds_on(after, one.effective_date):
        ended = KINDS[after].last_day
        assert ended is not None
        found.refuse(
            one.row, f"{label}只到{ended.year}年{ended.month}月{ended.day}日，不能再调整为这一类"
        )


def _check_merges(found: Read[Decided], known: Mapping[int, Known]) -> None:
    """What is merged goes on in entries that stay: judged over all decisions, old and new."""
    fresh = {one.number: one for one in found.rows}
    final = {number: entry.decision for number, entry in known.items()} | {
        number: one.decision.value for number, one in fresh.items()
    }
    for one in found.rows:
        for into in one.merged_into:
            if into not in known:
                found.refuse(one.row, f"并入的序号 {into} 不在清单里")
            elif into == one.number:
                found.refuse(one.row, "不能并入自己")
            elif final[into] != Decision.RETAIN:
                found.refuse(one.row, f"并入的序号 {into} 没有决定保留")
    for number, entry in known.items():
        if number in fresh or entry.decision != Decision.MERGE:
            continue
        for into in entry.merged_into:
            if into in fresh and final[into] != Decision.RETAIN:
                found.refuse(fresh[into].row, f"序号 {number} 已决定并入它，它须保留")
