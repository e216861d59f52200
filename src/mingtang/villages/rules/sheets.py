"""Rules: a table of lines read row by row; each fault says where and how to mend it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.columns import Sheet
from mingtang.villages.rules import privacy
from mingtang.villages.rules.kinds import LINES_OF, Layout, LineKind
from mingtang.villages.rules.money import cents_of

LONGEST_TEXT, LONGEST_VOUCHER, MOST_LINES = 100, 30, 2000
LABELS = {
    "day": "日期",
    "kind": "收支",
    "text": "摘要",
    "amount": "金额",
    "voucher": "凭证号",
    "income": "收入金额",
    "spending": "支出金额",
}
_SYNONYMS = {
    "day": ("发生日期", "记账日期", "时间"),
    "kind": ("类别", "类型", "收入/支出", "收支类别", "种类"),
    "text": ("事项", "用途", "内容", "说明", "姓名", "户主", "名称", "收支内容", "项目"),
    "amount": ("金额（元）", "金额(元)", "数额", "补助金额", "发放金额", "价值"),
    "voucher": ("票据号", "凭证", "凭证编号", "票号"),
    "income": ("收入", "收入（元）", "收入(元)"),
    "spending": ("支出", "支出（元）", "支出(元)"),
}
_HEADINGS = {
    heading.lower(): column
    for column, label in LABELS.items()
    for heading in (label, *_SYNONYMS[column])
}
SHEETS = {
    Layout.ACCOUNTS: Sheet(LABELS, ("day", "text"), _HEADINGS),
    Layout.HOLDINGS: Sheet(LABELS, ("kind", "text", "amount"), _HEADINGS),
    Layout.BENEFITS: Sheet(LABELS, ("text", "amount"), _HEADINGS),
}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


@dataclass(frozen=True)
class NewLine:
    """One line to write."""

    kind: LineKind
    text: str
    cents: int
    day: date | None = None
    voucher: str = ""


@dataclass(frozen=True)
class Read:
    """What a table gave: lines, the faults of the rows that gave none, columns left out because
    no village lays them open."""

    lines: tuple[NewLine, ...]
    faults: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def read_rows(rows: Iterable[Mapping[str, str]], layout: Layout) -> Read:
    """Rows under canonical columns, `row` their number in the file."""
    lines: list[NewLine] = []
    faults: list[str] = []
    for row in rows:
        try:
            lines += _lines_of(row, layout)
        except DomainError as error:
            faults.append(f"第 {row['row']} 行：{error}")
    return Read(tuple(lines), tuple(faults))


def _lines_of(row: Mapping[str, str], layout: Layout) -> list[NewLine]:
    if layout is Layout.ACCOUNTS and not row.get("kind", "").strip():
        return _of_two_columns(row)
    kind = _kind(row.get("kind", ""), LINES_OF[layout])
    return [line_of(kind, row.get("text", ""), row.get("amount", ""), row)]


def _of_two_columns(row: Mapping[str, str]) -> list[NewLine]:
    """The bookkeeper's table: one column for what came in, one for what went out."""
    columns = ((LineKind.INCOME, "income"), (LineKind.SPENDING, "spending"))
    filled = [(kind, row.get(name, "")) for kind, name in columns if _is_sum(row.get(name, ""))]
    if not filled:
        raise DomainError("没有写明是收入还是支出，或没有金额。请填“收支”和“金额”两列。")
    return [line_of(kind, row.get("text", ""), amount, row) for kind, amount in filled]


def _is_sum(typed: str) -> bool:
    return typed.strip() not in {"", "0", "0.00", "-", "—"}


def _kind(typed: str, known: Sequence[LineKind]) -> LineKind:
    said = typed.strip()
    if len(known) == 1:
        return known[0]
    for kind in known:
        if said in {kind.label, kind.label[0], kind.value}:
            return kind
    offered = "、".join(kind.label for kind in known)
    raise DomainError(f"类别“{said[:10]}”不认识，请填{offered}中的一个。")


def line_of(kind: LineKind, text: str, amount: str, more: Mapping[str, str]) -> NewLine:
    """A line as somebody typed it. Raises DomainError with what is wrong and how to mend it."""
    text = " ".join(text.split())
    if not text:
        what = "姓名" if kind is LineKind.BENEFIT else "摘要"
        raise DomainError(f"没有填“{what}”，请写明。")
    if len(text) > LONGEST_TEXT:
        raise DomainError(f"摘要有 {len(text)} 个字，请缩到 {LONGEST_TEXT} 个字以内。")
    cents = cents_of(amount)
    if cents == 0:
        raise DomainError("金额是 0，没有发生的不用填这一行。")
    if cents < 0 and kind not in (LineKind.INCOME, LineKind.SPENDING):
        raise DomainError("金额不能是负数。冲账只用在收入、支出里。")
    voucher = more.get("voucher", "").strip()
    if len(voucher) > LONGEST_VOUCHER:
        raise DomainError(f"凭证号超过 {LONGEST_VOUCHER} 个字，请只写编号。")
    privacy.check([("这一行", f"{text} {voucher}")])
    return NewLine(kind, text, cents, day_of(more.get("day", "")), voucher)


def day_of(typed: str) -> date | None:
    """A day as people write it in tables; blank is none. Raises DomainError."""
    if not typed.strip():
        return None
    found = _DAY.fullmatch(typed.strip())
    try:
        return date(*map(int, found.groups())) if found else _wrong_day(typed)
    except ValueError:
        return _wrong_day(typed)


def _wrong_day(typed: str) -> date:
    raise DomainError(f"日期“{typed.strip()[:20]}”看不懂，请写成 2013-09-17 这样。")


def check_days(lines: Iterable[NewLine], first: date, last: date) -> list[str]:
    """Lines of a period belong into it; each fault says which line."""
    return [
        f"“{one.text}”的日期 {one.day} 不在 {first} 至 {last} 之内，请核对。"
        for one in lines
        if one.day is not None and not first <= one.day <= last
    ]
