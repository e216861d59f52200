"""Rules of reports: what was there, what came, what went, what is left, in running text. Pure.

上年结转＋新收＝应办＝办结＋结转下年, in the sentence that tells them; of requests, over several.
Money and anything else that is carried from year to year is no different.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise, product

from mingtang.reports.rules.amounts import Amount, amounts_in, clause_before, year_at
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, Sentence
from mingtang.reports.rules.findings import Outcome, Passed, error, warn
from mingtang.reports.rules.numerals import spell
from mingtang.reports.rules.quantities import Quantity, quantities

_ID = "I1"


class Role(StrEnum):
    """What an amount is in the course of a year."""

    OPENING = "上年结转"
    TAKEN = "新收"
    DUE = "应办"
    DONE = "办结"
    CLOSING = "结转下年度"


_LAST = r"(?:上一?年度?|去年|上一?年末|上年底|以前年度|往年|\d{4}年度?)"
_OPENING = re.compile(
    rf"{_LAST}的?(?:申请)?(?:结转(?!至|到|下|次|入\d|\d)|结存|结余|未办[结完]|遗留|转入|转来|滚存)|(?:结转|遗留)自?上年"
    r"|年初(?:的)?(?:结存|结转|结余|未办[结完]|在办|存量|余额|库存)|期初|(?:去|上)年结转"
)
_CLOSING = re.compile(
    r"结转(?:至|到|入)?(?:下|次|明|\d{4}|$)|转(?:入|至|到)?(?:下|次|\d{4})(?:一)?年|年[末底](?:的)?(?:结存|结转|结余|未办结|在办|余额|库存|尚)"
    r"|期末|(?:正在|尚在|仍在|还在)(?:办理|处理|审理)|尚未办[结理完]|未办[结完复]|在办|待办|办理中|处理中|延续至|顺延|跨年|期末"
)
_DUE = re.compile(
    r"应(?:予)?(?:办|答复|处理|办结|回复)|需(?:要)?(?:办|答复|处理)|须办|办理总[数量]|可用(?:资金|经费)"
)
_DONE = re.compile(
    r"办[结完]|已答|期内办|办理完毕|答复|已办|处理完毕|办复|支出|处理了|完成办理|回复"
)
_TAKEN = re.compile(r"新收|新受理|新增|收到|受理|接收|接到|收件|拨入|拨付|收入|安排|当年收|新接")
_ATTRIBUTE = re.compile(
    r"按[时期]|提前|及时|当[场日天]|即时|逾期|超期|延期|率|平均|限|予以|不予|部分|同意|通过|[上下]半年|季度"
    r"|网[上络站页]|线[上下]|窗口|信函|现场|当面|邮[寄件]|传真|电话|平台|通过|每|日均"
)
_REST = re.compile(r"^(?:其余|剩余|余下|余|其他|尚有|还有|另有|尚余|仍有)")


def role_of(before: str, tail: str) -> Role | None:
    """By the words around a number, those before it first."""
    clean = re.sub("^[、,;]*(?:其中)?", "", before)
    if _OPENING.search(before) or re.match(r"(?:为|是|系)上年", tail):
        return Role.OPENING
    if _CLOSING.search(before) or ((_REST.search(clean) or clean == "") and _CLOSING.search(tail)):
        return Role.CLOSING
    if _DUE.search(before):
        return Role.DUE
    if _ATTRIBUTE.search(before):
        return None
    if _DONE.search(before):
        return Role.DONE
    return Role.TAKEN if _TAKEN.search(before) else None


@dataclass(frozen=True, slots=True)
class _Part:
    role: Role
    quantity: Quantity
    sentence: Sentence

    @property
    def value(self) -> Decimal:
        return self.quantity.value


Parts = Mapping[Role, Sequence[_Part]]


def _parts(sentence: Sentence, year: int) -> list[_Part]:
    """The amounts of a sentence that have a role; brackets too, 含上年结转3件."""
    found = []
    for one in quantities(sentence.text):
        before = clause_before(sentence.text, one)
        role = role_of(before, one.tail) if one.is_exact and not one.is_change else None
        is_own = role is Role.OPENING or year_at(sentence.text, one.start, year) == year
        if role and is_own:
            found.append(_Part(role, one, sentence))
    for at, (part, then) in enumerate(pairwise(found)):
        between = sentence.text[part.quantity.end : then.quantity.start]
        is_within = part.role is Role.TAKEN and then.role is Role.OPENING
        if is_within and re.match(r"[,(]*(?:其中)?[,:]?(?:含|包括|包含|其中)", between):
            found[at] = replace(part, role=Role.DUE)  # 收到20件（含上年结转2件）
    return found


def _by_role(parts: Sequence[_Part], unit: str) -> dict[Role, list[_Part]]:
    found: dict[Role, list[_Part]] = {}
    for part in parts:
        if part.quantity.unit == unit:
            found.setdefault(part.role, []).append(part)
    return found


_EQUATIONS = (
    ((Role.OPENING, Role.TAKEN), (Role.DUE,)),
    ((Role.DUE,), (Role.DONE, Role.CLOSING)),
    ((Role.OPENING, Role.TAKEN), (Role.DONE, Role.CLOSING)),
)


def _judge(known: Parts, left: Sequence[Role], right: Sequence[Role]) -> Outcome | None:
    """One equation, held where any reading of its roles makes it hold."""
    names = (*left, *right)
    if not all(name in known for name in names):
        return None
    for chosen in product(*(known[name] for name in names)):
        values = [part.value for part in chosen]
        is_far = chosen[0].sentence is not chosen[1].sentence  # 收到…（含结转）
        is_with = is_far and left == _EQUATIONS[0][0] and values[1] == sum(values[2:])
        if sum(values[: len(left)]) == sum(values[len(left) :]) or is_with:
            return Passed(_ID, _spelt(chosen, len(left)))
    chosen = tuple(known[name][0] for name in names)
    last = max(chosen, key=lambda part: part.quantity.end)
    first = min(part.quantity.start for part in chosen if part.sentence is last.sentence)
    quote = last.sentence.raw[first : last.quantity.end]
    why = f"{_spelt(chosen, len(left))}，两边不等。"
    return error(_ID, last.sentence.line(first), quote, why, "两边相等")


def _spelt(parts: Sequence[_Part], cut: int) -> str:
    names = [f"{part.role.value}{spell(part.value)}" for part in parts]
    return f"{'＋'.join(names[:cut])}，{'＋'.join(names[cut:])}"


def check_balances(document: Document, context: Context) -> Iterator[Outcome]:
    """I1 in words."""
    period = period_of(document, context.year)
    year = period.year if period else 0
    seen: list[_Part] = []
    for sentence in document.sentences:
        parts = _parts(sentence, year)
        if _is_about_requests(document, sentence):
            seen += parts
        for unit in dict.fromkeys(part.quantity.unit for part in parts):
            known = _by_role(parts, unit)
            yield from _of_sentence(document, _with_above(sentence, known, unit, year), year)
    if document.requests is None:
        yield from _of_requests(document, seen)


def _is_about_requests(document: Document, sentence: Sentence) -> bool:
    title = document.chapters[sentence.chapter].title
    return "申请" in title or "申请" in sentence.text


def _with_above(
    sentence: Sentence, known: dict[Role, list[_Part]], unit: str, year: int
) -> dict[Role, list[_Part]]:
    """办结8件，余2件转下年, with what was received in the sentences right above."""
    if set(known) != {Role.DONE, Role.CLOSING}:
        return known
    whole, home = dict(known), sentence.before
    for _ in range(2):
        if home is None or re.search("投诉|建议|咨询|复议|诉讼", home.text):
            return known
        above = _by_role(_parts(home, year), unit)
        whole = {**above, **whole}
        if Role.TAKEN in above and "申请" in home.text:
            return whole if Role.OPENING in whole or Role.DUE in whole else known
        home = home.before
    return known


def _of_sentence(
    document: Document, known: dict[Role, list[_Part]], year: int
) -> Iterator[Outcome]:
    if len(known) < 3 and not {Role.DUE, Role.OPENING} & set(known):
        return
    part = next(iter(known.values()))[0]
    if Role.TAKEN not in known and _is_about_requests(document, part.sentence):
        known = {**known, **_taken_elsewhere(document, part, year)}
    yield from filter(None, (_judge(known, left, right) for left, right in _EQUATIONS))


def _taken_elsewhere(document: Document, part: _Part, year: int) -> dict[Role, list[_Part]]:
    """What another sentence says was received: the amount of the year, told plainly."""
    found = [
        _Part(Role.TAKEN, one.quantity, sentence)
        for sentence in document.sentences
        if sentence is not part.sentence and _is_about_requests(document, sentence)
        for one in amounts_in(sentence, year)
        if one.year == year and one.quantity.unit == part.quantity.unit and _is_intake(one)
    ]
    return {Role.TAKEN: found} if len({one.value for one in found}) == 1 else {}


def _is_intake(one: Amount) -> bool:
    """收到申请25件, or 收到当面申请…，共计25件."""
    if not re.fullmatch("(?:全[省市州县区镇乡])?", one.more):
        return False
    text = one.sentence.text[: one.quantity.start]
    is_closing = re.search(r"(?:共计|合计|总计)$", text) and not one.what
    return set(one.what) == {"收", "求"} or bool(
        is_closing and re.search(r"(?:收到|受理)[^。]*申请", text)
    )


def _of_requests(document: Document, parts: Sequence[_Part]) -> Iterator[Outcome]:
    """Over sentences, where each is told once."""
    known = _by_role(
        [part for part in parts if part.quantity.unit in {"件", "份", "条", "项"}], "件"
    )
    is_alone = {part.sentence for part in parts if part.role in {Role.OPENING, Role.CLOSING}}
    if any(len({part.value for part in found}) > 1 for found in known.values()) or not is_alone:
        return
    if Role.TAKEN not in known or Role.DONE not in known or len(is_alone) > 2:
        return
    if Role.OPENING in known and Role.CLOSING in known:
        yield from filter(None, [_judge(known, *_EQUATIONS[2])])
    else:
        yield from _half_told(known)


def _half_told(known: Parts) -> Iterator[Outcome]:
    """Only what came over, or only what goes on: the other may be nothing, or left untold."""
    values = {role: found[0].value for role, found in known.items()}
    left = values[Role.TAKEN] + values.get(Role.OPENING, Decimal())
    right = values[Role.DONE] + values.get(Role.CLOSING, Decimal())
    place = (known.get(Role.CLOSING) or known.get(Role.OPENING) or known[Role.DONE])[0]
    names = [f"{role.value}{spell(value)}" for role, value in values.items()]
    if left == right:
        yield Passed(_ID, "，".join(names))
        return
    quote = place.sentence.raw[
        place.quantity.start - len(place.quantity.label) : place.quantity.end
    ]
    yield warn(
        _ID,
        place.sentence.line(place.quantity.start),
        quote,
        f"{'，'.join(names)}，两边不等。",
        "两边相等",
    )
