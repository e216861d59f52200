"""Which cryptography an installation uses for what has to last: chosen before its first record, and
never changed afterwards (ADR 37).

`intl`: SHA-256, Ed25519, AES-256-GCM. `gm` (国密): SM3, SM2, SM4-GCM. A file beside the keys says
which, and in the database a mark; neither is there under `intl`.
"""

import hashlib

from django.conf import settings

INTL, GM = "intl", "gm"
FILE = "profile"  # beside the key of sealed fields


def is_gm() -> bool:
    return bool(settings.MINGTANG_PROFILE == GM)


def digest_name() -> str:
    """As hashlib and hmac call it."""
    return "sm3" if is_gm() else "sha256"


def digest(content: bytes) -> bytes:
    """SHA-256, under `gm` SM3: 32 bytes."""
    return hashlib.new("sm3", content).digest() if is_gm() else hashlib.sha256(content).digest()


def commitment(salt: str, content: bytes) -> str:
    """The digest of what stays out of the ledger, salted: 64 hexadecimal digits. `salt`: too."""
    return digest(bytes.fromhex(salt) + content).hex()
