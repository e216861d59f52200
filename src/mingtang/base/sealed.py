"""Personal data at rest: sealed fields and blind indexes.

A sealed value is AES-256-GCM under a key that lives outside the database, bound to the name of
its field. A blind index is an HMAC of the normalised value: it finds a person without showing one.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = b"\x01"
NONCE_BYTES = 12


@lru_cache(maxsize=4)
def _master_key(path: str) -> bytes:
    key = Path(path).read_bytes()
    if len(key) != 32:
        raise RuntimeError(
            f"密钥文件 {path} 应为 32 字节，实为 {len(key)} 字节。请从备份恢复该文件。"
        )
    return key


def _derived_key(purpose: str) -> bytes:
    master = _master_key(str(settings.MINGTANG_KEY_FILE))
    return hmac.digest(master, b"mingtang/" + purpose.encode(), hashlib.sha256)


@lru_cache(maxsize=4)
def _cipher(master: bytes) -> AESGCM:
    """The one that boxes are made and opened with, under a master key."""
    return AESGCM(hmac.digest(master, b"mingtang/seal", hashlib.sha256))


def _own_cipher() -> AESGCM:
    return _cipher(_master_key(str(settings.MINGTANG_KEY_FILE)))


def keyed_hash(purpose: str, value: bytes) -> bytes:
    """HMAC-SHA256 under a key of its own for each purpose: 32 bytes."""
    return hmac.digest(_derived_key("hash/" + purpose), value, hashlib.sha256)


def key_fingerprint() -> str:
    """What tells this key from another without giving it away: 32 hexadecimal digits."""
    return keyed_hash("fingerprint", b"").hex()[:32]


def blind_index(purpose: str, value: str) -> str:
    """The searchable shadow of a normalised value, 64 hexadecimal digits; "" for ""."""
    return keyed_hash("blind/" + purpose, value.encode()).hex() if value else ""


def seal(value: str, label: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + _own_cipher().encrypt(nonce, value.encode(), label.encode())


def unseal(box: bytes, label: str) -> str:
    """The value back. A box that was altered, or moved from another field, raises."""
    if box[:1] != VERSION:
        raise ValueError(f"{label}: unknown version of sealed value")
    nonce, sealed = box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :]
    try:
        return _own_cipher().decrypt(nonce, sealed, label.encode()).decode()
    except InvalidTag as error:
        raise ValueError(
            f"{label}: the sealed value does not open (altered, or another key)"
        ) from error


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text that is stored sealed. Not searchable: keep a blind index beside it."""

    def _label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def _check_str_default_value(self) -> list[Any]:
        """To Python this is text; only the database sees bytes."""
        return []

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):  # bytes are what both databases take
            return seal(value, self._label()) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return unseal(bytes(value), self._label()) if value else ""


class SealedJSONField(SealedField):
    """What JSON can hold, stored sealed. Not searchable."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, bytes | memoryview):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else None
