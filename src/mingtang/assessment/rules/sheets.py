"""Rules of assessment: the life of a period sheet, who may do what, refusals. Pure."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict, DomainError, NotAllowed

EDITORS = frozenset({Role.CENTRE_MANAGER, Role.REFORM_OFFICE})
OVERSEERS = EDITORS | {Role.INSPECTOR, Role.STEERING_GROUP}
# Who reads the sheets of their own unit and may object to them.
SUBJECTS = frozenset(
    {
        *(Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE, Role.APPROVER, Role.HANDLER),
        *(Role.CLERK, Role.GENERAL_CLERK, Role.SECTION_CONTACT),
    }
)
READERS = OVERSEERS | SUBJECTS
SPEAKERS = frozenset({Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE, Role.APPROVER})
OBSERVERS = EDITORS | {Role.INSPECTOR}


class SheetState(StrEnum):
    """Draft, published for objections, locked."""

    DRAFT = "draft"
    PUBLISHED = "published"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        return {"draft": "草稿", "published": "公示中", "locked": "已锁定"}[self.value]

    @property
    def tone(self) -> str:
        return {"draft": "warn", "published": "info", "locked": "ok"}[self.value]


class NotNow(Conflict):
    """The sheet has another state than the act needs."""


class SamePerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__("人工记分须由另一位同事核对后确认，登记人自己不能确认。")


class ConfirmedAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("这条记分已经确认过了，请刷新页面。")


def need(state: str, *allowed: SheetState, act: str) -> None:
    """Raises NotNow unless a sheet is in one of these states."""
    if SheetState(state) not in allowed:
        wanted = "、".join(one.label for one in allowed)
        raise NotNow(f"考核表现在是“{SheetState(state).label}”，{act}须在{wanted}时进行。")


def check_entry(points: Decimal, reason: str, evidence: str) -> None:
    """A manual entry says how much, why, and where that can be looked up."""
    if points == 0 or abs(points) > 100 or points != round(points, 2):
        raise DomainError("分数应是 −100 到 100 之间、最多两位小数的数，不能是 0。")
    if len(reason.strip()) < 2:
        raise DomainError("请写明记分的理由。")
    if len(evidence.strip()) < 2:
        raise DomainError("请写明依据在哪里可以查到，例如文号、巡查记录、投诉编号。")


def check_in_time(due: date | None, today: date) -> None:
    """Objections come within the days after publishing."""
    if due is None or today > due:
        until = f"到 {due} 为止" if due else "还没有开始"
        raise NotNow(f"异议期{until}，现在不能提出异议。确有错误的，请联系考核办公室。")


def check_may_lock(due: date | None, today: date, open_count: int, waiting_count: int) -> None:
    """Locked when the days for objections are over, all are answered and no entry waits."""
    if due is None or today <= due:
        raise NotNow(f"异议期到 {due} 为止，期满后才能锁定。")
    if open_count:
        raise NotNow(f"还有 {open_count} 条异议没有答复，答复后才能锁定。")
    if waiting_count:
        raise NotNow(f"还有 {waiting_count} 条人工记分没有确认，确认后才能锁定。")
