"""Rules of index numbers (索引号): templates, their parts, the check digits of old ones. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base.errors import DomainError
from mingtang.regions.rules import (
    IdentifierError,
    check_credit_code,
    check_organisation_code,
    organisation_check,
)

LONGEST = 60
PARTS = ("uscc", "orgcode", "region", "unit", "year", "yyyymm")
_PART = re.compile(r"\{(\w+)(?::(\d+))?\}")
_PLAIN = re.compile(r"[0-9A-Za-z/\-.]*")
_CREDIT = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])")
_ORGAN = re.compile(r"^[0-9A-Z]{8}[0-9X](?![0-9A-Za-z])")


class BadScheme(DomainError):
    """A template that cannot number anything."""


class BadNumber(DomainError):
    """A number that cannot be kept."""


class SerialScope(StrEnum):
    """Within what a serial runs on without gaps."""

    ORGAN = "organ"
    ORGAN_YEAR = "organ_year"
    YEAR = "year"
    SITE = "site"

    @property
    def label(self) -> str:
        return SCOPE_LABELS[self]


SCOPE_LABELS = {
    SerialScope.ORGAN: "每个单位连续编号",
    SerialScope.ORGAN_YEAR: "每个单位每年从头编号",
    SerialScope.YEAR: "全站每年从头编号",
    SerialScope.SITE: "全站连续编号",
}


@dataclass(frozen=True)
class Organ:
    """What of an organ stands in its numbers: codes, which outlive its names."""

    id: int
    credit_code: str  # blank: not known
    region: str
    unit: str

    def parts(self, on: date) -> dict[str, str]:
        """The parts that can be filled on a day; codes that are not known are left out."""
        found = {
            "region": self.region[:6],
            "unit": self.unit,
            "year": f"{on:%Y}",
            "yyyymm": f"{on:%Y%m}",
        }
        if self.credit_code:
            found |= {"uscc": self.credit_code, "orgcode": self.credit_code[8:17]}
        return found


@dataclass(frozen=True)
class Scheme:
    code: str
    template: str
    scope: SerialScope


# Where no scheme is written down: an organ with a credit code by it, others by region and unit.
SHIPPED = (
    Scheme("uscc-year", "{uscc}/{year}-{serial:5}", SerialScope.ORGAN_YEAR),
    Scheme("region-year", "{region}{unit}/{year}-{serial:5}", SerialScope.ORGAN_YEAR),
)


def check_template(template: str, scope: SerialScope) -> None:
    """Raises BadScheme: unknown parts, no serial, or numbers that would come twice."""
    names = [name for name, _width in _PART.findall(template)]
    plain = _PART.sub("", template)
    if not _PLAIN.fullmatch(plain) or len(template) > LONGEST:
        raise BadScheme("模板里只能有字母、数字、“/”“-”“.”和花括号里的要素，不超过 60 个字。")
    if unknown := sorted(set(names) - {*PARTS, "serial"}):
        raise BadScheme(f"不认识的要素“{unknown[0]}”。可用：{'、'.join(PARTS)}、serial:位数。")
    if names.count("serial") != 1:
        raise BadScheme("模板里要有而且只有一个流水号，例如 {serial:5}。")
    organ = {"uscc", "orgcode", "unit"} & set(names)
    year = {"year", "yyyymm"} & set(names)
    if scope in {SerialScope.ORGAN, SerialScope.ORGAN_YEAR} and not organ:
        raise BadScheme("按单位编号时，模板里要有单位的代码（uscc、orgcode 或 unit），否则会重号。")
    if scope in {SerialScope.YEAR, SerialScope.ORGAN_YEAR} and not year:
        raise BadScheme("每年从头编号时，模板里要有年份（year 或 yyyymm），否则会重号。")


def can_number(scheme: Scheme, parts: Mapping[str, str]) -> bool:
    """Whether everything that the template needs is known of an organ."""
    names = {name for name, _width in _PART.findall(scheme.template)}
    return names - {"serial"} <= parts.keys()


def series_of(scheme: Scheme, organ: Organ, on: date) -> str:
    """The name of the series that its serial is drawn from."""
    within = {
        SerialScope.ORGAN: f"{organ.id}",
        SerialScope.ORGAN_YEAR: f"{organ.id}/{on.year}",
        SerialScope.YEAR: f"{on.year}",
        SerialScope.SITE: "site",
    }
    return f"index/{scheme.code}/{within[scheme.scope]}"


def spell(scheme: Scheme, parts: Mapping[str, str], serial: int) -> str:
    """The number. A serial that has outgrown its width is written whole, never cut."""

    def part(match: re.Match[str]) -> str:
        name, width = match[1], match[2]
        return f"{serial:0{int(width or 1)}d}" if name == "serial" else parts[name]

    return _PART.sub(part, scheme.template)


def check_number(number: str) -> str:
    """A number that is already in use elsewhere, as it is kept. Raises BadNumber."""
    plain = number.strip()
    if not plain or len(plain) > LONGEST or not plain.isprintable() or " " in plain:
        raise BadNumber(f"索引号“{plain[:20]}”应为 1 到 {LONGEST} 个字，中间没有空格。")
    return plain


def doubts_of(number: str) -> list[str]:
    """What of a number's head does not hold, in words. Placeholders are in use: a doubt only."""
    if _CREDIT.match(number):
        return _doubt(check_credit_code, number[:18], "统一社会信用代码")
    if match := _ORGAN.match(number):
        code = match[0]
        if organisation_check(code[:8]) != code[8]:
            return [f"开头的组织机构代码“{code}”校验码不对，可能是占位的号码。"]
        return _doubt(check_organisation_code, code, "组织机构代码")
    return []


def _doubt(check: object, code: str, label: str) -> list[str]:
    try:
        check(code)  # type: ignore[operator]
    except IdentifierError as error:
        return [f"开头的{label}“{code}”不对：{error}"]
    return []


def year_doubts(number: str, formed: date) -> list[str]:
    """A year in the number that is not that of the paper."""
    found = re.search(r"[/\-](\d{4})(?:\d{2})?-", number)
    if found and found[1] != f"{formed:%Y}":
        return [f"索引号里的年份 {found[1]} 与成文日期 {formed} 不是同一年。"]
    return []
