"""Rules of reports: L01, sentences and captions that tell of another year than the report's. Pure.

A sentence on the year before is no slip where it gives figures to compare with: where this year's
figure of the same thing stands elsewhere, and is another.
"""

import re
from collections.abc import Iterator

from mingtang.reports.rules.amounts import Amount, amounts_in, amounts_of, received
from mingtang.reports.rules.dating import (
    COMPARED,
    PLAN,
    STARTS,
    UP_TO,
    is_planning,
    own_year,
    period_of,
    spans,
)
from mingtang.reports.rules.documents import Context, Document, Sentence, years_in
from mingtang.reports.rules.findings import Outcome, Passed, error, warn

_ID = "L01"
_PAST = re.compile(r"收到|受理|没有|未|累计|共|已")
_REPORTED = re.compile(r"收到|公开|复议|诉讼|收费|受理|申请|信息|报告|处理费|费用")
_REVIEW = re.compile(
    r"为指导|为指引|贯彻|领导下|指导下|支持下|关心下|按照|根据|坚持|围绕|认真|扎实|紧紧|积极|有序|以\S{2,30}为"
)
_OWN_LAST = re.compile(r"[比较与同](?:上一?年|去年|上年度)|同比|上年同期|去年同期")
_OF_YEAR = re.compile(r"[比较与同]\s*((?:19|20)\d\d)\s*年")
_COMPILED = re.compile(
    r"(?:编制|公布|撰写|形成|发布|编写)[^,;。:《》\d]{0,14}((?:19|20)\d\d)\s*年度?[^,;。《》\d]{0,18}(?:报告|年报)"
)
_CAPTION = re.compile(r"信息公开[^,。;]{0,12}(?:统计表|情况表|汇总表|附表)")
_GOING_ON = re.compile(
    r"将(?![近军来]|政府|信息|政务|有关|相关|所有|全|各|其|公开工作|\S{1,12}(?:纳入|作为|列入|列为))"
)
_WILL = re.compile(
    r"\s*(?:【[^】]*】|\d+[.、])?\s*\d{4}年度?,?[我本全]?[\u4e00-\u9fff]{0,6}"
    r"将(?:继续|进一步|重点|抓好|着力|加大|完善|不断)"
)
_NEXT = re.compile(r"下一步|今后|下一年|来年|打算|计划|重点|力争|拟")
_MARK_FROM = 20  # a number that stands twice by chance is a small one


def check_years_told(document: Document, context: Context) -> Iterator[Outcome]:
    """L01, in the text: what is told of another year than the report's."""
    period = period_of(document, context.year)
    if period is None:
        return
    for sentence in document.sentences:
        yield from _wrong_year(document, sentence, period.year)
        yield from _wrong_plan(document, sentence, period.year)
    for sentence, match in spans(document):
        yield from _wrong_span(sentence, match, period.year)
    yield from _wrong_captions(document, period.year)


def _slip(sentence: Sentence, match: re.Match[str] | None, told: int, year: int) -> Outcome:
    why = f"本报告的年度是{year}年，这一句说的是{told}年的情况。"
    start, end = match.span() if match else (0, len(sentence.text))
    return error(_ID, sentence.line(start), sentence.raw[start:end], why, f"{year}年")


def _wrong_year(document: Document, sentence: Sentence, year: int) -> Iterator[Outcome]:
    text = re.sub(r"《[^》]*》|\([^()]*\)", lambda found: " " * len(found[0]), sentence.text)
    if (made := _COMPILED.search(text)) and int(made[1]) != year:
        yield _slip(sentence, made, int(made[1]), year)
        return
    told = {one for one, _ in years_in(text)}
    up_to = UP_TO.search(text)
    own = own_year(document, sentence) or (int(up_to[1]) if up_to else None)
    if own and own != year and len(told) == 2 and _is_misplaced(text, own, year):
        yield _slip(sentence, None, own, year)
    if len(told) != 1:
        return
    is_next = own == year + 1 and is_planning(document, sentence) and not _PAST.search(text)
    is_told = _REPORTED.search(text) or _is_opening(document, sentence, text)
    is_base = _is_base(document, sentence, year)
    if up_to and _is_late(text, up_to, year) and not is_base:
        why = f"本报告的年度是{year}年，这里截至{up_to[1]}年底。"
        quote = sentence.raw[up_to.start() : up_to.end()]
        yield error(_ID, sentence.line(up_to.start()), quote, why, f"截至{year}年底")
    elif own and own != year and not is_next and is_told and not is_base and not up_to:
        yield _slip(sentence, None, own, year)
    elif (
        not own
        and told != {year}
        and not PLAN.search(text)
        and _is_told_of(document, sentence, min(told), year)
    ):
        yield _slip(sentence, None, min(told), year)


def _is_late(text: str, match: re.Match[str], year: int) -> bool:
    """截至2012年底 in a report on 2013, where nothing is compared with that day."""
    clause = re.split(r"[,;。:]", text[: match.start()])[-1]
    return int(match[1]) != year and not COMPARED.search(clause)


def _is_opening(document: Document, sentence: Sentence, text: str) -> bool:
    """2021年，我局以…为指导: how the review of a year begins."""
    chapter = document.chapters[sentence.chapter]
    is_first = chapter.number <= 1 and not is_planning(document, sentence)
    return bool(is_first and STARTS.match(text) and _REVIEW.search(text))


def _is_misplaced(text: str, own: int, year: int) -> bool:
    """2014年受理47件，比2015年的23件多24件, in a report on 2016: 2016 is meant."""
    other = _OF_YEAR.search(text)
    return bool(other) and other is not None and (int(other[1]) == year - 1 or own < int(other[1]))


def _others(document: Document, sentence: Sentence, year: int) -> list[Amount]:
    return [
        one
        for one in amounts_of(document, year)
        if one.sentence is not sentence and one.year == year
    ]


def _is_base(document: Document, sentence: Sentence, year: int) -> bool:
    """Whether figures of an earlier year are given to compare this year's with."""
    mine = [one for one in amounts_in(sentence, year) if 0 < one.year < year]
    if _OWN_LAST.search(sentence.text) or not mine:
        return False
    pairs = [
        (one.value, other.value)
        for one in mine
        for other in _others(document, sentence, year)
        if one.is_like(other) and other.more in {"", one.more}
    ]
    taken = received(document)
    if taken is not None:
        pairs += [(one.value, taken) for one in mine if {"收", "求"} <= set(one.what)]
    return bool(pairs) and all(value != other for value, other in pairs)


def _is_told_of(document: Document, sentence: Sentence, told: int, year: int) -> bool:
    """Whether a figure that stands under another year is this year's elsewhere."""
    return any(
        one.value == other.value >= _MARK_FROM and one.is_like(other)
        for one in amounts_in(sentence, year)
        if one.year == told
        for other in _others(document, sentence, year)
    )


def _wrong_plan(document: Document, sentence: Sentence, year: int) -> Iterator[Outcome]:
    """Plans are those of the next year."""
    text = sentence.text
    told = [one for one, _ in years_in(re.sub(r"《[^》]*》", "", text))]
    is_plan_told = told == [year] and _WILL.match(text)
    is_able = is_planning(document, sentence) or is_plan_told
    if not is_able or len(set(told)) != 1 or told[0] == year + 1:
        return
    lead = STARTS.match(text)
    is_plan = (
        PLAN.search(text)
        or _GOING_ON.search(text)
        or (_NEXT.search(text) and re.search(rf"[将在]\s*{told[0]}\s*年", text))
    )
    is_done = re.search(r"虽|但|已|未|仍|存在|去年|以来|期间", text)
    is_late = told[0] > year + 1 and not (lead or re.search(rf"将在\s*{told[0]}\s*年", text))
    if is_plan and not is_late and (lead or not is_done) and not _is_until(text, told[0]):
        why = f"{year}年的报告，下一年的打算应是{year + 1}年的。"
        yield error(_ID, sentence.line(), sentence.raw, why, f"{year + 1}年")


def _is_until(text: str, year: int) -> bool:
    return bool(re.search(rf"(?:到|至|截至|以前|自|从|针对|根据|对照|按)\s*{year}\s*年", text))


def _wrong_span(sentence: Sentence, match: re.Match[str], year: int) -> Iterator[Outcome]:
    line, quote = sentence.line(match.start()), match[0]
    first, last = int(match[1]), int(match[4] or match[1])
    if (first, last) != (year, year):
        why = f"本报告的年度是{year}年，统计期限写的是{first}年至{last}年。"
        yield error(_ID, line, quote, why, f"{year}年1月1日至{year}年12月31日")
    elif (match[2], match[3], match[5], match[6]) != ("1", "1", "12", "31"):
        why = "年度报告的统计期限是1月1日至12月31日。"
        yield warn("S3", line, quote, why, f"{year}年1月1日至{year}年12月31日")
    else:
        yield Passed("S3", f"统计期限：{match[0]}")


def _wrong_captions(document: Document, year: int) -> Iterator[Outcome]:
    """政府信息公开情况统计表（2013年度）: the report's own table is of its year."""
    for one in document.paragraphs:
        told = {found for found, _ in years_in(one.text)}
        is_caption = len(one.text) <= 40 and _CAPTION.search(one.text)
        if is_caption and told and year not in told and len(told) == 1:
            why = f"本报告的年度是{year}年，这张表写的是{min(told)}年。"
            yield error(_ID, one.line, one.raw, why, f"{year}年")
