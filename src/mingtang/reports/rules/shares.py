"""Rules of reports: percentages and comparisons with the year before, in running text. Pure.

A percentage is recomputed only where the text itself names what it is a percentage of.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Finding, Outcome, Passed, Severity, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Percentage, Quantity, percentages, quantities

SHARE_ID, YEAR_ID, RATE_ID = "A2", "A3", "A4"
_SHARE = re.compile(
    r"占(?!有|用|地)[^%,;。]{0,24}$|所占比[重例]\D{0,4}$|占比\D{0,4}$|比[重例](?:为|是|达到?)$"
)
_ELSEWHERE = re.compile(r"占(?:全[市县区省国州镇乡局]|本市|同期)")
_RISE = re.compile(
    r"(?:增长|增加|上升|提高|增幅|升高|增收|净增|多)(?:了|率|幅度)?(?:约|达到?|为|是)?\s*$"
)
_FALL = re.compile(
    r"(?:下降|减少|降低|降幅|回落|减幅|压减|缩减|减收|少)(?:了|率|幅度)?(?:约|达到?|为|是)?\s*$"
)
_THAN = re.compile(r"(?:同比|增长率|增幅)\D{0,3}$")
_LAST = re.compile(r"(?:上一?年度?|去年|前一年|上年同期|去年同期)(?!增|减|结转|多|少|下|上)")
_TURNED = re.compile(r"(?:[比较]|与)[^,;。]{0,12}(?:上一?年|去年|\d{4}年|同期)|同比")
_ON_TIME = re.compile(r"按时|按期|及时|限时|满意|当场|提前|规定")
_RATE = re.compile(r"([\u4e00-\u9fff]{2})率(?:均|都)?(?:为|达到?|是)?\s*$")
_FROM = re.compile(r"(?:由|从)(?:原来的?|原有的?|上年的?|去年的?|\d{4}年的?)?\s*$")
_TO = re.compile(r"[^,;。\d]{0,10}(?:至|到|为|成)(?:了|今年的?|目前的?|现在的?|\d{4}年的?)?\s*")
_ADDED = re.compile(
    r",?\s*(?:共|净)?(?:增加|减少|增长|下降|压减|缩减|精简|降低|提高|上升)(?:了|率|幅度)?\s*$"
)
_PART = re.compile(r"[^,;。\d]{0,12},?\s*约?占")
_LIKELY = 15  # percentage points within which an amount of another sentence is surely meant
_SPLIT = re.compile(r"[;。]")


def _flat(sentence: Sentence) -> str:
    """Brackets read like commas: (占30%) stands beside what it is a share of."""
    return sentence.text.replace("(", ",").replace(")", ",")


def written(value: Decimal, places: int) -> str:
    return spell(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _is_right(share: Percentage, true: Decimal) -> bool:
    return abs(share.value - true) <= share.step / 2 + Decimal("0.000001")


def _is_cut(share: Percentage, true: Decimal) -> bool:
    """Cut off instead of rounded: bad manners, but no error."""
    return Decimal() <= true - share.value < share.step


@dataclass(frozen=True, slots=True)
class Claim:
    """A percentage with what it is computed from: `part` of `whole`."""

    id: str
    sentence: Sentence
    share: Percentage
    start: int

    @property
    def quote(self) -> str:
        return self.sentence.raw[self.start : self.share.end]

    def judge(self, true: Decimal, how: str) -> Finding | Passed:
        line = self.sentence.line(self.share.start)
        right = written(true, self.share.places)
        if _is_right(self.share, true):
            return Passed(self.id, f"第{line}行：{how} ＝ {spell(self.share.value)}%")
        why = f"{how} ＝ {right}%，文中写的是 {spell(self.share.value)}%。"
        if _is_cut(self.share, true):
            return warn(self.id, line, self.quote, why + "像是没有四舍五入。", f"{right}%")
        return error(self.id, line, self.quote, why, f"{right}%")


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return part * 100 / whole


# ── shares ────────────────────────────────────────────────────────────────────────────────────


def _wholes(sentence: Sentence, part: Quantity, found: Sequence[Quantity]) -> list[Quantity]:
    """What the part may be a part of, the likeliest first: totals, then earlier quantities."""
    here = [
        one
        for one in found
        if one.end <= part.start and one.unit == part.unit and not one.is_change
    ]
    behind = [
        one
        for one in found
        if one.start > part.end and one.unit == part.unit and re.search("总|共|合计", one.label)
    ]
    before: list[Quantity] = []
    home = sentence.before
    for _ in range(2):
        if home is not None:
            before += [one for one in quantities(_flat(home)) if one.unit == part.unit]
            home = home.before
    summed = [one for one in [*here[::-1], *before] if re.search("共|总|累计|全年", one.label)]
    if behind:
        return [one for one in [*behind, *summed, *here] if one.value > 0]
    return [one for one in [*here[:1], *summed, *here[1:], *before] if one.value > 0]


def _share_of(
    sentence: Sentence, share: Percentage, part: Quantity, found: Sequence[Quantity]
) -> Finding | Passed | None:
    wholes = _wholes(sentence, part, found)
    claim = Claim(SHARE_ID, sentence, share, part.start)
    if not share.is_exact or not part.is_exact:
        return None
    for whole in wholes:
        if _is_right(share, _percent(part.value, whole.value)):
            return claim.judge(
                _percent(part.value, whole.value), f"{spell(part.value)} ÷ {spell(whole.value)}"
            )
    text = _flat(sentence)
    fitting = [
        one
        for one in wholes
        if one.value >= part.value
        and one.is_exact
        and not (one in found and _PART.match(text[one.end :]))  # a part with its own share
    ]
    if not fitting or _ELSEWHERE.search(sentence.text[part.end : share.start]):
        return None
    whole = fitting[0]
    true = _percent(part.value, whole.value)
    judged = claim.judge(true, f"{spell(part.value)} ÷ {spell(whole.value)}")
    if isinstance(judged, Finding) and _is_trimmed(sentence, share, true):
        return replace(judged, severity=Severity.WARN)
    return judged


def _is_trimmed(sentence: Sentence, share: Percentage, true: Decimal) -> bool:
    """The last digit was moved so that the shares make a hundred: a habit, no error."""
    shares = percentages(sentence.text)
    total = sum((one.value for one in shares), Decimal())
    return len(shares) >= 3 and total == 100 and abs(share.value - true) < share.step * 3 / 2


def _list_of_shares(
    sentence: Sentence, shares: Sequence[Percentage], found: Sequence[Quantity]
) -> Iterator[Outcome]:
    """A 60条、B 40条，分别占60%和40%: as many parts as percentages."""
    before = [one for one in found if one.end <= shares[0].start and not one.is_change]
    parts = before[-len(shares) :]
    if len(parts) < len(shares) or len({one.unit for one in parts}) > 1:
        return
    total = sum((one.value for one in parts), Decimal())
    for share, part in zip(shares, parts, strict=True):
        if total > 0 and _is_right(share, _percent(part.value, total)):
            how = f"{spell(part.value)} ÷ {spell(total)}"
            yield Claim(SHARE_ID, sentence, share, part.start).judge(
                _percent(part.value, total), how
            )
        elif judged := _share_of(sentence, share, part, before[: -len(shares)] + list(parts)):
            yield judged


def _runs(text: str, shares: Sequence[Percentage]) -> list[list[Percentage]]:
    """Percentages that are one list: 60%、30%和10%."""
    runs: list[list[Percentage]] = []
    for share in shares:
        if runs and re.fullmatch(r"[、,和及与\s]{1,3}", text[runs[-1][-1].end : share.start]):
            runs[-1].append(share)
        else:
            runs.append([share])
    return runs


def check_shares(document: Document, context: Context) -> Iterator[Outcome]:
    """A2: 占总数的x%."""
    for sentence in document.sentences:
        text = _flat(sentence)
        found = quantities(text)
        for run in _runs(text, percentages(text)):
            before = text[: run[0].start]
            nearest = next((one for one in reversed(found) if one.end <= run[0].start), None)
            is_beside = (
                nearest is not None
                and re.fullmatch(r"[^,;。]{0,8},\s*", text[nearest.end : run[0].start])
                and "(" in sentence.text[nearest.end : run[0].start]
            )
            if nearest is None or not (_SHARE.search(before) or is_beside):
                continue
            if len(run) > 1:
                yield from _list_of_shares(sentence, run, found)
            elif not nearest.is_change and (judged := _share_of(sentence, run[0], nearest, found)):
                yield judged


_OF_ALL = re.compile(r"([^,;。:、]{1,16}?)占(?:比)?(?:约)?(\d+(?:\.\d+)?)%")


def check_wholes(document: Document, context: Context) -> Iterator[Outcome]:
    """A2: A占40%，B占35%，其他占25%: with the rest named, shares make a hundred."""
    for sentence in document.sentences:
        for piece in re.finditer(r"[^;。]+", _flat(sentence)):
            found = list(_OF_ALL.finditer(piece[0]))
            is_list = len(found) >= 3 and re.search(r"^(?:其他|其它|其余)", found[-1][1])
            if not is_list or "约" in piece[0] or quantities(piece[0][found[0].start() :]):
                continue
            total = sum((Decimal(one[2]) for one in found), Decimal())
            places = max(len(one[2].partition(".")[2]) for one in found)
            slack = Decimal(len(found)).scaleb(-places) / 2
            line = sentence.line(piece.start() + found[-1].start())
            spelt = "＋".join(f"{one[2]}%" for one in found)
            if abs(total - 100) <= slack:
                yield Passed(SHARE_ID, f"第{line}行：{spelt} ＝ {spell(total)}%")
            else:
                start, end = (piece.start() + at for at in (found[0].start(), found[-1].end()))
                why = f"连同其他在内，{spelt} ＝ {spell(total)}%，不是100%。"
                yield error(SHARE_ID, line, sentence.raw[start:end], why, "各项占比合计100%")


# ── year on year ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Turn:
    """A comparison: this year's amount, last year's, the difference, its direction."""

    now: list[Quantity]
    last: list[Quantity]
    change: Quantity | None
    sign: int


def _is_last(text: str, one: Quantity, document_year: int | None) -> bool:
    """Whether a quantity is the year before's."""
    pieces = re.split(r"[,;。:]", text[: one.start])
    clause = pieces[-1] if pieces[-1].strip() or len(pieces) < 2 else pieces[-2]
    if _direction(text[: one.start]) or (one.is_change and not re.search(r"[比较与]", clause)):
        return False
    if _LAST.search(clause):
        return True
    year = f"{document_year - 1}年" if document_year else ""
    return bool(year) and year in clause and not re.search("增|减|多|少", clause)


def _direction(before: str) -> int:
    return 1 if _RISE.search(before) else -1 if _FALL.search(before) else 0


def _turn(text: str, at: int, found: Sequence[Quantity], year: int | None) -> Turn | None:
    """The comparison whose percentage (or difference) stands at a place."""
    before = [one for one in found if one.end <= at]
    last = [one for one in found if _is_last(text, one, year)]
    changes = [
        one for one in before if one.is_change and one not in last and _direction(text[: one.start])
    ]
    now = [one for one in before if not one.is_change and one not in last]
    change = changes[-1] if changes else None
    if change and now and any(one.start > change.end for one in now):
        change = None  # another amount has been named since
    sign = _direction(text[:at]) or (_direction(text[: change.start]) if change else 0)
    return Turn(now[::-1], last[::-1], change, sign or 1) if now else None


def _readings(turn: Turn) -> Iterator[tuple[Decimal, Decimal, str]]:
    """(this year, last year, how it is known), the likeliest first."""
    for now in turn.now:
        for last in turn.last:
            if now.unit == last.unit and last.value > 0 and now.is_exact and last.is_exact:
                yield now.value, last.value, ""
        change = turn.change
        if change and change.unit == now.unit and now.is_exact and change.is_exact:
            last_value = now.value - turn.sign * change.value
            if last_value > 0:
                yield now.value, last_value, ""


def _check_turn(sentence: Sentence, share: Percentage, turn: Turn) -> Finding | Passed | None:
    readings = list(_readings(turn))
    start = turn.now[0].start
    claim = Claim(YEAR_ID, sentence, share, start)
    if not readings or not share.is_exact:
        return None
    for now, last, _ in readings:
        true = turn.sign * _percent(now - last, last)
        if _is_right(share, true):
            return claim.judge(true, _how(now, last))
    now, last, _ = readings[0]
    return claim.judge(turn.sign * _percent(now - last, last), _how(now, last))


def _check_alone(
    sentence: Sentence, share: Percentage, text: str, found: Sequence[Quantity], year: int | None
) -> Finding | Passed | None:
    """2014年同期公开938条，同比增加11.5%: this year's amount stands in a sentence before."""
    last = [one for one in found if _is_last(text, one, year) and one.is_exact]
    told = [one for one in found if not one.is_change]
    if told != last or len(last) != 1 or last[0].value <= 0 or not share.is_exact:
        return None
    sign = _direction(text[: share.start]) or 1
    amounts = [one.value for one in _heads(sentence) if one.unit == last[0].unit]
    claim = Claim(YEAR_ID, sentence, share, min(last[0].start, share.start))
    true = [(sign * _percent(now - last[0].value, last[0].value), now) for now in amounts]
    true.sort(key=lambda pair: abs(pair[0] - share.value))
    if not true or abs(true[0][0] - share.value) > _LIKELY:
        return None
    return claim.judge(true[0][0], _how(true[0][1], last[0].value))


def _check_change_alone(
    sentence: Sentence, change: Quantity, sign: int, found: Sequence[Quantity], year: int | None
) -> Finding | Passed | None:
    """2015年为98210条，增加14146条: the difference from an amount of a sentence before."""
    text = _flat(sentence)
    last = [one for one in found if not one.is_change]
    if len(last) != 1 or not _is_last(text, last[0], year) or last[0].unit != change.unit:
        return None
    near = [
        one
        for one in _heads(sentence)
        if one.unit == change.unit
        and abs(one.value - last[0].value - sign * change.value) * 10 <= one.value
    ]
    if not near:
        return None
    fitting = [one for one in near if one.value - last[0].value == sign * change.value]
    now = replace((fitting or near)[0], start=last[0].start)
    return _check_change(sentence, Turn([now], last, None, sign), change)


def _behind(text: str, share: Percentage, found: Sequence[Quantity]) -> Quantity | None:
    """同比增长6.5%，增加320条: the difference behind the percentage."""
    after = next((one for one in found if one.start >= share.end), None)
    is_told = after and after.is_change and _ADDED.fullmatch(text[share.end : after.start])
    return after if is_told else None


def _heads(sentence: Sentence) -> Iterator[Quantity]:
    """The first amount of each of the three sentences before, and those called a total."""
    home = sentence.before
    for _ in range(3):
        if home is None:
            return
        found = [one for one in quantities(_flat(home)) if not one.is_change and one.is_exact]
        yield from (one for at, one in enumerate(found) if at == 0 or re.search("共|总", one.label))
        home = home.before


def _how(now: Decimal, last: Decimal) -> str:
    return f"（{spell(now)} － {spell(last)}）÷ {spell(last)}"


def _check_change(sentence: Sentence, turn: Turn, change: Quantity) -> Finding | Passed | None:
    """This year − last year = the difference, where all three are written."""
    pairs = [
        (now, last)
        for now in turn.now
        for last in turn.last
        if now.unit == last.unit == change.unit and now.is_exact and last.is_exact
    ]
    if not pairs or not change.is_exact:
        return None
    line = sentence.line(change.start)
    for now, last in pairs:
        if turn.sign * (now.value - last.value) == change.value:
            text = f"第{line}行：{spell(now.value)} － {spell(last.value)} ＝ "
            return Passed(YEAR_ID, text + spell(turn.sign * change.value))
    now, last = pairs[0]
    true = abs(now.value - last.value)
    word = "增加" if now.value >= last.value else "减少"
    quote = sentence.raw[min(now.start, last.start) : change.end]
    why = f"{spell(now.value)} 与 {spell(last.value)} 相比，{word} {spell(true)}{change.unit}。"
    return error(YEAR_ID, line, quote, why, f"{word}{spell(true)}{change.unit}")


def check_years(document: Document, context: Context) -> Iterator[Outcome]:
    """A3: 比上年增加…，增长x%."""
    period = period_of(document, context.year)
    year = period.year if period else None
    for sentence in document.sentences:
        text = _flat(sentence)
        is_last = year is not None and text.lstrip().startswith(f"{year - 1}年")
        if not (is_last or _TURNED.search(text) or _LAST.search(text)):
            continue
        yield from _turns_in(sentence, text, year)


def _turns_in(sentence: Sentence, text: str, year: int | None) -> Iterator[Outcome]:
    all_found = quantities(text)
    for share in percentages(text):
        before = text[: share.start]
        start = max((stop.end() for stop in _SPLIT.finditer(before)), default=0)
        found = [one for one in all_found if one.start >= start]
        if not _direction(before) and not _THAN.search(before):
            continue
        turn = _turn(text, share.start, found, year)
        if turn and not turn.change and (behind := _behind(text, share, found)):
            turn = replace(turn, change=behind)
        if (turn and (judged := _check_turn(sentence, share, turn))) or (
            not turn and (judged := _check_alone(sentence, share, text, all_found, year))
        ):
            yield judged
    for change in all_found:
        start = max((stop.end() for stop in _SPLIT.finditer(text[: change.start])), default=0)
        found = [one for one in all_found if one.start >= start]
        if not change.is_change or not _direction(text[: change.start]):
            continue
        turn = _turn(text, change.start, found, year)
        sign = _direction(text[: change.start])
        if turn is None and (judged := _check_change_alone(sentence, change, sign, found, year)):
            yield judged
        if turn and change not in turn.last:
            fixed = Turn(turn.now, turn.last, None, sign)
            if judged := _check_change(sentence, fixed, change):
                yield judged


def check_moves(document: Document, context: Context) -> Iterator[Outcome]:
    """A3: 由156个精简为98个，减少58个，减少37.2%: from, to, the difference and the share."""
    for sentence in document.sentences:
        text = _flat(sentence)
        found = quantities(text)
        for at, (old, new) in enumerate(pairwise(found)):
            is_move = _FROM.search(old.label) and _TO.fullmatch(new.label)
            if not is_move or old.unit != new.unit or not (old.is_exact and new.is_exact):
                continue
            rest = found[at + 2 :]
            turn = Turn([new], [old], None, 1 if new.value >= old.value else -1)
            if rest and rest[0].unit == old.unit and _ADDED.fullmatch(rest[0].label):
                yield from filter(None, [_check_change(sentence, turn, rest[0])])
            stop = next((one.start for one in rest if not one.is_change), len(text))
            for share in percentages(text[:stop]):
                if share.start > new.end and _ADDED.search(text[new.end : share.start]):
                    yield from filter(None, [_check_turn(sentence, share, turn)])
                    break


# ── rates ─────────────────────────────────────────────────────────────────────────────────────


def check_rates(document: Document, context: Context) -> Iterator[Outcome]:
    """A4: 收到20件，办结18件，办结率90%."""
    for sentence in document.sentences:
        text = _flat(sentence)
        found = [one for one in quantities(text) if not one.is_change]
        for share in percentages(text):
            match = _RATE.search(text[: share.start])
            if match and share.is_exact and not _ON_TIME.search(match[0]):
                yield from _rate(sentence, share, match[1], found)


def _rate(
    sentence: Sentence, share: Percentage, what: str, found: Sequence[Quantity]
) -> Iterator[Outcome]:
    """Only where one amount was taken in and one was done, in the rate's own word."""
    text = _flat(sentence)
    start = max((stop.end() for stop in _SPLIT.finditer(text[: share.start])), default=0)
    before = [one for one in found if start <= one.start and one.end <= share.start]
    words = f"{what}|办结|办理" if what in {"答复", "办结", "回复"} else what
    done = [one for one in before if what in one.label]
    done = done or [one for one in before if re.search(words, one.label)]
    taken = [one for one in before if one not in done]
    is_plain = len(taken) == 1 and len(done) == 1 and taken[0].unit == done[0].unit
    if is_plain and taken[0].value > 0 and taken[0].end <= done[0].start:
        if _ON_TIME.search(done[0].label + "率"):
            return
        claim = Claim(RATE_ID, sentence, share, taken[0].start)
        how = f"{spell(done[0].value)} ÷ {spell(taken[0].value)}"
        yield claim.judge(_percent(done[0].value, taken[0].value), how)
