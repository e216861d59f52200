"""Rules of letters: what a letter is, by which way it came, why one is not accepted. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base.errors import DomainError


class Kind(StrEnum):
    """咨询、求助、投诉、举报、建议 (国办发〔2020〕53号). Stored."""

    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    SUGGESTION = "suggestion"

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def help_text(self) -> str:
        return _KINDS[self][1]

    @property
    def is_against(self) -> bool:
        """Whether it is about somebody who must not learn who wrote it."""
        return self in {Kind.COMPLAINT, Kind.TIP_OFF}

    @property
    def needs_word(self) -> bool:
        """Whether it is closed only after the writer was asked, or has rated it."""
        return self in {Kind.HELP, Kind.COMPLAINT, Kind.TIP_OFF}


_KINDS = {
    Kind.ENQUIRY: ("咨询", "问政策、问怎么办事"),
    Kind.HELP: ("求助", "遇到困难，请求帮助解决"),
    Kind.COMPLAINT: ("投诉", "对某个单位或工作人员的服务不满意"),
    Kind.TIP_OFF: ("举报", "反映违法违纪的线索，只有指定的人能看"),
    Kind.SUGGESTION: ("建议", "对工作的意见和建议"),
}


class Source(StrEnum):
    """By which way a letter came. Stored."""

    WEB = "web"
    LEADER = "leader"
    PAGE_ERROR = "page_error"
    BOX = "box"
    PHONE = "phone"
    MAIL = "mail"
    HOTLINE = "hotline"
    TV = "tv"
    PAD = "pad"
    REQUEST = "request"

    @property
    def label(self) -> str:
        return _SOURCES[self]


_SOURCES = {
    Source.WEB: "网上信箱",
    Source.LEADER: "领导信箱",
    Source.PAGE_ERROR: "网页找错",
    Source.BOX: "意见箱",
    Source.PHONE: "电话",
    Source.MAIL: "电子邮件",
    Source.HOTLINE: "12345 热线工单",
    Source.TV: "数字电视",
    Source.PAD: "评价器",
    Source.REQUEST: "信息公开申请转来",
}
TYPED = (Source.BOX, Source.PHONE, Source.HOTLINE)  # what a clerk enters


class Refusal(StrEnum):
    """Why a letter is not accepted: 潍坊条例 2021 第十九至二十六条. Stored."""

    LITIGATION = "litigation"
    ARBITRATION = "arbitration"
    DISCIPLINE = "discipline"
    RECONSIDERATION = "reconsideration"
    DISCLOSURE = "disclosure"
    PETITION = "petition"
    SECRET = "secret"  # noqa: S105 – a reason, not a password
    NOT_OURS = "not_ours"
    REPEATED = "repeated"
    EMPTY = "empty"

    @property
    def label(self) -> str:
        return _REFUSALS[self][0]

    @property
    def advice(self) -> str:
        return _REFUSALS[self][1]


_REFUSALS = {
    Refusal.LITIGATION: ("已经或者应当通过诉讼解决", "请向人民法院提出。"),
    Refusal.ARBITRATION: ("已经或者应当通过仲裁解决", "请向仲裁机构提出。"),
    Refusal.DISCIPLINE: ("属于纪检监察机关受理", "请向纪检监察机关提出，电话 12388。"),
    Refusal.RECONSIDERATION: ("已经或者应当通过行政复议解决", "请向行政复议机关提出。"),
    Refusal.DISCLOSURE: ("属于政府信息公开申请", "请通过“依申请公开”提出。"),
    Refusal.PETITION: ("信访事项正在办理", "请等待信访机关的答复。"),
    Refusal.SECRET: ("涉及国家秘密", "请不要在网上提出，到有关机关当面反映。"),
    Refusal.NOT_OURS: ("不属于本级政府职责", "请向有权处理的机关提出。"),
    Refusal.REPEATED: ("同一事项已经答复，没有新的理由", "有新的情况请写明后再来信。"),
    Refusal.EMPTY: ("内容不明确，无法办理", "请写明时间、地点、单位和要求后再来信。"),
}


class CallResult(StrEnum):
    """What a writer said when called back. Stored."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"

    @property
    def label(self) -> str:
        return {"satisfied": "满意", "dissatisfied": "不满意", "unreachable": "没有联系上"}[self]


class Target(StrEnum):
    """Where a letter may go instead. Stored."""

    REQUEST = "request"
    HOTLINE = "hotline"
    PETITION = "petition"

    @property
    def label(self) -> str:
        return {
            "request": "政府信息公开申请",
            "hotline": "12345 热线",
            "petition": "信访机关",
        }[self]


RATINGS = {1: "非常不满意", 2: "不满意", 3: "基本满意", 4: "满意", 5: "非常满意"}
BAD_RATING = 2


@dataclass(frozen=True)
class Writer:
    """Who writes, and how to reach them. Nothing but a name is asked of everybody."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class Order:
    """An order of the hotline: its own number, and the day which it sets."""

    number: str
    due_date: date


def letter_number(*, area6: str, date_yymmdd: str, serial: int) -> str:
    """X{region6}{yyMMdd}{serial4}: no number of a case or of a request looks like it."""
    return f"X{area6}{date_yymmdd}{serial:04d}"


def normal_phone(phone: str) -> str:
    """A number as it is looked up: digits alone, without the country."""
    digits = "".join(char for char in phone if char.isascii() and char.isdigit())
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def normal_email(email: str) -> str:
    return email.strip().lower()


class NoSecondReturn(DomainError):
    """潍坊条例: disputed once, the unit that is then designated may not return it."""

    status = 409

    def __init__(self) -> None:
        super().__init__("本件已经退回过一次，现在是指定承办，不能再退回。请按期办理。")


class OwnCase(DomainError):
    """A tip-off is not handled by whom it is about."""

    status = 409

    def __init__(self) -> None:
        super().__init__("举报不能交给被举报的单位办理。请选别的单位。")


class Recused(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("您已对本件回避，不能办理。请转给没有利害关系的同事。")
