"""Rules of reports: figures, and the snapshot that an edition is frozen with. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.reports.rules.numerals import spell


class BadReport(DomainError):
    """Something that an annual report cannot say."""


class Frozen(Conflict):
    def __init__(self) -> None:
        super().__init__("这份年度报告已经定稿，不能再改。要更正，请负责人说明理由、重新打开。")


class NoFigure(NotFound):
    def __init__(self) -> None:
        super().__init__("年度报告里没有这个数字，请从报告页面进入。")


class Style(StrEnum):
    """The two forms: six chapters of free text, and the format of 2021 with its tables."""

    OLD = "2008"
    NEW = "2021"

    @property
    def label(self) -> str:
        return {"2008": "2008—2018年的六章体例", "2021": "2021年格式（带表二至表四）"}[self.value]


class EditionState(StrEnum):
    DRAFT = "draft"
    FROZEN = "frozen"

    @property
    def label(self) -> str:
        return {"draft": "草稿", "frozen": "已定稿"}[self.value]


class ProblemState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CARRIED = "carried"  # taken over into the next year's report

    @property
    def label(self) -> str:
        return {"open": "待改进", "done": "已改进", "carried": "转入下一年"}[self.value]


@dataclass(frozen=True, slots=True)
class RowRef:
    """One row behind a figure, and how much of the figure it is."""

    what: str
    when: date | None
    amount: Decimal
    subject: str = ""  # such as "request:42", for a link


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report. `adds_up`: it is the sum of the amounts of its rows."""

    key: str
    label: str
    value: Decimal
    unit: str
    adds_up: bool = True

    @property
    def shown(self) -> str:
        return spell(self.value)

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "label": self.label, "value": self.shown, "unit": self.unit}


Figures = Mapping[str, Figure]


def keyed(found: Iterable[Figure]) -> dict[str, Figure]:
    """By key. Raises ValueError where two sources give the same one."""
    by_key: dict[str, Figure] = {}
    for one in found:
        if one.key in by_key:
            raise ValueError(f"two figures are called {one.key}")
        by_key[one.key] = one
    return by_key


def amount(figures: Figures, key: str) -> Decimal:
    """0 where nothing tells of it: no row, no number."""
    return figures[key].value if key in figures else Decimal()


# ── what the office enters by hand ────────────────────────────────────────────────────────────

# Cells that no record of ours tells: staff and expenditure, and table two but for licences.
CELLS: Mapping[str, tuple[str, str]] = {
    "staff.full": ("专职工作人员", "人"),
    "staff.part": ("兼职工作人员", "人"),
    "spend.total": ("信息公开工作支出", "万元"),
    "t2.rules.made": ("规章本年制发件数", "件"),
    "t2.rules.ended": ("规章本年废止件数", "件"),
    "t2.rules.valid": ("规章现行有效件数", "件"),
    "t2.normative.made": ("行政规范性文件本年制发件数", "件"),
    "t2.normative.ended": ("行政规范性文件本年废止件数", "件"),
    "t2.normative.valid": ("行政规范性文件现行有效件数", "件"),
    "t2.penalties": ("行政处罚本年处理决定数量", "件"),
    "t2.coercion": ("行政强制本年处理决定数量", "件"),
    "t2.fees": ("行政事业性收费本年收费金额", "万元"),
}
# Text that the office writes; each has a plain sentence where nothing was written.
TEXTS: Mapping[str, str] = {
    "general": "总体情况",
    "management": "政府信息管理",
    "platform": "平台建设",
    "supervision": "监督保障",
    "other": "其他需要报告的事项",
    "contact": "联系方式和下载办法",
}
LONGEST_TEXT = 4000


def check_cell(key: str, value: Decimal) -> Decimal:
    """A cell's number. Raises BadReport."""
    if key not in CELLS:
        raise NoFigure
    label, unit = CELLS[key]
    if value < 0 or (unit != "万元" and value != int(value)):
        raise BadReport(f"“{label}”应填0或正整数，请核对。")
    return value


def check_text(key: str, text: str) -> str:
    """A block of the office's text. Raises BadReport."""
    if key not in TEXTS:
        raise NoFigure
    plain = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    if len(plain) > LONGEST_TEXT:
        raise BadReport(f"“{TEXTS[key]}”不要超过{LONGEST_TEXT}字，现在有{len(plain)}字。")
    return plain


# ── the snapshot ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Problem:
    """存在的问题 with its measure (《条例》第五十条: 存在的主要问题及改进情况)."""

    text: str
    measure: str
    owner: str
    state: ProblemState = ProblemState.OPEN
    outcome: str = ""
    since: int = 0  # the year in which it was first told


@dataclass(frozen=True)
class Facts:
    """All that a report says, before it is put into words."""

    organ: str
    year: int
    style: Style
    figures: Figures
    texts: Mapping[str, str]
    problems: Sequence[Problem] = ()
    issued: date | None = None  # None: a draft bears no date
    cleanups: Sequence["CleanUp"] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "organ": self.organ,
            "year": self.year,
            "style": self.style.value,
            "issued": self.issued.isoformat() if self.issued else None,
            "figures": [self.figures[key].as_json() for key in sorted(self.figures)],
            "texts": dict(sorted(self.texts.items())),
            "problems": [
                {
                    "text": one.text,
                    "measure": one.measure,
                    "owner": one.owner,
                    "state": one.state.value,
                    "outcome": one.outcome,
                    "since": one.since,
                }
                for one in self.problems
            ],
            "cleanups": [{"key": one.key, "title": one.title} for one in self.cleanups],
        }


@dataclass(frozen=True, slots=True)
class CleanUp:
    """A clean-up of the year: its figures are `KEY.inventory` and `KEY.DECISION`."""

    key: str
    title: str
    decisions: tuple[tuple[str, str], ...]  # (code, label)


def snapshot_hash(snapshot: Mapping[str, object]) -> str:
    """The same for the same content, whatever the order of keys."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
