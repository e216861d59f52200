"""Rules: a list of the basic catalogue read row by row, and what it changes. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.basic import Basic, check_basic_code
from mingtang.catalogue.rules.codes import kind_doubt, recognise_code
from mingtang.catalogue.rules.columns import Sheet
from mingtang.catalogue.rules.details import LEVELS
from mingtang.catalogue.rules.fields import CellError, Several, Text, required
from mingtang.catalogue.rules.kinds import ItemKind, kind_from
from mingtang.catalogue.rules.rows import Finding, RawRow

LABELS = {
    "basic_code": "基本编码",
    "name": "事项名称",
    "kind": "事项类型",
    "basis": "设定依据",
    "levels": "行使层级",
}
SYNONYMS = {
    "basic_code": ("编码", "事项编码", "目录编码", "catalog_code", "code"),
    "name": ("名称", "项目名称", "task_name"),
    "kind": ("类型", "事项类别", "task_type"),
    "basis": ("依据", "办事依据", "法律依据", "by_law"),
    "levels": ("层级", "level", "use_level"),
}
BASIC = Sheet(
    LABELS,
    ("basic_code", "name", "kind"),
    {
        heading: column
        for column, label in LABELS.items()
        for heading in (column, label, *SYNONYMS[column])
    },
)
MOST_NAME, MOST_BASIS = 300, 20_000
_LEVELS = Several("levels", LABELS["levels"], LEVELS)


def _kind(text: str) -> str:
    kind = kind_from(text)
    if kind is None:
        raise CellError(f"“{LABELS['kind']}”的“{text}”不在代码表中（01 行政许可 … 20 公共服务）")
    return kind.value


READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    # field of the basic item: column of the file, how its text is read
    "code": ("basic_code", check_basic_code),
    "name": ("name", required(Text("name", LABELS["name"], MOST_NAME))),
    "kind": ("kind", _kind),
    "basis": ("basis", Text("basis", LABELS["basis"], MOST_BASIS).read),
    "levels": ("levels", lambda text: tuple(_LEVELS.read(text))),
}


@dataclass
class Changes:
    """What a list does to the basic catalogue. `row_of`: code → its row in the file."""

    new: list[Basic] = field(default_factory=list)  # codes that did not hold before
    replaced: list[tuple[Basic, Basic]] = field(default_factory=list)  # ended, begun
    corrected: list[tuple[Basic, Basic]] = field(default_factory=list)  # of the same day
    ended: list[Basic] = field(default_factory=list)  # which the list has no more
    same_count: int = 0
    row_of: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def doubts(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def region_of(code: str) -> str:
    """00 national, 33 the province: a list speaks for the regions that its codes name."""
    return code[:2]


def plan(
    raw_rows: Sequence[RawRow], known: Iterable[Basic], *, valid_from: date, is_partial: bool
) -> Changes:
    """Compare a list with the last row of each code known. All errors and doubts are found.

    A code of a region in the list that the list has no more ends the day before, unless
    `is_partial`: then what the list does not name stays.
    """
    made = Changes()
    listed = _read(raw_rows, valid_from, made)
    last = {row.code: row for row in known}
    for row in listed:
        _place(row, last.get(row.code), made)
    if not is_partial:
        _end_missing(listed, last.values(), valid_from, made)
    made.findings.sort(key=lambda finding: (not finding.is_error, finding.row))
    return made


def _read(raw_rows: Sequence[RawRow], valid_from: date, made: Changes) -> list[Basic]:
    found = []
    for raw in raw_rows:
        number, values, faults = int(raw["row"]), {}, []
        for name, (column, read) in READERS.items():
            try:
                values[name] = read(raw.get(column, "").strip())
            except DomainError as error:
                faults.append(Finding(number, error.message.rstrip("。"), True))
        made.findings += faults
        if not faults:
            row = Basic(**values, valid_from=valid_from)
            made.findings += _about(row, number, made.row_of)
            made.row_of.setdefault(row.code, number)
            found.append(row)
    return found


def _about(row: Basic, number: int, row_of: Mapping[str, int]) -> Iterator[Finding]:
    if row.code in row_of:
        text = f"基本编码“{row.code}”与第{row_of[row.code]}行重复，一个编码只能有一行"
        yield Finding(number, text, True)
    if doubt := kind_doubt(recognise_code(row.code), ItemKind(row.kind)):
        yield Finding(number, doubt, False)


def _place(row: Basic, last: Basic | None, made: Changes) -> None:
    if last is None:
        made.new.append(row)
    elif last.valid_from > row.valid_from or (last.valid_to or date.min) >= row.valid_from:
        text = f"基本编码“{row.code}”已有自{_since(last)}起的内容，这份清单的施行日期应晚于它"
        made.findings.append(Finding(made.row_of[row.code], text, True))
    elif last.valid_to is not None:
        made.new.append(row)
    elif _says(last) == _says(row):
        made.same_count += 1
    elif last.valid_from == row.valid_from:
        made.corrected.append((last, row))
    else:
        made.replaced.append((_ended(last, row.valid_from), row))


def _since(last: Basic) -> str:
    """The day of the list that changed this code last."""
    return str(last.valid_to + timedelta(days=1) if last.valid_to else last.valid_from)


def _says(row: Basic) -> tuple[Any, ...]:
    return row.name, row.kind, row.basis, tuple(row.levels)


def _ended(row: Basic, begun: date) -> Basic:
    return replace(row, valid_to=begun - timedelta(days=1))


def _end_missing(
    listed: Sequence[Basic], last: Iterable[Basic], valid_from: date, made: Changes
) -> None:
    codes, regions = {row.code for row in listed}, {region_of(row.code) for row in listed}
    for row in last:
        if row.code in codes or region_of(row.code) not in regions or row.valid_to is not None:
            continue
        if row.valid_from >= valid_from:
            text = (
                f"基本编码“{row.code}”（{row.name}）自{row.valid_from}起施行，这份清单里没有它；"
                "清单的施行日期应晚于这一天，或按部分清单导入"
            )
            made.findings.append(Finding(1, text, True))
        else:
            made.ended.append(_ended(row, valid_from))
            text = f"基本编码“{row.code}”（{row.name}）不在这份清单里，施行到前一天为止"
            made.findings.append(Finding(1, text, False))
