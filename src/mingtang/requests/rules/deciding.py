"""Rules of requests: what a decision may say, and how it may be contested. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mingtang.base.errors import DomainError, NotAllowed
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.kinds import WITHHOLDING, Demand, Group, Kind, outcome_of
from mingtang.requests.rules.law import RemedyLaw, remedy_law_on

LEAST_REASON = 5


class BadDecision(DomainError):
    """A decision that its record does not carry."""


class SamePerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__("拟写答复和批准答复须是两个人。请由另一位负责人批准。")


@dataclass(frozen=True)
class Part:
    """One part of a decision: what of the request, of which kind, on which basis, why."""

    scope: str
    kind: Kind
    basis: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Record:
    """What the file of a request holds, as far as a decision leans on it."""

    consulted: tuple[tuple[PartyRole, Answer], ...] = ()
    has_open_consultation: bool = False
    search_count: int = 0
    correction_count: int = 0
    has_earlier: bool = False
    are_reasons_asked: bool = False

    @property
    def was_objected(self) -> bool:
        return (PartyRole.THIRD, Answer.OBJECT) in self.consulted


_MISSING = {
    Demand.CONSULTED: "“{kind}”须先书面征求第三方意见，请登记征求意见的情况。",
    Demand.SEARCHED: "“{kind}”须有检索记录：在哪里、用什么词、找到什么。请先登记检索。",
    Demand.CORRECTED: "“{kind}”须先一次性告知补正并收到补正，请先办理补正。",
    Demand.EARLIER: "“{kind}”须关联以前已答复的申请，请先“关联以前的申请”。",
    Demand.EXPLAINED: "“{kind}”须先要求申请人说明理由，请先发说明理由告知书。",
    Demand.STATUTE: "“{kind}”须写明禁止公开的法律、行政法规名称和条款，请填写依据。",
    Demand.CORRECTION_LAPSED: "“{kind}”只能在补正逾期后，由工作人员确认。",
    Demand.PAYMENT_LAPSED: "“{kind}”只能在缴费逾期后，由工作人员确认。",
    Demand.NEVER_A_PART: "“{kind}”由各部分合起来得出，请分别写明公开和不公开的部分。",
}


def _is_met(demand: Demand, part: Part, record: Record) -> bool:
    match demand:
        case Demand.CONSULTED:
            return any(role is PartyRole.THIRD for role, _answer in record.consulted)
        case Demand.SEARCHED:
            return record.search_count > 0
        case Demand.CORRECTED:
            return record.correction_count > 0
        case Demand.EARLIER:
            return record.has_earlier
        case Demand.EXPLAINED:
            return record.are_reasons_asked
        case Demand.STATUTE:
            return bool(part.basis.strip())
    return False


def check_parts(parts: Sequence[Part], record: Record, override: str = "") -> Kind:
    """The row of table 3 that the parts make. Raises BadDecision.

    `override`: why what a third party objects to is given all the same (第三十二条).
    """
    if not parts:
        raise BadDecision("答复至少要有一个部分，请写明对哪项内容、怎样处理。")
    if record.has_open_consultation:
        raise BadDecision("还有征求意见没有结果，请先登记反馈意见，再拟写答复。")
    for part in parts:
        _check_part(part, record)
    if record.was_objected and any(part.kind is Kind.A for part in parts) and not override.strip():
        raise BadDecision(
            "第三方不同意公开。要公开的，请写明不公开会对公共利益造成什么重大影响，"
            "并书面告知第三方（《条例》第三十二条）；或者只公开不涉及第三方的部分并说明。"
        )
    return outcome_of([part.kind for part in parts])


def _check_part(part: Part, record: Record) -> None:
    name = part.kind.name_in_full
    if not part.scope.strip():
        raise BadDecision(f"请写明“{name}”说的是申请中的哪项内容。")
    for demand in sorted(part.kind.row.demands):
        if not _is_met(demand, part, record):
            raise BadDecision(_MISSING[demand].format(kind=name))
    if part.kind is not Kind.A and len(part.reason.strip()) < LEAST_REASON:
        raise BadDecision(f"“{name}”须说明理由（至少 {LEAST_REASON} 个字）。")


def check_two(first: int | None, others: Iterable[int | None]) -> None:
    """Who approves is nobody who drafted. Raises SamePerson."""
    if first is not None and first in set(others):
        raise SamePerson


# ── how a decision may be contested ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bodies:
    """Where decisions of an organ are contested."""

    reconsideration: str
    court: str


def is_reconsideration_first(
    kinds: Iterable[Kind], on: date, more: Collection[Kind] = frozenset()
) -> bool:
    """Whether a decision of a day has to go to reconsideration before a court.

    What is withheld (C1–C8), in part too, from 2024-01-01 (《行政复议法》第二十三条第一款第四项).
    Whether other kinds do is for an installation to say: `more`.
    """
    named = WITHHOLDING | frozenset(more)
    return remedy_law_on(on).is_reconsideration_first and bool(named & set(kinds))


def remedy_text(
    kinds: Sequence[Kind], on: date, bodies: Bodies, more: Collection[Kind] = frozenset()
) -> str:
    """What a letter of a day says of how to contest it. A letter that gives all says it too."""
    law = remedy_law_on(on)
    if is_reconsideration_first(kinds, on, more):
        return _first(law, bodies, is_part=any(kind is Kind.A for kind in kinds))
    return (
        f"对本答复不服的，可以自收到之日起 {law.reconsider_days} 日内向{bodies.reconsideration}"
        f"申请行政复议，也可以自收到之日起 {law.sue_months} 个月内向{bodies.court}提起行政诉讼。"
    )


def _first(law: RemedyLaw, bodies: Bodies, *, is_part: bool) -> str:
    what = "本答复中不予公开的部分" if is_part else "本答复"
    return (
        f"对{what}不服的，应当自收到之日起 {law.reconsider_days} 日内先向{bodies.reconsideration}"
        f"申请行政复议（{law.first_basis}）；对行政复议决定不服的，可以自收到复议决定书之日起"
        f" {law.sue_after_days} 日内向{bodies.court}提起行政诉讼。"
        "未经行政复议，不能直接提起行政诉讼。"
    )


def groups_of(kinds: Iterable[Kind]) -> list[Group]:
    return list(dict.fromkeys(kind.group for kind in kinds))
