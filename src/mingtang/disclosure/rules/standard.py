"""Rules of the standard catalogue of what is to be made public (基层政务公开标准目录). Pure.

Its columns stand here as the published tables have them. A table is read whole or not at all; each
error names its row and its column.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.columns import Sheet, heading
from mingtang.ledger.rules import canonical

CARRIERS = (
    *("政府网站", "政府公报", "两微一端", "发布会/听证会", "广播电视", "纸质媒体", "公开查阅点"),
    *("政务服务中心", "便民服务站", "入户/现场", "社区/企事业单位/村公示栏（电子屏）", "精准推送"),
    *("12345", "其他"),
)
OTHER = "其他"
GROUP = "特定群体"

LABELS: Mapping[str, str] = {
    "serial": "序号",
    "first": "一级事项",
    "second": "二级事项",
    "content": "公开内容（要素）",
    "basis": "公开依据",
    "limit": "公开时限",
    "body": "公开主体",
    "carriers": "公开渠道和载体",
    "for_all": "全社会",
    "group": GROUP,
    "active": "主动",
    "on_request": "依申请",
    "county": "县级",
    "township": "乡级",
    "village": "村级",
}
ALSO = {
    "first": ("公开事项（一级）", "公开事项一级", "一级公开事项", "公开事项"),
    "second": ("公开事项（二级）", "公开事项二级", "二级公开事项"),
    "content": ("公开内容", "公开内容(要素)", "公开要素"),
    "body": ("公开责任主体", "责任主体"),
    "carriers": ("公开渠道", "公开载体", "公开渠道与载体"),
    "for_all": ("公开对象（全社会）",),
    "group": ("公开对象（特定群体）", "特定群众"),
    "active": ("主动公开", "公开方式（主动）"),
    "on_request": ("依申请公开", "公开方式（依申请）"),
    "county": ("县（市、区）级", "县区级", "市县级", "县"),
    "township": ("乡镇（街道）级", "乡镇级", "乡、村级", "乡"),
    "village": ("村（社区）级", "村"),
}
REQUIRED = ("first", "content", "basis", "limit", "body", "carriers")
STANDARD = Sheet(
    LABELS,
    REQUIRED,
    {
        heading(name): column
        for column, label in LABELS.items()
        for name in (label, *ALSO.get(column, ()))
    },
)
LONGEST = {"first": 100, "second": 200, "content": 2000, "basis": 2000, "limit": 300, "body": 200}
LONGEST_GROUP = LONGEST_OTHER = 100
TICKS = {"√", "✓", "✔", "■", "☑", "是", "1", "有", "v", "y"}
NO_TICKS = {"", "□", "☐", "否", "0", "无", "/", "-", "—", "n"}
_BOX = re.compile(r"[■☑√✓✔□☐]")
_TICKED = set("■☑√✓✔")
_BETWEEN = re.compile(r"[、,，;；\n\r\t ]+")


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue of an organ."""

    serial: int
    first: str
    second: str
    content: str
    basis: str
    limit: str
    body: str
    carriers: tuple[str, ...] = ()
    carrier_other: str = ""
    is_for_all: bool = True
    group: str = ""
    is_active: bool = True
    is_on_request: bool = False
    at_county: bool = True
    at_township: bool = False
    at_village: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes a line the same line in the next table."""
        return self.first, self.second

    @property
    def name(self) -> str:
        return f"{self.first} · {self.second}" if self.second else self.first


@dataclass(frozen=True)
class Mistake:
    """What is wrong in one cell of a table."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"第 {self.row} 行“{LABELS[self.column]}”：{self.text}"


class StandardRefused(DomainError):
    """The table has mistakes; nothing was written."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(
            f"有 {len(mistakes)} 处错误，目录没有改动。{mistakes[0]} 请改正后重新导入。"
        )
        self.mistakes = list(mistakes)


# ── headings ──────────────────────────────────────────────────────────────────────────────────


def one_heading(table: Sequence[Sequence[str]]) -> list[list[str]]:
    """The table with its heading on one line: the published form has two, 公开对象 over 全社会.

    Row numbers stay.
    """
    rows = [list(row) for row in table]
    below = {heading(LABELS[name]) for name in ("first", "for_all", "active", "county")}
    for at in range(len(rows) - 1):
        upper, lower = rows[at], rows[at + 1]
        if not STANDARD.looks_like_headings(upper):
            continue
        if len(below & {heading(cell) for cell in lower}) >= 2:
            width = max(len(upper), len(lower))
            pairs = zip(_wide(upper, width), _wide(lower, width), strict=True)
            rows[at + 1] = [under.strip() or over for over, under in pairs]
            rows[at] = []
        break
    return rows


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*row, *([""] * (width - len(row)))]


# ── reading ───────────────────────────────────────────────────────────────────────────────────

Told = Callable[[str, str], None]  # column, what is wrong


def read(rows: Iterable[Mapping[str, str]]) -> tuple[list[Entry], list[Mistake]]:
    """The lines of a table, and every mistake in it."""
    entries: list[Entry] = []
    mistakes: list[Mistake] = []
    seen: dict[tuple[str, str], int] = {}
    first = ""
    for row in rows:
        number = int(row["row"])
        first = row.get("first", "") or first  # a cell that spans rows says it once
        told = _teller(mistakes, number)
        entry = _entry({**row, "first": first}, len(entries) + 1, told)
        if entry.key in seen and entry.first:
            told("second" if entry.second else "first", f"与第 {seen[entry.key]} 行重复。")
        seen.setdefault(entry.key, number)
        entries.append(entry)
    return entries, mistakes


def _teller(mistakes: list[Mistake], row: int) -> Told:
    return lambda column, text: mistakes.append(Mistake(row, column, text))


def _entry(row: Mapping[str, str], place: int, told: Told) -> Entry:
    texts = {name: _text(row, name, told) for name in LONGEST}
    carriers, other = _carriers(row.get("carriers", ""), told)
    ticks = {
        name: _tick(row, name, told)
        for name in ("for_all", "active", "on_request", "county", "township", "village")
    }
    group = _group(row.get("group", ""), told)
    if not ticks["for_all"] and not group:
        told("for_all", "公开对象没有勾选，请在“全社会”或“特定群体”打“√”。")
    if not ticks["active"] and not ticks["on_request"]:
        told("active", "公开方式没有勾选，请在“主动”或“依申请”打“√”。")
    if not any(ticks[name] for name in ("county", "township", "village")):
        told("county", "公开层级没有勾选，请在“县级”“乡级”或“村级”打“√”。")
    return Entry(
        serial=_serial(row.get("serial", ""), place, told),
        **texts,
        carriers=carriers,
        carrier_other=other,
        is_for_all=ticks["for_all"],
        group=group,
        is_active=ticks["active"],
        is_on_request=ticks["on_request"],
        at_county=ticks["county"],
        at_township=ticks["township"],
        at_village=ticks["village"],
    )


def _text(row: Mapping[str, str], name: str, told: Told) -> str:
    text = row.get(name, "").strip()
    if not text and name in REQUIRED:
        told(name, "是空的，请填写。")
    if len(text) > LONGEST[name]:
        told(name, f"有 {len(text)} 个字，最多 {LONGEST[name]} 个字。")
    return text


def _serial(text: str, place: int, told: Told) -> int:
    """Blank: the place of the line."""
    if not text:
        return place
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 100_000):
        told("serial", f"“{text}”不是序号，请填 1 到 99999 的整数，或留空。")
        return place
    return int(text)


def _tick(row: Mapping[str, str], name: str, told: Told) -> bool:
    text = row.get(name, "").strip().lower()
    if text in TICKS:
        return True
    if text not in NO_TICKS:
        told(name, f"“{text}”看不懂：勾选请打“√”，不勾选请留空。")
    return False


def _group(text: str, told: Told) -> str:
    """Which group; a tick alone says only that it is one."""
    said = text.strip()
    if said.lower() in NO_TICKS:
        return ""
    if said.lower() in TICKS:
        return GROUP
    if len(said) > LONGEST_GROUP:
        told("group", f"有 {len(said)} 个字，最多 {LONGEST_GROUP} 个字。")
    return said


def _carriers(text: str, told: Told) -> tuple[tuple[str, ...], str]:
    """The carriers that are ticked, in the order of the published table, and what 其他 means."""
    if not text.strip():
        return (), ""  # told already
    named = _boxed(text) if _BOX.search(text) else _listed(text)
    known = {_plain(carrier): carrier for carrier in CARRIERS}
    found: set[str] = set()
    other = ""
    for name in named:
        if carrier := known.get(_plain(name)):
            found.add(carrier)
        elif name.startswith(OTHER):
            found.add(OTHER)
            other = name.removeprefix(OTHER).strip("（）()：: _")
        else:
            told("carriers", f"没有“{name}”这种载体，只能是：{'、'.join(CARRIERS)}。")
    if not found and not named:
        told("carriers", "一个也没有勾选，请在渠道前打“■”。")
    if len(other) > LONGEST_OTHER:
        told("carriers", f"“其他”后面最多 {LONGEST_OTHER} 个字。")
    return tuple(carrier for carrier in CARRIERS if carrier in found), other


def _boxed(text: str) -> list[str]:
    """■政府网站 □政府公报: what stands behind a full box."""
    marks = list(_BOX.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    pairs = zip(marks, ends, strict=True)
    named = [
        text[mark.end() : end].strip(" \n\r\t、，,;；") for mark, end in pairs if mark[0] in _TICKED
    ]
    return [name for name in named if name]


def _listed(text: str) -> list[str]:
    return [name for name in _BETWEEN.split(text.strip()) if name]


def _plain(name: str) -> str:
    return re.sub(r"[\s（）()]", "", name)


# ── writing ───────────────────────────────────────────────────────────────────────────────────


def cells(entry: Entry) -> list[str]:
    """The line as the published table has it; `read` gives the same entry back."""
    boxes = (f"{'■' if one in entry.carriers else '□'}{one}" for one in CARRIERS)
    other = f"（{entry.carrier_other}）" if entry.carrier_other else ""
    written = {
        "serial": str(entry.serial),
        **{name: getattr(entry, name) for name in LONGEST},
        "carriers": f"{' '.join(boxes)}{other}",
        "for_all": _box(entry.is_for_all),
        "group": "√" if entry.group == GROUP else entry.group,
        "active": _box(entry.is_active),
        "on_request": _box(entry.is_on_request),
        "county": _box(entry.at_county),
        "township": _box(entry.at_township),
        "village": _box(entry.at_village),
    }
    return [written[name] for name in LABELS]


def _box(is_ticked: bool) -> str:
    return "√" if is_ticked else ""


def digest(entries: Iterable[Entry]) -> str:
    """One number for a whole catalogue: the same lines, the same number."""
    return hashlib.sha256(canonical([list(astuple(one)) for one in entries])).hexdigest()


# ── what an import does ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Changes:
    """What a table changes in the catalogue of an organ."""

    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    ended: tuple[Entry, ...] = ()
    same_count: int = 0
    mistakes: tuple[Mistake, ...] = ()


def plan(rows: Iterable[Mapping[str, str]], held: Iterable[Entry]) -> Changes:
    """A table is the whole catalogue: what it leaves out ends."""
    entries, mistakes = read(rows)
    if mistakes:
        return Changes(mistakes=tuple(mistakes))
    before = {one.key: one for one in held}
    named = {one.key for one in entries}
    return Changes(
        new=tuple(one for one in entries if one.key not in before),
        changed=tuple(one for one in entries if before.get(one.key, one) != one),
        ended=tuple(one for key, one in before.items() if key not in named),
        same_count=sum(before.get(one.key) == one for one in entries),
    )


def differs(old: Entry, new: Entry) -> list[str]:
    """The names of the fields that differ."""
    before, after = asdict(old), asdict(new)
    return [name for name in after if before[name] != after[name]]


# ── gaps ──────────────────────────────────────────────────────────────────────────────────────

# How often a line must be told anew, by the words of its 公开时限. Some days over the period: what
# is told of a month stands in the next one. Other limits count from the making of a paper, which
# the countdown of each item watches.
_PERIODS = (
    (re.compile(r"每日|每天|实时"), 3),
    (re.compile(r"每周"), 10),
    (re.compile(r"每月|按月|月度"), 45),
    (re.compile(r"每季|按季|季度"), 125),
    (re.compile(r"每半年|半年度"), 220),
    (re.compile(r"每年|按年|年度"), 400),
)
MISSING, STALE, COVERED, BY_REQUEST = "missing", "stale", "covered", "by_request"
COVERAGE_LABELS = {
    MISSING: "没有公开过",
    STALE: "该更新了",
    COVERED: "已公开",
    BY_REQUEST: "依申请公开",
}


def period_days(limit: str) -> int | None:
    """Within how many days a line must be told again; None where its limit names no period."""
    return next((days for pattern, days in _PERIODS if pattern.search(limit)), None)


def coverage(entry: Entry, latest: date | None, today: date) -> str:
    """Where a line stands, given the newest day on which anything public of it was told."""
    if latest is None:
        return MISSING if entry.is_active else BY_REQUEST
    days = period_days(entry.limit)
    return STALE if days is not None and latest + timedelta(days=days) < today else COVERED


def entry_of(values: Mapping[str, Any]) -> Entry:
    """An entry from stored columns."""
    return replace(Entry(**values), carriers=tuple(values["carriers"]))
