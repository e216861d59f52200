"""Rules of regions: the numbers of persons, bodies and places, checked with exact reasons. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol, TypeVar

from mingtang.base.errors import DomainError


class IdentifierError(DomainError):
    """A number that cannot be right. Its text names the place in it, never the whole number."""


class CitizenNumberError(IdentifierError):
    pass


class CreditCodeError(IdentifierError):
    pass


class OrganisationCodeError(IdentifierError):
    pass


class PlacesUnreadable(DomainError):
    """A table of addresses, phones and hours that cannot be taken as it is."""


class RegionCodeError(IdentifierError):
    pass


def _normalise(text: str) -> str:
    """Full-width letters and digits become plain ones; spaces go; letters are upper-case."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).upper()


def _check_shape(
    text: str, *, label: str, length: int, allowed: str, hint: str, error: type[IdentifierError]
) -> None:
    if not text:
        raise error(f"{label}没有填写，请填写{length}位的{label}。")
    if len(text) != length:
        raise error(f"{label}应为{length}位，您填写的是{len(text)}位，请对照证照核对。")
    for position, character in enumerate(text, start=1):
        if character not in allowed:
            raise error(f"{label}第{position}位是“{character}”，{hint}，请对照证照改正。")


# ── 公民身份号码, GB 11643 ────────────────────────────────────────────────────────────────────

CITIZEN_LABEL = "公民身份号码"
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"


@dataclass(frozen=True)
class CitizenNumber:
    number: str
    born_on: date
    is_male: bool


def normalise_citizen_number(text: str) -> str:
    return _normalise(text)


def check_citizen_number(text: str, *, today: date) -> CitizenNumber:
    """The number taken apart. Raises CitizenNumberError.

    The first six digits are not compared with today's region codes: codes retire, numbers stay.
    """
    number = normalise_citizen_number(text)
    _check_citizen_shape(number)
    born_on = _birthday(number[6:14], today)
    total = sum(int(c) * w for c, w in zip(number[:17], CITIZEN_WEIGHTS, strict=True))
    if number[17] != CITIZEN_CHECKS[total % 11]:
        raise CitizenNumberError(
            f"{CITIZEN_LABEL}第18位（校验码）与前17位对不上，可能有一位填错，请对照证件逐位核对。"
        )
    return CitizenNumber(number, born_on, is_male=int(number[16]) % 2 == 1)


def _check_citizen_shape(number: str) -> None:
    if len(number) == 15 and number.isdecimal():
        raise CitizenNumberError(
            f"您填写的是15位的旧号码，请填写第二代身份证上18位的{CITIZEN_LABEL}。"
        )
    _check_shape(
        number[:-1] + number[-1:].replace("X", "0"),
        label=CITIZEN_LABEL,
        length=18,
        allowed="0123456789",
        hint="前17位只能是数字，第18位是数字或字母X",
        error=CitizenNumberError,
    )


def _birthday(digits: str, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise CitizenNumberError(
            f"{CITIZEN_LABEL}第7至14位（出生日期）不是真实存在的日期，请对照证件核对。"
        ) from None
    if born_on > today:
        raise CitizenNumberError(f"{CITIZEN_LABEL}第7至14位（出生日期）晚于今天，请对照证件核对。")
    return born_on


# ── 组织机构代码, GB 11714 ────────────────────────────────────────────────────────────────────

ORGANISATION_LABEL = "组织机构代码"
DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise_organisation_code(text: str) -> str:
    """Nine characters without the hyphen before the last."""
    return re.sub(r"[-–—]", "", _normalise(text))


def organisation_check(body: str) -> str:
    """The ninth character of the eight given."""
    values = (DIGITS_AND_LETTERS.index(c) for c in body)
    total = sum(v * w for v, w in zip(values, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_organisation_code(text: str) -> str:
    """The nine characters. Raises OrganisationCodeError."""
    code = normalise_organisation_code(text)
    _check_shape(
        code,
        label=ORGANISATION_LABEL,
        length=9,
        allowed=DIGITS_AND_LETTERS,
        hint="只能是数字或大写字母",
        error=OrganisationCodeError,
    )
    if code[8] != organisation_check(code[:8]):
        raise OrganisationCodeError(
            f"{ORGANISATION_LABEL}第9位（校验码）与前8位对不上，请对照证照逐位核对。"
        )
    return code


# ── 统一社会信用代码, GB 32100 ────────────────────────────────────────────────────────────────

CREDIT_LABEL = "统一社会信用代码"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True)
class CreditCode:
    code: str
    registrar: str  # 登记管理部门
    category: str  # 机构类别
    region: str
    organisation_code: str


def normalise_credit_code(text: str) -> str:
    return _normalise(text)


def check_credit_code(text: str) -> CreditCode:
    """The code taken apart, its inner organisation code checked too. Raises CreditCodeError."""
    code = normalise_credit_code(text)
    _check_shape(
        code,
        label=CREDIT_LABEL,
        length=18,
        allowed=CREDIT_ALPHABET,
        hint="只能是数字或大写字母，且不用字母I、O、S、V、Z",
        error=CreditCodeError,
    )
    _check_credit_region(code)
    _check_credit_digits(code)
    return CreditCode(code, code[0], code[1], code[2:8], code[8:17])


def _check_credit_region(code: str) -> None:
    for position, character in enumerate(code[2:8], start=3):
        if character not in "0123456789":
            raise CreditCodeError(
                f"{CREDIT_LABEL}第{position}位是“{character}”，第3至8位是登记机关的区划代码，只能是数字。"
            )


def _check_credit_digits(code: str) -> None:
    total = sum(
        CREDIT_ALPHABET.index(c) * w for c, w in zip(code[:17], CREDIT_WEIGHTS, strict=True)
    )
    if code[17] != CREDIT_ALPHABET[(31 - total % 31) % 31]:
        raise CreditCodeError(
            f"{CREDIT_LABEL}第18位（校验码）与前17位对不上，可能有一位填错，请对照证照逐位核对。"
        )
    if code[16] != organisation_check(code[8:16]):
        raise CreditCodeError(
            f"{CREDIT_LABEL}第9至17位（{ORGANISATION_LABEL}）自身的校验码不对，请对照证照逐位核对。"
        )


# ── 区划代码, GB/T 2260 and its extension to townships and villages ───────────────────────────

REGION_LABEL = "区划代码"


class RegionLevel(Enum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True)
class RegionCode:
    code: str  # twelve digits
    level: RegionLevel

    @property
    def parents(self) -> list[str]:
        """The codes above, from the top. Twelve digits each."""
        heads = (self.code[:length] for length in (2, 4, 6, 9))
        codes = dict.fromkeys(head.ljust(12, "0") for head in heads)
        return [code for code in codes if code < self.code]


def normalise_region_code(text: str) -> str:
    """Twelve digits: a county's six and a township's nine are filled with zeros."""
    code = _normalise(text)
    return code.ljust(12, "0") if len(code) in {6, 9} else code


def check_region_code(text: str) -> RegionCode:
    """The code and its level, which its shape tells. Raises RegionCodeError."""
    given = _normalise(text)
    if len(given) not in {6, 9, 12}:
        raise RegionCodeError(
            f"{REGION_LABEL}应为6位（县级）、9位（乡镇级）或12位（村级），您填写的是{len(given)}位。"
        )
    for position, character in enumerate(given, start=1):
        if character not in "0123456789":
            raise RegionCodeError(f"{REGION_LABEL}第{position}位是“{character}”，只能是数字。")
    if given.startswith("0"):
        raise RegionCodeError(f"{REGION_LABEL}第1位不能是0，请核对。")
    return _shaped(normalise_region_code(given))


def _shaped(code: str) -> RegionCode:
    township, village = code[6:9], code[9:]
    if township == "000" and village != "000":
        raise RegionCodeError(
            f"{REGION_LABEL}第10至12位是村级，但第7至9位（乡镇级）是000，请核对。"
        )
    if code[2:4] == "00" and code[4:6] != "00":
        raise RegionCodeError(f"{REGION_LABEL}第5至6位是县级，但第3至4位（市级）是00，请核对。")
    for length, level in (
        (2, RegionLevel.PROVINCE),
        (4, RegionLevel.CITY),
        (6, RegionLevel.COUNTY),
        (9, RegionLevel.TOWNSHIP),
    ):
        if not code[length:].strip("0"):
            return RegionCode(code, level)
    return RegionCode(code, RegionLevel.VILLAGE)


# ── names ─────────────────────────────────────────────────────────────────────────────────────


class DatedName(Protocol):
    """A name and the days on which it held; None is "not known"."""

    position: int
    valid_from: date | None
    valid_to: date | None


Name = TypeVar("Name", bound=DatedName)


def name_on(names: Iterable[Name], on: date) -> Name | None:
    """The name that held on a day.

    A name whose first day is known wins over one whose first day is not; among those the earlier
    in order wins, for a later name of unknown date is never shown as if it had held already.
    """
    ordered = sorted(names, key=lambda name: name.position)
    held = [name for name in ordered if _held(name, on)] or ordered
    dated = [name for name in held if name.valid_from and name.valid_from <= on]
    if dated:
        return max(dated, key=lambda name: (name.valid_from, name.position))
    return held[0] if held else None


def _held(name: DatedName, on: date) -> bool:
    begun = name.valid_from is None or name.valid_from <= on
    return begun and (name.valid_to is None or on <= name.valid_to)


VILLAGE_BODIES = ("村村民委员会", "村村委会", "村民委员会", "村委会")


def service_point_name(village: str) -> str:
    """The name of the service point (便民服务站) in a village or community."""
    for ending in VILLAGE_BODIES:
        if village.endswith(ending):
            return f"{village.removesuffix(ending)}村便民服务站"
    return f"{village.removesuffix('居民委员会').removesuffix('居委会')}便民服务站"
