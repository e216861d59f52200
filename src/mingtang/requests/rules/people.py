"""Rules of requests: who asks, by which way, for what form of answer. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a request reached the office (R1–R5). Stored."""

    COUNTER = "counter"
    REGISTERED = "registered"
    LETTER = "letter"
    INTERNET = "internet"
    FAX = "fax"
    EMAIL = "email"
    PHONE = "phone"

    @property
    def label(self) -> str:
        return _CHANNELS[self]


_CHANNELS = {
    Channel.COUNTER: "当面提交",
    Channel.REGISTERED: "挂号信、快递（签收）",
    Channel.LETTER: "平常信函",
    Channel.INTERNET: "网上提交",
    Channel.FAX: "传真",
    Channel.EMAIL: "电子邮件",
    Channel.PHONE: "口头提出，工作人员代写",
}


class ApplicantKind(StrEnum):
    """The six applicant columns of table 3. Stored."""

    NATURAL = "natural"
    BUSINESS = "business"
    RESEARCH = "research"
    CHARITY = "charity"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _KINDS[self]

    @property
    def is_natural(self) -> bool:
        return self is ApplicantKind.NATURAL


_KINDS = {
    ApplicantKind.NATURAL: "自然人",
    ApplicantKind.BUSINESS: "商业企业",
    ApplicantKind.RESEARCH: "科研机构",
    ApplicantKind.CHARITY: "社会公益组织",
    ApplicantKind.LEGAL_SERVICE: "法律服务机构",
    ApplicantKind.OTHER: "其他",
}


class WantedForm(StrEnum):
    """In which form the information is wanted. Stored."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    INSPECT = "inspect"

    @property
    def label(self) -> str:
        return {"paper": "纸质", "electronic": "电子数据", "inspect": "当面查阅"}[self]


class WantedWay(StrEnum):
    """How the answer is wanted. Stored."""

    ONLINE = "online"
    POST = "post"
    PICK_UP = "pick_up"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return {
            "online": "网上查看",
            "post": "邮寄",
            "pick_up": "自行领取",
            "email": "电子邮件",
        }[self]


@dataclass(frozen=True)
class Applicant:
    """Who asks, and how to reach them. `agent`: who asks in their place."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str
    address: str = ""
    email: str = ""
    agent_name: str = ""
    agent_phone: str = ""
    person_id: int | None = None


def request_number(*, area6: str, unit3: str, date_yymmdd: str, serial: int) -> str:
    """Y{region6}{unit3}{yyMMdd}{serial4}: no case number looks like it."""
    return f"Y{area6}{unit3}{date_yymmdd}{serial:04d}"
