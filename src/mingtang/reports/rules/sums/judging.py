"""Rules of reports: totals and their parts in running text. Pure.

A sum that does not hold is an error only where the text leaves no other reading: 其中 may also name
a few of many. A sum is taken to hold where any of its readings does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

from mingtang.reports.rules.documents import Sentence
from mingtang.reports.rules.findings import Finding, Passed, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Quantity, percentages

ID = "A1"
STARTER = re.compile(
    r"其中|包括|包含|分为|具体为|具体是|具体情况|(?:按|从|以)[^,。;:]{1,14}?(?:划?分|统计|来?看|区分)(?!别)|分别"
    r"|(?<=[条件份项个次起宗篇])(?:[\u4e00-\u9fff]{0,6}(?<!集)中[,:]|中(?![标小心国央医等学共层期]))"
    r"|(?<=\d[条件份项个次起宗篇]):|(?<=\d万元):|(?<=\d元):|按[^,。;:\d]{1,10}:|经(?:审查|审核|核实|核查|办理)[,:]|(?:答复|办理)(?:结果|情况)?中[,:]|(?:复议|诉讼)(?:审理)?结果(?:为|是|有)?[,:]?"
    r"|(?<=[,;])含(?!上年|结转|去年|上一年)(?=[^,。;:\d]{1,10}\d)"
)
SERIES = re.compile(
    r"\d{4}\s*(?:-|—+|~|–|至|到)\s*\d{4}年|(?:\d{4}年|去年|今年|上年)度?(?:[、,和及与]\s*(?:\d{4}年|去年|今年|本年)度?)+"
)
SUMMED = re.compile(r"共|总|累计|合计|全年|全部")
TOTAL_AFTER = re.compile(
    r"合计|共计|总计|总共|累计|(?:^|[,;、])\s*(?:全年|本年度?)?共(?!同)\s*$|^[,;、\s]*共(?!同)|总数|总量"
)
PLAIN_TOTAL = re.compile(
    r"[,;、。\s]*(?:以上|上述|全年|本年度?|[两二三四五六七八九十]|各|几)*[项类者]?(?:信息|渠道)?(?:合计|共计|总计|总共|累计|共)"
    r"(?:主动)?(?:公开|发布|收到|受理|办理|为|达|有)?(?:各类)?(?:政府)?(?:信息|申请)?(?:为|是)?\s*"
)
_SOME = re.compile(
    r"等(?:方面|领域|内容|问题|类|多)|主要|重点|例如|比如|譬如|[,:]如|特别是|尤其"
    r"|(?:排|居|位)[名列在]?前|前(?:[两二三四五六十]|\d+)(?:位|名|类|项)?[的是为,:]|居多|较多|集中[在于]"
)
_REST = re.compile(r"其余|其它|其他|剩余|余下|另有|另外")
LEFT = re.compile(r"^[,;、]?(?:其余|剩余|余下)")
_ATTRIBUTE = re.compile(
    r"按期|按时|提前|及时|满意|回访|当场|超期|逾期|首次|平均|最[多高大]|同时|重复|学历|党员|岁|职称|女性"
)
_STOP = re.compile(
    r"^[,;、]?\s*(?:已|均|全部|都|共|总|合计|办结|答复|受理|同比|截至|此外|同时|并|还|目前|全年|本年|收到|召开|举办|组织)"
)
_PARTITIONS = (
    "保留 取消 下放 调整 合并 转为 暂停 废止",
    "自然人 法人 公民 企业 组织 个人",
    "当面 现场 网络 网上 信函 邮寄 传真 邮件 窗口 线上 线下 书面 在线",
    "予以公开 部分公开 不予公开 无法提供 不予处理 其他处理 同意公开 不同意 不属于 不存在 告知",
    "维持 纠正 其他结果 尚未审结 驳回 撤销 撤回 胜诉 败诉",
    "专职 兼职",
    "网站 微信 微博 公报 公示栏 公开栏 报刊 广播 电视 宣传 客户端 新媒体",
    "新收 新受理 结转",
    "上半年 下半年",
    "一季度 二季度 三季度 四季度",
    "非常满意 不满意 满意",
    "按期 按时 延期 逾期",
)
CLASSES = tuple(tuple(words.split()) for words in _PARTITIONS)
CLOSED = (CLASSES[1], *CLASSES[4:6], *CLASSES[7:])  # nobody names only some of these
RESULT_WORDS = CLASSES[3]
OF_THE_YEAR = re.compile(r"新增|本年|当年|\d{4}年")
MONTHS = re.compile(r"[\d一二三四五六七八九十]月|季度|[上下]半年")
PURE = re.compile(r"(?:[^\d,、;:]{1,16}\d[\d,. ]*[^\d,、;:]{1,3}(?:[,、;]|$)){2,}")
BARE = re.compile(r"(?:[\u4e00-\u9fff]{1,10}\d+[,、;]?){2,}")
UNDONE = re.compile(r"(?:^|[,;、])(?:(?:尚|还|仍)?未(?P<not>[\u4e00-\u9fff]{2})|(?:正|尚|还)?在办)")
ANSWERED = re.compile(r"办结|答复|办理|作出|处理")


_MONEY = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the quantities that should make it."""

    base: Quantity
    parts: tuple[Quantity, ...]
    home: Sentence  # where the parts stand
    base_home: Sentence

    @property
    def total(self) -> Decimal:
        return sum((part.value for part in self.parts), Decimal())

    @property
    def gap(self) -> Decimal:
        return self.base.value - self.total

    @property
    def slack(self) -> Decimal:
        """What rounding to 万 may have lost."""
        return self.base.slack + sum((part.slack for part in self.parts), Decimal())

    def spelt(self) -> str:
        parts = "＋".join(spell(part.value) for part in self.parts)
        return f"{spell(self.base.value)} ＝ {parts}"

    @property
    def quote(self) -> str:
        spans = [*self.parts, self.base] if self.home is self.base_home else list(self.parts)
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        before = self.home.text.rfind(",", 0, start) + 1 if start - 24 > 0 else 0
        return self.home.raw[max(before, start - 24, 0) : end]

    @property
    def line(self) -> int:
        return self.base_home.line(self.base.start)


def outer(text: str) -> str:
    """The text with what stands in brackets blanked, offsets kept."""
    out, depth = [], 0
    for char in text:
        depth += char == "("
        out.append(" " if depth else char)
        depth -= char == ")" and depth > 0
    return "".join(out) if not depth else text


def holding(base: Quantity, parts: Sequence[Quantity]) -> int:
    """How many of the first parts (two at least) make the base; 0 where none do."""
    slack = base.slack
    for count, total in enumerate(accumulate(part.value for part in parts), start=1):
        slack += parts[count - 1].slack
        if count >= 2 and abs(total - base.value) <= slack and not _goes_on(parts, count):
            return count
    return 0


def _goes_on(parts: Sequence[Quantity], count: int) -> bool:
    """Whether the next part is one more of the same partition: 同意5件，部分公开2件，不存在1件."""
    if count == len(parts) or not parts[count].value:
        return False
    head = parts[: count + 1]
    if all(part.label.startswith("、") for part in head[1:]):
        return True
    return any(
        all(any(word in part.label for word in words) for part in head)
        and class_words(head, words) == len(head)
        for words in (RESULT_WORDS, *CLOSED)
    )


def kin_of(base: Quantity, parts: Sequence[Quantity]) -> list[Quantity]:
    same = [_in_unit(base.unit, part) for part in parts if not part.is_change]
    return [part for part in same if part.unit == base.unit]


def _in_unit(unit: str, part: Quantity) -> Quantity:
    """4500元 beside 2.3万元 is 0.45万元."""
    if part.unit == unit or unit not in _MONEY or part.unit not in _MONEY:
        return part
    return replace(part, value=part.value * _MONEY[part.unit] / _MONEY[unit], unit=unit)


def until_stop(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts up to where another matter begins."""
    kept: list[Quantity] = []
    for part in parts:
        if kept and _STOP.search(part.label) and not class_words([part]):
            break
        if not _ATTRIBUTE.search(part.label):
            kept.append(part)
    return kept


def is_cut_short(base: Quantity, back: Sequence[Quantity], count: int) -> bool:
    """Whether a list 甲类1条，乙类2条，丙类3条，合计5条 would hold only without its first."""
    ends = {one.label.rstrip()[-1:] for one in back}
    is_plain = bool(PLAIN_TOTAL.fullmatch(base.label)) and count < len(back)
    return is_plain and len(ends) == 1 and ends <= set('类”"请')


def last_list(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts since the total before: 专职2人、兼职3人，共5人；局长1人、科员4人，共…"""
    starts = [at for at, one in enumerate(parts) if PLAIN_TOTAL.fullmatch(one.label)]
    return list(parts[starts[-1] + 1 :] if starts else parts)


def class_words(parts: Sequence[Quantity], *classes: tuple[str, ...]) -> int:
    """The most different words of one partition that the parts' labels show."""
    most = 0
    for words in classes or CLASSES:
        seen = {word for part in parts for word in words if word in part.about}
        most = max(most, min(len(seen), len(parts)))
    return most


def are_parallel(parts: Sequence[Quantity]) -> bool:
    heads = {part.label.lstrip(",;:、其中和及以有 为")[:2] for part in parts}
    return len(parts) >= 2 and len(heads) == 1 and "" not in heads


def _is_whole(found: Sum, opening: str) -> bool:
    """Whether the parts surely claim to be all of it."""
    gap, base = found.gap, found.base.value
    if _SOME.search(opening) or re.match(r"\s*等", found.parts[-1].tail):
        return False
    if any(_REST.search(part.label) for part in found.parts):
        return True
    if gap < 0 or gap <= max(Decimal(3), base / 10):
        return True
    shares = sum((one.value for one in percentages(found.home.text)), Decimal())
    if abs(shares - 100) < 1 or class_words(found.parts) == len(found.parts) >= 3:
        return True
    is_patterned = class_words(found.parts) >= 2 or are_parallel(found.parts)
    if {"专职", "兼职"} & {
        word for part in found.parts for word in CLASSES[5] if word in part.about
    }:
        is_patterned = bool(re.search("从事|信息公开|专兼职", found.base.label))
    if is_patterned and any(class_words(found.parts, words) >= 2 for words in CLOSED):
        return True
    return (is_patterned and gap * 3 <= base * 2) or (len(found.parts) >= 3 and gap * 2 <= base)


def _is_nested(parts: Sequence[Quantity]) -> bool:
    """其中本年新增1200条，网站1100条，公报100条: later parts divide an earlier one."""
    return any(
        OF_THE_YEAR.search(part.label)
        and sum((one.value for one in parts[at + 1 :]), Decimal()) == part.value
        for at, part in enumerate(parts[:-2])
    )


def judge(found: Sum, opening: str, *, is_sure: bool = False) -> Finding | None:
    exact = all(one.is_exact or one.slack for one in (found.base, *found.parts))
    if not exact or len(found.parts) < 2 or _is_nested(found.parts):
        return None
    if abs(found.gap) <= found.slack:
        return None
    why = f"总数 {spell(found.base.value)}{found.base.unit}，所列各项之和是 {spell(found.total)}"
    should = (
        f"{spell(found.total)}{found.base.unit}，或更正其中一项（相差 {spell(abs(found.gap))}）"
    )
    if is_sure or _is_whole(found, opening):
        return error(ID, found.line, found.quote, why + "，两者不等。", should)
    if abs(found.gap) * 10 <= found.base.value * 3:
        return warn(ID, found.line, found.quote, why + "，未说明其余部分。", should)
    return None


def passed(found: Sum) -> Passed:
    return Passed(ID, f"第{found.line}行：{found.spelt()}（{found.base.unit}）")
