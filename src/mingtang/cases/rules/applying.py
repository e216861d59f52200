"""Rules: what comes in with an application. Plain data, already normalised and checked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mingtang.base.errors import Conflict, DomainError
from mingtang.cases.rules.guards import ApplicantKind
from mingtang.questions.rules import Fault


@dataclass(frozen=True)
class Proxy:
    """Who files in an applicant's place, and the mandate shown for it."""

    name: str
    identity_number: str
    phone: str = ""
    is_registered: bool = False  # a mandate of theirs is on record here


@dataclass(frozen=True)
class Applicant:
    """Who applies."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str
    address: str = ""
    person_id: int | None = None
    proxy: Proxy | None = None


def applicant_content(applicant: Applicant) -> dict[str, Any]:
    """As plain JSON, to be kept sealed. `applicant_of` makes the same of it."""
    return asdict(applicant)


def applicant_of(content: Mapping[str, Any]) -> Applicant:
    proxy = content["proxy"]
    kind = ApplicantKind(content["kind"])
    return Applicant(**{**content, "kind": kind, "proxy": Proxy(**proxy) if proxy else None})


@dataclass(frozen=True)
class Renewal:
    """The licence that an application asks to renew, and the day on which it expires."""

    number: str
    until: date


@dataclass(frozen=True)
class Deferred:
    """A material that may come later (容缺), what was promised, and by when."""

    material_id: str
    promise: str
    due_date: date


RENEWING, BRAND_NEW = ("延续", "换", "再注册", "更新"), ("设立", "开业", "首次", "新办", "新建")


def renewing(name: str, variants: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """The variants of an item that renew a licence, by code; None where any application may: it
    has no variants, and its name does not say that it is for who has no licence yet."""
    if not variants and not any(word in name for word in BRAND_NEW):
        return None
    return [one["code"] for one in variants if any(word in one["name"] for word in RENEWING)]


class GivenWay(StrEnum):
    """How a material comes: with the filing, at the window, later (容缺), or not at all where it
    is asked of some applicants only."""

    UPLOADED = "uploaded"
    TO_BRING = "to_bring"
    DEFERRED = "deferred"
    NOT_NEEDED = "not_needed"

    @property
    def is_owed(self) -> bool:
        """Whether somebody still has to come with it."""
        return self in {GivenWay.TO_BRING, GivenWay.DEFERRED}

    @property
    def label(self) -> str:
        return {
            "uploaded": "现在上传",
            "to_bring": "到窗口时带来",
            "deferred": "申请以后补交（容缺）",
            "not_needed": "我的情况不用交",
        }[self.value]


@dataclass(frozen=True)
class Given:
    """What an applicant says of one material. `upload_ids`: files of the draft, page by page."""

    material_id: str
    name: str
    way: GivenWay
    upload_ids: tuple[int, ...] = ()
    promise: str = ""


IN_FORM, BY_OTHERS = "在网上填过申请表的不用交", "委托别人来办的"  # as notes on materials say


def known_way(need: str, note: str, *, has_proxy: bool) -> tuple[GivenWay | None, str]:
    """What is known of a material before its applicant is asked, and why: only of what some
    applicants give, and only where the note says for whom."""
    if need == "必要":
        return None, ""
    if IN_FORM in note:
        return GivenWay.NOT_NEEDED, "您在网上填了申请表，这份不用交。"
    if BY_OTHERS in note and not has_proxy:
        return GivenWay.NOT_NEEDED, "您没有委托别人来办，这份不用交。"
    return None, ""


class AnswersWrong(DomainError):
    """The form is not filled in as it asks; `faults` says where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("申请表还有要改的地方：" + "".join(fault.text for fault in faults))
        self.faults = list(faults)


class AlreadyFiled(Conflict):
    def __init__(self, number: str) -> None:
        super().__init__(f"这份申请已经提交，办件编号 {number}，不用再交一次。可以凭编号查看进度。")
        self.number = number


def check_given(given: Sequence[Given], known: Collection[str]) -> None:
    """Refuse what no edition asks for, what is said twice, and a promise that is none."""
    seen: set[str] = set()
    for one in given:
        if one.material_id not in known or one.material_id in seen:
            raise DomainError(f"材料“{one.name}”不在本事项的清单里，或者重复了，请刷新页面重选。")
        seen.add(one.material_id)
        if one.way is GivenWay.UPLOADED and not one.upload_ids:
            raise DomainError(f"材料“{one.name}”选了现在上传，还没有文件。请上传，或改选别的方式。")
        if one.way is GivenWay.DEFERRED and not one.promise.strip():
            raise DomainError(f"材料“{one.name}”要以后补交，请写明什么时候能交来。")
