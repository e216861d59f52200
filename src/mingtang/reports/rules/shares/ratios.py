"""Rules of reports: A5, averages of the year, multiples, times cut short. Pure.

Each is recomputed only where the sentence names everything that it is made of.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mingtang.reports.rules.amounts import clause_before, year_at
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Outcome, Passed, error
from mingtang.reports.rules.numerals import number, spell
from mingtang.reports.rules.quantities import Quantity, percentages, quantities
from mingtang.reports.rules.shares.claim import flat, is_right, percent, written

ID = "A5"
# The spans of which a year has a known number; of days, those of the calendar or of work.
_EACH = re.compile(
    r"(?:平均|均)?每?(?P<span>月|季度?|周|日|天|工作日)(?:平均|均)?[\u4e00-\u9fff]{0,4}?(?P<about>近|约|超过?|逾)?\s*$"
)
_AVERAGE = re.compile(r"平均|均")
_SPANS = {"月": (12, 12), "季": (4, 4), "季度": (4, 4), "周": (52, 53)}
_DAYS = (236, 366)  # from the working days of a short year to the days of a leap year
_PART_OF_YEAR = re.compile(r"[上下]半年|\d月|季度[^,;。]*\d|[至到]\d+月|以来")
_TIMES = re.compile(
    r"[^,;。\d]{0,4}的?(?P<times>\d+(?:\.\d+)?|[两二三四五六七八九十])倍(?P<loose>多|以上|左右)?"
)
_TIMES_OF = re.compile(
    r"是(?:上|去|前)一?年(?:同期)?的(?P<times>\d+(?:\.\d+)?|[两二三四五六七八九十])倍(?P<loose>多|以上|左右)?"
    r",(?:上|去|前)一?年(?:同期)?(?:为|是|共)?$"
)
_POINTS = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)%(?P<how>[^%;。\d]{0,12}[较比至到为][^%;。\d]{0,8})(?P<b>\d+(?:\.\d+)?)%"
    r"[^%;。\d]{0,8}(?P<way>提高|上升|增加|增长|下降|降低|减少)(?:了)?(?P<points>\d+(?:\.\d+)?)个百分点"
)
_IS = re.compile(r"(?:是|为|相当于|达到?)(?:了)?[^,;。\d]{0,8}$")
_DOUBLED = re.compile(r"翻(?:了)?(?P<times>[一两二三])[番翻]|翻番")
_MOVE = re.compile(
    r"[由从][^,;。\d]{0,10}(?P<old>\d+(?:\.\d+)?)\s*个?(?P<unit>工作日|日|天|小时|分钟)"
    r"[^,;。\d]{0,8}(?:缩短|压缩|减少|缩减|降低?|提速|精简|变)[^,;。\d]{0,4}(?:至|到|为|成)[^,;。\d]{0,6}"
    r"(?P<new>\d+(?:\.\d+)?)\s*个?(?:工作日|日|天|小时|分钟)"
)
_FASTER = re.compile(
    r"[,;]?[^,;。\d]{0,8}(?:提速|压缩|缩短|缩减|减少|降低|压减)(?:了|率|幅度|比例)?(?:约|近)?(?:达到?|为|了)?\s*"
)


def check_ratios(document: Document, context: Context) -> Iterator[Outcome]:
    """A5: 平均每月100条; 是上年的2倍; 翻一番; 由20日压缩到12日，提速40%."""
    period = period_of(document, context.year)
    year = period.year if period else 0
    for sentence in document.sentences:
        text = flat(sentence)
        found = quantities(text)
        yield from _averages(sentence, text, found, year)
        yield from _multiples(sentence, text, found)
        yield from _doubled(sentence, text, found)
        yield from _cut_short(sentence, text)
        yield from _points(sentence, text)


def _averages(
    sentence: Sentence, text: str, found: Sequence[Quantity], year: int
) -> Iterator[Outcome]:
    """全年1200条，平均每月100条, where the year's amount is the one told before it."""
    for at, mean in enumerate(found):
        match = _EACH.search(text[: mean.start])
        if not match or not _AVERAGE.search(match[0]) or match["about"] or mean.slack:
            continue
        whole = found[at - 1] if at else None
        if whole is None or not _is_of_a_year(text, whole, mean, year):
            continue
        least, most = _SPANS.get(match["span"], _DAYS)
        low, high = whole.value / most, whole.value / least
        step = Decimal(1).scaleb(-len(spell(mean.value).partition(".")[2]))
        line = sentence.line(mean.start)
        if low - step < mean.value < high + step:
            yield Passed(
                ID, f"第{line}行：{spell(whole.value)} 平均每{match['span']} {spell(mean.value)}"
            )
            continue
        between = written(low, 1) if least == most else f"{written(low, 1)}至{written(high, 1)}"
        how = f"{spell(whole.value)} 平均到每{match['span']}是 {between}"
        why = f"{how}，文中写的是 {spell(mean.value)}。"
        yield error(ID, line, sentence.raw[whole.start : mean.end], why, between)


def _is_of_a_year(text: str, whole: Quantity, mean: Quantity, year: int) -> bool:
    clause = clause_before(text, whole)
    is_plain = whole.unit == mean.unit and whole.is_exact and not whole.is_change
    is_other = _PART_OF_YEAR.search(clause) or re.search("累计|其中", clause)
    is_near = not re.search("[;。]", text[whole.end : mean.start])
    return is_plain and not is_other and is_near and year_at(text, whole.start, year) == year


def _multiples(sentence: Sentence, text: str, found: Sequence[Quantity]) -> Iterator[Outcome]:
    """1200条，是上年600条的2倍."""
    for at, last in enumerate(found):
        match = _TIMES.match(text, last.end) if _IS.search(text[: last.start]) else None
        match = match or _TIMES_OF.search(text[found[at - 1].end if at else 0 : last.start])
        if not at or not match or match["loose"]:
            continue
        now, times = found[at - 1], number(match["times"])
        is_known = now.is_exact and last.is_exact and now.unit == last.unit and last.value > 0
        if times is None or not is_known:
            continue
        line, true = sentence.line(last.start), now.value / last.value
        step = Decimal(1).scaleb(-len(spell(times).partition(".")[2]))
        how = f"{spell(now.value)} ÷ {spell(last.value)}"
        if abs(true - times) <= step / 2:
            yield Passed(ID, f"第{line}行：{how} ＝ {spell(times)}倍")
        else:
            why = f"{how} ＝ {written(true, 1)}倍，文中写的是{spell(times)}倍。"
            yield error(ID, line, sentence.raw[now.start : last.end], why, f"{written(true, 1)}倍")


def _doubled(sentence: Sentence, text: str, found: Sequence[Quantity]) -> Iterator[Outcome]:
    """翻一番，由600条增加到1200条: twice as much, within a tenth."""
    match = _DOUBLED.search(text)
    if not match or len(found) != 2 or found[0].unit != found[1].unit:
        return
    old, new = found
    is_move = re.search(r"[由从][^,;。\d]{0,10}$", text[: old.start]) and re.fullmatch(
        r"[^,;。\d]{0,8}[至到为][^,;。\d]{0,4}", text[old.end : new.start]
    )
    if not is_move or not (old.is_exact and new.is_exact and old.value):
        return
    times = 2 ** int(number(match["times"] or "一") or 1)
    line, true = sentence.line(match.start()), new.value / old.value
    if abs(true - times) * 10 <= times:
        yield Passed(ID, f"第{line}行：{spell(new.value)} ÷ {spell(old.value)} 约为{times}倍")
        return
    start, end = min(match.start(), old.start), max(match.end(), new.end)
    how = f"{spell(new.value)} ÷ {spell(old.value)} ＝ {written(true, 1)}倍"
    why = f"{how}，“{match[0]}”是{times}倍。"
    yield error(ID, line, sentence.raw[start:end], why, f"{written(true, 1)}倍")


def _cut_short(sentence: Sentence, text: str) -> Iterator[Outcome]:
    """由20个工作日压缩到12个，提速40%; a speed may also be told as 20 ÷ 12 − 1."""
    for match in _MOVE.finditer(text):
        share = next((one for one in percentages(text) if one.start >= match.end()), None)
        old, new = Decimal(match["old"]), Decimal(match["new"])
        if share is None or not share.is_exact or not old > new > 0:
            continue
        told = text[match.end() : share.start]
        if not _FASTER.fullmatch(told):
            continue
        line, true = sentence.line(share.start), percent(old - new, old)
        speeds = [true, percent(old - new, new)] if "提速" in told else [true]
        how = f"（{spell(old)} － {spell(new)}）÷ {spell(old)}"
        if any(is_right(share, one) for one in speeds):
            yield Passed(ID, f"第{line}行：{how} ＝ {spell(share.value)}%")
        else:
            right = written(true, share.places)
            why = f"{how} ＝ {right}%，文中写的是 {spell(share.value)}%。"
            yield error(ID, line, sentence.raw[match.start() : share.end], why, f"{right}%")


def _points(sentence: Sentence, text: str) -> Iterator[Outcome]:
    """由85%提高到95%，提高10个百分点; 95.5%，比上年的92%提高3.5个百分点."""
    for match in _POINTS.finditer(text):
        first, second, told = (Decimal(match[key]) for key in ("a", "b", "points"))
        is_than = re.search("[较比]", match["how"])
        old, new = (second, first) if is_than else (first, second)
        sign = 1 if re.match("提高|上升|增", match["way"]) else -1
        line, true = sentence.line(match.start("points")), new - old
        if true == sign * told:
            yield Passed(ID, f"第{line}行：{spell(new)}% － {spell(old)}% ＝ {spell(true)}个百分点")
        else:
            why = f"{spell(old)}% 与 {spell(new)}% 相差 {spell(abs(true))} 个百分点。"
            quote = sentence.raw[match.start() : match.end()]
            yield error(ID, line, quote, why, f"{spell(abs(true))}个百分点")
