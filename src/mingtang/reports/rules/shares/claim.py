"""Rules of reports: a percentage, what it is computed from, and whether it is right. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mingtang.reports.rules.documents import Sentence
from mingtang.reports.rules.findings import Finding, Passed, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Percentage, Quantity


def flat(sentence: Sentence) -> str:
    """Brackets read like commas: (占30%) stands beside what it is a share of."""
    return sentence.text.replace("(", ",").replace(")", ",")


def written(value: Decimal, places: int) -> str:
    return spell(value.quantize(Decimal(1).scaleb(-max(places, 0)), rounding=ROUND_HALF_UP))


def is_right(share: Percentage, true: Decimal, slack: Decimal = Decimal()) -> bool:
    return abs(share.value - true) <= share.step / 2 + slack + Decimal("0.000001")


def slack_of(part: Quantity, whole: Quantity) -> Decimal:
    """How far a share may be off because its amounts were rounded to 万."""
    return percent(part.slack + part.value * whole.slack / whole.value, whole.value)


def is_known(*amounts: Quantity) -> bool:
    return all(one.is_exact or one.slack for one in amounts)


def is_cut(share: Percentage, true: Decimal) -> bool:
    """Cut off instead of rounded: bad manners, but no error."""
    return share.places >= 0 and Decimal() <= true - share.value < share.step


@dataclass(frozen=True, slots=True)
class Claim:
    """A percentage with what it is computed from: `part` of `whole`."""

    id: str
    sentence: Sentence
    share: Percentage
    start: int

    @property
    def quote(self) -> str:
        return self.sentence.raw[self.start : self.share.end]

    def judge(self, true: Decimal, how: str, slack: Decimal = Decimal()) -> Finding | Passed:
        line = self.sentence.line(self.share.start)
        right = written(true, self.share.places)
        if is_right(self.share, true, slack):
            return Passed(self.id, f"第{line}行：{how} ＝ {spell(self.share.value)}%")
        why = f"{how} ＝ {right}%，文中写的是 {spell(self.share.value)}%。"
        if is_cut(self.share, true):
            return warn(self.id, line, self.quote, why + "像是没有四舍五入。", f"{right}%")
        return error(self.id, line, self.quote, why, f"{right}%")


def percent(part: Decimal, whole: Decimal) -> Decimal:
    return part * 100 / whole
