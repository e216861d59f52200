"""The privacy filter: what people write about others goes through it before anyone publishes it.

It finds numbers by their shape and check digits. Names it knows only where it is told them: a
person still reads every text before it is shown. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
_HOME = re.compile(
    r"(?:住址|户籍地址?|家住|现住|居住地址?)[:：为是在]?[ \u3000]{0,3}"
    r"[^\s，。；、（）()]{2,30}?\d{1,5}(?:号|室|幢|栋|组|弄)"
)
_ROOM = re.compile(r"[\u4e00-\u9fff]{2,20}\d{1,4}(?:幢|栋|号楼|座)(?:\d{1,2}单元)?\d{2,4}室")
_MAIL = re.compile(  # looked for where a word begins: a long run of letters is read once
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
)


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


MAIL, IDENTITY, OLD_IDENTITY, CARD = "mail", "identity", "old_identity", "card"
MOBILE, LANDLINE, PLATE, HOME, ROOM = "mobile", "landline", "plate", "home", "room"
SHOWN_OF_A_HOME = 4  # so much of an address is quoted: the word before it, or its town


def _mask_home(match: re.Match[str]) -> str:
    address = match[0]
    return f"{address[:SHOWN_OF_A_HOME]}{'*' * (len(address) - SHOWN_OF_A_HOME)}"


Detector = tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]

_DETECTORS: tuple[Detector, ...] = (
    (IDENTITY, _IDENTITY, _checked(is_identity_number, mask_identity)),
    (OLD_IDENTITY, _OLD_IDENTITY, _checked(_is_old_identity_number, mask_identity)),
    (CARD, _CARD, _checked(is_card_number, _mask_card)),
    (MOBILE, _MOBILE, _mask_mobile),
    (MAIL, _MAIL, _all),  # after the numbers: many an address is one
    (LANDLINE, _LANDLINE, _all),
    (PLATE, _PLATE, lambda match: f"{match[0][:2]}{'*' * (len(match[0]) - 2)}"),
)
_HOMES: tuple[Detector, ...] = ((HOME, _HOME, _mask_home), (ROOM, _ROOM, _mask_home))


@dataclass(frozen=True)
class Spot:
    """Something that leads to somebody: which kind, where in the readable text, and its mask."""

    kind: str
    start: int
    end: int
    masked: str


def find(text: str) -> list[Spot]:
    """What `mask_text` would mask but for names, in order. `text` is what `readable` made."""
    return _found(text, _DETECTORS)


def find_homes(text: str) -> list[Spot]:
    """Where somebody is said to live, and single rooms of a house: a person tells them apart.

    An address is often what a text is about, so `mask_text` leaves it.
    """
    return _found(text, _HOMES)


def _found(text: str, detectors: Iterable[Detector]) -> list[Spot]:
    found: list[Spot] = []
    rest = text
    for kind, pattern, replace in detectors:
        here = [
            Spot(kind, match.start(), match.end(), masked)
            for match in pattern.finditer(rest)
            if (masked := replace(match)) != match[0]
        ]
        rest = blotted(rest, here)
        found += here
    return sorted(found, key=lambda spot: spot.start)


def blotted(text: str, spots: Iterable[Spot]) -> str:
    """The text with marks of the same length in place of spots, which come in order."""
    parts, at = [], 0
    for spot in spots:
        start = max(at, spot.start)
        end = max(start, spot.end)
        parts += [text[at:start], "*" * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def readable(text: str) -> str:
    """Full-width and circled digits and letters as plain ones, what is not seen left out."""
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    folded = ((char, unicodedata.normalize("NFKC", char)) for char in seen)
    return "".join(new if new.isascii() and new.isalnum() else old for old, new in folded)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """A text without numbers that lead to somebody, and without these names."""
    plain = readable(text)
    for _, pattern, replace in _DETECTORS:
        plain = pattern.sub(replace, plain)
    for name in sorted({one.strip() for one in names}, key=len, reverse=True):
        if len(name) > 1:
            plain = plain.replace(name, mask_person_name(name))
    return plain
