"""Codes that people copy by hand: fifty random bits in letters that are not mistaken. Pure."""

import unicodedata

# Letters and digits that are not mistaken for one another when read aloud or copied by hand.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10  # 32**10: fifty bits


def spell_code(random: bytes) -> str:
    """A code of fifty of the given bits, as XXXXX-XXXXX."""
    number = int.from_bytes(random[:8], "big") >> 14
    letters = [CODE_ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def normalise_code(typed: str) -> str:
    """What a person typed, as a code is spelt: full width, small letters and gaps forgiven."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(char for char in plain if char in CODE_ALPHABET)
    return f"{kept[:5]}-{kept[5:]}"
