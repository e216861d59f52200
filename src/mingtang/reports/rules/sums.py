"""Rules of reports: totals and their parts in running text. Pure.

A sum that does not hold is an error only where the text leaves no other reading: 其中 may also name
a few of many. A sum is taken to hold where any of its readings does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Finding, Outcome, Passed, Severity, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Quantity, percentages, quantities

ID = "A1"
STARTER = re.compile(
    r"其中|包括|包含|分为|具体为|具体是|具体情况|(?:按|从|以)[^,。;:]{1,14}?(?:划?分|统计|来?看|区分)(?!别)|分别"
    r"|(?<=[条件份项个次起宗篇])(?:[\u4e00-\u9fff]{0,6}(?<!集)中[,:]|中(?![标小心国央医等学共层期]))"
    r"|(?<=\d[条件份项个次起宗篇]):|按[^,。;:\d]{1,10}:|经(?:审查|审核|核实|核查|办理)[,:]|(?:答复|办理)(?:结果|情况)?中[,:]|(?:复议|诉讼)(?:审理)?结果(?:为|是|有)?[,:]?"
    r"|(?<=[,;])含(?!上年|结转|去年|上一年)(?=[^,。;:\d]{1,10}\d)"
)
_SERIES = re.compile(
    r"\d{4}\s*(?:-|—+|~|–|至|到)\s*\d{4}年|(?:\d{4}年|去年|今年|上年)度?(?:[、,和及与]\s*(?:\d{4}年|去年|今年|本年)度?)+"
)
_SUMMED = re.compile(r"共|总|累计|合计|全年|全部")
_TOTAL_AFTER = re.compile(
    r"合计|共计|总计|总共|累计|(?:^|[,;、])\s*(?:全年|本年度?)?共(?!同)\s*$|^[,;、\s]*共(?!同)|总数|总量"
)
_PLAIN_TOTAL = re.compile(
    r"[,;、。\s]*(?:以上|上述|全年|本年度?|[两二三四五六七八九十]|各|几)*[项类者]?(?:信息|渠道)?(?:合计|共计|总计|总共|累计|共)"
    r"(?:主动)?(?:公开|发布|收到|受理|办理|为|达|有)?(?:各类)?(?:政府)?(?:信息|申请)?(?:为|是)?\s*"
)
_SOME = re.compile(
    r"等(?:方面|领域|内容|问题|类|多)|主要|重点|例如|比如|譬如|[,:]如|特别是|尤其"
    r"|(?:排|居|位)[名列在]?前|前(?:[两二三四五六十]|\d+)(?:位|名|类|项)?[的是为,:]|居多|较多|集中[在于]"
)
_REST = re.compile(r"其余|其它|其他|剩余|余下|另有|另外")
_LEFT = re.compile(r"^[,;、]?(?:其余|剩余|余下)")
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
)
CLASSES = tuple(tuple(words.split()) for words in _PARTITIONS)
CLOSED = (CLASSES[1], *CLASSES[4:6], *CLASSES[7:10])  # nobody names only some of these
RESULT_WORDS = CLASSES[3]
_OF_THE_YEAR = re.compile(r"新增|本年|当年|\d{4}年")
_MONTHS = re.compile(r"[\d一二三四五六七八九十]月|季度|[上下]半年")
_PURE = re.compile(r"(?:[^\d,、;:]{1,16}\d[\d,. ]*[^\d,、;:]{1,3}(?:[,、;]|$)){2,}")
_ANSWERED = re.compile(r"办结|答复|办理|作出|处理")


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


def _outer(text: str) -> str:
    """The text with what stands in brackets blanked, offsets kept."""
    out, depth = [], 0
    for char in text:
        depth += char == "("
        out.append(" " if depth else char)
        depth -= char == ")" and depth > 0
    return "".join(out) if not depth else text


def _holding(base: Quantity, parts: Sequence[Quantity]) -> int:
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
        and _class_words(head, words) == len(head)
        for words in (RESULT_WORDS, *CLOSED)
    )


def _kin(base: Quantity, parts: Sequence[Quantity]) -> list[Quantity]:
    same = [_in_unit(base.unit, part) for part in parts if not part.is_change]
    return [part for part in same if part.unit == base.unit]


def _in_unit(unit: str, part: Quantity) -> Quantity:
    """4500元 beside 2.3万元 is 0.45万元."""
    if part.unit == unit or unit not in _MONEY or part.unit not in _MONEY:
        return part
    return replace(part, value=part.value * _MONEY[part.unit] / _MONEY[unit], unit=unit)


def _until_stop(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts up to where another matter begins."""
    kept: list[Quantity] = []
    for part in parts:
        if kept and _STOP.search(part.label) and not _class_words([part]):
            break
        if not _ATTRIBUTE.search(part.label):
            kept.append(part)
    return kept


def _is_cut_short(base: Quantity, back: Sequence[Quantity], count: int) -> bool:
    """Whether a list 甲类1条，乙类2条，丙类3条，合计5条 would hold only without its first."""
    ends = {one.label.rstrip()[-1:] for one in back}
    is_plain = bool(_PLAIN_TOTAL.fullmatch(base.label)) and count < len(back)
    return is_plain and len(ends) == 1 and ends <= set('类”"请')


def _last_list(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts since the total before: 专职2人、兼职3人，共5人；局长1人、科员4人，共…"""
    starts = [at for at, one in enumerate(parts) if _PLAIN_TOTAL.fullmatch(one.label)]
    return list(parts[starts[-1] + 1 :] if starts else parts)


def _class_words(parts: Sequence[Quantity], *classes: tuple[str, ...]) -> int:
    """The most different words of one partition that the parts' labels show."""
    most = 0
    for words in classes or CLASSES:
        seen = {word for part in parts for word in words if word in part.about}
        most = max(most, min(len(seen), len(parts)))
    return most


def _are_parallel(parts: Sequence[Quantity]) -> bool:
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
    if abs(shares - 100) < 1 or _class_words(found.parts) == len(found.parts) >= 3:
        return True
    is_patterned = _class_words(found.parts) >= 2 or _are_parallel(found.parts)
    if {"专职", "兼职"} & {
        word for part in found.parts for word in CLASSES[5] if word in part.about
    }:
        is_patterned = bool(re.search("从事|信息公开|专兼职", found.base.label))
    if is_patterned and any(_class_words(found.parts, words) >= 2 for words in CLOSED):
        return True
    return (is_patterned and gap * 3 <= base * 2) or (len(found.parts) >= 3 and gap * 2 <= base)


def _is_nested(parts: Sequence[Quantity]) -> bool:
    """其中本年新增1200条，网站1100条，公报100条: later parts divide an earlier one."""
    return any(
        _OF_THE_YEAR.search(part.label)
        and sum((one.value for one in parts[at + 1 :]), Decimal()) == part.value
        for at, part in enumerate(parts[:-2])
    )


def _judge(found: Sum, opening: str, *, is_sure: bool = False) -> Finding | None:
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


def _passed(found: Sum) -> Passed:
    return Passed(ID, f"第{found.line}行：{found.spelt()}（{found.base.unit}）")


class _Reader:
    """Reads one sentence."""

    def __init__(self, sentence: Sentence, *, carries: bool) -> None:
        self.sentence = sentence
        self.carries = carries  # whether requests go from one year into the next
        self.text = _outer(sentence.text)
        self.all = quantities(self.text)
        self.sums: list[Sum] = []  # those that hold
        self.used: set[int] = set()  # starts of quantities that a sum has explained

    def starters(self) -> list[tuple[int, int, str]]:
        """(from, to the next one, word) of each list; 分别 within a list is part of it."""
        hits: list[re.Match[str]] = []
        for match in STARTER.finditer(self.text):
            is_fresh = (
                any(hits[-1].end() <= one.start < match.start() for one in self.all)
                if (hits)
                else True
            )
            if is_fresh:
                hits.append(match)
        ends = [*(hit.start() for hit in hits[1:]), len(self.text)]
        return [(hit.start(), ends[at], hit[0]) for at, hit in enumerate(hits)]

    def _bases(self, start: int, word: str) -> list[tuple[Quantity, Sentence]]:
        """What the list may be parts of, the likeliest first."""
        here = [
            (one, self.sentence)
            for one in reversed(self.all)
            if one.end <= start and not one.is_change
        ]
        if word[:2] in {"复议", "诉讼"}:
            near = [*here, *_earlier(self.sentence)]
            return [
                pair for pair in near if word[:2] in pair[0].label and "结果" not in pair[0].label
            ]
        is_about_all = word[0] in "按从以"
        if is_about_all:
            here = [pair for pair in here if "结转" not in pair[0].label]
        if here and not is_about_all:
            return here
        summed = [pair for pair in here if _SUMMED.search(pair[0].label)]
        return [*summed, *here, *_earlier(self.sentence)]

    def read(self) -> Iterator[Outcome]:
        yield from self.closing()
        yield from self.listed()
        yield from self.beside()
        yield from self.remaining()
        yield from self.bare()
        yield from self.bracketed()

    def listed(self) -> Iterator[Outcome]:
        for start, end, word in self.starters():
            if word == "分别" and _SERIES.search(self.text[max(start - 40, 0) : start]):
                continue  # years side by side are no parts of one
            bases = self._bases(start, word)
            parts = [one for one in self.all if start <= one.start < end]
            # The amount that the next list divides may stand at the end of this one.
            first = max(self.text.rfind(mark, 0, start) for mark in ",;:。") + 1
            yield from self._weigh(
                bases, parts, self.text[first : parts[0].start if parts else end]
            )

    def _weigh(
        self, bases: list[tuple[Quantity, Sentence]], parts: list[Quantity], opening: str
    ) -> Iterator[Outcome]:
        for base, home in bases:
            kin = _kin(base, parts)
            if count := _holding(base, kin) or _holding(base, kin := _until_stop(kin)):
                yield self._explained(Sum(base, tuple(kin[:count]), self.sentence, home))
                return
        for base, home in _not_of_all_years(bases, parts):
            kin = _until_stop(_kin(base, parts))
            is_near = home is self.sentence or home is _neighbour(self.sentence)
            if len(kin) >= 2 and (is_near or _SUMMED.search(base.label)):
                homes = (self.sentence, home)
                found = Sum(base, tuple(kin), *homes)
                mixed = Sum(base, tuple(one for one in parts if not one.is_change), *homes)
                if mixed.gap == 0:  # items and copies in one: other checks speak of that
                    yield self._explained(mixed)
                    return
                found = mixed if abs(mixed.gap) * 10 < abs(found.gap) else found
                self.used |= {one.start for one in (*kin, base)}
                if home is self.sentence:
                    opening = self.text[base.end : kin[0].start]
                if judged := self._doubted(found, _judge(found, opening)):
                    yield judged
                return

    def _doubted(self, found: Sum, judged: Finding | None) -> Finding | None:
        """What was answered need not be what was received: some goes over into the next year."""
        is_result = any(word in part.about for part in found.parts for word in RESULT_WORDS)
        is_answered = _ANSWERED.search(found.base.about) and "收到" not in found.base.label
        if judged and is_result and self.carries and not is_answered:
            return replace(judged, severity=Severity.WARN)
        return judged

    def _explained(self, found: Sum) -> Passed:
        self.used |= {one.start for one in (*found.parts, found.base)}
        self.sums.append(found)
        return _passed(found)

    def bare(self) -> Iterator[Outcome]:
        """303项…，保留205项，取消13项…: a total before its parts without a word between."""
        free = [one for one in self.all if one.start not in self.used and not one.is_change]
        if len(free) >= 3 and not any(one.start in self.used for one in self.all):
            yield from self._bare_run(free)
        for start, end in _pieces(self.text):
            run = [one for one in self.all if start <= one.start < end and not one.is_change]
            for at, base in enumerate(run[:-2]):
                parts = _kin(base, run[at + 1 :])
                is_free = not {one.start for one in (base, *parts)} & self.used
                if is_free and (words := _closed_words(parts)) and not _class_words([base], words):
                    closed = [one for one in parts if _class_words([one], words)]
                    yield from self._closed_run(base, closed)

    def _closed_run(self, base: Quantity, parts: list[Quantity]) -> Iterator[Outcome]:
        """培训11期，上半年5期，下半年6期: the parts of such a list are always all."""
        found = Sum(base, tuple(parts), self.sentence, self.sentence)
        self.used |= {one.start for one in (base, *parts)}
        if found.gap == 0:
            yield self._explained(found)
        elif judged := _judge(found, "", is_sure=True):
            yield judged

    def _bare_run(self, free: list[Quantity]) -> Iterator[Outcome]:
        base, *parts = free
        kin = _kin(base, parts)
        if base.value > 0 and (count := _holding(base, kin)):
            yield self._explained(Sum(base, tuple(kin[:count]), self.sentence, self.sentence))
            return
        kin = _until_stop(kin)
        found = Sum(base, tuple(kin), self.sentence, self.sentence)
        is_called = re.search("共|总", base.label) and not _SUMMED.search(
            found.home.text[base.end :]
        )
        is_total = is_called or base.value >= max((part.value for part in kin), default=Decimal())
        if len(kin) >= 2 and is_total and _class_words(kin) >= 2 and not _class_words([base]):
            self.used |= {one.start for one in free}
            if judged := _judge(found, ""):
                yield judged

    def closing(self) -> Iterator[Outcome]:
        """线上12件，线下8件，合计20件: the total behind its parts."""
        for at, base in enumerate(self.all):
            before = _kin(base, self.all[:at])
            months = [one for one in before if _MONTHS.search(one.label)]
            is_year = "全年" in base.label and len(months) == len(before)
            clause = re.split("[;。]", base.label)[-1]
            is_total = is_year or (_TOTAL_AFTER.search(clause) and "占" not in clause)
            if not before and self.sentence.before and re.match(r"\s*(?:以上|上述)", self.text):
                yield from self._above(base)
            if base.start in self.used or not is_total or len(before) < 2:
                continue
            back = before[::-1]
            if (count := _holding(base, back)) and not _is_cut_short(base, back, count):
                found = Sum(base, tuple(back[:count][::-1]), self.sentence, self.sentence)
                yield self._explained(found)
                continue
            fresh = _last_list([one for one in before if one.start not in self.used])
            found = Sum(base, tuple(fresh), self.sentence, self.sentence)
            is_list = len(fresh) >= 2 and (_class_words(fresh) >= 2 or _are_parallel(fresh))
            is_close = abs(found.gap) * 2 <= base.value
            is_plain = bool(_PLAIN_TOTAL.fullmatch(base.label)) and not self._is_subset(base, fresh)
            if (
                len(fresh) >= 2
                and (is_list or is_close or is_plain)
                and (judged := _judge(found, "", is_sure=is_plain))
            ):
                yield judged

    def _above(self, base: Quantity) -> Iterator[Outcome]:
        """网站12条；公示栏8条。以上共计20条, the items in one sentence or one in each."""
        home = self.sentence.before
        assert home is not None
        parts = _kin(base, quantities(_outer(home.text)))
        count = _holding(base, parts) or _holding(base, parts := parts[::-1])
        if count:
            yield self._explained(Sum(base, tuple(parts[:count]), home, self.sentence))
            return
        parts = parts if len(parts) > 1 else _items(base, home)
        found = Sum(base, tuple(parts), home, self.sentence)
        if found.gap == 0:
            yield self._explained(found)
        elif len(parts) >= 2 and _PLAIN_TOTAL.fullmatch(base.label):
            is_sure = not re.search("其中|同比|等", home.text)
            if judged := _judge(found, "", is_sure=is_sure):
                yield judged

    def beside(self) -> Iterator[Outcome]:
        """共支出20万元，除网站12万元外，设备5万元，其余3万元用于培训。"""
        for start, end in _pieces(self.text):
            match = re.search(r"除(?!了)[^;。]*?外", self.text[start:end])
            if not match:
                continue
            run = [one for one in self.all if start <= one.start < end and not one.is_change]
            before = [one for one in run if one.end <= start + match.start()]
            if not before or not _is_total(before[-1]) or before[-1].start in self.used:
                continue
            parts = _kin(before[-1], [one for one in run if one.start > before[-1].start])
            if any(one.start in self.used for one in parts) or len(parts) < 2:
                continue
            found = Sum(before[-1], tuple(parts), self.sentence, self.sentence)
            if found.gap == 0:
                yield self._explained(found)
            elif judged := _judge(found, "", is_sure=True):
                self.used |= {one.start for one in (*parts, before[-1])}
                yield judged

    def remaining(self) -> Iterator[Outcome]:
        """申请人为公民的12件，其余8件为企业, of the 20 of a sentence before."""
        for start, end in _pieces(self.text):
            run = [one for one in self.all if start <= one.start < end and not one.is_change]
            at = next((n for n, one in enumerate(run) if _LEFT.search(one.label)), 0)
            if not at or any(one.start in self.used or one.unit != run[0].unit for one in run):
                continue
            parts, earlier = run[: at + 1], _earlier(self.sentence)
            bases = [pair for pair in earlier if pair[0].unit == run[0].unit]
            if _is_total(run[0]) or not bases:
                continue
            yield from self._remainder(parts, bases)

    def _remainder(
        self, parts: list[Quantity], bases: list[tuple[Quantity, Sentence]]
    ) -> Iterator[Outcome]:
        for base, home in bases:
            if sum((part.value for part in parts), Decimal()) == base.value:
                yield self._explained(Sum(base, tuple(parts), self.sentence, home))
                return
        base, home = bases[0]
        found = Sum(base, tuple(parts), self.sentence, home)
        is_sure = home is self.sentence.before and _is_total(base)
        if is_sure and (judged := _judge(found, "", is_sure=True)):
            self.used |= {one.start for one in parts}
            yield judged

    def _is_subset(self, base: Quantity, parts: Sequence[Quantity]) -> bool:
        """Whether some of the parts make it, where one of them divides another: 其中."""
        text = self.text[parts[0].start : base.start] if parts else ""
        if not re.search("其中|含", text):
            return False
        sums = {Decimal()}
        for part in parts[:12]:
            sums |= {total + part.value for total in sums}
        return base.value in sums

    def _is_pure(self, match: re.Match[str], base: Quantity) -> bool:
        """A bracket right behind its number with nothing in it but a list."""
        return match.start() - base.end <= 1 and bool(_PURE.fullmatch(match[1]))

    def bracketed(self) -> Iterator[Outcome]:
        """自然人12件（网上8件，信函4件）: parts of the quantity before the bracket."""
        for match in re.finditer(r"\(([^()]{6,})\)", self.sentence.text):
            inside = self.sentence.text[: match.end(1)]
            parts = [one for one in quantities(inside) if one.start > match.start()]
            base = next((one for one in reversed(self.all) if one.end <= match.start()), None)
            if base is None or base.is_change or match.start() - base.end > 12:
                continue
            kin = _kin(base, parts)
            if count := _holding(base, kin):
                yield _passed(Sum(base, tuple(kin[:count]), self.sentence, self.sentence))
            elif len(kin) >= 2 and (
                _class_words(kin) >= 2 or "其中" in match[1] or self._is_pure(match, base)
            ):
                is_pure = self._is_pure(match, base)
                found = Sum(
                    base, tuple(kin if is_pure else _until_stop(kin)), self.sentence, self.sentence
                )
                opening = match[1][: kin[0].start - match.start(1)]
                is_sure = is_pure and not re.search("其中|含|等|主要|[不未无]", match[1])
                if judged := _judge(found, opening, is_sure=is_sure):
                    yield judged


def _items(base: Quantity, last: Sentence) -> list[Quantity]:
    """The amounts of sentences that tell one each, as the items of a list do."""
    found: list[Quantity] = []
    home: Sentence | None = last
    while home is not None:
        here = _kin(base, quantities(_outer(home.text)))
        if len(here) != 1 or not re.match(r"\s*[\d(一二三四五六七八九①-⑳]", home.text):
            break
        found.append(here[0])
        home = home.before
    return found[::-1]


def _is_total(one: Quantity) -> bool:
    return bool(_SUMMED.search(one.label) or re.search(r"^\D{0,8}(?:收到|受理|新收)", one.label))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Between semicolons and full stops."""
    start = 0
    for match in re.finditer("[;。]|$", text):
        yield start, match.end()
        start = match.end()


def _closed_words(parts: Sequence[Quantity]) -> tuple[str, ...]:
    """The two halves or four quarters, 维持 and 撤销: a partition of which all is told."""
    for words in (CLASSES[4], CLASSES[8], CLASSES[9]):
        inside = [one for one in parts if any(word in one.label for word in words)]
        whole = len(words) if words in CLASSES[8:] else 2
        if len(inside) >= whole and _class_words(inside, words) >= whole:
            return words
    return ()


def _neighbour(sentence: Sentence) -> Sentence | None:
    """The sentence before; a heading such as （二）渠道。 between them is none."""
    home = sentence.before
    while home and home.before and (home.end - home.start <= 12 or _is_series(home.text)):
        home = home.before
    return home


def _is_series(text: str) -> bool:
    return bool(_SERIES.search(text)) and "分别" in text


def _not_of_all_years(
    bases: list[tuple[Quantity, Sentence]], parts: Sequence[Quantity]
) -> list[tuple[Quantity, Sentence]]:
    """累计2318条，其中本年436条: a list that adds up to about the latter is of the latter."""
    if not bases or "累计" not in bases[0][0].label:
        return bases
    unit = bases[0][0].unit
    total = sum((part.value for part in parts if part.unit == unit), Decimal())
    near = [
        pair
        for pair in bases[1:]
        if pair[0].unit == unit and abs(pair[0].value - total) * 10 <= pair[0].value
    ]
    return near[:1] + bases


def _earlier(sentence: Sentence) -> list[tuple[Quantity, Sentence]]:
    """Quantities of the two sentences before: those called a total first."""
    found: list[tuple[Quantity, Sentence]] = []
    inner: list[tuple[Quantity, Sentence]] = []
    home = sentence.before
    for _ in range(3):
        if home is None:
            break
        text = _outer(home.text)
        start = STARTER.search(text)
        here = [one for one in quantities(text) if not one.is_change]
        if _is_series(text):
            here = []
        if start and any(one.end <= start.start() for one in here):
            inner += [
                (one, home)
                for one in here
                if one.start >= start.start() and _OF_THE_YEAR.search(one.label)
            ]
            here = [one for one in here if one.end <= start.start()]
        found += [(one, home) for one in here]
        home = home.before
    return [*sorted(found, key=lambda pair: not _SUMMED.search(pair[0].label)), *inner]


def check_sums(document: Document, context: Context) -> Iterator[Outcome]:
    """A1: every total and its parts."""
    carries = "结转" in document.text or document.requests is not None
    for sentence in document.sentences:
        yield from _Reader(sentence, carries=carries).read()


@lru_cache(maxsize=16)
def sums_of(document: Document) -> tuple[Sum, ...]:
    """The sums that hold, for checks of what was added up."""
    found: list[Sum] = []
    for sentence in document.sentences:
        reader = _Reader(sentence, carries=False)
        list(reader.read())
        found += reader.sums
    return tuple(found)
