"""Rules of reports: the year told of, the date, the numbers of documents. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mingtang.reports.rules.documents import Context, Document, Paragraph, Sentence, years_in
from mingtang.reports.rules.findings import Outcome, Passed, Unassessable, error, info, warn
from mingtang.reports.rules.numerals import NUMERAL, chinese_number

_SPAN = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:起|始)?\s*[,]?\s*(?:至|到|-|—+|~|–|―)\s*"
    r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_SUBJECT = (
    "我|本|全|共|主动|未|无|没有|没收|政府|累计|收到|受理|新收|公开|发布|制[作定发]"
    "|通过|依申请|因|引发"
)
STARTS = re.compile(
    rf"^\s*(?:\d+[.、]|\([一二三四五六七八九十\d]+\)|[一二三四五六七八九]是|在"
    rf"|(?:[一二三四五六七八九十]{{1,3}}、|\([一二三四五六七八九十\d]+\)|\d+[.、])[^,。;:\d]{{1,20}}:)?\s*"
    rf"(\d{{4}})\s*年(?:度)?\s*(?:,|(?={_SUBJECT}))"
)
_OURS = re.compile(
    rf"(?:我|本)(?:[^\d,;。]{{1,14}})?(\d{{4}})\s*年(?:度)?(?=\s*(?:,|{_SUBJECT}|信息公开(?:工作)?情况))"
)
UP_TO = re.compile(r"截[至止]\s*(\d{4})\s*年(?:年?[底末]|\s*12\s*月(?:31日|底|末))")
COMPARED = re.compile(r"比|较|同比|上年|去年|以来|上一年")
PLAN = re.compile(
    r"将(?:继续|进一步|围绕|着力|重点|不断|从|按|以|在|认真|紧|坚持|切实|努力|全面"
    r"|深入|大力|加[大快强]|严格|强化|推[动进]|抓|做好|持续|根据|充分|着重)|下一步|计划|力争|争取|拟"
)
_PLAN_LIKE = re.compile(r"将|要|继续|进一步|加强|确保|抓好|推进|深入|安排|努力|完善|预计")
_PLANNING = ("措施", "改进", "打算", "计划", "下一步", "问题")
_FULL = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?:日|(?!\d))")
_HAN = re.compile(rf"([{NUMERAL}]{{4}})年([{NUMERAL}]{{1,3}})月([{NUMERAL}]{{1,3}})日")
_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
DOCUMENT_NUMBER = re.compile(
    r"(?P<mark>[\u4e00-\u9fff]{1,12})\s*(?P<open>[〔\[【(\u3014])\s*(?P<year>(?:19|20)\d\d)\s*"
    r"(?P<close>[〕\]】)\u3015])(?P<gap>\s*)(?P<the>第)?\s*(?P<number>\d{1,5})\s*号"
)
_FILLED = re.compile(r"(?:填报|编制|报告)(?:日期|时间)\s*:\s*(?=\d{4}\s*[-./年][^,。至到]{3,12}$)")
_LATEST_MONTH = (3, 31)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the report itself, and where it stands."""

    name: str
    day: dt.date
    line: int
    quote: str


@dataclass(frozen=True, slots=True)
class Period:
    year: int
    line: int  # of the statement of the period, 0 where there is none

    @property
    def end(self) -> dt.date:
        return dt.date(self.year, 12, 31)


def title_year(document: Document) -> int | None:
    title = document.title
    return next((year for year, _ in years_in(title.text)), None) if title else None


def is_planning(document: Document, sentence: Sentence) -> bool:
    title = document.chapters[sentence.chapter].title
    return any(word in title for word in _PLANNING)


def own_year(document: Document, sentence: Sentence) -> int | None:
    """The year that a sentence reports on, where it says so plainly."""
    match = STARTS.match(sentence.text) or _OURS.search(sentence.text)
    if match is None or COMPARED.search(sentence.text[: match.end() + 2]):
        return None
    plain = is_planning(document, sentence)
    if plain and (PLAN.search(sentence.text) or _PLAN_LIKE.search(sentence.text)):
        return None
    if re.search(r"今年|本年度?", sentence.text[match.end() :]):
        return None  # 2022年收到3件，今年减少
    return int(match[1])


def spans(document: Document) -> Iterator[tuple[Sentence, re.Match[str]]]:
    for sentence in document.sentences:
        for match in _SPAN.finditer(sentence.text):
            if re.search(r"统计|期限|报告|数据|截", sentence.text):
                yield sentence, match


@lru_cache(maxsize=16)
def period_of(document: Document, given: int | None = None) -> Period | None:
    """The year reported on: as told, else by the weight of what the report says of itself."""
    votes: Counter[int] = Counter()
    line = 0
    for sentence, match in spans(document):
        votes[int(match[1])] += 2
        votes[int(match[4] or match[1])] += 1
        line = line or sentence.line(match.start())
    if (year := title_year(document)) is not None:
        votes[year] += 2
    own = Counter(filter(None, (own_year(document, one) for one in document.sentences)))
    for year, count in own.items():
        votes[year] += min(count, 6)
    if given is not None:
        return Period(given, line)
    if not votes:
        return None
    best = max(votes, key=lambda one: (votes[one], own[one], one))
    return Period(best, line)


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date_in(text: str) -> dt.date | None:
    if match := _FULL.search(text):
        return _date(match[1], match[2], match[3])
    if match := _HAN.search(text):
        return _date(*(str(chinese_number(group) or 0) for group in match.groups()))
    return None


def _signed(document: Document) -> Iterator[Dated]:
    """The date under the text: a line of its own among the last ones, or above what is enclosed."""
    last, upper = document.paragraphs[-6:], document.paragraphs[len(document.paragraphs) // 4 : -6]
    found = list(_signed_in(last))
    above = [] if found else list(_signed_in(upper))
    yield from found or (above if len(above) == 1 else ())


def _signed_in(paragraphs: Sequence[Paragraph]) -> Iterator[Dated]:
    for one in paragraphs:
        if (match := _FILLED.search(one.text)) and (day := _date_in(one.text[match.end() :])):
            yield Dated("填报日期", day, one.line, one.raw[match.start() :].strip())
        bare = re.sub(r"\s", "", one.text).replace("元月", "1月")
        if len(bare) <= 40 and re.search(r"日(?:印发)?\)?$", bare) and (day := _date_in(bare)):
            is_alone = re.fullmatch(
                r"[^,。;:\d]{0,24}\(?[\d〇零○一二三四五六七八九十年月日]+\)?", bare
            )
            if is_alone and "至" not in bare:
                yield Dated("落款日期", day, one.line, one.raw.strip())


@lru_cache(maxsize=16)
def dates_of(document: Document) -> tuple[Dated, ...]:
    """Dates of the report: of its head, and the one under it."""
    found = []
    for name in ("成文日期", "发布日期"):
        field = document.head.get(name)
        if field and (day := _date_in(field.value)):
            found.append(Dated(name, day, field.line, field.quote))
    return (*found, *_signed(document), *_under_title(document))


def _under_title(document: Document) -> Iterator[Dated]:
    title = document.title
    for one in document.paragraphs[:6]:
        bare = re.sub(r"[\s()]", "", one.text)
        is_date = re.fullmatch(
            r"(?:时间:|日期:)?[\d〇零○一二三四五六七八九十]+[年./-][\d十一二三四五六七八九]+"
            r"[月./-][\d十一二三四五六七八九]+日?(?:\d\d:\d\d.*)?",
            bare,
        )
        if title and is_date and (day := _date_in(one.text)):
            yield Dated("日期", day, one.line, one.raw.strip())


# ── checks ────────────────────────────────────────────────────────────────────────────────────


def check_title(document: Document, context: Context) -> Iterator[Outcome]:
    """L01: the title's year is the year of the text."""
    period, year, title = period_of(document, context.year), title_year(document), document.title
    if title is None or year is None or period is None:
        yield Unassessable("L01", "没有找到带年份的标题，无法核对标题年度")
    elif year == period.year:
        yield Passed("L01", f"标题年度与正文一致：{year}年")
    else:
        why = f"标题写的是{year}年，正文报告的是{period.year}年。"
        yield error("L01", title.line, title.raw, why, f"{period.year}年")
    if period is not None:
        yield from _other_titles(document, period.year)


def _other_titles(document: Document, year: int) -> Iterator[Outcome]:
    """A title that stands twice, in the head and above the text, names one year."""
    for one in document.titles[1:]:
        found = next((told for told, _ in years_in(one.text)), year)
        if found != year:
            why = f"标题写的是{found}年，正文报告的是{year}年。"
            yield error("L01", one.line, one.raw, why, f"{year}年")


def check_dates(document: Document, context: Context) -> Iterator[Outcome]:
    """L02 and S3: after the year that it tells of, and by the date the law sets (第四十九条)."""
    period, dates = period_of(document, context.year), dates_of(document)
    if period is None or not dates:
        yield Unassessable("L02", "没有找到成文或发布日期，无法核对日期")
        return
    early = [one for one in dates if one.day <= period.end]
    for one in early:
        why = f"{one.name}{one.day}早于统计期末{period.end}，那时还没有全年的数字。"
        yield error("L02", one.line, one.quote, why, f"{period.year + 1}年的日期")
    if not early:
        yield Passed("L02", f"{dates[0].name}{dates[0].day}在统计期末之后")
    limit = dt.date(period.year + 1, *_LATEST_MONTH)
    for one in dates:
        if one.day > limit:
            is_wrong = one.day.year > period.year + 1 and one.name != "发布日期"
            why = f"{one.name}{one.day}晚于法定期限{limit}（《条例》第四十九条）。"
            yield (error if is_wrong else warn)("S3", one.line, one.quote, why, f"不晚于{limit}")


def check_cited(document: Document, context: Context) -> Iterator[Outcome]:
    """L03: no document is cited that was issued later than the report."""
    period, dates = period_of(document, context.year), dates_of(document)
    latest = min((one.day.year for one in dates), default=None)
    bound = latest or (period.year + 1 if period else None)
    if bound is None:
        return
    for paragraph in document.paragraphs:
        for match in DOCUMENT_NUMBER.finditer(paragraph.text):
            year = int(match["year"])
            if year > bound:
                what = f"报告的日期（{latest}年）" if latest else f"{bound}年"
                quote = paragraph.raw[match.start("mark") : match.end()]
                why = f"引用的文件是{year}年的，晚于{what}。"
                line = paragraph.line_at(match.start("open"))
                yield error("L03", line, quote, why, f"文号年份不晚于{bound}年，或更正报告日期")


def check_plans(document: Document, context: Context) -> Iterator[Outcome]:
    """L04: next year's plans say when the report was really written."""
    period = period_of(document, context.year)
    early = [one for one in dates_of(document) if period and one.day <= period.end]
    if not early or period is None:
        return
    for sentence in document.sentences:
        plan = STARTS.match(sentence.text)
        if plan and int(plan[1]) == period.year + 1 and is_planning(document, sentence):
            likely = _year_later(early[0].day, period.year + 1)
            why = (
                f"把{plan[1]}年当作下一年来计划，报告应写于{plan[1]}年初，"
                f"而{early[0].name}是{early[0].day}。"
            )
            yield error("L04", sentence.line(), sentence.raw, why, f"日期或为{likely}")
            return


def _year_later(day: dt.date, year: int) -> str:
    return f"{year}-{day.month:02}-{day.day:02}"


def check_index_year(document: Document, context: Context) -> Iterator[Outcome]:
    """L05: the index number's year is that of the date, right or wrong."""
    index, period, dates = (
        document.head.get("索引号"),
        period_of(document, context.year),
        dates_of(document),
    )
    found = re.search(r"[/-]((?:19|20)\d\d)(?=\D|\d{2}-)", index.value) if index else None
    if index is None or found is None or period is None or not dates:
        return
    year = int(found[1])
    if dates[0].day <= period.end and year == dates[0].day.year:
        why = f"索引号的年份{year}沿用了有误的{dates[0].name}。"
        yield error("L05", index.line, index.quote, why, f"{period.year + 1}")
    elif year != dates[0].day.year:
        why = f"索引号的年份{year}与{dates[0].name}{dates[0].day}不一致。"
        yield warn("L05", index.line, index.quote, why, f"{dates[0].day.year}")


def check_calendar(document: Document, context: Context) -> Iterator[Outcome]:
    """D1: every day exists, and none lies after the report's own date."""
    period = period_of(document, context.year)
    good = [one.day for one in dates_of(document) if period and one.day > period.end]
    for paragraph in document.paragraphs:
        for match in _DAY.finditer(paragraph.text):
            quote, line = (
                paragraph.raw[match.start() : match.end()],
                paragraph.line_at(match.start()),
            )
            day = _date(match[1], match[2], match[3])
            if day is None:
                yield error("D1", line, quote, "日历上没有这一天。", "更正日期")
            elif good and day > max(good) and not _is_future(paragraph, match):
                yield warn("D2", line, quote, f"这一天晚于报告的日期{max(good)}。", "核对日期")
    for name in ("成文日期", "发布日期"):
        field = document.head.get(name)
        shape = _FULL.search(field.value) if field else None
        if field and shape and _date(shape[1], shape[2], shape[3]) is None:
            yield error("D1", field.line, field.quote, "日历上没有这一天。", "更正日期")


def _is_future(paragraph: Paragraph, match: re.Match[str]) -> bool:
    around = paragraph.text[max(match.start() - 12, 0) : match.end() + 8]
    return bool(re.search(r"将|计划|前|至|到|力争|拟|起|之后", around))


def check_order(document: Document, context: Context) -> Iterator[Outcome]:
    """S3: written before it was published."""
    named = {one.name: one for one in dates_of(document)}
    made, shown = named.get("成文日期") or named.get("落款日期"), named.get("发布日期")
    if made and shown and made.day > shown.day:
        why = f"{made.name}{made.day}晚于发布日期{shown.day}。"
        yield warn("S3", made.line, made.quote, why, "成文日期不晚于发布日期")


def check_number_style(document: Document, context: Context) -> Iterator[Outcome]:
    """L20: 〔2013〕1号: hexagonal brackets, no blank, no 第 (GB/T 9704—2012)."""
    for paragraph in document.paragraphs:
        for match in DOCUMENT_NUMBER.finditer(paragraph.text):
            raw = paragraph.raw[match.start() : match.end()]
            faults = []
            if match["open"] not in "〔\u3014" or match["close"] not in "〕\u3015":
                faults.append("年份应放在六角括号〔〕里")
            if match["gap"]:
                faults.append("序号前不应有空格")
            if match["the"]:
                faults.append("序号前不写“第”")
            if faults:
                right = f"{match['mark']}〔{match['year']}〕{match['number']}号"
                line = paragraph.line_at(match.start("open"))
                yield info("L20", line, raw, "文号写法：" + "，".join(faults) + "。", right)
