"""Rules: the rows of an import read cell by cell, with errors that block and doubts that do not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.codes import body_doubts, kind_doubt, recognise_code
from mingtang.catalogue.rules.columns import LABELS
from mingtang.catalogue.rules.details import DETAILS, MATERIAL_CELLS
from mingtang.catalogue.rules.fields import (
    FALSE_WORDS,
    TRUE_WORDS,
    CellError,
    Text,
    is_blank,
    required,
)
from mingtang.catalogue.rules.fields import Row as Line
from mingtang.catalogue.rules.kinds import ItemKind, kind_from
from mingtang.catalogue.rules.limits import Limit, read_limit
from mingtang.catalogue.rules.profiles import PROFILES
from mingtang.catalogue.rules.route import ROUTE
from mingtang.regions.rules import check_region_code

RawRow = Mapping[str, str]  # canonical column → text; "row" holds the number of the row in the file
T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """Something about one row: an error blocks the whole import, a doubt is only told."""

    row: int
    text: str
    is_error: bool


@dataclass(frozen=True)
class ImportRow:
    """One item as a file states it. None and blank mean: the file does not say."""

    row: int
    department: str
    name: str
    code: str
    kind: ItemKind
    main_item: str = ""
    area: str = ""
    dept_code: str = ""
    basis: str = ""
    conditions: str = ""
    materials: Sequence[Line] = ()
    procedure: str = ""
    statutory: Limit | None = None
    statutory_basis: str = ""
    promised: Limit | None = None
    fee: str = ""
    is_free: bool | None = None
    on_the_spot: bool = False
    served: str = "both"
    profile: str = ""
    route: Sequence[Line] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()  # the columns that the file has

    def says(self, column: str) -> bool:
        """Whether the file has this column: what it has not stays as it was."""
        return column in self.given


@dataclass
class CheckedRows:
    rows: list[ImportRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def doubts(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def _text(column: str, most: int) -> Text:
    return Text(column, LABELS[column], most)


def _kind(text: str) -> ItemKind:
    kind = kind_from(text)
    if kind is None:
        raise CellError(
            f"事项类型“{text}”不在代码表中（01 行政许可 … 10 其他行政权力、20 公共服务）"
        )
    return kind


def _area(text: str) -> str:
    return check_region_code(text).code if text else ""


def _code(text: str) -> str:
    return recognise_code(text).code


SPOT_WORDS = TRUE_WORDS | {"即办件"}
PROMISE_WORDS = FALSE_WORDS | {"", "承诺件"}


def _yes(text: str) -> bool:
    word = text.lower()
    if word not in SPOT_WORDS | PROMISE_WORDS:
        raise CellError(f"“{LABELS['on_the_spot']}”应填是或否，现在是“{text}”")
    return word in SPOT_WORDS


PROFILE_OF_WORD = {key: key for key in PROFILES} | {p.label: key for key, p in PROFILES.items()}


def _profile(text: str) -> str:
    if text and text not in PROFILE_OF_WORD:
        words = "、".join(profile.label for profile in PROFILES.values())
        raise CellError(f"“{LABELS['profile']}”应填{words}，现在是“{text}”")
    return PROFILE_OF_WORD.get(text, "")


SERVED = {
    **dict.fromkeys(
        ("", "both", "自然人和法人", "自然人、法人", "自然人,法人", "均可", "不限"), "both"
    ),
    **dict.fromkeys(("natural", "自然人", "个人", "1"), "natural"),
    **dict.fromkeys(("legal", "法人", "企业", "单位", "法人及其他组织"), "legal"),
}


def _served(text: str) -> str:
    if text not in SERVED:
        raise CellError(f"“{LABELS['served']}”应填自然人、法人或均可，现在是“{text}”")
    return SERVED[text]


FREE_WORDS = {"不收费", "免费", "否", "无", "0"}
CHARGED_WORDS = {"是", "收费"}


def _is_free(text: str) -> bool | None:
    return text in FREE_WORDS if text else None


def _fee(text: str) -> str:
    return "" if text in FREE_WORDS | CHARGED_WORDS else text


READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    # field of the row: column of the file, how its text is read
    "department": ("department", required(_text("department", 100))),
    "name": ("name", required(_text("name", 300))),
    "code": ("task_code", _code),
    "kind": ("task_type", _kind),
    "main_item": ("main_item", _text("main_item", 300).read),
    "area": ("area_code", _area),
    "dept_code": ("dept_code", _text("dept_code", 64).read),
    "basis": ("basis", str),
    "conditions": ("conditions", str),
    "materials": ("materials", MATERIAL_CELLS.read),
    "procedure": ("procedure", str),
    "statutory": ("statutory_days", read_limit),
    "statutory_basis": ("statutory_basis", _text("statutory_basis", 300).read),
    "promised": ("promised_days", read_limit),
    "fee": ("fee", _fee),
    "is_free": ("fee", _is_free),
    "on_the_spot": ("on_the_spot", _yes),
    "served": ("served", _served),
    "profile": ("profile", _profile),
    "route": ("route", ROUTE.read),
}


def check_rows(raw_rows: Sequence[RawRow]) -> CheckedRows:
    """Read all rows. All errors and doubts are found, not the first ones only."""
    checked = CheckedRows()
    for raw in raw_rows:
        row = _read(raw, checked.findings)
        if row:
            checked.rows.append(row)
            checked.findings += [Finding(row.row, text, False) for text in _row_doubts(row)]
    checked.findings += _duplicate_codes(raw_rows)
    checked.findings += _doubtful_departments(checked.rows)
    checked.findings += _same_names(checked.rows)
    checked.findings.sort(key=lambda finding: (not finding.is_error, finding.row))
    return checked


def _read(raw: RawRow, findings: list[Finding]) -> ImportRow | None:
    number = int(raw["row"])
    values: dict[str, Any] = {}
    details: dict[str, Any] = {}
    before = len(findings)
    wanted = [(values, name, column, read) for name, (column, read) in READERS.items()]
    wanted += [(details, field.key, field.key, field.read) for field in DETAILS]
    for into, name, column, read in wanted:
        try:
            into[name] = read(_clean(raw.get(column, ""), column))
        except DomainError as error:
            findings.append(Finding(number, error.message.rstrip("。"), True))
    if len(findings) > before:
        return None
    said = {key: value for key, value in details.items() if not is_blank(value)}
    return ImportRow(row=number, details=said, given=frozenset(raw) & LABELS.keys(), **values)


def _clean(text: str, column: str) -> str:
    if any(ord(char) < 32 and char not in "\r\n\t" for char in text):
        raise CellError(f"“{LABELS[column]}”含有不能保存的字符，请删去后重填")
    return text.strip()


def _row_doubts(row: ImportRow) -> Iterator[str]:
    code = recognise_code(row.code)
    yield from code.doubts
    if doubt := kind_doubt(code, row.kind):
        yield doubt
    if code.area and row.area and code.area.ljust(12, "0") != row.area:
        yield f"编码中的区划{code.area}与填写的区划{row.area}不一致"


def _grouped(pairs: Iterable[tuple[T, int]]) -> dict[T, list[int]]:
    groups: dict[T, list[int]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return groups


def _listed(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows))


def _duplicate_codes(raw_rows: Sequence[RawRow]) -> Iterator[Finding]:
    codes = ((raw.get("task_code", "").strip(), int(raw["row"])) for raw in raw_rows)
    for code, rows in _grouped(codes).items():
        if code and len(rows) > 1:
            text = f"事项编码“{code}”在第{_listed(rows)}行重复，一个编码只能有一行"
            yield from (Finding(row, text, True) for row in rows)


def _same_names(rows: Sequence[ImportRow]) -> Iterator[Finding]:
    for (department, name), found in _grouped(
        ((r.department, r.name), r.row) for r in rows
    ).items():
        if len(found) > 1:
            text = f"{department}的“{name}”在第{_listed(found)}行同名，编码不同"
            yield from (Finding(row, text, False) for row in found)


def _doubtful_departments(rows: Sequence[ImportRow]) -> Iterator[Finding]:
    """Told once for each code of a department, at its first row."""
    codes = _grouped(((r.department, r.dept_code), r.row) for r in rows if r.dept_code)
    for (department, code), found in codes.items():
        for text in body_doubts(code, f"{department}的部门编码"):
            more = f"（共{len(found)}行）" if len(found) > 1 else ""
            yield Finding(found[0], f"{text}{more}", False)
