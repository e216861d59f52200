"""Rules of reports: words: slips of the pen, notices without numbers, contradictions. Pure."""

import re
from collections.abc import Iterator

from mingtang.reports.rules.documents import Context, Document, Paragraph
from mingtang.reports.rules.findings import Outcome, info, warn

# (what is wrong, what it should be); only what can hardly be right.
SLIPS: tuple[tuple[str, str], ...] = (
    (r"存在一(?=差距|不足|问题)", "存在一定"),
    (
        r"权利[“\"]?(?:阳光|运行|清单|公开|制约|监督)|(?:行使|规范|行政|监督)权利(?=运行|清单|公开|,|。)",
        "权力",
    ),
    (r"提速增率", "提速增效"),
    (r"未发生于", "未发生与"),
    (r"(?:做好|抓好|开展|完成|落实)以上[^,。;:]{0,8}(?=[:。])(?=.{0,2}一是)", "以下"),
    (r"截止(?=\d{4}年|目前|\d{1,2}月|年底)", "截至"),
    (r"(?:的的|了了|和和|是是|在在|与与)(?!地|确)", "去掉重复的字"),
    (r"以经", "已经"),
    (r"既使", "即使"),
    (r"按装", "安装"),
    (r"布署", "部署"),
    (r"公步", "公布"),
    (r"政府信信息|政府信息息", "政府信息"),
    (r"依申请公开开", "依申请公开"),
    (r"[,;。、]{2,}(?<!。。)", "一个标点"),
)
_SLIPS = tuple((re.compile(pattern), right) for pattern, right in SLIPS)
_NOTICE = re.compile(
    r"(?:印发|下发|发布|出台|转发)[^《》。;]{0,12}《[^》]{4,60}通知》(?!\s*[(〔\[])"
)
_PROGRAMME = re.compile(r"[“\"]?\d{3,5}工程[”\"]?")
_APART = re.compile(
    r"(?:单独|独立)(?:设置|设立|成立|设)了?(?P<what>[\u4e00-\u9fff]{3,10}?)(?=[,。;、]|但|负责)"
)
_TOGETHER = re.compile(r"合署办公")
_RICH = re.compile(
    r"(?:公开)?(?:载体|渠道|形式|方式)(?:更加|不断|日益|进一步)(?:完善|丰富|多样|拓宽|拓展|多元)"
)
_PLAIN = re.compile(r"(?:还是|仍然?|依然|只是|主要)[^。;]{0,24}传统的?(?:方式|渠道|手段|形式|载体)")


def _each(
    document: Document, pattern: re.Pattern[str]
) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    for paragraph in document.paragraphs:
        for match in pattern.finditer(paragraph.text):
            yield paragraph, match


def _around(paragraph: Paragraph, match: re.Match[str]) -> str:
    return paragraph.raw[max(match.start() - 4, 0) : match.end() + 8]


def check_slips(document: Document, context: Context) -> Iterator[Outcome]:
    """L21: words that are slips of the pen."""
    for pattern, right in _SLIPS:
        for paragraph, match in _each(document, pattern):
            line = paragraph.line_at(match.start())
            quote = _around(paragraph, match)
            yield info("L21", line, quote, f"“{match[0]}”疑为笔误。", right)


def check_notices(document: Document, context: Context) -> Iterator[Outcome]:
    """L22: notices that nobody can find, and programmes that nobody knows."""
    for paragraph, match in _each(document, _NOTICE):
        line = paragraph.line_at(match.start())
        quote = paragraph.raw[match.start() : match.end()]
        yield info("L22", line, quote, "引用的通知没有文号和日期。", "写明文号")
    seen: set[str] = set()
    for paragraph, match in _each(document, _PROGRAMME):
        name = match[0].strip('“”"')
        if name not in seen and not re.search(rf"{name}[”\"]?(?:[((,]?即|是指|,指)", document.text):
            line = paragraph.line_at(match.start())
            yield info("L22", line, match[0], f"“{name}”没有说明是什么。", "第一次出现时解释")
        seen.add(name)


def check_setting(document: Document, context: Context) -> Iterator[Outcome]:
    """L16: set up apart in one place, sharing an office in the other."""
    together = [one for one in document.sentences if _TOGETHER.search(one.text)]
    for paragraph, match in _each(document, _APART):
        for sentence in together:
            if match["what"] in sentence.text:
                line = paragraph.line_at(match.start())
                quote = paragraph.raw[match.start() : match.end()]
                why = f"这里说“{match[0]}”，第{sentence.line()}行却说它与别的科室合署办公。"
                yield warn("L16", line, quote, why, "两处统一")


def check_carriers(document: Document, context: Context) -> Iterator[Outcome]:
    """L17: praised in one place, called old-fashioned in another."""
    praised = next(_each(document, _RICH), None)
    plain = next(_each(document, _PLAIN), None)
    if praised and plain:
        (above, first), (below, second) = praised, plain
        quote = below.raw[second.start() : second.end()]
        why = f"第{above.line_at(first.start())}行说“{first[0]}”，这里说仍是传统方式。"
        yield warn("L17", below.line_at(second.start()), quote, why, "两处统一")
