"""Rules of reports: quantities in running text: a value, a unit, what it counts. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mingtang.reports.rules.numerals import SCALES, number

UNITS = (
    *(
        "条次",
        "人次",
        "件次",
        "份次",
        "条",
        "件",
        "份",
        "项",
        "次",
        "篇",
        "期",
        "起",
        "宗",
        "家",
        "人",
    ),
    *(
        "名",
        "册",
        "张",
        "页",
        "块",
        "场",
        "万元",
        "亿元",
        "元",
        "小时",
        "处",
        "户",
        "批",
        "例",
        "类",
    ),
    *("种", "套", "本", "幅", "段", "户次", "吨", "平方米", "亩", "公里", "辆", "台"),
    *("封", "座", "面"),
)
_UNIT = "|".join([*UNITS, "个(?!工作日|月|小时|百分点|年)", "部(?!门|分|署)"])
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?: \d+)*)(?:\.\d+)?"
_CHINESE = "[一二两三四五六七八九十百千零〇万]+"
_LOOSE = r"(?:\s*(?P<scale>万|亿|千|百)(?!元))?\s*(?P<more>余|多|来)?\s*"
_QUANTITY = re.compile(
    rf"(?<![\d.A-Za-z〔\[/])(?P<value>{_ARABIC}){_LOOSE}(?P<unit>{_UNIT})(?P<above>以上|左右)?"
    rf"|(?P<han>{_CHINESE})(?P<hanmore>余|多)?\s*(?P<hanunit>{_UNIT})(?P<end>[,;。、):]|$|\()?"
)
_LISTED = re.compile(
    rf"(?<![\d.A-Za-z])(?P<first>{_ARABIC}(?:\s*[、/和及与]\s*{_ARABIC})+)\s*(?P<unit>{_UNIT})"
)
_ORDINAL = re.compile(r"第[\s\d一二三四五六七八九十百、和及至-]*$")
_ABOUT = re.compile(
    r"(?:近|约|超过|逾|突破|不足|接近|将近|至少|最多|每|平均|人均|日均|月均|不少于|不低于)\s*$"
)
CHANGE = re.compile(
    r"增加|减少|增长|下降|上升|降低|净增|增收|减收|压减|缩减|压缩了|同比|环比|提高|回落|[多少]了"
    r"|[比较](?:上|去|前|\d{4})一?年\S{0,6}[多少]"
    r"|[比较](?:年初|上年[末底]|去年[末底])[^,;。]{0,10}(?:新增|多|少)"
)
PERCENT = re.compile(
    r"(?<![\d.])(?P<value>\d+(?:\.\d+)?)\s*%|百分之(?P<han>[一二三四五六七八九十百零]+(?:点[一二三四五六七八九零]+)?)"
    r"|(?P<whole>[二三四五六七八九十])分之(?P<part>[一二两三四五六七八九])(?![一二三四五六七八九十多强弱])"
)
_COARSE = -1  # 三分之二 is said of anything near it
_PUNCTUATION = re.compile(r"[,;。:!?、(]")
_CLAUSE = re.compile(r"[,;。:!?(]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `label` is what stands before it since the last quantity or stop."""

    value: Decimal
    unit: str
    start: int
    end: int
    label: str
    tail: str
    is_exact: bool
    is_change: bool  # a difference from another year, not an amount
    slack: Decimal = Decimal()  # how much of 1.2万 may have been rounded away

    @property
    def about(self) -> str:
        return self.label + self.tail


@dataclass(frozen=True, slots=True)
class Percentage:
    value: Decimal
    places: int
    start: int
    end: int
    is_exact: bool

    @property
    def step(self) -> Decimal:
        """One unit of the last digit that is written."""
        return Decimal(1).scaleb(-self.places)


Hit = tuple[Decimal, str, bool, Decimal]


def _hit(text: str, match: re.Match[str]) -> Hit | None:
    """Value, unit, exactness, slack of a match; None for an ordinal or a figure of speech."""
    if _ORDINAL.search(text[: match.start()]):
        return None
    if match["value"]:
        value = number(match["value"] + (match["scale"] or ""))
        loose = match["more"] or match["above"]
        slack = _slack(match["value"], match["scale"])
        return None if value is None else (value, match["unit"], not loose, slack)
    if len(match["han"]) == 1 and match["end"] is None:
        return None
    value = number(match["han"])
    return None if value is None else (value, match["hanunit"], not match["hanmore"], Decimal())


def _slack(written: str, scale: str | None) -> Decimal:
    """Half of the last digit of 1.25万; nothing where the number is written out."""
    if not scale or "." not in written:
        return Decimal()
    return Decimal(SCALES[scale]).scaleb(-len(written.partition(".")[2])) / 2


def _raw(text: str) -> Iterator[tuple[int, int, Decimal, str, bool, Decimal]]:
    taken: list[tuple[int, int]] = []
    for match in _LISTED.finditer(text):
        if _ORDINAL.search(text[: match.start()]):
            continue
        taken.append(match.span())
        pieces = list(re.finditer(_ARABIC, match["first"]))
        for at, piece in enumerate(pieces):
            value = number(piece[0])
            start = match.start("first") + piece.start()
            end = match.end() if at == len(pieces) - 1 else match.start("first") + piece.end()
            if value is not None:
                yield start, end, value, match["unit"], True, Decimal()
    for match in _QUANTITY.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        if hit := _hit(text, match):
            end = match.end("unit") if match["unit"] else match.end("hanunit")
            yield match.start(), end, *hit


def quantities(text: str) -> list[Quantity]:
    """All quantities of a normalised text, in order."""
    found: list[Quantity] = []
    last = 0
    for start, end, value, unit, is_exact, slack in sorted(_raw(text)):
        stop = _PUNCTUATION.search(text, end)
        tail = text[end : stop.start() if stop else len(text)]
        clause = _CLAUSE.split(text[:start])[-1]
        is_sure = is_exact and not _ABOUT.search(text[:start])
        found.append(
            Quantity(
                value,
                "人" if unit == "名" else unit,
                start,
                end,
                text[last:start],
                tail[:16],
                is_sure and not slack,
                bool(CHANGE.search(clause)),
                slack if is_sure else Decimal(),
            )
        )
        last = end
    return found


def _fraction(part: str, whole: str) -> Decimal | None:
    """三分之二 as a percentage; None where it is more than all."""
    above, below = number(part), number(whole)
    if above is None or below is None or above >= below:
        return None
    return (above * 100 / below).quantize(Decimal("0.1"))


def percentages(text: str) -> list[Percentage]:
    """All percentages, 百分之三十 too."""
    found = []
    for match in PERCENT.finditer(text):
        places = None
        if match["value"]:
            written, value = match["value"], number(match["value"])
        elif match["whole"]:
            value, places = _fraction(match["part"], match["whole"]), _COARSE
        else:
            whole, _, part = match["han"].partition("点")
            digits = "".join(str(number(char) or 0) for char in part)
            written = f"{number(whole)}" + (f".{digits}" if digits else "")
            value = Decimal(written)
        if places is None:
            places = len(written.partition(".")[2])
        if value is not None:
            is_exact = not _ABOUT.search(text[: match.start()])
            found.append(Percentage(value, places, match.start(), match.end(), is_exact))
    return found
