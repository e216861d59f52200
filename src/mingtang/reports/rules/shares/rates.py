"""Rules of reports: A4, rates that name what was done of what was to be done. Pure."""

import re
from collections.abc import Iterator, Sequence

from mingtang.reports.rules.amounts import clause_before
from mingtang.reports.rules.balances import Role, role_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Outcome
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Percentage, Quantity, percentages, quantities
from mingtang.reports.rules.shares.claim import Claim, flat, is_right, percent

ID = "A4"
_RATE = re.compile(
    r"(?P<how>[\u4e00-\u9fff]{0,6}?)(?P<what>[\u4e00-\u9fff]{2})率(?:均|都|也)?(?:分别)?(?:为|达到?|是|约|有)?\s*$"
)
# How a thing was done: a rate of it is a rate of the amount with the same word.
_HOW = re.compile(
    r"按时|按期|及时|限时|当场|提前|规定|即时|非常|基本|比较|首次|一次|平均|全程|网上"
)
_DONE = {
    "完成": "完成|实际|实现|落实",
    "答复": "答复|办结|办理|回复",
    "办结": "办结|办理|办完",
    "回复": "答复|办结|办理|回复",
}
_CUT = re.compile(r"精简|压缩|削减|缩减|压减|提速|增长|下降|减少|降低")  # A3 speaks of these
_DUE = re.compile(r"应|计划|目标|任务|须|需|共|总|全部|核定")
_OTHER = {Role.OPENING, Role.CLOSING}
_SPLIT = re.compile(r"[;。]")


def check_rates(document: Document, context: Context) -> Iterator[Outcome]:
    """A4: 收到20件，办结18件，办结率90%."""
    for sentence in document.sentences:
        text = flat(sentence)
        found = [one for one in quantities(text) if not one.is_change and one.is_exact]
        for share in percentages(text):
            match = _RATE.search(text[: share.start])
            if match and share.is_exact and not _CUT.fullmatch(match["what"]):
                yield from _rate(sentence, share, match, found)


def _rate(
    sentence: Sentence, share: Percentage, match: re.Match[str], found: Sequence[Quantity]
) -> Iterator[Outcome]:
    """Of the amounts told before a rate, the done and the due; held where any reading holds."""
    text = flat(sentence)
    pieces = [stop.end() for stop in _SPLIT.finditer(text[: share.start])]
    for start in (max(pieces, default=0), 0):
        before = [one for one in found if start <= one.start and one.end <= share.start]
        pairs = _pairs(text, before, match)
        if pairs:
            break
    else:
        return
    rates = [(done, due, percent(done.value, due.value)) for done, due in pairs]
    done, due, true = next((one for one in rates if is_right(share, one[2])), rates[0])
    claim = Claim(ID, sentence, share, min(done.start, due.start))
    yield claim.judge(true, f"{spell(done.value)} ÷ {spell(due.value)}")


def _pairs(
    text: str, before: Sequence[Quantity], match: re.Match[str]
) -> list[tuple[Quantity, Quantity]]:
    """(done, due), the likeliest first; none where the text does not name both."""
    how = _HOW.search(match["how"] + match["what"])
    words = _DONE.get(match["what"], match["what"])
    clauses = {one.start: clause_before(text, one) for one in before}
    able = [
        one
        for one in before
        if role_of(clauses[one.start], one.tail) not in _OTHER and not _is_due(clauses[one.start])
    ]
    done = [one for one in able if match["what"] in clauses[one.start]]
    done = done or [one for one in able if re.search(words, clauses[one.start])]
    done = [one for one in done if _manner(clauses[one.start]) == (how[0] if how else "")]
    if len(done) != 1:
        return _only_pair(match["what"], before) if not how else []
    others = [
        one
        for one in before
        if one is not done[0]
        and one.unit == done[0].unit
        and one.end <= done[0].start
        and one.value > 0
        and role_of(clauses[one.start], one.tail) not in _OTHER
    ]
    others.sort(key=lambda one: (not _is_due(clauses[one.start]), -one.start))
    is_sure = len(others) == 1 or (others and _is_due(clauses[others[0].start]))
    return [(done[0], one) for one in others] if is_sure else []


def _only_pair(what: str, before: Sequence[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """发出12份，收回9份，回收率75%: where nothing else is told, it is of these two."""
    if len(before) != 2 or before[0].unit != before[1].unit or before[0].value <= 0:
        return []
    is_done = set(what) <= set(before[1].label) and "其中" not in before[1].label
    return [(before[1], before[0])] if is_done and before[1].value <= before[0].value else []


def _is_due(clause: str) -> bool:
    return bool(re.search(r"应|计划|目标|任务|须", clause))


def _manner(clause: str) -> str:
    match = _HOW.search(clause)
    return match[0] if match else ""
