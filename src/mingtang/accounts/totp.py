"""One-time codes by time (RFC 6238 over RFC 4226): six digits, thirty seconds, HMAC-SHA-1, as every
authenticator on a phone makes them. Pure: the secret and the moment come from the caller."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # as long as what SHA-1 gives (RFC 4226 §4)
SKEW = 1  # steps that a phone's clock may be off (RFC 6238 §5.2)


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step of time (RFC 4226 §5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, typed: str, at: datetime) -> int | None:
    """The step whose code was typed, of those around a moment; None for none of them.

    Each is compared, in the same time, whichever fits.
    """
    given, found = typed.encode(), None
    for step in range(step_of(at) - SKEW, step_of(at) + SKEW + 1):
        if hmac.compare_digest(code(secret, step).encode(), given):
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as people type it into a phone: base32."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, account: str, issuer: str) -> str:
    """What the QR code says to a phone (`otpauth://`)."""
    asked = {"secret": written(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(f'{issuer}:{account}')}?{urlencode(asked, quote_via=quote)}"
