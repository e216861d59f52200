"""Rules of reports: what the text says of requests, against the tables and itself. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingtang.reports.rules.amounts import year_at
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Outcome, Passed, Unassessable, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Quantity, quantities
from mingtang.reports.rules.tables import COLUMNS, GROUPS, Active, Remedy, Row

_COUNTED = {"件", "份", "条", "起", "宗", "项", "次", "件次"}
_LISTS = re.compile(r"其中|分别|包括|按[^,。;]{1,10}分")
_BY_CHANNEL = re.compile(
    r"网[上络站页]|信函|当面|现场|邮[寄件]|窗口|传真|电话|微信|平台|线[上下]|系统|通过|(?<!予)以"
)
_OTHER_THINGS = re.compile(
    r"复议|诉讼|投诉|举报|咨询|来信|信访|留言|建议|提案|议案|许可|处罚|意见|来电|热线"
)
_LAST_YEAR = re.compile(r"上年(?!度?结转)|去年(?!结转)|上一年(?!度?结转)|同期")
_NONE = r"(?:未|没有|无|不存在|从未)"
_NONE_TAKEN = re.compile(
    rf"{_NONE}(?:收到|受理|接到|接收|发生|产生)?[^,;。\d]{{0,24}}(?:依申请公开|公开的?申请|公开申请)"
)

NEW, IN, DONE, OUT = "新收", "上年结转", "办结", "结转下年度"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number (or a 无) that the text gives for a thing that tables give too."""

    key: str
    value: Decimal
    sentence: Sentence
    start: int
    end: int
    is_whole: bool = True  # of the whole year, surely

    @property
    def quote(self) -> str:
        return self.sentence.raw[max(self.start, 0) : self.end]

    @property
    def line(self) -> int:
        return self.sentence.line(self.start)


def _clause(text: str, one: Quantity) -> tuple[int, str]:
    """The clause before a quantity with its start."""
    cut = max(text.rfind(mark, 0, one.start) for mark in ",;:。(、")
    cut = max(cut + 1, one.start - len(one.label) if one.label else 0)
    return cut, text[cut : one.start]


def _segment(text: str, at: int) -> str:
    """The part of a sentence between semicolons in which a place lies."""
    end = text.find(";", at)
    return text[text.rfind(";", 0, at) + 1 : len(text) if end < 0 else end]


def _new(before: str, tail: str) -> bool:
    words = before + tail
    is_taken = re.search(r"新收|收到|受理|接收|接到", before)
    return bool(is_taken and "申请" in words and "结转" not in words)


def _done(before: str, tail: str) -> bool:
    if not re.search(r"办结|办理完毕|答复|办理", before) or re.search("率|应|需|须", before):
        return False
    return not re.search(
        r"按时|按期|及时|逾期|超期|延期|延长|批准|工作日|期限内|当场|当日|不予|予以|部分", before
    )


def _key(before: str, tail: str) -> str | None:
    if re.search(r"结转(?:至|到)?(?:下|次|\d{4})|转(?:入|至)?(?:下年|次年)", before + tail[:8]):
        return OUT
    if re.search(
        r"(?:(?:上年|去年|上一年)度?|\d{4}年度?)\s*(?:结转(?!至|到|下|次|\d)|转入|未办结)|结转(?:自)?上年",
        before + tail[:8],
    ):
        return IN
    if _BY_CHANNEL.search(before) or _OTHER_THINGS.search(before + tail):
        return None
    if _new(before, tail):
        return NEW
    groups = [name for name in GROUPS if re.search(rf"(?<!不){name}", before)]
    if len(groups) == 1:
        return groups[0]
    return DONE if _done(before, tail) and not groups else None


def _is_about_requests(document: Document, sentence: Sentence) -> bool:
    title = document.chapters[sentence.chapter].title
    words = sum(name in sentence.text for name in GROUPS)
    return "申请" in title or "申请" in sentence.text or words >= 2


def claims_of(document: Document) -> Iterator[Claim]:
    """Numbers of requests that the text gives for the whole year."""
    period = period_of(document)
    year = period.year if period else 0
    for sentence in document.sentences:
        text = sentence.text
        is_about = _is_about_requests(document, sentence)
        for one in quantities(text):
            if one.unit not in _COUNTED or one.is_change or not one.is_exact:
                continue
            start, before = _clause(text, one)
            key = _key(before, one.tail)
            is_other = key not in {IN, OUT} and year_at(text, one.start, year) != year
            if is_other or _LAST_YEAR.search(_segment(text, one.start)):
                continue
            if key not in {IN, OUT} and not is_about:
                continue
            in_list = bool(_LISTS.search(text[: one.start]))
            if key is None or (in_list and key in {NEW, DONE}):
                continue
            yield Claim(key, one.value, sentence, start, one.end)
        yield from _none_taken(sentence)


def _none_taken(sentence: Sentence) -> Iterator[Claim]:
    match = _NONE_TAKEN.search(sentence.text)
    if match and not re.search(r"不予|复议|诉讼|收费|费用|超期|逾期|结转", match[0]):
        yield Claim(NEW, Decimal(0), sentence, match.start(), match.end(), is_whole=False)


# ── requests against table three ──────────────────────────────────────────────────────────────


def _cell(document: Document, key: str) -> Decimal | None:
    table = document.requests
    if table is None:
        return None
    rows = {NEW: (Row.NEW,), IN: (Row.CARRIED_IN,), DONE: (Row.TOTAL,), OUT: (Row.CARRIED_OUT,)}
    return table.total(rows.get(key) or GROUPS[key])


def check_narrative(document: Document, context: Context) -> Iterator[Outcome]:
    """S1: the numbers of the text are those of the tables."""
    if not (document.requests or document.remedies or document.active):
        yield Unassessable("S1", "没有表格，文字中的数字无从对照")
        return
    checked = [*_of_requests(document), *_of_applicants(document), *_of_remedies(document)]
    checked += _of_rules(document)
    yield from checked
    if checked and all(isinstance(one, Passed) for one in checked):
        yield Passed("S1", f"文字与表格一致：{len(checked)}处")


def _compare(claim: Claim, cell: Decimal, name: str, *others: Decimal) -> Outcome:
    if claim.value in {cell, *others}:
        return Passed("S1", f"第{claim.line}行：{name} {spell(claim.value)}，与表格一致")
    why = f"文字说{name}{spell(claim.value)}，表格里是{spell(cell)}。"
    return error("S1", claim.line, claim.quote, why, spell(cell))


def _of_requests(document: Document) -> Iterator[Outcome]:
    for claim in claims_of(document):
        cell = _cell(document, claim.key)
        if cell is None:
            continue
        carried = _cell(document, IN) or Decimal()
        is_with = claim.key == NEW and "结转" in claim.sentence.text
        others = [cell + carried] if is_with else []
        if claim.key == DONE:  # answers may leave out what was handled otherwise
            handled = _cell(document, "其他处理") or Decimal()
            left = Decimal() if "结转" in claim.sentence.text else _cell(document, OUT) or Decimal()
            others = [cell - handled, cell + left]
        yield _compare(claim, cell, claim.key, *others)


def _of_applicants(document: Document) -> Iterator[Outcome]:
    """自然人申请12件, in a sentence that tells what was received."""
    table = document.requests
    if table is None:
        return
    for sentence in document.sentences:
        if not re.search(r"收到|新收", sentence.text) or "申请" not in sentence.text:
            continue
        for one in quantities(sentence.text):
            start, before = _clause(sentence.text, one)
            columns = _columns_of(before)
            values = [table.value(Row.NEW, at) for at in columns]
            if not columns or one.is_change or one.unit not in _COUNTED or None in values:
                continue
            with_carried = [table.value(Row.CARRIED_IN, at) or Decimal() for at in columns]
            cell = sum((value for value in values if value is not None), Decimal())
            claim = Claim("", one.value, sentence, start, one.end)
            others = [cell + sum(with_carried, Decimal())] if "结转" in sentence.text else []
            yield _compare(claim, cell, before.strip("其中，,"), *others)


def _columns_of(before: str) -> list[int]:
    if "结转" in before:
        return []
    if re.search(r"自然人|公民(?!、)|个人", before):
        return [] if "法人" in before else [0]
    if "法人" in before:
        return list(range(1, 6))
    return [at for at, name in enumerate(COLUMNS[1:5], start=1) if name in before]


# ── remedies against table four, rules against table two ──────────────────────────────────────


_REMEDY_WORDS: tuple[tuple[str, tuple[Remedy, ...]], ...] = (
    ("行政复议", (Remedy.RECONSIDERATION,)),
    ("行政诉讼", (Remedy.SUIT, Remedy.SUIT_AFTER)),
)


def _remedy_claims(document: Document) -> Iterator[tuple[Claim, tuple[Remedy, ...]]]:
    for sentence in document.sentences:
        if _LAST_YEAR.search(sentence.text):
            continue
        for words, blocks in _REMEDY_WORDS:
            for claim in (*_remedy_counts(sentence, words), *_no_remedy(sentence, words)):
                yield claim, blocks


def _remedy_counts(sentence: Sentence, words: str) -> Iterator[Claim]:
    text = sentence.text
    other = "诉讼" if words == "行政复议" else "复议"
    pattern = re.compile(rf"{words}(?:申请|案件|案)?\s*(?:共|为|总数)?\s*$")
    for one in quantities(text):
        before, tail = text[: one.start], text[one.end : one.end + 8]
        near = re.split(r"[,;。:]", before)[-1]
        if re.search(rf"{other}\D*\d", near):  # 复议9件、诉讼5件 are two, 复议、诉讼5件 are one
            near = near.rsplit("、", 1)[-1]
        is_said = pattern.search(before) or re.match(rf"(?:的)?{words}", tail)
        is_plain = one.unit in _COUNTED and not one.is_change and other not in near
        if is_said and is_plain and not _LISTS.search(before):
            yield Claim(words, one.value, sentence, one.start - len(near), one.end)


def _no_remedy(sentence: Sentence, words: str) -> Iterator[Claim]:
    none = re.search(rf"{_NONE}[^;。\d]{{0,40}}{words}", sentence.text)
    if none is None or re.search(r"败诉|纠正|费用|收费|撤销|答复", sentence.text):
        return
    if "申请" not in none[0].split(words)[0][-6:]:
        yield Claim(words, Decimal(0), sentence, none.start(), none.end())


def _of_remedies(document: Document) -> Iterator[Outcome]:
    table = document.remedies
    if table is None:
        return
    for claim, blocks in _remedy_claims(document):
        totals = [table.value(name, 4) for name in blocks]
        known = [value for value in totals if value is not None]
        if len(known) == len(totals):
            yield _compare(claim, sum(known, Decimal()), claim.key, *known)


_RULE_WORDS: tuple[tuple[str, Active, int], ...] = (
    (r"(?:制发|制定|出台|印发|发布)[^,;。\d]{0,6}规范性文件\D{0,3}$", Active.NORMATIVE, 0),
    (r"废止[^,;。\d]{0,6}规范性文件\D{0,3}$", Active.NORMATIVE, 1),
    (r"规范性文件(?:共)?(?:新?制[定发]|出台)\s*$", Active.NORMATIVE, 0),
    (
        r"(?<!清理)规范性文件(?:共)?(?:新?制[定发]|出台)[^,;。]{0,6}[、,]\s*废止\s*$",
        Active.NORMATIVE,
        1,
    ),
    (r"现行有效[^,;。\d]{0,6}规范性文件\D{0,3}$", Active.NORMATIVE, 2),
    (r"(?<!清理)规范性文件[^。;]*[,、](?:已|并|同时)?废止(?:失效)?\s*$", Active.NORMATIVE, 1),
    (r"(?<!清理)规范性文件[^。;]*[,、](?:目前|年末|年底)?现行有效\s*$", Active.NORMATIVE, 2),
    (r"行政许可处理决定\D{0,3}$", Active.PERMITS, 0),
    (r"行政处罚(?:处理)?决定\D{0,3}$", Active.PENALTIES, 0),
    (r"行政强制(?:处理)?决定\D{0,3}$", Active.COERCION, 0),
    (r"行政事业性收费(?:金额|收入)?\D{0,3}$", Active.FEES, 0),
)


def _of_rules(document: Document) -> Iterator[Outcome]:
    table = document.active
    if table is None:
        return
    for sentence in document.sentences:
        if _LAST_YEAR.search(sentence.text):
            continue
        for one in quantities(sentence.text):
            before = sentence.text[: one.start]
            for words, row, column in _RULE_WORDS:
                match = re.search(words, before)
                cell = table.value(row, column)
                is_money = one.unit == "万元"
                if match is None or cell is None or one.is_change or not one.is_exact:
                    continue
                if is_money == (row is Active.FEES):
                    claim = Claim(row, one.value, sentence, match.start(), one.end)
                    yield _compare(claim, cell, match[0].strip())


# ── the text against itself ───────────────────────────────────────────────────────────────────


def _only(claims: Sequence[Claim], key: str) -> Claim | None:
    found = [one for one in claims if one.key == key]
    return found[0] if len({one.value for one in found}) == 1 else None


def check_agreement(document: Document, context: Context) -> Iterator[Outcome]:
    """S1 without tables: what is told twice is told alike."""
    claims = list(claims_of(document))
    for key in (NEW, IN, OUT):
        yield from _told_twice([one for one in claims if one.key == key])
    for word in ("办结", "答复"):
        yield from _told_twice([one for one in claims if one.key == DONE and word in one.quote])
    if context.previous is not None and document.requests is None:
        yield from _carried(claims, list(claims_of(context.previous)))


def _carried(claims: Sequence[Claim], before: Sequence[Claim]) -> Iterator[Outcome]:
    """X1 in words."""
    into, out = _only(claims, IN), _only(before, OUT)
    if into is None or out is None:
        return
    if into.value == out.value:
        yield Passed("X1", f"上年结转{spell(into.value)}，与上一年报告一致")
    else:
        why = f"上一年报告结转下年度{spell(out.value)}，这里上年结转{spell(into.value)}。"
        yield error("X1", into.line, into.quote, why, spell(out.value))


def _told_twice(claims: Sequence[Claim]) -> Iterator[Outcome]:
    if len(claims) < 2:
        return
    first = claims[0]
    for other in claims[1:]:
        if other.value == first.value:
            continue
        say: Callable[..., Outcome] = error if first.is_whole and other.is_whole else warn
        if "结转" in other.sentence.text + first.sentence.text and first.key == NEW:
            say = warn
        why = f"第{first.line}行说{first.key}{spell(first.value)}，这里说{spell(other.value)}。"
        yield say("S1", other.line, other.quote, why, spell(first.value))
        return
