"""Rules of reports: the ways in which a sentence says a total and its parts. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Finding, Outcome, Passed, Severity
from mingtang.reports.rules.quantities import Quantity, quantities
from mingtang.reports.rules.sums.judging import (
    ANSWERED,
    BARE,
    CLASSES,
    LEFT,
    MONTHS,
    OF_THE_YEAR,
    PLAIN_TOTAL,
    PURE,
    RESULT_WORDS,
    SERIES,
    STARTER,
    SUMMED,
    TOTAL_AFTER,
    UNDONE,
    Sum,
    are_parallel,
    class_words,
    holding,
    is_cut_short,
    judge,
    kin_of,
    last_list,
    outer,
    passed,
    until_stop,
)


class _Reader:
    """Reads one sentence."""

    def __init__(self, sentence: Sentence, *, carries: bool) -> None:
        self.sentence = sentence
        self.carries = carries  # whether requests go from one year into the next
        self.text = outer(sentence.text)
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
        summed = [pair for pair in here if SUMMED.search(pair[0].label)]
        return [*summed, *here, *_earlier(self.sentence)]

    def read(self) -> Iterator[Outcome]:
        yield from self.closing()
        yield from self.listed()
        yield from self.beside()
        yield from self.remaining()
        yield from self.undone()
        yield from self.bare()
        yield from self.bracketed()

    def listed(self) -> Iterator[Outcome]:
        for start, end, word in self.starters():
            if word == "分别" and SERIES.search(self.text[max(start - 40, 0) : start]):
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
            kin = kin_of(base, parts)
            if count := holding(base, kin) or holding(base, kin := until_stop(kin)):
                yield self._explained(Sum(base, tuple(kin[:count]), self.sentence, home))
                return
        for base, home in _not_of_all_years(bases, parts):
            kin = until_stop(kin_of(base, parts))
            is_near = home is self.sentence or home is _neighbour(self.sentence)
            if len(kin) >= 2 and (is_near or SUMMED.search(base.label)):
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
                if judged := self._doubted(found, judge(found, opening)):
                    yield judged
                return

    def _doubted(self, found: Sum, judged: Finding | None) -> Finding | None:
        """What was answered need not be what was received: some goes over into the next year."""
        is_result = any(word in part.about for part in found.parts for word in RESULT_WORDS)
        is_answered = ANSWERED.search(found.base.about) and "收到" not in found.base.label
        if judged and is_result and self.carries and not is_answered:
            return replace(judged, severity=Severity.WARN)
        return judged

    def _explained(self, found: Sum) -> Passed:
        self.used |= {one.start for one in (*found.parts, found.base)}
        self.sums.append(found)
        return passed(found)

    def bare(self) -> Iterator[Outcome]:
        """303项…，保留205项，取消13项…: a total before its parts without a word between."""
        free = [one for one in self.all if one.start not in self.used and not one.is_change]
        if len(free) >= 3 and not any(one.start in self.used for one in self.all):
            yield from self._bare_run(free)
        for start, end in _pieces(self.text):
            run = [one for one in self.all if start <= one.start < end and not one.is_change]
            for at, base in enumerate(run[:-2]):
                parts = kin_of(base, run[at + 1 :])
                is_free = not {one.start for one in (base, *parts)} & self.used
                if is_free and (words := _closed_words(parts)) and not class_words([base], words):
                    closed = [one for one in parts if class_words([one], words)]
                    yield from self._closed_run(base, closed)

    def _closed_run(self, base: Quantity, parts: list[Quantity]) -> Iterator[Outcome]:
        """培训11期，上半年5期，下半年6期: the parts of such a list are always all."""
        found = Sum(base, tuple(parts), self.sentence, self.sentence)
        self.used |= {one.start for one in (base, *parts)}
        if found.gap == 0:
            yield self._explained(found)
        elif judged := judge(found, "", is_sure=True):
            yield judged

    def _bare_run(self, free: list[Quantity]) -> Iterator[Outcome]:
        base, *parts = free
        kin = kin_of(base, parts)
        if base.value > 0 and (count := holding(base, kin)):
            yield self._explained(Sum(base, tuple(kin[:count]), self.sentence, self.sentence))
            return
        kin = until_stop(kin)
        found = Sum(base, tuple(kin), self.sentence, self.sentence)
        is_called = re.search("共|总", base.label) and not SUMMED.search(
            found.home.text[base.end :]
        )
        is_total = is_called or base.value >= max((part.value for part in kin), default=Decimal())
        if len(kin) >= 2 and is_total and class_words(kin) >= 2 and not class_words([base]):
            self.used |= {one.start for one in free}
            if judged := judge(found, ""):
                yield judged

    def closing(self) -> Iterator[Outcome]:
        """线上12件，线下8件，合计20件: the total behind its parts."""
        for at, base in enumerate(self.all):
            before = kin_of(base, self.all[:at])
            months = [one for one in before if MONTHS.search(one.label)]
            is_year = "全年" in base.label and len(months) == len(before)
            clause = re.split("[;。]", base.label)[-1]
            is_total = is_year or (TOTAL_AFTER.search(clause) and "占" not in clause)
            if not before and self.sentence.before and re.match(r"\s*(?:以上|上述)", self.text):
                yield from self._above(base)
            if base.start in self.used or not is_total or len(before) < 2:
                continue
            back = before[::-1]
            if (count := holding(base, back)) and not is_cut_short(base, back, count):
                found = Sum(base, tuple(back[:count][::-1]), self.sentence, self.sentence)
                yield self._explained(found)
                continue
            fresh = last_list([one for one in before if one.start not in self.used])
            found = Sum(base, tuple(fresh), self.sentence, self.sentence)
            is_list = len(fresh) >= 2 and (class_words(fresh) >= 2 or are_parallel(fresh))
            is_close = abs(found.gap) * 2 <= base.value
            is_plain = bool(PLAIN_TOTAL.fullmatch(base.label)) and not self._is_subset(base, fresh)
            if (
                len(fresh) >= 2
                and (is_list or is_close or is_plain)
                and (judged := judge(found, "", is_sure=is_plain))
            ):
                yield judged

    def _above(self, base: Quantity) -> Iterator[Outcome]:
        """网站12条；公示栏8条。以上共计20条, the items in one sentence or one in each."""
        home = self.sentence.before
        assert home is not None
        parts = kin_of(base, quantities(outer(home.text)))
        count = holding(base, parts) or holding(base, parts := parts[::-1])
        if count:
            yield self._explained(Sum(base, tuple(parts[:count]), home, self.sentence))
            return
        parts = parts if len(parts) > 1 else _items(base, home)
        found = Sum(base, tuple(parts), home, self.sentence)
        if found.gap == 0:
            yield self._explained(found)
        elif len(parts) >= 2 and PLAIN_TOTAL.fullmatch(base.label):
            is_sure = not re.search("其中|同比|等", home.text)
            if judged := judge(found, "", is_sure=is_sure):
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
            parts = kin_of(before[-1], [one for one in run if one.start > before[-1].start])
            if any(one.start in self.used for one in parts) or len(parts) < 2:
                continue
            found = Sum(before[-1], tuple(parts), self.sentence, self.sentence)
            if found.gap == 0:
                yield self._explained(found)
            elif judged := judge(found, "", is_sure=True):
                self.used |= {one.start for one in (*parts, before[-1])}
                yield judged

    def remaining(self) -> Iterator[Outcome]:
        """申请人为公民的12件，其余8件为企业, of the 20 of a sentence before."""
        for start, end in _pieces(self.text):
            run = [one for one in self.all if start <= one.start < end and not one.is_change]
            at = next((n for n, one in enumerate(run) if LEFT.search(one.label)), 0)
            if not at or any(one.start in self.used or one.unit != run[0].unit for one in run):
                continue
            if at == 2 and _is_total(run[0]) and run[0].value >= run[1].value:
                if not self.carries:
                    yield from self._remainder(run[1:3], [(run[0], self.sentence)])
                continue
            parts, earlier = run[: at + 1], _earlier(self.sentence)
            bases = [pair for pair in earlier if pair[0].unit == run[0].unit]
            if _is_total(run[0]) or not bases:
                continue
            yield from self._remainder(parts, bases)

    def undone(self) -> Iterator[Outcome]:
        """100个村，已建成88个，尚未建成12个: done and not yet done are all."""
        run = [one for one in self.all if not one.is_change]
        for at, rest in enumerate(run):
            match = UNDONE.search(rest.label)
            if at < 2 or not match or rest.start in self.used or self.carries:
                continue
            base, done = run[at - 2 : at]
            word = match["not"] or "办结"
            is_pair = word in done.label and "未" not in done.label
            is_one = base.unit == done.unit == rest.unit and base.value >= done.value
            if not is_pair or not is_one or word in base.label:
                continue
            found = Sum(base, (done, rest), self.sentence, self.sentence)
            if found.gap == 0:
                yield self._explained(found)
            elif judged := judge(found, "", is_sure=True):
                self.used |= {base.start, done.start, rest.start}
                yield judged

    def _remainder(
        self, parts: list[Quantity], bases: list[tuple[Quantity, Sentence]]
    ) -> Iterator[Outcome]:
        for base, home in bases:
            if sum((part.value for part in parts), Decimal()) == base.value:
                yield self._explained(Sum(base, tuple(parts), self.sentence, home))
                return
        base, home = bases[0]
        found = Sum(base, tuple(parts), self.sentence, home)
        is_sure = home in {self.sentence, self.sentence.before} and _is_total(base)
        if is_sure and (judged := judge(found, "", is_sure=True)):
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
        is_list = PURE.fullmatch(match[1]) or BARE.fullmatch(match[1])
        return match.start() - base.end <= 1 and bool(is_list)

    def bracketed(self) -> Iterator[Outcome]:
        """自然人12件（网上8件，信函4件）: parts of the quantity before the bracket."""
        for match in re.finditer(r"\(([^()]{6,})\)", self.sentence.text):
            inside = self.sentence.text[: match.end(1)]
            parts = [one for one in quantities(inside) if one.start > match.start()]
            base = next((one for one in reversed(self.all) if one.end <= match.start()), None)
            if base is None or base.is_change or match.start() - base.end > 12:
                continue
            if not parts and match.start() == base.end:
                parts = _bare_numbers(base, match)
            kin = kin_of(base, parts)
            if count := holding(base, kin):
                yield passed(Sum(base, tuple(kin[:count]), self.sentence, self.sentence))
            elif len(kin) >= 2 and (
                class_words(kin) >= 2 or "其中" in match[1] or self._is_pure(match, base)
            ):
                is_pure = self._is_pure(match, base)
                found = Sum(
                    base, tuple(kin if is_pure else until_stop(kin)), self.sentence, self.sentence
                )
                opening = match[1][: kin[0].start - match.start(1)]
                is_sure = is_pure and not re.search("其中|含|等|主要|[不未无]", match[1])
                if judged := judge(found, opening, is_sure=is_sure):
                    yield judged


def _bare_numbers(base: Quantity, match: re.Match[str]) -> list[Quantity]:
    """1000人次（现场600，电话400）: numbers without a unit have that of what they divide."""
    if not BARE.fullmatch(match[1]):
        return []
    found = []
    for piece in re.finditer(r"([^\d,、;]+)(\d+)", match[1]):
        start, end = match.start(1) + piece.start(2), match.start(1) + piece.end()
        part = replace(base, value=Decimal(piece[2]), start=start, end=end, label=piece[1], tail="")
        found.append(part)
    return found


def _items(base: Quantity, last: Sentence) -> list[Quantity]:
    """The amounts of sentences that tell one each, as the items of a list do."""
    found: list[Quantity] = []
    home: Sentence | None = last
    while home is not None:
        here = kin_of(base, quantities(outer(home.text)))
        if len(here) != 1 or not re.match(r"\s*[\d(一二三四五六七八九①-⑳]", home.text):
            break
        found.append(here[0])
        home = home.before
    return found[::-1]


def _is_total(one: Quantity) -> bool:
    return bool(SUMMED.search(one.label) or re.search(r"^\D{0,8}(?:收到|受理|新收)", one.label))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Between semicolons and full stops."""
    start = 0
    for match in re.finditer("[;。]|$", text):
        yield start, match.end()
        start = match.end()


def _closed_words(parts: Sequence[Quantity]) -> tuple[str, ...]:
    """The two halves or four quarters, 维持 and 撤销: a partition of which all is told."""
    for words in (CLASSES[4], *CLASSES[8:]):
        inside = [one for one in parts if any(word in one.label for word in words)]
        whole = len(words) if words in CLASSES[8:11] else 2
        if len(inside) >= whole and class_words(inside, words) >= whole:
            return words
    return ()


def _neighbour(sentence: Sentence) -> Sentence | None:
    """The sentence before; a heading such as （二）渠道。 between them is none."""
    home = sentence.before
    while home and home.before and (home.end - home.start <= 12 or _is_series(home.text)):
        home = home.before
    return home


def _is_series(text: str) -> bool:
    return bool(SERIES.search(text)) and "分别" in text


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
        text = outer(home.text)
        start = STARTER.search(text)
        here = [one for one in quantities(text) if not one.is_change]
        if _is_series(text):
            here = []
        if start and any(one.end <= start.start() for one in here):
            inner += [
                (one, home)
                for one in here
                if one.start >= start.start() and OF_THE_YEAR.search(one.label)
            ]
            here = [one for one in here if one.end <= start.start()]
        found += [(one, home) for one in here]
        home = home.before
    return [*sorted(found, key=lambda pair: not SUMMED.search(pair[0].label)), *inner]


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
