"""Rules: the codes of service items, recognised by scheme and never by one length alone.

Codes of several schemes are in use at once. What a code cannot be matched with is a doubt, not an
error: the code is kept as it was given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.kinds import KINDS, ItemKind, kind_from
from mingtang.regions.rules import IdentifierError, check_credit_code, check_organisation_code

MAX_LENGTH = 64


class CodeUnusable(DomainError):
    """A code that cannot be stored or put into an address."""


class CodeScheme(Enum):
    IMPLEMENTED = "implemented"  # basic code - area - place - body - nature - variant
    NATIONAL = "national"  # credit code + level + basic code (+ variant)
    BASIC = "basic"  # the basic code alone
    LOCAL = "local"  # county - unit - serial, for items that have no other code
    UNKNOWN = "unknown"


SCHEME_LABELS = {
    CodeScheme.IMPLEMENTED: "实施编码",
    CodeScheme.NATIONAL: "国家实施编码",
    CodeScheme.BASIC: "基本编码",
    CodeScheme.LOCAL: "本地编码",
    CodeScheme.UNKNOWN: "未识别",
}


@dataclass(frozen=True)
class RecognisedCode:
    """The parts of a code; blank where it has no such part."""

    code: str
    scheme: CodeScheme
    basic: str = ""
    type_code: str = ""
    kind: ItemKind | None = None
    area: str = ""
    place: str = ""
    body: str = ""
    body_nature: str = ""
    level: str = ""
    variant: str = ""
    doubts: tuple[str, ...] = ()


# 12 characters: region 2, type 2, department 2, main 3, sub 3; 14: region 2, type 2, main 5, sub 5.
# The older ones: a letter for the type, serial, sub; or type, region and serial.
BASIC = r"\d{2}(?:\d[0-9A-Z])(?:\d{8}|\d{10})"
OLDER = r"[A-Z]-\d{6}-\d{3,4}|\d[A-Z]-\d{4}-\d{5}"
BODY = r"[0-9A-Za-z]+(?:-[0-9Xx])?"
IMPLEMENTED = re.compile(
    rf"(?P<basic>{BASIC}|{OLDER})(?:-(?P<area>\d{{12}})-(?P<place>\d{{3}}))?"
    rf"-(?P<body>{BODY}?)(?:-(?P<body_nature>\d)-(?P<variant>\d{{2}}))?"
)
NATIONAL = re.compile(
    r"(?P<body>[0-9A-Z]{18})(?P<level>\d)(?P<basic>\d{2}[0-9A-Z]{2}\d{8})(?P<variant>\d{2})?"
)
ALONE = re.compile(rf"(?P<basic>{BASIC})")
LOCAL = re.compile(r"(?P<area>\d{6})-(?P<body>\d{3})-(?P<variant>\d{3,6})")
SCHEMES = (
    (CodeScheme.IMPLEMENTED, IMPLEMENTED),
    (CodeScheme.NATIONAL, NATIONAL),
    (CodeScheme.BASIC, ALONE),
    (CodeScheme.LOCAL, LOCAL),
)
USABLE = re.compile(r"[0-9A-Za-z._()-]")


def check_code(text: str) -> str:
    """The code without spaces around it. Raises CodeUnusable."""
    code = text.strip()
    if not code:
        raise CodeUnusable("没有填写事项编码，请填写。")
    if len(code) > MAX_LENGTH:
        raise CodeUnusable(f"事项编码有{len(code)}位，最多{MAX_LENGTH}位，请核对。")
    if not code[0].isalnum():
        raise CodeUnusable(f"事项编码“{code}”应以数字或字母开头，请改正。")
    for position, character in enumerate(code, start=1):
        if not USABLE.fullmatch(character):
            raise CodeUnusable(
                f"事项编码“{code}”第{position}位是“{character}”，"
                "只能用数字、字母和 - . _ ( )，请改正。"
            )
    return code


def recognise_code(text: str) -> RecognisedCode:
    """The parts of a code and what is doubtful in them. Raises CodeUnusable."""
    code = check_code(text)
    for scheme, pattern in SCHEMES:
        if found := pattern.fullmatch(code):
            return _examined(RecognisedCode(code, scheme), found.groupdict(""))
    return RecognisedCode(code, CodeScheme.UNKNOWN, doubts=(f"事项编码“{code}”不是已知的编码结构",))


def _examined(bare: RecognisedCode, parts: dict[str, str]) -> RecognisedCode:
    basic = parts.get("basic", "")
    type_code = _type_code(basic)
    code = replace(
        bare,
        basic=basic,
        type_code=type_code,
        kind=kind_of_type(type_code),
        area=parts.get("area", ""),
        place=parts.get("place", ""),
        body=parts.get("body", ""),
        body_nature=parts.get("body_nature", ""),
        level=parts.get("level", ""),
        variant=parts.get("variant", ""),
    )
    return replace(code, doubts=tuple(_doubts(code)))


def _type_code(basic: str) -> str:
    """Two characters, or one letter in the older codes."""
    if "-" in basic:
        return basic.split("-")[0]
    return basic[2:4]


TYPE_LETTERS = {
    "A": ItemKind.PERMIT,
    "E": ItemKind.ADJUDICATION,
    "F": ItemKind.CONFIRMATION,
    "G": ItemKind.BENEFIT,
    "H": ItemKind.REWARD,
    "Z": ItemKind.OTHER_POWER,
}


def kind_of_type(type_code: str) -> ItemKind | None:
    """The kind that the type of a basic code tells, where it does. Letters: read from practice."""
    if len(type_code) == 2 and type_code[0] == "2":
        return ItemKind.PUBLIC_SERVICE
    if type_code.isdecimal():
        return kind_from(type_code)
    if len(type_code) == 1 or type_code[:1] == "1":
        return TYPE_LETTERS.get(type_code[-1])
    return None


def _doubts(code: RecognisedCode) -> Iterator[str]:
    if code.scheme is CodeScheme.IMPLEMENTED and not code.area:
        yield "编码中没有区划"
    if code.scheme is CodeScheme.IMPLEMENTED and not code.variant:
        yield "编码不完整：缺少末尾两段"
    if code.scheme in {CodeScheme.IMPLEMENTED, CodeScheme.NATIONAL}:
        yield from body_doubts(code.body, "编码中的实施主体")


def body_doubts(body: str, label: str) -> Iterator[str]:
    """What is doubtful in the code of a body: credit code (18), organisation code (9), other."""
    if body != body.upper():
        yield f"{label}“{body}”含小写字母"
    length = len(body.replace("-", ""))
    if len(set(body)) == 1:
        yield f"{label}“{body}”是重复的同一个字符，像是占位"
        return
    check = {18: check_credit_code, 9: check_organisation_code}.get(length)
    if check is None:
        yield f"{label}“{body}”有{length}位，不是18位统一社会信用代码，也不是9位组织机构代码"
        return
    try:
        check(body)
    except IdentifierError as error:
        yield f"{label}“{body}”：{error.message.rstrip('。')}"


def kind_doubt(code: RecognisedCode, kind: ItemKind) -> str | None:
    """What is doubtful where the code tells another kind than the row."""
    if code.kind is None or code.kind is kind:
        return None
    told, given = KINDS[code.kind].label, KINDS[kind].label
    return f"编码中的类型“{code.type_code}”是{told}，填写的事项类型是{given}"
