"""Rules of letters: in how many working days which letter is answered, as dated rows. Pure.

No national law fixes these days: each row says where its number was read, and a city puts its own
beside them. Rows marked as doubtful rest on one place's rule: see docs/letters.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mingtang.base.errors import DomainError
from mingtang.letters.rules.kinds import Kind, Source

LONGEST = 90


class NoLimit(DomainError):
    def __init__(self, on: date) -> None:
        super().__init__(f"{on} 还没有办理期限可用。请来信负责人先设置期限。")


@dataclass(frozen=True)
class Limit:
    """A row: of which kind and way ("" for every), since when, how many days, and who says so."""

    kind: str
    source: str
    since: date
    days: int
    extension_days: int
    basis: str
    is_doubtful: bool = True

    @property
    def weight(self) -> tuple[int, date]:
        """What names a way goes before what names a kind; then the later row."""
        return (2 * bool(self.source) + bool(self.kind), self.since)


_BEGIN = date(2008, 5, 1)
_BUREAU = "部门信访投诉办理规定（个别地方）"
_PROVINCE = "山东省级政务服务热线办法（2017）：15 个工作日，可延长 7 个工作日"
SHIPPED = (
    Limit("", "", _BEGIN, 15, 7, _PROVINCE),
    Limit(Kind.ENQUIRY, "", _BEGIN, 3, 7, f"{_BUREAU}：咨询、求助 3 个工作日"),
    Limit(Kind.HELP, "", _BEGIN, 3, 7, f"{_BUREAU}：咨询、求助 3 个工作日"),
    Limit(Kind.COMPLAINT, "", _BEGIN, 13, 7, f"{_BUREAU}：投诉 13 个工作日"),
    Limit("", Source.LEADER, _BEGIN, 5, 5, "领导信箱办理规则（个别地方）：5 个工作日"),
    Limit("", Source.PAGE_ERROR, _BEGIN, 3, 7, "网站“找错”留言：3 个工作日"),
    Limit("", Source.HOTLINE, _BEGIN, 5, 7, "济南市12345条例（2018）第二十二至三十条"),
)


def limit_of(rows: Iterable[Limit], kind: Kind, source: Source, on: date) -> Limit:
    """The row in force on a day that says most of a letter. Raises NoLimit."""
    fitting = [
        row
        for row in rows
        if row.since <= on and row.kind in {"", kind} and row.source in {"", source}
    ]
    if not fitting:
        raise NoLimit(on)
    return max(fitting, key=lambda row: row.weight)
