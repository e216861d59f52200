"""Rules of messages: ways and states, texts with places, when to try again. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from mingtang.base.errors import DomainError
from mingtang.base.masking import mask_mail_address, mask_person_name, mask_phone

LONGEST_SMS = 500
SMS_ALONE, SMS_JOINED = 70, 67  # characters of Chinese in one SMS, and in each of several
PLACE = re.compile(r"\{(\w+)\}")
MOBILE = re.compile(r"1\d{10}")
WAIT_AFTER = (  # the first, second, third and fourth failure
    *(timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)),
)
MAX_TRIES = len(WAIT_AFTER) + 1
# Places that may stand in a title: a title is read on locked screens and in lists of mail, so it
# names a thing, its number or its kind, and never a person or words that somebody wrote.
IN_TITLES = frozenset(
    {"item", "number", "title", "project", "step", "kind", "colour", "source", "what"}
)


class Way(StrEnum):
    INBOX = "inbox"
    SMS = "sms"
    MAIL = "mail"
    WEBHOOK = "webhook"  # to another system of the city: that something happened, to nobody's name

    @property
    def label(self) -> str:
        return {
            "inbox": "站内消息",
            "sms": "短信",
            "mail": "邮件",
            "webhook": "系统通知",
        }[self]


OPTIONAL = (Way.SMS, Way.MAIL)  # what a person may do without; the inbox keeps everything


class Audience(StrEnum):
    APPLICANT = "applicant"
    STAFF = "staff"

    @property
    def label(self) -> str:
        return {"applicant": "申请人", "staff": "工作人员"}[self]


class State(StrEnum):
    """An inbox message is delivered as soon as it is written; the others have a way to go."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.DELIVERED: "已送达",
    State.WAITING: "等待发送",
    State.SENT: "已发送",
    State.FAILED: "发送失败，稍后重试",
    State.GIVEN_UP: "未能发出",
}
QUEUED = (State.WAITING, State.FAILED)


class UnknownPlace(DomainError):
    """A text names a place that nobody fills."""

    def __init__(self, place: str, known: Collection[str]) -> None:
        may = "、".join(f"{{{name}}}" for name in sorted(known)) or "无"
        super().__init__(f"“{{{place}}}”不认识，可用的有：{may}。请改正后再保存。")


class StrayBrace(DomainError):
    def __init__(self) -> None:
        super().__init__("花括号没有成对，或括号里不是一个词。请写成 {名称} 这样，或删去括号。")


class NotInTitle(DomainError):
    """A title would name a person, or say words that somebody wrote."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"标题里不能用“{{{place}}}”：标题会显示在锁屏和邮件列表上，不能有个人信息。请移到正文。"
        )


class SmsTooLong(DomainError):
    def __init__(self, length: int) -> None:
        super().__init__(f"短信有 {length} 字，最多 {LONGEST_SMS} 字，请缩短。")


class NoSuchOccasion(DomainError):
    status = 404

    def __init__(self) -> None:
        super().__init__("没有这种消息，请从消息模板的列表里选。")


@dataclass(frozen=True)
class Template:
    """What is said, with `{name}` places. Without an `sms` no SMS goes out."""

    subject: str
    body: str
    sms: str = ""

    def __post_init__(self) -> None:
        if len(self.sms) > LONGEST_SMS:
            raise SmsTooLong(len(self.sms))

    @property
    def texts(self) -> tuple[str, str, str]:
        return (self.subject, self.body, self.sms)


@dataclass(frozen=True)
class Rendered:
    title: str
    text: str
    sms: str


def check_text(text: str, known: Collection[str]) -> None:
    """Raises UnknownPlace or StrayBrace when the text cannot be filled from these names."""
    for place in PLACE.findall(text):
        if place not in known:
            raise UnknownPlace(place, known)
    if set(PLACE.sub("", text)) & {"{", "}"}:
        raise StrayBrace


def check_title(subject: str) -> None:
    """Raises NotInTitle."""
    for place in PLACE.findall(subject):
        if place not in IN_TITLES:
            raise NotInTitle(place)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its places filled. What is put in is never read for places again."""
    check_text(text, facts.keys())
    return PLACE.sub(lambda found: facts[found[1]], text)


def render(template: Template, facts: Mapping[str, str]) -> Rendered:
    """Fill a template. Title and SMS become one line; a long value shortens the SMS to its limit.

    Raises UnknownPlace or StrayBrace.
    """
    return Rendered(
        title=_one_line(fill(template.subject, facts)),
        text=fill(template.body, facts),
        sms=_shortened(_one_line(fill(template.sms, facts))),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SMS else text[: LONGEST_SMS - 1] + "…"


def sms_count(text: str) -> int:
    """How many SMS a text is charged as."""
    if len(text) <= SMS_ALONE:
        return int(bool(text))
    return -(-len(text) // SMS_JOINED)


@dataclass(frozen=True)
class Place:
    """What may stand in a text: what it means and how it may look."""

    label: str
    example: str


@dataclass(frozen=True)
class Occasion:
    """An event and whom it is told to: its built-in text, and the places an office may use.

    An app lists its own in a tuple that the setting MESSAGE_TEMPLATES names.
    """

    event: str
    audience: Audience
    label: str
    fallback: Template
    places: Mapping[str, Place]

    def __post_init__(self) -> None:
        self.check(self.fallback)

    def check(self, template: Template) -> None:
        """Raises UnknownPlace, StrayBrace or NotInTitle."""
        for text in template.texts:
            check_text(text, self.places.keys())
        check_title(template.subject)

    @property
    def examples(self) -> dict[str, str]:
        return {name: place.example for name, place in self.places.items()}


def sms_number(phone: str) -> str:
    """The mobile number that an SMS can reach, or "" (a landline cannot take one)."""
    digits = re.sub(r"[\s-]", "", phone).removeprefix("+86")
    return digits if MOBILE.fullmatch(digits) else ""


def masked(way: Way, recipient: str) -> str:
    """A recipient as clerks and logs may see it; an inbox has its owner's name."""
    if way is Way.WEBHOOK:
        return urlsplit(recipient).hostname or ""
    masks = {Way.INBOX: mask_person_name, Way.SMS: mask_phone, Way.MAIL: mask_mail_address}
    return masks[way](recipient)
