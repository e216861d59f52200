"""Rules: what an old system kept, read row by row through a mapping file.

Old data are what they are: dates in ten spellings, full-width digits, states in the words of that
house. What can be read for certain is read; what cannot is refused with a sentence. Pure.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from mingtang.base.errors import DomainError

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\S*)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIAL_START = date(1899, 12, 30)  # how spreadsheets count days
WIDTHS = {"old_number": 80, "item_name": 300, "organisation": 120, "applicant_name": 120}
MOST_WORDS = 200  # that a profile lists


class OldState(StrEnum):
    """What became of an old case. Stored."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"

    @property
    def label(self) -> str:
        return {
            "open": "在办（已转交新系统或仍在旧系统）",
            "granted": "准予办结",
            "refused": "不予许可",
            "returned": "退件",
            "withdrawn": "撤回",
            "terminated": "终止",
        }[self.value]


DECIDED = (OldState.GRANTED, OldState.REFUSED)
DAYS = ("submitted_on", "accepted_on", "decided_on")
TEXTS = ("old_number", "item_name", "organisation", "applicant_name", "identity_number")
COLUMNS = (*TEXTS, "state", *DAYS)
EACH_ITS_OWN = frozenset({"old_number", "applicant_name", "identity_number"})
REQUIRED = ("old_number", "item_name", "state", "submitted_on")
# By which words of a heading a profile guesses what a column is.
GUESSES = {
    "old_number": ("编号", "流水号", "受理号"),
    "item_name": ("事项", "项目名称"),
    "organisation": ("部门", "单位名称", "窗口"),
    "applicant_name": ("申请人", "申办人", "姓名"),
    "identity_number": ("证件", "身份证", "代码"),
    "state": ("状态", "结果"),
    "submitted_on": ("申请日", "申请时间", "收件", "登记"),
    "accepted_on": ("受理日", "受理时间"),
    "decided_on": ("办结", "决定"),
}


class UnreadableLegacy(DomainError):
    """A mapping, or a file, that cannot be read as a whole."""


class OldCase(NamedTuple):
    """A row of the old system that was understood."""

    old_number: str
    item_name: str
    item_code: str
    organisation: str
    applicant_name: str
    identity_number: str
    state: OldState
    submitted_on: date
    accepted_on: date | None
    decided_on: date | None


@dataclass(frozen=True)
class Refusal:
    """A row that was not, and why. `column` as the file calls it."""

    line: int
    old_number: str
    column: str
    sentence: str


@dataclass(frozen=True)
class OldMapping:
    """How an old system is read. `source` names it among others; `items`: its names of items that
    are called otherwise here, by our codes."""

    source: str
    columns: Mapping[str, str]
    states: Mapping[str, OldState]
    items: Mapping[str, str] = field(default_factory=dict)
    keeps_unknown_items: bool = False


def read_mapping(text: str) -> OldMapping:
    """Raises UnreadableLegacy."""
    try:
        said = tomllib.loads(text)
        columns = {str(key): str(name) for key, name in said["columns"].items() if name}
        states = {cleaned(str(word)): OldState(state) for word, state in said["states"].items()}
        source = str(said["source"]).strip()
    except tomllib.TOMLDecodeError as problem:
        raise UnreadableLegacy(f"映射文件不是完整的 TOML：{problem}。") from None
    except ValueError as problem:
        known = "、".join(OldState)
        raise UnreadableLegacy(f"映射文件里的状态应是 {known} 之一：{problem}。") from None
    except (KeyError, AttributeError):
        raise UnreadableLegacy("映射文件要有 source、[columns] 和 [states]。") from None
    missing = [key for key in REQUIRED if key not in columns]
    unknown = sorted(columns.keys() - set(COLUMNS))
    if missing or unknown or not source:
        told = f"[columns] 缺少 {'、'.join(missing)}" if missing else f"不认识 {'、'.join(unknown)}"
        raise UnreadableLegacy(f"映射文件：{told if source else 'source 是空的'}。")
    items = {cleaned(str(name)): str(code) for name, code in said.get("items", {}).items()}
    return OldMapping(source, columns, states, items, bool(said.get("keeps_unknown_items")))


def check_heads(mapping: OldMapping, heads: Sequence[str]) -> None:
    """Raises UnreadableLegacy where the file lacks a column that the mapping names."""
    missing = [name for name in mapping.columns.values() if name not in heads]
    if missing:
        raise UnreadableLegacy(
            f"文件里没有这些列：{'、'.join(missing)}。请核对映射文件和文件的第一行。"
        )


# ── a row ─────────────────────────────────────────────────────────────────────────────────────


_required = itemgetter(*REQUIRED)


class _Wrong(Exception):
    """A cell that cannot be read: our key of it, and the sentence."""


def read_row(
    mapping: OldMapping, codes: Mapping[str, str], line: int, cells: Mapping[str, str]
) -> OldCase | Refusal:
    """`codes`: our items by name, cleaned."""
    said = {
        key: (cleaned if key in EACH_ITS_OWN else _cleaned_before)(cells.get(name, ""))
        for key, name in mapping.columns.items()
    }
    try:
        return _read(mapping, codes, said)
    except _Wrong as problem:
        key, sentence = problem.args
        return Refusal(line, said["old_number"][:80], mapping.columns[key], sentence)


def cleaned(text: str) -> str:
    """Text as it is compared: full-width letters, digits and brackets become narrow, unseen
    characters go."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not plain.isprintable():
        plain = "".join(char for char in plain if char.isprintable())
    return " ".join(plain.split()) if " " in plain else plain


_cleaned_before = lru_cache(maxsize=10_000)(cleaned)  # what a file has again and again


def _read(mapping: OldMapping, codes: Mapping[str, str], said: Mapping[str, str]) -> OldCase:
    if not all(_required(said)):
        key = next(key for key in REQUIRED if not said[key])
        raise _Wrong(key, "是空的。这一栏必须有，请在旧系统里补上。")
    if "\ufffd" in "".join(said.values()):
        key = next(key for key, text in said.items() if "\ufffd" in text)
        raise _Wrong(key, "含有乱码，请从旧系统重新导出这一行。")
    for key, width in WIDTHS.items():
        if len(said.get(key, "")) > width:
            raise _Wrong(key, f"有{len(said[key])}个字，最多{width}个，像是串了列。")
    state = mapping.states.get(said["state"])
    if state is None:
        raise _Wrong("state", f"“{said['state']}”在映射文件的 [states] 里没有，请补上。")
    item = said["item_name"]
    code = mapping.items.get(item) or codes.get(item, "")
    if not code and not mapping.keeps_unknown_items:
        raise _Wrong("item_name", f"事项“{item}”现在的目录里没有，请在 [items] 里写明代码。")
    submitted, accepted, decided = (_day(key, said.get(key, "")) for key in DAYS)
    assert submitted is not None
    _check_days(submitted, accepted, decided, state)
    return OldCase(
        said["old_number"],
        item,
        code,
        said.get("organisation", ""),
        said.get("applicant_name", ""),
        said.get("identity_number", ""),
        state,
        submitted,
        accepted,
        decided,
    )


def _day(key: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = _date(text)
    except ValueError:
        raise _Wrong(key, f"“{text}”不是一个日期。") from None
    if not FIRST <= day <= LAST:
        raise _Wrong(key, f"{day} 不在 {FIRST.year} 年到 {LAST.year} 年之间。")
    return day


@lru_cache(maxsize=10_000)  # a file has the days of some years, again and again
def _date(text: str) -> date:
    if found := DATE.fullmatch(text) or COMPACT.fullmatch(text):
        return date(*map(int, found.groups()))
    if serial := SERIAL.fullmatch(text):
        return SERIAL_START + timedelta(days=int(serial[1]))
    raise ValueError(text)


def _check_days(
    submitted: date, accepted: date | None, decided: date | None, state: OldState
) -> None:
    before = accepted or submitted
    if before < submitted:
        raise _Wrong("accepted_on", f"{before} 早于前一步的 {submitted}。")
    if decided is not None and decided < before:
        raise _Wrong("decided_on", f"{decided} 早于前一步的 {before}。")
    if decided is None and state in DECIDED:
        raise _Wrong("decided_on", "是空的，状态却是已经办结。")


# ── what came of the whole ────────────────────────────────────────────────────────────────────


@dataclass
class Account:
    """The account of an import: every row of the old system is new, known already, or refused."""

    old: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    states: Counter[str] = field(default_factory=Counter)  # of the rows that were understood
    reasons: Counter[str] = field(default_factory=Counter)  # by column, of those that were not

    @property
    def adds_up(self) -> bool:
        understood = self.new + self.known
        return self.old == understood + self.refused and sum(self.states.values()) == understood


def profile(heads: Sequence[str], rows: Iterator[Mapping[str, str]], source: str) -> str:
    """A draft of the mapping for a file: what its columns seem to be, which words its states and
    items are in. Whoever knows the old system finishes it."""
    guessed = _guessed(heads)
    words: dict[str, Counter[str]] = {"state": Counter(), "item_name": Counter()}
    filled: Counter[str] = Counter()
    count = 0
    for row in rows:
        count += 1
        filled.update(name for name in heads if row.get(name))
        for key, counted in words.items():
            if key in guessed and len(counted) < MOST_WORDS:
                counted[cleaned(row.get(guessed[key], ""))] += 1
    return "\n".join(_draft(heads, guessed, words, filled, count, source))


def _guessed(heads: Sequence[str]) -> dict[str, str]:
    left, found = list(heads), {}
    for key, hints in GUESSES.items():
        name = next((one for hint in hints for one in left if hint in one), None)
        if name is not None:
            found[key] = name
            left.remove(name)
    return found


def _draft(
    heads: Sequence[str],
    guessed: Mapping[str, str],
    words: Mapping[str, Counter[str]],
    filled: Mapping[str, int],
    count: int,
    source: str,
) -> Iterator[str]:
    yield f"# {count} 行。列和填写的行数："
    yield from (f"#   {name}：{filled.get(name, 0)}" for name in heads)
    yield from (f"source = {_quoted(source)}", "keeps_unknown_items = false", "", "[columns]")
    yield from (f"{key} = {_quoted(guessed.get(key, ''))}" for key in COLUMNS)
    yield from ("", f"[states]  # 写成 {'、'.join(OldState)} 之一")
    yield from (f'{_quoted(word)} = ""  # {n} 行' for word, n in words["state"].most_common())
    yield from ("", "[items]  # 名称与现在的目录不同的，写上代码")
    yield from (f'# {_quoted(word)} = ""  # {n} 行' for word, n in words["item_name"].most_common())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
