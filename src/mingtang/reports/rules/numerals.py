"""Rules of reports: how Chinese texts write numbers, and what they are worth. Pure."""

import re
import unicodedata
from decimal import Decimal

DIGITS = {
    char: value
    for value, chars in enumerate(
        ("〇零○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
NUMERAL = "〇零○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def _narrow(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def normalise(text: str) -> str:
    """Full width becomes half width, char by char, so that places in both texts are the same."""
    spaces = str.maketrans("\u00a0\u3000\u2002\u2003\u2009\u202f\t", " " * 7)
    return "".join(map(_narrow, text.translate(spaces)))


def _below_myriad(text: str) -> int | None:
    total, digit = 0, -1
    for char in text:
        if char in STEPS:
            total += (1 if digit < 0 else digit) * STEPS[char]
            digit = -1
        elif char in DIGITS:
            digit = DIGITS[char]
        else:
            return None
    return total + max(digit, 0)


def chinese_number(text: str) -> int | None:
    """三百零三 → 303, 二〇一三 → 2013, 一万二千 → 12000; None for what is no number."""
    if not text or any(char not in NUMERAL for char in text):
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    for name, worth in reversed(MYRIADS.items()):
        if name in text:
            high, low = text.split(name, 1)
            first, second = chinese_number(high or "一"), chinese_number(low) if low else 0
            return None if first is None or second is None else first * worth + second
    return _below_myriad(text)


def arabic_number(text: str) -> Decimal | None:
    """120,148 and 12 0148 and 3.5; None where the commas are not those of thousands."""
    plain = text.replace(" ", "")
    if "," in plain:
        if not _GROUPED.fullmatch(plain):
            return None
        plain = plain.replace(",", "")
    try:
        return Decimal(plain)
    except ArithmeticError:
        return None


def number(text: str) -> Decimal | None:
    """A number in either script, with a scale (1.2万) where one stands behind it."""
    plain = normalise(text).strip()
    scale = SCALES.get(plain[-1:], 1) if plain[:1].isdigit() else 1
    if scale != 1:
        plain = plain[:-1].rstrip()
    if (value := arabic_number(plain)) is not None:
        return value * scale
    found = chinese_number(plain)
    return None if found is None else Decimal(found)


def spell(value: Decimal | int) -> str:
    """As a reader writes it: no exponent, no needless zeros."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
