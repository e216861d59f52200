"""Rules of reports: S1, amounts that chapters tell twice. Pure.

Only what is told of the whole year, of the whole, in the same words is the same amount.
"""

import re
from collections.abc import Iterator

from mingtang.reports.rules.amounts import Amount, amounts_of, clause_before
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document
from mingtang.reports.rules.findings import Outcome, Passed, error
from mingtang.reports.rules.numerals import spell

_ID = "S1"
_WHOLE = re.compile(r"共|总|累计|全部|全年|年度|\d{4}年")
_PARTIAL = re.compile(
    r"其中|分别|包括|网站|平台|微[信博]|媒体|通过|[上下]半年|季度|[\d一二三四五六七八九十]月(?!31日)|网上|线[上下]"
    r"|类|方面|栏|截至(?!\d{4}年(?:年?底|年?末|12月))|新增|乡|村|社区|学校|医院|单位|各|科|室|所|站|处|部门|窗口|复议|诉讼"
    r"|咨询|投诉|举报|信访|建议|提案|议案|许可|处罚|要求|按|从|占|计划|目标|力争|比|较|第"
)
_SHARED = re.compile(r"占[^,;。\d]{0,10}总[数量]\s*$")
_THAN = re.compile(r",?\s*(?:同比|[比较与](?:上|去))")
_NAMES = {"开": "公开信息", "收": "受理", "结": "办结"}


def check_told_twice(document: Document, context: Context) -> Iterator[Outcome]:
    """S1: the year's total of one thing is one number, wherever it stands."""
    period = period_of(document, context.year)
    if period is None:
        return
    told = [one for one in amounts_of(document, period.year) if _is_whole(one, period.year)]
    for what in _NAMES:
        for unit in dict.fromkeys(one.quantity.unit for one in told):
            found = [one for one in told if (one.what, one.quantity.unit) == (what, unit)]
            yield from _compared(what, found)


def _is_whole(one: Amount, year: int) -> bool:
    text = one.sentence.text
    if _SHARED.search(text[: one.quantity.start]):  # 占公开总数1200条的30%
        return one.year == year and one.what in _NAMES and one.more == "占"
    is_compared = _THAN.match(text, one.quantity.end)
    before = re.sub(r"《[^》]*》|各类(?:事项|信息|业务)?", "", text[: one.quantity.start])
    is_within = re.match(r"[^,;。\d]{0,6}中[,:]", text[one.quantity.end :])
    is_of = one.year == year and one.what in _NAMES and not one.more and not one.organ
    return bool(
        is_of
        and not _PARTIAL.search(before)
        and (_WHOLE.search(before) or is_within or is_compared)
        and (
            len(re.findall(r"\d+\s*[条件]", before)) <= 1
            or _WHOLE.search(clause_before(text, one.quantity))
        )
    )


def _compared(what: str, found: list[Amount]) -> Iterator[Outcome]:
    if len(found) < 2:
        return
    first = found[0]
    other = next((one for one in found[1:] if one.value != first.value), None)
    if other is None:
        yield Passed(_ID, f"{_NAMES[what]}{spell(first.value)}{first.quantity.unit}，前后一致")
        return
    quote = other.sentence.raw[max(0, other.quantity.start - 16) : other.quantity.end]
    line, at = other.sentence.line(other.quantity.start), first.sentence.line(first.quantity.start)
    why = f"第{at}行说{_NAMES[what]}{spell(first.value)}，这里说{spell(other.value)}。"
    yield error(_ID, line, quote, why, spell(first.value))
