"""Rules: case numbers and the query codes that applicants hold."""

import unicodedata

from mingtang.base.codes import CODE_ALPHABET, normalise_code, spell_code

__all__ = ["CODE_ALPHABET", "case_number", "normalise_code", "scanned_number", "spell_code"]


def case_number(*, region_code: str, unit3: str, date_yymmdd: str, serial: int) -> str:
    """{region6}{unit3}{yyMMdd}{serial6}: 21 digits."""
    return f"{region_code[:6]}{unit3}{date_yymmdd}{serial:06d}"


def scanned_number(typed: str, prefix: str, suffix: str) -> str:
    """The case number in what a scanner typed: its prefix and suffix and an address cut away."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    plain = plain.removeprefix(prefix).removesuffix(suffix).strip().rstrip("/")
    return plain.rpartition("/")[2]
