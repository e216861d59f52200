"""Rules of access: roles, grants, scopes, sign-in limits. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mingtang.base.errors import DomainError, NotAllowed


class Role(StrEnum):
    """What a person does at an organisation. Stored; retired members stay."""

    CLERK = "clerk"
    GENERAL_CLERK = "general_clerk"
    WINDOW_LEAD = "window_lead"
    CHIEF_REPRESENTATIVE = "chief_representative"
    HANDLER = "handler"
    APPROVER = "approver"
    CENTRE_MANAGER = "centre_manager"
    INSPECTOR = "inspector"
    REFORM_OFFICE = "reform_office"
    STEERING_GROUP = "steering_group"
    SECTION_CONTACT = "section_contact"
    DISCLOSURE_OFFICE = "disclosure_office"
    DISCLOSURE_HEAD = "disclosure_head"
    SECRECY_REVIEWER = "secrecy_reviewer"
    PROJECT_OFFICE = "project_office"
    AGENT = "agent"
    LETTER_OFFICE = "letter_office"
    LETTER_HEAD = "letter_head"
    VILLAGE_CLERK = "village_clerk"
    VILLAGE_SUPERVISOR = "village_supervisor"
    VILLAGE_OFFICE = "village_office"
    SYSTEM_ADMIN = "system_admin"
    AUDIT_ADMIN = "audit_admin"
    SECURITY_ADMIN = "security_admin"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.CLERK: "窗口工作人员",
    Role.GENERAL_CLERK: "综合窗口工作人员",
    Role.WINDOW_LEAD: "窗口负责人",
    Role.CHIEF_REPRESENTATIVE: "首席代表",
    Role.HANDLER: "承办人",
    Role.APPROVER: "审批人",
    Role.CENTRE_MANAGER: "中心管理人员",
    Role.INSPECTOR: "监察员",
    Role.REFORM_OFFICE: "审改办",
    Role.STEERING_GROUP: "领导小组",
    Role.SECTION_CONTACT: "联络员",
    Role.DISCLOSURE_OFFICE: "信息公开工作人员",
    Role.DISCLOSURE_HEAD: "信息公开负责人",
    Role.SECRECY_REVIEWER: "保密审查员",
    Role.PROJECT_OFFICE: "重大项目管理人员",
    Role.AGENT: "代办员",
    Role.LETTER_OFFICE: "来信办理人员",
    Role.LETTER_HEAD: "来信负责人",
    Role.VILLAGE_CLERK: "村文书",
    Role.VILLAGE_SUPERVISOR: "村务监督委员会成员",
    Role.VILLAGE_OFFICE: "乡镇三务公开管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.AUDIT_ADMIN: "审计管理员",
    Role.SECURITY_ADMIN: "安全管理员",
}

# Whom a case is open to in its whole region, not only in their own organisation.
REGION_WIDE = frozenset(
    {Role.CENTRE_MANAGER, Role.INSPECTOR, Role.REFORM_OFFICE, Role.STEERING_GROUP}
)
# Separation of the three administrators: none of them reads cases. Nor do those who only publish,
# or answer letters.
SEES_NO_CASES = frozenset(
    {
        *(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN),
        *(Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD, Role.SECRECY_REVIEWER),
        *(Role.LETTER_OFFICE, Role.LETTER_HEAD),
        *(Role.VILLAGE_CLERK, Role.VILLAGE_SUPERVISOR, Role.VILLAGE_OFFICE),
    }
)
# 三员: who runs the system, who gives rights, who reads what both did. Exclusive of one another
# and of every other role, and no substitute takes one over.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Whose word is final, and who could change who may do what: with a second factor in real use.
SECOND_FACTOR_ROLES = frozenset(
    {
        *(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN),
        *(Role.APPROVER, Role.CHIEF_REPRESENTATIVE, Role.DISCLOSURE_HEAD),
    }
)
# How well somebody is known by their real name, as the provincial identity says it.
REAL_NAME_LEVELS = {0: "未实名", 1: "初级实名", 2: "中级实名", 3: "高级实名"}
COUNTER_ROLES = frozenset({Role.CLERK, Role.GENERAL_CLERK, Role.WINDOW_LEAD})
EVERY_ITEM = "*"


class RefusalKind(StrEnum):
    """What was refused to whom it may not be given. Stored; retired members stay."""

    SIGN_IN = "sign_in"
    SECOND = "second"
    PROOF = "proof"
    CLIENT = "client"
    ACCESS = "access"

    @property
    def label(self) -> str:
        return REFUSAL_LABELS[self]


REFUSAL_LABELS = {
    RefusalKind.SIGN_IN: "登录没有成功",
    RefusalKind.SECOND: "第二步验证没有通过",
    RefusalKind.PROOF: "确认本人没有通过",
    RefusalKind.CLIENT: "接口密钥不对",
    RefusalKind.ACCESS: "打开了无权查看或不存在的内容",
}
REFUSAL_READERS = frozenset({Role.AUDIT_ADMIN})  # of the three, one alone opens a page
REFUSALS_AN_HOUR = 1000  # rows; what comes beyond is counted in one row a kind


class TooManyAttempts(DomainError):
    """Guessing is slowed down, per account and source, per source, and over all sources."""

    status = 429

    def __init__(self) -> None:
        super().__init__("尝试次数过多，请 15 分钟后再试；着急办理请到窗口或拨打服务热线。")


class WrongCredentials(DomainError):
    """One answer for an unknown name, a wrong password and a closed account."""

    def __init__(self) -> None:
        super().__init__("用户名或密码不正确，请核对后重新输入。")


class PasswordRanOut(DomainError):
    """Right, but given by somebody else, and not replaced in time. Who hears it knows it."""

    def __init__(self) -> None:
        super().__init__("初始密码已经过期，请找管理员重新给一个（要两名管理员一起办）。")


class NotExclusive(DomainError):
    """One of the three administrators would hold a second role."""

    def __init__(self, held: Role, wanted: Role) -> None:
        super().__init__(
            f"系统管理员、安全管理员、审计管理员要各由一人专任：这个人已经是“{held.label}”，"
            f"不能同时任“{wanted.label}”。请先结束原岗位，或另选一人。"
        )


class WrongCode(DomainError):
    """One answer for a code that is wrong, was used, or is too old."""

    def __init__(self) -> None:
        super().__init__(
            "验证码不正确或已经用过。请等手机上出现下一个 6 位数字后再输入；"
            "手机不在身边的，请用一个没用过的恢复码。"
        )


class WrongKey(DomainError):
    """One answer for a key of another, a stale question, and a word that does not hold."""

    def __init__(self) -> None:
        super().__init__("安全密钥没有通过。请插好登记过的密钥再试；不行的，用手机上的 6 位数字。")


class NotProved(NotAllowed):
    """A final act, an export, a key: who it is was proved too long ago."""

    heading = "请先确认是您本人"

    def __init__(self) -> None:
        super().__init__("这一步要先确认是您本人：请在网页上办理，并输入密码或验证码。")


class NotYourPost(NotAllowed):
    def __init__(self, act: str) -> None:
        super().__init__(
            f"您的岗位不能办理“{act}”。请转给有此权限的同事，或请中心管理人员核对岗位设置。"
        )


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts within `window`; once all together made `overall` within it, at most
    `meanwhile`: guessing from very many places becomes slow, and nobody is locked out."""

    most: int
    window: timedelta
    overall: int = 0  # 0: not looked at
    meanwhile: int = 0

    def is_reached(self, attempts: int) -> bool:
        return attempts >= self.most

    def hangs_on_all(self, attempts: int) -> bool:
        """Whether it has to be asked how many all together made."""
        return bool(self.overall) and self.meanwhile <= attempts < self.most


SIGN_IN_PER_ACCOUNT = Limit(most=5, window=timedelta(minutes=15))
SIGN_IN_PER_SOURCE = Limit(most=50, window=timedelta(minutes=15), overall=1000, meanwhile=5)
SECOND_PER_PERSON = Limit(most=5, window=timedelta(minutes=15))
RECOVERY_CODES = 10
RESET_GOOD_FOR = timedelta(days=3)  # between the first who asks and the second who agrees
LOOKUP_PER_CASE = Limit(most=10, window=timedelta(minutes=15))
WRITING_PER_SOURCE = Limit(most=30, window=timedelta(minutes=15))  # letters of whoever it may be
FILING_PER_SOURCE = Limit(most=60, window=timedelta(minutes=15))  # applications that are begun
LOOKUP_PER_SOURCE = Limit(most=60, window=timedelta(minutes=15), overall=1000, meanwhile=5)
# Of one source beyond these limits a puzzle is asked each time (`accounts/puzzles.py`), and so many
# are taken; then it waits.
PUZZLED = {
    "writing_source": WRITING_PER_SOURCE,
    "filing_source": FILING_PER_SOURCE,
    "lookup_source": LOOKUP_PER_SOURCE,
}
PAID_PER_SOURCE = Limit(most=300, window=timedelta(minutes=15))


@dataclass(frozen=True)
class Grant:
    """One right to act: a role at organisations, for items, perhaps in place of somebody."""

    role: Role
    organisation_id: int
    organisation_ids: frozenset[int]
    organisation_label: str
    item_codes: frozenset[str] | None = None  # None: every item of those organisations
    region_ids: frozenset[int] = frozenset()  # the region-wide roles and the general window
    acting_for_id: int | None = None
    acting_for_label: str = ""
    acting_for_identity: str = ""  # blind index: nobody acts on their own case through another

    def covers(self, *, organisation_id: int, item_code: str, region_id: int) -> bool:
        if self.item_codes is not None and item_code not in self.item_codes:
            return False
        return organisation_id in self.organisation_ids or region_id in self.region_ids


@dataclass(frozen=True)
class Scope:
    """All that a person may do today. The one choke point: every query asks it."""

    person_id: int | None
    person_label: str
    grants: tuple[Grant, ...] = ()
    on: date | None = None  # the day for which it holds
    identity_index: str = ""  # the blind index of the person's own number

    @property
    def is_staff(self) -> bool:
        return bool(self.grants)

    def has_role(self, roles: Iterable[Role]) -> bool:
        wanted = frozenset(roles)
        return any(grant.role in wanted for grant in self.grants)

    def only(self, roles: Iterable[Role]) -> "Scope":
        """With the posts of some roles alone: what is done by one of them is not reached by what
        the others see."""
        wanted = frozenset(roles)
        return replace(self, grants=tuple(one for one in self.grants if one.role in wanted))

    def reading(self) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.role not in SEES_NO_CASES)

    def grants_for(
        self, roles: Iterable[Role], *, organisation_id: int, item_code: str, region_id: int
    ) -> list[Grant]:
        """The rights under which an act may be done: one's own before those held for others."""
        wanted = frozenset(roles)
        fitting = [
            grant
            for grant in self.grants
            if grant.role in wanted
            and grant.covers(
                organisation_id=organisation_id, item_code=item_code, region_id=region_id
            )
        ]
        return sorted(fitting, key=lambda grant: grant.acting_for_id is not None)


@dataclass(frozen=True)
class Authority:
    """What a letter of authority gives a chief representative: items, acts, dates."""

    item_codes: frozenset[str]
    acts: frozenset[str]
    valid_from: date
    valid_to: date
    number: str = ""

    def allows(self, *, act: str, item_code: str, on: date) -> bool:
        return (
            self.valid_from <= on <= self.valid_to
            and act in self.acts
            and (EVERY_ITEM in self.item_codes or item_code in self.item_codes)
        )
