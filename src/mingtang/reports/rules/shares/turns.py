"""Rules of reports: A3, this year against the year before, and things that went from to. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from mingtang.reports.rules.amounts import (
    Amount,
    amounts_of,
    clause_before,
    name_of,
    words_of,
    year_at,
)
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Finding, Outcome, Passed, error
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Percentage, Quantity, percentages, quantities
from mingtang.reports.rules.shares.claim import Claim, flat, is_right, percent

ID = "A3"
_RISE = re.compile(
    r"(?:增长|增加|上升|提高|增幅|升高|增收|净增|新增|多[出发收办印]?)(?:了|率|幅度)?(?:约|达到?|为|是)?\s*$"
)
_FALL = re.compile(
    r"(?:下降|减少|降低|降幅|回落|减幅|压减|缩减|减收|少[发收办印]?)(?:了|率|幅度)?(?:约|达到?|为|是)?\s*$"
)
_THAN = re.compile(r"(?:同比|增长率|增幅)\D{0,3}$")
_LAST = re.compile(
    r"(?<=[较比与])(?:年初|上年[末底]|去年[末底])|(?:上一?年度?|去年|前一年|上年同期|去年同期)(?!增|减|结转|多|少|下|上)"
)
_TURNED = re.compile(r"(?:[比较]|与)[^,;。]{0,12}(?:上一?年|去年|\d{4}年|同期)|同比")
_FROM = re.compile(r"(?:由|从)(?:原来的?|原有的?|上年的?|去年的?|\d{4}年的?)?\s*$")
_TO = re.compile(r"[^,;。\d]{0,10}(?:至|到|为|成)(?:了|今年的?|目前的?|现在的?|\d{4}年的?)?\s*")
_ADDED = re.compile(
    r",?\s*(?:共|净)?(?:[降增减升]幅(?:为|达到?)?|增加|减少|增长|下降|压减|压缩|缩减|缩短|精简|降低|提高|上升)(?:了|率|幅度)?\s*$"
)
_IS_BEFORE = re.compile(r",?(?:即|也就是)?(?:由|从)(?:原来的?|上年的?|去年的?|\d{4}年的?)?\s*")
_LIKELY = 15  # percentage points within which an amount of another sentence is surely meant
_SPLIT = re.compile(r"[;。]")


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
    claim = Claim(ID, sentence, share, start)
    if not readings or not share.is_exact:
        return None
    for now, last, _ in readings:
        true = turn.sign * percent(now - last, last)
        if is_right(share, true):
            return claim.judge(true, _how(now, last))
    now, last, _ = readings[0]
    return claim.judge(turn.sign * percent(now - last, last), _how(now, last))


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
    claim = Claim(ID, sentence, share, min(last[0].start, share.start))
    true = [(sign * percent(now - last[0].value, last[0].value), now) for now in amounts]
    true.sort(key=lambda pair: abs(pair[0] - share.value))
    if not true or abs(true[0][0] - share.value) > _LIKELY:
        return None
    return claim.judge(true[0][0], _how(true[0][1], last[0].value))


def _check_change_alone(
    sentence: Sentence, change: Quantity, sign: int, found: Sequence[Quantity], year: int | None
) -> Finding | Passed | None:
    """2015年为98210条，增加14146条: the difference from an amount of a sentence before."""
    text = flat(sentence)
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
        found = [one for one in quantities(flat(home)) if not one.is_change and one.is_exact]
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
            return Passed(ID, text + spell(turn.sign * change.value))
    now, last = pairs[0]
    true = abs(now.value - last.value)
    word = "增加" if now.value >= last.value else "减少"
    quote = sentence.raw[min(now.start, last.start) : change.end]
    why = f"{spell(now.value)} 与 {spell(last.value)} 相比，{word} {spell(true)}{change.unit}。"
    return error(ID, line, quote, why, f"{word}{spell(true)}{change.unit}")


def check_years(document: Document, context: Context) -> Iterator[Outcome]:
    """A3: 比上年增加…，增长x%."""
    period = period_of(document, context.year)
    year = period.year if period else None
    for sentence in document.sentences:
        text = flat(sentence)
        is_last = year is not None and text.lstrip().startswith(f"{year - 1}年")
        told: list[Outcome] = []
        if is_last or _TURNED.search(text) or _LAST.search(text):
            told = list(_turns_in(sentence, text, year))
            yield from told
        if year is not None and not told:
            yield from _far_turns(document, sentence, year)


def _far_turns(document: Document, sentence: Sentence, year: int) -> Iterator[Outcome]:
    """全年公开120条，增长20%, with the 100 of the year before in another sentence."""
    text = flat(sentence)
    all_found = quantities(text)
    for share in percentages(text):
        sign = _direction(text[: share.start])
        now, last = _far_pair(document, sentence, share.start, all_found, year)
        if now and sign and share.is_exact:
            true = sign * percent(now.value - last, last)
            yield Claim(ID, sentence, share, now.start).judge(true, _how(now.value, last))
    for change in all_found:
        sign = _direction(text[: change.start])
        if not (change.is_change and sign and change.is_exact):
            continue
        now, last = _far_pair(document, sentence, change.start, all_found, year)
        if now and now.unit == change.unit:
            told = Turn([now], [replace(now, value=last)], None, sign)
            yield from filter(None, [_check_change(sentence, told, change)])


def _far_pair(
    document: Document, sentence: Sentence, at: int, found: Sequence[Quantity], year: int
) -> tuple[Quantity | None, Decimal]:
    """The nearest amount before a place of which another sentence tells last year's."""
    text = flat(sentence)
    for now in reversed(found):
        is_near = now.end <= at and not re.search("[;。]", text[now.end : at])
        if is_near and now.is_exact and not now.is_change:
            lasts = _lasts(document, sentence, text, now, year)
            if lasts:
                return now, lasts[0]
    return None, Decimal()


def _lasts(
    document: Document, sentence: Sentence, text: str, now: Quantity, year: int
) -> list[Decimal]:
    """Amounts of the same thing in the year before, told elsewhere; one value, or none is sure."""
    what, more, _ = words_of(clause_before(text, now), name_of(document))
    if not what or year_at(text, now.start, year) != year:
        return []
    mine = Amount(now, sentence, year, what, more)
    found = [
        one.value
        for one in amounts_of(document, year)
        if one.year == year - 1 and one.is_of(mine) and one.value > 0
    ]
    return list(dict.fromkeys(found))[:1] if len(set(found)) == 1 else []


def _is_move(found: Sequence[Quantity], at: int) -> bool:
    """由200辆降至150辆，降幅25%: of what it went from, whichever year that was."""
    before = [one for one in found if one.end <= at]
    return len(before) > 1 and bool(
        _FROM.search(before[-2].label) and _TO.fullmatch(before[-1].label)
    )


def _turns_in(sentence: Sentence, text: str, year: int | None) -> Iterator[Outcome]:
    all_found = quantities(text)
    for share in percentages(text):
        before = text[: share.start]
        start = max((stop.end() for stop in _SPLIT.finditer(before)), default=0)
        found = [one for one in all_found if one.start >= start]
        if (not _direction(before) and not _THAN.search(before)) or _is_move(found, share.start):
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
        text = flat(sentence)
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
                if share.end <= old.start and _IS_BEFORE.fullmatch(text[share.end : old.start]):
                    yield from _told_before(sentence, text, share, turn)


def _told_before(sentence: Sentence, text: str, share: Percentage, turn: Turn) -> Iterator[Outcome]:
    """同比增长20%，由上年的1000条增加到1200条: the percentage goes before its two amounts."""
    if _direction(text[: share.start]) or _THAN.search(text[: share.start]):
        first = replace(turn.now[0], start=share.start)
        judged = _check_turn(sentence, share, replace(turn, now=[first]))
        yield from filter(None, [judged])
