"""Rules of reports: what was added up, what was left out, what does not fit together. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Paragraph, Sentence
from mingtang.reports.rules.findings import Outcome, error, info, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Quantity, quantities
from mingtang.reports.rules.sums import Sum, sums_of
from mingtang.timing.rules.shipped import shipped_calendar

_ON_WEB = re.compile(r"网站|网上|互联网|门户网")
_WEB = re.compile(r"网站|门户|网页|网公开|公开平台|互联网")
_OFF_WEB = re.compile(
    r"报刊|报纸|广播|电视|手册|宣传[单册页]|刊物|公示栏|宣传[窗栏]|公告栏|公开栏|显示屏|LED|电子屏|查阅[点室]|档案馆|张贴"
)
_PRINTED = re.compile(r"手册|宣传[单册页]|刊物|折页|读本|单页|明白[纸卡]|小册子|宣传资料")
_ITEMS = {"条", "件", "项", "条次"}
_SITE = re.compile(r"(?:《)?[\u4e00-\u9fff]{2,14}网(?:站)?(?=[、,。等和及])")
_SCREENS = (("数字电视", "数字电视|电视公开"), ("LED大屏", "LED|电子屏|显示屏"))
_NO_RECORD = re.compile(
    r"没有(?:专门)?的?(?:记录本|台账|登记[簿本])|记录不(?:够)?(?:及时|完整|齐全)|(?:台账|登记|档案)[^,。;]{0,6}不(?:够)?(?:齐全|完整|全)"
)
_MOST_PER_DAY = 300
_WAYS = "保留|取消|下放|调整|合并|转为|暂停|整合|废止"
_WAYS_NAMED = re.compile(
    rf"((?:{_WAYS})(?:[、和及与](?:{_WAYS}))+)(?P<more>等)?(?:的)?(?:\d种)?(?:方式|办法|形式|措施|途径)"
)
_TOPICS = (
    "队伍|人员|兼职|培训|学习|教育|业务能力|素质",
    "渠道|载体|方式|形式|创新|网站",
    "记录|档案|台账|登记",
    "解读",
    "依申请",
    "审查|保密",
    "平台|网站|栏目",
    "及时|时效|更新",
    "内容|范围|深度|广度|主动公开",
    "意识|认识|重视",
)


def _channel_sums(document: Document) -> list[Sum]:
    """Sums of what was published, by channel."""
    return [
        one
        for one in sums_of(document)
        if "公开" in one.home.text
        and one.base.unit in _ITEMS
        and any(_WEB.search(part.label) or _OFF_WEB.search(part.label) for part in one.parts)
    ]


def _headline(one: Sum) -> tuple[int, str]:
    """The clause with the total: where it starts, and its words."""
    text = one.base_home.text[: one.base.end]
    start = max(text.rfind(mark, 0, one.base.start) for mark in ",;:。") + 1
    return start, text[start:]


def check_web_total(document: Document, context: Context) -> Iterator[Outcome]:
    """L10, L11: a headline of web items that counts boards; items and copies in one sum."""
    for one in _channel_sums(document):
        start, words = _headline(one)
        off = [part for part in one.parts if _OFF_WEB.search(part.label)]
        is_web = bool(_ON_WEB.search(words)) and bool(off)
        line, quote = one.base_home.line(start), one.base_home.raw[start : one.base.end]
        if is_web:
            web = sum((part.value for part in one.parts if part not in off), Decimal())
            rest = "＋".join(spell(part.value) for part in off)
            why = f"标称网站公开，却计入了不在网站上的 {rest}{one.base.unit}。"
            yield error("L10", line, quote, why, f"网站公开{spell(web)}{one.base.unit}")
        for part in one.parts:
            if _PRINTED.search(part.label) and part.unit in _ITEMS:
                yield _mixed(one, part, is_web)
                break


def _mixed(one: Sum, part: Quantity, is_wrong: bool) -> Outcome:
    clause = part.start - len(part.label.lstrip(",;、 "))
    quote = one.home.raw[clause : part.end]
    why = (
        f"印刷品{spell(part.value)}是印发的份数，和信息的条数加在了一起；"
        "同一条信息在几个渠道上也各算了一次。"
    )
    expected = "分别写明信息条数（不重复）和各渠道的条次、份数"
    say = error if is_wrong else warn
    return say("L11", one.home.line(part.start), quote, why, expected)


def check_sites(document: Document, context: Context) -> Iterator[Outcome]:
    """L12: more sites are named than the statistics know."""
    counted = [
        part for one in _channel_sums(document) for part in one.parts if _WEB.search(part.label)
    ]
    if not counted:
        return
    for sentence in document.sentences:
        names = list(dict.fromkeys(match[0] for match in _SITE.finditer(sentence.text)))
        if len(names) >= 3 and len(names) > len(counted):
            why = f"列出{len(names)}个网站，统计里只有{len(counted)}个网站类渠道。"
            yield warn("L12", sentence.line(), sentence.raw, why, "逐个网站列出条数")
            return


def check_screens(document: Document, context: Context) -> Iterator[Outcome]:
    """L13: television and screens that are described but not counted."""
    found = _channel_sums(document)
    counted = "".join(part.about for one in found for part in one.parts)
    if not found:
        return
    for name, words in _SCREENS:
        is_counted = re.search(words.replace("电视公开", "数字电视"), counted)
        for sentence in document.sentences:
            match = re.search(words, sentence.text)
            if match and not is_counted and re.search(r"公开|公示", sentence.text):
                why = f"写到了通过{name}公开，主动公开的统计里却没有这一项。"
                line = sentence.line(match.start())
                quote = sentence.raw[max(match.start() - 20, 0) : match.end() + 20]
                yield warn("L13", line, quote, why, f"列出{name}公开的数量")
                break


def check_pace(document: Document, context: Context) -> Iterator[Outcome]:
    """L14: more a day than people can publish."""
    period = period_of(document, context.year)
    calendar = shipped_calendar()
    if period is None or period.year not in calendar.official_years:
        return
    days = calendar.count(dt.date(period.year - 1, 12, 31), period.end)
    for one in _channel_sums(document):
        per_day = one.base.value / days
        if per_day > _MOST_PER_DAY:
            start, _ = _headline(one)
            quote = one.base_home.raw[start : one.base.end]
            why = (
                f"{period.year}年有{days}个工作日，平均每天{per_day:.1f}{one.base.unit}，"
                "应主要是系统自动发布的。"
            )
            yield warn("L14", one.line, quote, why, "分别写明自动发布和人工发布的数量")


def check_records(document: Document, context: Context) -> Iterator[Outcome]:
    """L15: totals to the last item, from records that are said to be wanting."""
    exact = _channel_sums(document)
    for sentence in document.sentences:
        match = _NO_RECORD.search(sentence.text)
        if match and exact:
            why = (
                f"承认记录不全，却给出了精确到个位的总数{spell(exact[0].base.value)}"
                f"{exact[0].base.unit}，数字没有台账支持。"
            )
            line = sentence.line(match.start())
            yield warn("L15", line, sentence.raw.strip(), why, "说明数字的来源")
            return


# ── numbers of different things ───────────────────────────────────────────────────────────────


def _departments(document: Document) -> Iterator[tuple[Quantity, Sentence]]:
    for sentence in document.sentences:
        if "事项" not in sentence.text:
            continue
        for one in quantities(sentence.text):
            if one.unit in {"个", "家"} and re.match(r"(?:进驻)?(?:部门|单位)", one.tail):
                yield one, sentence


def check_scopes(document: Document, context: Context) -> Iterator[Outcome]:
    """L18: numbers of departments and items that differ because they are of different things."""
    found = list(_departments(document))
    if len({one.value for one, _ in found}) < 2:
        return
    first, home = found[0]
    other, place = next(pair for pair in found if pair[0].value != first.value)
    why = (
        f"第{home.line(first.start)}行是{spell(first.value)}个部门，这里是{spell(other.value)}个部门，"
        "口径不同而没有注明" + _kept(document) + "。"
    )
    quote = place.raw[max(other.start - 12, 0) : other.end + len(other.tail)]
    yield warn("L18", place.line(other.start), quote, why, "各注明统计范围")


def _kept(document: Document) -> str:
    """The items that a clean-up left, against the items that are named elsewhere."""
    parts = [
        part
        for one in sums_of(document)
        for part in one.parts
        if re.search(r"保留|(?:调整|转)为", part.label)
    ]
    left = sum((part.value for part in parts), Decimal())
    named = [
        one.value
        for sentence in document.sentences
        for one in quantities(sentence.text)
        if one.unit == "项"
        and one.value > left
        and "事项" in one.tail + sentence.text[one.end :][:40]
    ]
    if len(parts) < 2 or not named:
        return ""
    spelt = "＋".join(spell(part.value) for part in parts)
    return f"；清理后 {spelt} ＝ {spell(left)}，与{spell(named[-1])}项也对不上"


def check_ways(document: Document, context: Context) -> Iterator[Outcome]:
    """L25: the ways that were named are the ways that were used."""
    results: dict[int, set[str]] = {}
    for one in sums_of(document):
        words = {word for part in one.parts for word in _WAYS.split("|") if word in part.label}
        if len(words) >= 2:
            results.setdefault(id(one.home.paragraph), set()).update(words)
    for sentence in document.sentences:
        match = _WAYS_NAMED.search(sentence.text)
        used = results.get(id(sentence.paragraph), set())
        if match is None or not used:
            continue
        named = set(re.findall(_WAYS, match[1]))
        extra = set() if match["more"] else used - named
        unused = named - used
        if extra or unused:
            said = [f"结果里有没有说过的{'、'.join(sorted(extra))}"] if extra else []
            said += [f"说过的{'、'.join(sorted(unused))}没有结果"] if unused else []
            quote = sentence.raw[match.start() : match.end()]
            why = "，".join(said) + "。"
            yield warn("L25", sentence.line(match.start()), quote, why, "方式与结果一致")


# ── what was named but left out ───────────────────────────────────────────────────────────────


def _section(document: Document, *words: str) -> list[Paragraph]:
    """The paragraphs under a heading of the second level."""
    found: list[Paragraph] = []
    inside = False
    for one in document.paragraphs:
        if len(one.text) < 40 and re.match(
            r"\s*(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、)", one.text
        ):
            inside = any(word in one.text for word in words)
        elif inside:
            found.append(one)
    return found


def check_forms(document: Document, context: Context) -> Iterator[Outcome]:
    """L23: printed matter that the list of forms leaves out."""
    forms = "".join(
        one.text for one in _section(document, "公开的主要形式", "公开形式", "公开方式", "公开渠道")
    )
    if not forms:
        return
    for sentence in document.sentences:
        match = re.search(
            r"(?:印制|编印|印发|印刷)了?(?:最新|新版)?的?《?([\u4e00-\u9fff]{2,10}(?:指南|手册|汇编|折页))",
            sentence.text,
        )
        if match and match[1] not in forms and "指南" not in forms:
            line = sentence.line(match.start())
            quote = sentence.raw[match.start() : match.end()]
            yield warn("L23", line, quote, f"公开形式里没有列出“{match[1]}”。", "在公开形式中列出")
            return


def check_pairs(document: Document, context: Context) -> Iterator[Outcome]:
    """L24: each problem has a measure (《条例》第五十条)."""
    chapter = document.chapter_with("问题", "不足")
    if chapter is None:
        return
    paragraphs = list(chapter.paragraphs)
    turn = next(
        (
            at
            for at, one in enumerate(paragraphs)
            if re.search(r"改进|措施|下一步|打算", one.text[:24]) and (len(one.text) < 40)
        ),
        None,
    )
    if turn is None:
        return
    measures = "".join(one.text for one in paragraphs[turn:])
    for one in paragraphs[:turn]:
        if not re.match(r"\s*(?:[一二三四五六七八九]是|\d[.、]|\([一二三四五]\))", one.text):
            continue
        topics = [words for words in _TOPICS if re.search(words, one.text)]
        specific = [words for words in topics if words in _TOPICS[2:6]] or topics
        if topics and not any(re.search(words, measures) for words in specific):
            why = "这个问题在改进措施里没有对应的一条。"
            yield info("L24", one.line, one.raw.strip(), why, "写明措施、责任和期限")
