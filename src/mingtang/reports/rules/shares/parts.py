"""Rules of reports: A2, shares of a whole that the text itself names. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Finding, Outcome, Passed, Severity, error
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Percentage, Quantity, percentages, quantities
from mingtang.reports.rules.shares.claim import Claim, flat, is_known, is_right, percent, slack_of

ID = "A2"
_SHARE = re.compile(
    r"占(?!有|用|地)(?:[^%,;。]|,(?=\d{3})){0,24}$|所占比[重例]\D{0,4}$|占比\D{0,4}$|比[重例](?:为|是|达到?)$"
)
_ELSEWHERE = re.compile(r"占(?:全[市县区省国州镇乡局]|本市|同期)")
_PART = re.compile(r"[^,;。\d]{0,12},?\s*约?占")
_TOTAL = re.compile(r"共|总|累计|合计|全部|全年|加起来|相加|之和|小计")
_STOP = re.compile(r"[;。:]|,(?!\d{3}(?!\d))")
_BARE_SHARE = re.compile(
    r"[,、\s]*(?:约|分别|各|均|也|所|数量|比重|比例|已|大约|就)*\s*(?:占|比[重例])"
)
_BEHIND = re.compile(r"[,\s]*(?:为|即|计|有|共|共计|数量为)?\s*")


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
    before = [] if _opens(sentence, part, here) else list(_before(sentence, part.unit))
    summed = [one for one in [*here[::-1], *before] if re.search("共|总|累计|全年", one.label)]
    if behind:
        return [one for one in [*behind, *summed, *here] if one.value > 0]
    return [one for one in [*here[:1], *summed, *here[1:], *before] if one.value > 0]


def _opens(sentence: Sentence, part: Quantity, here: Sequence[Quantity]) -> bool:
    """在本年答复的37件中，同意公开8件: the sentence names its whole itself."""
    text = flat(sentence)
    return (
        bool(here)
        and here[0].value >= part.value
        and bool(
            _TOTAL.search(here[0].label) or re.match(r"[^,;。\d]{0,8}中[,:]?", text[here[0].end :])
        )
    )


def _before(sentence: Sentence, unit: str) -> Iterator[Quantity]:
    home = sentence.before
    for _ in range(2):
        if home is not None:
            yield from (one for one in quantities(flat(home)) if one.unit == unit)
            home = home.before


def _share_of(
    sentence: Sentence, share: Percentage, part: Quantity, found: Sequence[Quantity]
) -> Finding | Passed | None:
    wholes = _wholes(sentence, part, found)
    claim = Claim(ID, sentence, share, part.start)
    if not share.is_exact or not is_known(part):
        return None
    for whole in wholes:
        true, slack = percent(part.value, whole.value), slack_of(part, whole)
        if is_right(share, true, slack):
            return claim.judge(true, f"{spell(part.value)} ÷ {spell(whole.value)}", slack)
    text = flat(sentence)
    fitting = [
        one
        for one in wholes
        if one.value >= part.value
        and is_known(one)
        and not (one in found and _PART.match(text[one.end :]))  # a part with its own share
    ]
    fitting = fitting or [one for one in wholes if one not in found and is_known(one)][:1]
    if not fitting or _ELSEWHERE.search(sentence.text[part.end : share.start]):
        return None
    whole = fitting[0]
    if whole.slack or part.slack:
        slack = slack_of(part, whole)
        return claim.judge(
            percent(part.value, whole.value), f"{spell(part.value)} ÷ {spell(whole.value)}", slack
        )
    true = percent(part.value, whole.value)
    return _softened(sentence, share, true, claim, f"{spell(part.value)} ÷ {spell(whole.value)}")


def _is_trimmed(sentence: Sentence, share: Percentage, true: Decimal) -> bool:
    """The last digit was moved so that the shares make a hundred: a habit, no error."""
    shares = percentages(sentence.text)
    total = sum((one.value for one in shares), Decimal())
    return len(shares) >= 3 and total == 100 and abs(share.value - true) < share.step * 3 / 2


def _list_of_shares(
    sentence: Sentence, shares: Sequence[Percentage], found: Sequence[Quantity]
) -> Iterator[Outcome]:
    """A 60条、B 40条，分别占60%和40%: as many parts as percentages, a total between or not."""
    told = [one for one in found if one.end <= shares[0].start and not one.is_change]
    plain = [one for one in told if not _TOTAL.search(one.label)]
    before = plain if len(shares) <= len(plain) < len(told) else told
    if len(before) > len(shares) and before[-1].value == sum(
        one.value for one in before[-len(shares) - 1 : -1]
    ):
        before = before[:-1]  # the total of what stands before it
    parts = before[-len(shares) :]
    if len(parts) < len(shares) or len({one.unit for one in parts}) > 1:
        return
    total = sum((one.value for one in parts), Decimal())
    is_told = any(one.value == total and one.unit == parts[0].unit for one in told)
    for share, part in zip(shares, parts, strict=True):
        judged: Outcome | None
        if total > 0 and (is_told or is_right(share, percent(part.value, total))):
            how = f"{spell(part.value)} ÷ {spell(total)}"
            true = percent(part.value, total)
            judged = _softened(sentence, share, true, Claim(ID, sentence, share, part.start), how)
        else:
            judged = _share_of(sentence, share, part, before[: -len(shares)] + list(parts))
        if judged:
            yield judged


def _softened(
    sentence: Sentence, share: Percentage, true: Decimal, claim: Claim, how: str
) -> Finding | Passed:
    judged = claim.judge(true, how)
    if isinstance(judged, Finding) and _is_trimmed(sentence, share, true):
        return replace(judged, severity=Severity.WARN)
    return judged


def _part_named(
    clause: str, text: str, share: Percentage, found: Sequence[Quantity]
) -> Quantity | None:
    """工业、商贸分别为12件、8件，共20件，工业占60%: the amount by its name."""
    match = re.match(r"\s*(?:其中)?([\u4e00-\u9fff]{2,10}?)(?:约|所|共|各)?占", clause)
    earlier = [one for one in found if one.end <= share.start and not one.is_change]
    if not match or not earlier:
        return None
    name = match[1]
    called = [one for one in earlier if re.sub(r"[^\u4e00-\u9fff]", "", one.label).endswith(name)]
    if called:
        return called[0] if len(called) == 1 else None
    head = re.split("[,;。:]", text[: earlier[0].start])[-1].partition("分别")[0]
    names = re.split("[、和及与]", head)
    at = next((n for n, one in enumerate(names) if one.strip() == name), -1)
    return earlier[at] if 0 <= at < len(earlier) and len(names) > 1 else None


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
        text = flat(sentence)
        found = quantities(text)
        for run in _runs(text, percentages(text)):
            yield from _of_run(sentence, text, run, found)


def _of_run(
    sentence: Sentence, text: str, run: Sequence[Percentage], found: Sequence[Quantity]
) -> Iterator[Outcome]:
    before = text[: run[0].start]
    nearest = next((one for one in reversed(found) if one.end <= run[0].start), None)
    if not (_SHARE.search(before) or _is_beside(sentence, text, run[0], nearest)):
        return
    if len(run) > 1:
        yield from _list_of_shares(sentence, run, found)
        return
    start = max((stop.end() for stop in _STOP.finditer(before)), default=0)
    here = [one for one in found if start <= one.start and one.end <= run[0].start]
    inside = [one for one in here if "占" in text[start : one.start]]
    part: Quantity | None = nearest
    if inside:
        yield from _of_named(sentence, run[0], inside[-1], found)
        return
    is_beside = _is_beside(sentence, text, run[0], nearest)
    if not here and not is_beside and not _BARE_SHARE.match(text, start):
        part = _part_behind(text, run[0], found)
    if not part:
        part = _part_named(text[start : run[0].start], text, run[0], found)
    if part and not part.is_change and (judged := _share_of(sentence, run[0], part, found)):
        yield judged


def _is_beside(sentence: Sentence, text: str, share: Percentage, nearest: Quantity | None) -> bool:
    """12条（30%）: a percentage in brackets behind its amount."""
    return bool(
        nearest
        and re.fullmatch(r"[^,;。]{0,8},\s*", text[nearest.end : share.start])
        and "(" in sentence.text[nearest.end : share.start]
    )


def _of_named(
    sentence: Sentence, share: Percentage, whole: Quantity, found: Sequence[Quantity]
) -> Iterator[Outcome]:
    """提前办结50件，占办结总数100件的50%: the whole stands with the share."""
    earlier = [
        one
        for one in found
        if one.end <= whole.start and one.unit == whole.unit and not one.is_change and is_known(one)
    ]
    if not earlier or whole.value <= 0 or not (is_known(whole) and share.is_exact):
        return
    part = earlier[-1]
    how = f"{spell(part.value)} ÷ {spell(whole.value)}"
    claim = Claim(ID, sentence, share, part.start)
    yield claim.judge(percent(part.value, whole.value), how, slack_of(part, whole))


def _part_behind(text: str, share: Percentage, found: Sequence[Quantity]) -> Quantity | None:
    """网上公开占90%，为900条: the amount follows its share."""
    after = next((one for one in found if one.start >= share.end), None)
    is_told = after and _BEHIND.fullmatch(text[share.end : after.start])
    return after if is_told else None


_OF_ALL = re.compile(r"([^,;。:、]{1,16}?)占(?:比)?(?:约)?(\d+(?:\.\d+)?)%")


def check_wholes(document: Document, context: Context) -> Iterator[Outcome]:
    """A2: A占40%，B占35%，其他占25%: with the rest named, shares make a hundred."""
    for sentence in document.sentences:
        for piece in re.finditer(r"[^;。]+", flat(sentence)):
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
                yield Passed(ID, f"第{line}行：{spelt} ＝ {spell(total)}%")
            else:
                start, end = (piece.start() + at for at in (found[0].start(), found[-1].end()))
                why = f"连同其他在内，{spelt} ＝ {spell(total)}%，不是100%。"
                yield error(ID, line, sentence.raw[start:end], why, "各项占比合计100%")
