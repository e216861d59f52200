"""The privacy filter: what people write about others goes through it before anyone publishes it.

It finds numbers by their shape and check digits. Names it knows only where it is told them: a
person still reads every text before it is shown. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from mingtang.base.masking import mask_identity, mask_person_name, mask_phone

GAP = r"[ \-–.·]?"  # how people set off the digits of a long number
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _shape(digits: str, more: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9A-Za-z]){digits}{more}(?![0-9A-Za-z])")


def _run(least: int, most: int) -> str:
    return rf"\d(?:{GAP}\d){{{least - 1},{most - 1}}}"


_IDENTITY = _shape(_run(17, 17), rf"{GAP}[0-9Xx]")
_OLD_IDENTITY = _shape(_run(15, 15))
_CARD = _shape(_run(13, 19))
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{GAP})?1[3-9](?:{GAP}\d){{9}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[ \-]?[2-9]\d{6,7}(?!\d)")
_PLATE = re.compile(
    rf"[{PROVINCES}][A-Z][·.\- ]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]", re.IGNORECASE
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")


def is_identity_number(number: str) -> bool:
    """Eighteen characters whose check is right: GB 11643, ISO 7064 MOD 11-2."""
    if not re.fullmatch(r"\d{17}[0-9X]", number):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def _is_old_identity_number(number: str) -> bool:
    """Fifteen digits with a day of birth in them: numbers of before 1999."""
    return len(number) == 15 and 1 <= int(number[8:10]) <= 12 and 1 <= int(number[10:12]) <= 31


def is_card_number(number: str) -> bool:
    """Thirteen to nineteen digits whose Luhn check is right (GB/T 14504): a bank card."""
    if not re.fullmatch(r"\d{13,19}", number):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


def _plain(found: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", found).upper()


def _checked(
    check: Callable[[str], bool], mask: Callable[[str], str]
) -> Callable[[re.Match[str]], str]:
    """Mask what passes its check; leave what only looks alike."""

    def replace(match: re.Match[str]) -> str:
        number = _plain(match[0])
        return mask(number) if check(number) else match[0]

    return replace


def _mask_card(number: str) -> str:
    return f"{'*' * (len(number) - 4)}{number[-4:]}"


def _mask_mobile(match: re.Match[str]) -> str:
    return mask_phone(_plain(match[0])[-11:])


def _all(match: re.Match[str]) -> str:
    return "*" * len(match[0])


_DETECTORS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_MAIL, _all),
    (_IDENTITY, _checked(is_identity_number, mask_identity)),
    (_OLD_IDENTITY, _checked(_is_old_identity_number, mask_identity)),
    (_CARD, _checked(is_card_number, _mask_card)),
    (_MOBILE, _mask_mobile),
    (_LANDLINE, _all),
    (_PLATE, lambda match: f"{match[0][:2]}{'*' * (len(match[0]) - 2)}"),
)


def _readable(text: str) -> str:
    """Full-width and circled digits and letters as plain ones, what is not seen left out."""
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    folded = ((char, unicodedata.normalize("NFKC", char)) for char in seen)
    return "".join(new if new.isascii() and new.isalnum() else old for old, new in folded)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """A text without numbers that lead to somebody, and without these names."""
    plain = _readable(text)
    for pattern, replace in _DETECTORS:
        plain = pattern.sub(replace, plain)
    for name in sorted({one.strip() for one in names}, key=len, reverse=True):
        if len(name) > 1:
            plain = plain.replace(name, mask_person_name(name))
    return plain
