"""Rules: what must be true before an act on a case, and the sentence for when it is not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, DomainError
from mingtang.cases.rules.moves import Verb
from mingtang.cases.rules.states import State

SHORTEST_REASON = 2
RENEWAL_DAYS = 30  # 《行政许可法》第五十条: asked for thirty days before the licence expires
OFFICERS_ON_SITE = 2  # 《行政许可法》第三十四条


class ApplicantKind(StrEnum):
    NATURAL = "natural"
    LEGAL = "legal"

    @property
    def label(self) -> str:
        return {"natural": "个人", "legal": "企业或其他单位"}[self.value]


class Channel(StrEnum):
    """Where an application came in."""

    ONLINE = "online"
    COUNTER = "counter"
    TOWNSHIP = "township"
    VILLAGE = "village"
    JOINT = "joint"

    @property
    def label(self) -> str:
        return {
            "online": "网上申报",
            "counter": "窗口收件",
            "joint": "并联申报",
            "township": "乡镇便民服务中心代收",
            "village": "村便民服务点代收",
        }[self.value]


class HandOverWay(StrEnum):
    WINDOW = "window"
    POST = "post"
    PROXY = "proxy"

    @property
    def label(self) -> str:
        return {"window": "窗口领取", "post": "邮寄", "proxy": "代理人领取"}[self.value]


class Outcome(StrEnum):
    """What was decided. Stored."""

    GRANTED = "granted"
    GRANTED_PARTLY = "granted_partly"
    REFUSED = "refused"
    DEEMED_GRANTED = "deemed_granted"

    @property
    def label(self) -> str:
        return {
            "granted": "准予",
            "granted_partly": "部分准予",
            "refused": "不予",
            "deemed_granted": "视为准予延续",
        }[self.value]

    @property
    def is_grant(self) -> bool:
        return self is not Outcome.REFUSED


OUTCOME_OF = {
    Verb.GRANT: Outcome.GRANTED,
    Verb.GRANT_PARTLY: Outcome.GRANTED_PARTLY,
    Verb.REFUSE: Outcome.REFUSED,
    Verb.DEEM_GRANTED: Outcome.DEEMED_GRANTED,
}
DECISIONS = frozenset({Verb.GRANT, Verb.GRANT_PARTLY, Verb.REFUSE})


class PauseReason(StrEnum):
    """《行政许可法》第四十五条: what alone stops the limits; the item must have declared it."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"

    @property
    def label(self) -> str:
        return _PAUSES[self][0]

    def is_named_in(self, declared: str) -> bool:
        """Whether a special procedure, as an item calls it, is this one."""
        return any(word in declared for word in _PAUSES[self])


_PAUSES = {
    PauseReason.HEARING: ("听证",),
    PauseReason.TENDER: ("招标",),
    PauseReason.AUCTION: ("拍卖",),
    PauseReason.INSPECTION: ("检验",),
    PauseReason.TESTING: ("检测",),
    PauseReason.QUARANTINE: ("检疫",),
    PauseReason.APPRAISAL: ("鉴定",),
    PauseReason.EXPERT_REVIEW: ("专家评审", "专家审查", "专家论证"),
}


class TerminationReason(StrEnum):
    DEATH = "death"
    DISSOLUTION = "dissolution"
    OBJECT_GONE = "object_gone"

    @property
    def label(self) -> str:
        return {
            "death": "申请人死亡或者丧失行为能力",
            "dissolution": "申请单位依法终止",
            "object_gone": "申请事项的标的已不存在",
        }[self.value]


class RequestKind(StrEnum):
    """What a handler asks for and somebody else approves."""

    PAUSE = "pause"
    EXTENSION = "extension"

    @property
    def label(self) -> str:
        return {"pause": "特别程序", "extension": "延期"}[self.value]


# ── refusals ──────────────────────────────────────────────────────────────────────────────────


class MissingReason(DomainError):
    pass


class NotNow(Conflict):
    """The case is where the act starts from, but something else stands against it."""


class SamePerson(DomainError):
    def __init__(self) -> None:
        super().__init__("审查与决定不能由同一人办理，请由另一位有审批权限的同事作出决定。")


class NoAuthority(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("您的授权书不含本事项的这项决定，或不在有效期内。请由部门审批人决定。")


class OwnCase(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("这是您本人的申请，不能由您自己办理。请转给同事。")


class StepsUnfinished(DomainError):
    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"还有环节没有完成：{'、'.join(names)}。请待其完成后再作决定。")


class Unsealed(NotNow):
    """A decision is in writing and what it grants bears the agency's seal: it leaves the house
    with it or not at all (《行政许可法》第三十八条、第三十九条)."""

    def __init__(self, titles: Iterable[str]) -> None:
        super().__init__(
            f"{'、'.join(titles)}还没有盖章登记，不能送达。请先盖章，登记“盖章”后再送达。"
        )


class Bounced(NotNow):
    """What was handed over wrongly is the window's to mend before the department goes on."""

    def __init__(self) -> None:
        super().__init__(
            "本件已退回窗口，等窗口补好重新移交以后再办。办理时限不停，请联系窗口尽快。"
        )


class AlreadyClaimed(Conflict):
    def __init__(self, by: str) -> None:
        super().__init__(f"该环节已由{by}领取，请刷新页面。")


class SecondRound(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "补正只能一次性告知，本件已告知过一次。确需再次补正的，请由窗口负责人批准后告知。"
        )


# ── checks ────────────────────────────────────────────────────────────────────────────────────


def check_reason(text: str, what: str = "理由") -> str:
    """The text, trimmed. Raises MissingReason for one that says nothing."""
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise MissingReason(f"请写明{what}（至少两个字）。")
    return text


def check_decision(verb: Verb, reason: str, legal_basis: str, remedies: str) -> None:
    """A refusal states its reason, its basis in law and the remedies (《行政许可法》第三十八条).

    A grant in part refuses the rest, so that it states them too.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise MissingReason("请写明决定的理由（至少两个字）。")
    if verb is Verb.GRANT:
        return
    if not legal_basis.strip():
        raise MissingReason("不予或部分准予的决定须写明法律依据，请填写“法律依据”。")
    if not remedies.strip():
        raise MissingReason("不予或部分准予的决定须告知救济途径，请先在程序设置中写明。")


def check_separation(decider_ids: Iterable[int], examiner_ids: Iterable[int]) -> None:
    """Who examined a case, or for whom it was examined, does not decide it."""
    if set(decider_ids) & set(examiner_ids):
        raise SamePerson


def check_pause(reason: PauseReason, declared: Iterable[str], days: int) -> None:
    """The item has declared this special procedure, and the notice tells how long it takes."""
    names = list(declared)
    if not any(reason.is_named_in(name) for name in names):
        shown = f"只公开了：{'、'.join(names)}" if names else "没有公开特别程序"
        raise DomainError(
            f"本事项{shown}，不能因“{reason.label}”停止计时。请按已公开的程序办理，或先修改办事指南。"
        )
    if not 1 <= days <= 365:
        raise DomainError("请写明特别程序预计需要多少个工作日（1 至 365）。")


def check_extension(
    *, days: int, most: int, due: date | None, today: date, is_extended: bool
) -> None:
    """Once, before the limit is over, by as many days as the procedure allows.

    《行政许可法》第四十二条: ten working days, with the approval of the head of the agency.
    """
    if is_extended:
        raise NotNow("本件已经延期一次，不能再次延期。")
    if due is None or not most:
        raise DomainError("本事项没有法定时限，或所属程序不允许延期。请在承诺时限内办结。")
    if today > due:
        raise NotNow(f"法定时限已于 {due} 届满，不能再延期。请尽快办结并说明情况。")
    if not 1 <= days <= most:
        raise DomainError(f"延期天数须为 1 至 {most} 个工作日，现填 {days}。请更正。")


def check_missing(
    chosen: Sequence[Mapping[str, Any]], note: str, known: Collection[str]
) -> list[dict[str, str]]:
    """What is missing, line by line, all at once: material ids of the edition, and a note."""
    lines = [{"id": one["id"], "name": one["name"], "text": one.get("text", "")} for one in chosen]
    unknown = [one["name"] for one in lines if one["id"] not in known]
    if unknown:
        raise DomainError(f"办事指南没有要求“{'、'.join(unknown)}”，不能要求补正这些材料。")
    if not lines and len(note.strip()) < SHORTEST_REASON:
        raise MissingReason("请勾选要补正的材料，或写明需要补正的全部内容。")
    return lines


def check_bounced(is_bounced: bool) -> None:
    if is_bounced:
        raise Bounced


def check_officers(kind: str, companion: str) -> None:
    """On-the-spot verification takes two officers (《行政许可法》第三十四条)."""
    if kind == "site_visit" and len(companion.strip()) < SHORTEST_REASON:
        raise DomainError("现场踏勘须有两名以上工作人员，请填写同行人员姓名。")


def check_sealed(unsealed: Iterable[str]) -> None:
    """No result leaves the house while its decision waits for the seal."""
    titles = list(unsealed)
    if titles:
        raise Unsealed(titles)


def is_renewal_in_time(asked_on: date, expires_on: date) -> bool:
    return asked_on <= expires_on - timedelta(days=RENEWAL_DAYS)


def check_resident(state: State) -> None:
    """Delivery may be chosen until the result has left the house."""
    if not state.is_open:
        raise NotNow(f"办件现为“{state.label}”，不能再改领取方式。")


REMEDIES = "如不服本决定，可依法申请行政复议或提起行政诉讼；期限和机关以决定书载明的为准。"
