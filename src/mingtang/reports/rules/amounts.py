"""Rules of reports: what each number of the text is an amount of, and of which year. Pure.

Two amounts are of one thing where their words are the same once what every report says of every
number is left out; that is how statements of different chapters are held against each other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mingtang.reports.rules.documents import Document, Sentence
from mingtang.reports.rules.quantities import Quantity, quantities
from mingtang.reports.rules.tables import Row

OTHER_TIME = 0  # since 2008, in a month, until some day: no whole year
_YEAR = re.compile(
    r"(?P<since>(?:自|从)[^,;。]{0,24}?(?:以来|至今|起(?!草)|开始)|[^,;。]{0,12}(?:实施|施行)以来)"
    r"|(?P<year>(?:19|20)\d\d)年"
    r"|(?P<last>(?:上一?年(?!初)|去年|前一年|上年同期|去年同期)(?!度?(?:末|底)?(?:结转|未办[结完]|结存|结余|遗留|转)))"
    r"|(?P<this>今年|本年|全年|当年|本报告期|报告年度|年内)"
)
_CARRIED = re.compile(r"\s*度?(?:末|底)?(?:结转|未办[结完]|结存|结余|遗留|转)")
_INTO = re.compile(r"结转(?:至|到|入|下)?\s*$|转入\s*$")
_COMPARED = re.compile(r"(?:[比较]|相比|对比|与|同)\s*$")
_CLAUSE = re.compile(r"[,;。:()]")
# Words by which a thing is the same, however it is put.
_ALIKE = (
    (re.compile(r"(?:政府信息|信息)?公开的?申请|依?申请(?:公开)?"), "求"),
    (re.compile(r"结转|转入|未办结"), "转"),
    (re.compile(r"收到|受理|接收|接到|接受|收件|办件|新收"), "收"),
    (re.compile(r"办结|答复|办理完毕|办复"), "结"),
    (re.compile(r"主动公开|公开|发布|公布"), "开"),
)
_SIGNS = "收结开求转"
_EMPTY = re.compile(
    r"\d{4}年度?|(?:上一?|去|前一|今|本|全|当|上)年(?:度|同期)?|截[至止]|本报告期|年?底|12月31日"
    r"|共计|总共|一共|累计|合计|总计|总量|总数|数量|全部|共|总|新|主动|政府|信息|文件|各类|各种|各项|事项|业务"
    r"|[我本](?:局|镇|县|市|区|乡|街道|机关|单位|中心|部门|委|办|院|校|系统)|全局|本行政机关"
    r"|[的了为达到至有是在计于由量数件条个项各其已经并就对]|\s"
)
_ORGAN = re.compile(
    r"[\u4e00-\u9fff]{0,12}?(?:中心|局|镇|乡|办公室|政府|街道|委员会|机关|办事处)(?=[收结开求转新]|共|主动|累计|$)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the text: `what` is its kind (收求: requests received), `more` the rest."""

    quantity: Quantity
    sentence: Sentence
    year: int
    what: str
    more: str
    organ: str = ""  # whose it is, where that is said and is not the report's own

    @property
    def value(self) -> Decimal:
        return self.quantity.value

    def is_of(self, other: "Amount") -> bool:
        """Whether both are amounts of one thing, to the word."""
        return (self.what, self.more, self.quantity.unit) == (
            other.what,
            other.more,
            other.quantity.unit,
        )

    def is_like(self, other: "Amount") -> bool:
        return bool(self.what) and (self.what, self.quantity.unit) == (
            other.what,
            other.quantity.unit,
        )


def clause_before(text: str, one: Quantity) -> str:
    """What stands before a number since the last stop or number."""
    cut = max((stop.end() for stop in _CLAUSE.finditer(text, 0, one.start)), default=0)
    start = max(cut, one.start - len(one.label))
    return text[start : one.start].lstrip("、")


def words_of(text: str, name: str = "") -> tuple[str, str, str]:
    """(kind, other words, organ) of what stands before a number in a report of `name`."""
    text = re.sub(r"\d{4}年度?", "", text.replace(name, "") if name else text)
    for pattern, sign in _ALIKE:
        text = pattern.sub(sign, text)
    organ = _ORGAN.search(text)
    plain = _EMPTY.sub("", _ORGAN.sub("", text))
    what = "".join(sign for sign in _SIGNS if sign in plain)
    who = _EMPTY.sub("", organ[0]) if organ else ""
    return what, re.sub(f"[{_SIGNS}]", "", plain), who


def year_at(text: str, at: int, own: int) -> int:
    """The year of which a place in a sentence tells; `own` where nothing else is said."""
    start = max((stop.end() for stop in _CLAUSE.finditer(text, 0, at)), default=0)
    found = own
    for match in _YEAR.finditer(text, 0, at):
        if _INTO.search(text[: match.start()]) or _CARRIED.match(text, match.end()):
            continue
        is_compared = _COMPARED.search(text[: match.start()])
        if is_compared and match.start() < start:
            continue
        found = _year_of(match, own)
    return found


def _year_of(match: re.Match[str], own: int) -> int:
    if match["since"]:
        return OTHER_TIME
    if match["year"]:
        return int(match["year"])
    return own - 1 if match["last"] else own


def amounts_in(sentence: Sentence, own: int, name: str = "") -> Iterator[Amount]:
    text = sentence.text
    for one in quantities(text):
        if one.is_exact and not one.is_change:
            words = words_of(clause_before(text, one), name)
            yield Amount(one, sentence, year_at(text, one.start, own), *words)


def name_of(document: Document) -> str:
    """The organ in the title: 江山市行政服务中心2013年…."""
    title = document.title.text if document.title else ""
    return re.split(r"(?:19|20)\d\d|[一二][〇零○]|关于", title)[0].strip()


@lru_cache(maxsize=16)
def amounts_of(document: Document, own: int) -> tuple[Amount, ...]:
    """Every exact amount of the running text of a report on the year `own`."""
    name = name_of(document)
    return tuple(one for sentence in document.sentences for one in amounts_in(sentence, own, name))


def received(document: Document) -> Decimal | None:
    """Applications of the year, as table three has them."""
    return document.requests.total((Row.NEW,)) if document.requests else None
