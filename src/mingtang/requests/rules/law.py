"""Rules of requests: the law as dated rows. What holds is chosen by the day of receipt. Pure.

Rows marked [K] rest on general knowledge and were not read in the text: see docs/requests.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from mingtang.base.errors import DomainError
from mingtang.requests.rules.people import Channel


class NoLawYet(DomainError):
    def __init__(self, on: date) -> None:
        super().__init__(
            f"{on} 还没有施行政府信息公开条例（2008-05-01 起施行）。请核对收到申请的日期。"
        )


class NoFee(DomainError):
    """What day has no tariff has no fee."""

    def __init__(self, on: date) -> None:
        why = (
            "只能收检索、复制、邮寄的成本费，标准由当地价格部门定，不由本系统计算"
            if on < date(2019, 5, 15)
            else "依申请公开不收费，信息处理费办法还没有施行"
        )
        super().__init__(f"{on} {why}。请不要开具收费通知。")


@dataclass(frozen=True)
class LawEdition:
    """One edition of the regulation. Days are working days; None: the law names no number."""

    code: str
    name: str
    since: date
    until: date | None
    reply_days: int
    extension_days: int
    correction_notice_days: int | None
    third_party_days: int | None
    joint_days: int | None  # None: the law knows no consultation of a joint organ
    asks_purpose: bool  # 生产、生活、科研等特殊需要
    asks_identity: bool
    may_ask_reasons: bool  # quantity and frequency, 《条例》第三十五条
    articles: dict[str, str]

    def article(self, what: str) -> str:
        """《政府信息公开条例》第三十三条, by what it is about."""
        return f"《政府信息公开条例》{self.articles.get(what, '')}"


LAWS = (
    LawEdition(
        code="492",
        name="政府信息公开条例（国务院令第492号）",
        since=date(2008, 5, 1),
        until=date(2019, 5, 14),
        reply_days=15,
        extension_days=15,
        correction_notice_days=None,
        third_party_days=None,
        joint_days=None,
        asks_purpose=True,
        asks_identity=False,
        may_ask_reasons=False,
        articles={
            "reply": "第二十四条",
            "extension": "第二十四条",
            "tolling": "第二十四条",
            "correction": "第二十一条",
            "third": "第二十三条",
            "fee": "第二十七条",
            "help": "第二十条、第二十八条",
        },
    ),
    LawEdition(
        code="711",
        name="政府信息公开条例（国务院令第711号）",
        since=date(2019, 5, 15),
        until=None,
        reply_days=20,
        extension_days=20,
        correction_notice_days=7,
        third_party_days=15,
        joint_days=15,
        asks_purpose=False,
        asks_identity=True,
        may_ask_reasons=True,
        articles={
            "reply": "第三十三条",
            "extension": "第三十三条",
            "tolling": "第三十三条",
            "correction": "第三十条",
            "third": "第三十二条",
            "joint": "第三十四条",
            "reasons": "第三十五条",
            "fee": "第四十二条",
            "active": "第四十四条",
            "help": "第二十九条、第四十三条",
            "receipt": "第三十一条",
        },
    ),
)


class Dated(Protocol):
    @property
    def since(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def _in_force(rows: Sequence[Row], on: date) -> Row | None:
    """The last row that has begun."""
    begun = [row for row in rows if row.since <= on]
    return max(begun, key=lambda row: row.since) if begun else None


def law_on(on: date) -> LawEdition:
    """The edition for a request received on a day. Raises NoLawYet."""
    found = _in_force(LAWS, on)
    if found is None:
        raise NoLawYet(on)
    return found


# ── when a request counts as received (R1–R5) ─────────────────────────────────────────────────


class Basis(StrEnum):
    """Which of the three days is the day of receipt."""

    SUBMITTED = "submitted"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        return {
            "submitted": "提交之日",
            "arrived": "签收（到达）之日",
            "confirmed": "双方确认之日",
        }[self]


@dataclass(frozen=True)
class ReceiptRule:
    """For these channels, from a day on, the day of receipt is this one."""

    channels: frozenset[Channel]
    since: date
    basis: Basis
    source: str
    is_same_day: bool = False  # the office confirms on the very day on which it arrived


_SAYS_RECEIVED = "2008 年条例只说“收到申请之日”，按到达之日计"
_INTERPRETATION = "国办公开办函〔2015〕207号"
_ART_31 = "《政府信息公开条例》第三十一条"
# The interpretation of 2015 bears no day in what we could read: the first day on which it was seen
# in public stands for it.
SINCE_2008, SINCE_2015, SINCE_2019 = date(2008, 5, 1), date(2015, 11, 18), date(2019, 5, 15)


def _rule(
    channels: Sequence[Channel], since: date, basis: Basis, source: str, *, same_day: bool = False
) -> ReceiptRule:
    return ReceiptRule(frozenset(channels), since, basis, source, same_day)


_SPOKEN = (Channel.COUNTER, Channel.PHONE)
RECEIPT_RULES = (
    _rule(_SPOKEN, SINCE_2008, Basis.SUBMITTED, "当面提交的，提交之日为收到申请之日"),
    _rule(
        *((Channel.REGISTERED, Channel.LETTER, Channel.INTERNET, Channel.FAX, Channel.EMAIL),),
        SINCE_2008,
        Basis.ARRIVED,
        _SAYS_RECEIVED,
    ),
    _rule((Channel.REGISTERED, Channel.EMAIL), SINCE_2015, Basis.ARRIVED, _INTERPRETATION),
    _rule((Channel.LETTER,), SINCE_2015, Basis.CONFIRMED, _INTERPRETATION, same_day=True),
    _rule((Channel.FAX, Channel.INTERNET), SINCE_2015, Basis.CONFIRMED, _INTERPRETATION),
    _rule(_SPOKEN, SINCE_2019, Basis.SUBMITTED, f"{_ART_31}第一项"),
    _rule((Channel.REGISTERED,), SINCE_2019, Basis.ARRIVED, f"{_ART_31}第二项"),
    _rule((Channel.LETTER,), SINCE_2019, Basis.CONFIRMED, f"{_ART_31}第二项", same_day=True),
    _rule(
        (Channel.FAX, Channel.INTERNET, Channel.EMAIL),
        SINCE_2019,
        Basis.CONFIRMED,
        f"{_ART_31}第三项",
    ),
)


class NotConfirmed(DomainError):
    def __init__(self) -> None:
        super().__init__("这种渠道的申请以双方确认之日为收到之日，请先与申请人联系并登记确认日期。")


def receipt_rule(channel: Channel, arrived: date) -> ReceiptRule:
    """The rule for a channel on the day on which something arrived. Raises NoLawYet."""
    found = _in_force([row for row in RECEIPT_RULES if channel in row.channels], arrived)
    if found is None:
        raise NoLawYet(arrived)
    return found


def received_on(
    channel: Channel, *, submitted: date, arrived: date, confirmed: date | None
) -> date:
    """The legal day of receipt. Raises NotConfirmed where the confirmation is still to come."""
    if arrived < submitted or (confirmed is not None and confirmed < arrived):
        raise DomainError(
            f"提交 {submitted}、到达 {arrived}、确认 {confirmed or '未填'}：先后不对，请核对日期。"
        )
    basis = receipt_rule(channel, arrived).basis
    if basis is Basis.CONFIRMED:
        if confirmed is None:
            raise NotConfirmed
        return confirmed
    return submitted if basis is Basis.SUBMITTED else arrived


# ── reconsideration and litigation ────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class RemedyLaw:
    """Terms in which a decision is contested, and whether reconsideration has to come first."""

    since: date
    reconsider_days: int  # calendar days
    sue_months: int
    sue_after_days: int
    is_reconsideration_first: bool
    first_basis: str = ""


REMEDY_LAWS = (
    RemedyLaw(date(2008, 5, 1), 60, 3, 15, False),
    RemedyLaw(date(2015, 5, 1), 60, 6, 15, False),
    RemedyLaw(
        *(date(2024, 1, 1), 60, 6, 15, True),
        first_basis="《行政复议法》第二十三条第一款第四项",
    ),
)


def remedy_law_on(on: date) -> RemedyLaw:
    """The terms for a decision of a day. Raises NoLawYet."""
    found = _in_force(REMEDY_LAWS, on)
    if found is None:
        raise NoLawYet(on)
    return found
