"""Rules: one answer, read from what was typed: normalised, or refused with a sentence. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.questions.rules.form import Kind, Question, yes_and_no
from mingtang.questions.rules.patterns import matches
from mingtang.regions.rules import check_citizen_number, check_credit_code

PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?")
# GA 36-2018: province, letter of the office, five characters, six for new-energy vehicles.
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})"
)
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_DETAIL, MOST_TYPED = 100, 4000
TRUE, FALSE = {"yes", "true", True}, {"no", "false", False}


class Unreadable(DomainError):
    """An answer that its question cannot take."""


def read(question: Question, raw: Any, *, on: date) -> Any:
    """The value of what was typed, or of a value kept; None for nothing. Raises Unreadable."""
    value = _READERS[question.kind](question, raw, on)
    return None if value in ("", [], {}) else value


def _line(question: Question, raw: Any) -> str:
    """Text without control characters, its width as typed."""
    if not isinstance(raw, str | int | type(None)) or isinstance(raw, bool):
        raise Unreadable(f"“{question.title}”应是文字，请重新填写。")
    text = "" if raw is None else str(raw)
    return unicodedata.normalize("NFC", _clean(text, is_long=question.kind is Kind.LONG)).strip()


def _clean(text: str, *, is_long: bool) -> str:
    kept = "\n\t" if is_long else ""
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c in kept or unicodedata.category(c)[0] != "C")


def as_typed(raw: Any) -> Any:
    """What could not be read, to be kept and shown again: any JSON, without what none can keep."""
    if isinstance(raw, Mapping):
        return {str(key): as_typed(one) for key, one in raw.items()}
    if isinstance(raw, list | tuple):
        return [as_typed(one) for one in raw[:MOST_TYPED]]
    return _clean(raw, is_long=True)[:MOST_TYPED] if isinstance(raw, str) else raw


def _narrow(question: Question, raw: Any) -> str:
    """Digits and letters as a keyboard in Chinese mode types them, made narrow."""
    return unicodedata.normalize("NFKC", _line(question, raw))


def _number(question: Question, raw: Any) -> str:
    """A number without its unit and the commas between thousands."""
    unit = unicodedata.normalize("NFKC", question.unit)
    return _narrow(question, raw).replace(",", "").removesuffix(unit).strip()


def _text(question: Question, raw: Any, on: date) -> str:
    text = _line(question, raw)
    if not text:
        return ""
    if len(text) > question.most:
        raise Unreadable(
            f"“{question.title}”有 {len(text)} 个字，最多 {question.most} 个字，请精简。"
        )
    if len(text) < (question.least or 0):
        raise Unreadable(f"“{question.title}”至少要写 {question.least} 个字，请补充。")
    if question.pattern and not matches(question.pattern, text):
        raise Unreadable(f"“{question.title}”的格式不对：{question.pattern_help}")
    return text


def _whole(question: Question, raw: Any, on: date) -> int | None:
    text = _number(question, raw)
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise Unreadable(f"“{question.title}”请填整数，如 {question.example or 3}。")
    return int(_bounded(question, Decimal(text)))


def _decimal(question: Question, raw: Any, on: date) -> str:
    text = _number(question, raw)
    if not text:
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    places = -int(number.as_tuple().exponent) if number.is_finite() else 99
    if not re.fullmatch(r"-?\d{1,12}(?:\.\d+)?", text) or places > question.decimals:
        raise Unreadable(
            f"“{question.title}”请填数字，小数不超过 {question.decimals} 位，"
            f"如 {question.example or '12.5'}。"
        )
    return f"{_bounded(question, number) + 0:f}"  # as typed; + 0: no minus before zero


def _bounded(question: Question, number: Decimal) -> Decimal:
    unit = question.unit
    if question.least is not None and number < question.least:
        raise Unreadable(f"“{question.title}”不能小于 {question.least}{unit}，请核对。")
    if question.most is not None and number > question.most:
        raise Unreadable(f"“{question.title}”不能大于 {question.most}{unit}，请核对。")
    return number


DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")  # with fewer digits it might be two days


def _day(question: Question, raw: Any, on: date) -> str:
    text = _narrow(question, raw)
    if not text:
        return ""
    found = DAY.fullmatch(text) or SHORT_DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Unreadable(f"“{question.title}”的日期写成 2013-09-17 这样。")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(
            f"“{question.title}”的年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，请核对日期。"
        )
    return day.isoformat()


def _yes_no(question: Question, raw: Any, on: date) -> bool | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, str | bool) and raw in TRUE | FALSE:
        return raw in TRUE
    yes, no = yes_and_no(question.title)
    raise Unreadable(f"“{question.title}”请选“{yes}”或“{no}”。")


def _one(question: Question, raw: Any, on: date) -> str:
    text = _line(question, raw)
    if text and text not in question.options:
        raise Unreadable(f"“{question.title}”请从列出的选项中选择。")
    return text


def _several(question: Question, raw: Any, on: date) -> list[str]:
    listed = [raw] if isinstance(raw, str) and raw else raw or []
    known = list(question.options)
    if not isinstance(listed, list | tuple) or any(one not in known for one in listed):
        raise Unreadable(f"“{question.title}”请从列出的选项中选择。")
    found = [one for one in question.options if one in listed]
    if found and len(found) < (question.least or 0):
        raise Unreadable(f"“{question.title}”至少选 {question.least} 项。")
    if len(found) > question.most:
        raise Unreadable(f"“{question.title}”最多选 {question.most} 项。")
    return found


def _phone(question: Question, raw: Any, on: date) -> str:
    text = "".join(_narrow(question, raw).split())
    if text and not PHONE.fullmatch(text):
        raise Unreadable(
            f"“{question.title}”不对：手机应为 11 位数字，座机请带区号，如 0570-4012345。"
        )
    return text


def _citizen(question: Question, raw: Any, on: date) -> str:
    text = _narrow(question, raw)
    return check_citizen_number(text, today=on).number if text else ""


def _credit(question: Question, raw: Any, on: date) -> str:
    text = _narrow(question, raw)
    return check_credit_code(text).code if text else ""


def _plate(question: Question, raw: Any, on: date) -> str:
    text = re.sub(r"[\s·•-]", "", _narrow(question, raw)).upper()
    if text and not PLATE.fullmatch(text):
        raise Unreadable(f"“{question.title}”不像车牌号，应如 浙H12345（新能源车为 浙HD12345）。")
    return text


def _address(question: Question, raw: Any, on: date) -> dict[str, str]:
    if raw in (None, ""):
        return {}
    if not isinstance(raw, Mapping):
        raise Unreadable(f"“{question.title}”应有所在的村（社区）和门牌。")
    region, place, detail = (_line(question, raw.get(key)) for key in ("region", "place", "detail"))
    if not (region or detail):
        return {}
    if not re.fullmatch(r"[0-9]{12}", region) or not place:
        raise Unreadable(f"“{question.title}”请选择所在的乡镇、村（社区）。")
    if not 0 < len(detail) <= MOST_DETAIL:
        raise Unreadable(f"“{question.title}”请写明街路、门牌号，不超过 {MOST_DETAIL} 个字。")
    return {"region": region, "place": place, "detail": detail}


def _rows(question: Question, raw: Any, on: date) -> list[Any]:
    """The rows as they came: the questions inside are read one by one."""
    if not isinstance(raw, list | tuple | type(None)):
        raise Unreadable(f"“{question.title}”应是若干行。")
    return list(raw or [])


_READERS: Mapping[Kind, Callable[[Question, Any, date], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.DAY: _day,
    Kind.YES_NO: _yes_no,
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.PHONE: _phone,
    Kind.CITIZEN_NUMBER: _citizen,
    Kind.CREDIT_CODE: _credit,
    Kind.PLATE: _plate,
    Kind.ADDRESS: _address,
    Kind.ROWS: _rows,
}
