"""Personal data at rest: sealed fields and blind indexes.

A sealed value is AES-256-GCM under a key that lives outside the database, bound to the name of
its field. A blind index is an HMAC of the normalised value: it finds a person without showing one.
Under the profile `gm` they are SM4-GCM (GB/T 32907, RFC 8998) and HMAC with SM3.

Keys have numbers. Number 1 is the key file of the installation: codes and blind indexes come from
it for good, and its boxes begin with 1. The others lie beside it (`sealed-2.key`, …), seal and
nothing else, and are named in their boxes: 2, number (two bytes), nonce, sealed. The newest seals.
Boxes of SM4 name each key, the first too: 3, number, nonce, sealed.
One that is still called `sealed-2.next.key` opens, and does not seal yet.
"""

import hmac
import json
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from mingtang.base.keys import sync_folder
from mingtang.base.profile import digest_name, is_gm

VERSION, NUMBERED = b"\x01", b"\x02"  # AES-256-GCM both: under key 1, or the key that is named
SM4 = b"\x03"  # SM4-GCM, under the key that is named
NUMBER_BYTES, NONCE_BYTES, TAG_BYTES, SM4_KEY_BYTES = 2, 12, 16, 16
SETTLED_NS = 2_000_000_000  # coarser than the clock of any file system
Ring = tuple[tuple[int, bool], ...]


@lru_cache(maxsize=16)
def _master_key(path: str) -> bytes:
    key = Path(path).read_bytes()
    if len(key) != 32:
        raise RuntimeError(
            f"密钥文件 {path} 应为 32 字节，实为 {len(key)} 字节。请从备份恢复该文件。"
        )
    return key


def _derived_key(purpose: str) -> bytes:
    return _derived(_master_key(str(settings.MINGTANG_KEY_FILE)), purpose, digest_name())


@lru_cache(maxsize=64)  # as many as there are purposes
def _derived(master: bytes, purpose: str, name: str) -> bytes:
    return hmac.digest(master, b"mingtang/" + purpose.encode(), name)


def keyed_hash(purpose: str, value: bytes) -> bytes:
    """HMAC-SHA256 (or SM3) under a key of its own for each purpose: 32 bytes."""
    return hmac.digest(_derived_key("hash/" + purpose), value, digest_name())


def key_fingerprint() -> str:
    """What tells this key from another without giving it away: 32 hexadecimal digits."""
    return keyed_hash("fingerprint", b"").hex()[:32]


def blind_index(purpose: str, value: str) -> str:
    """The searchable shadow of a normalised value, 64 hexadecimal digits; "" for ""."""
    return keyed_hash("blind/" + purpose, value.encode()).hex() if value else ""


def used_keys() -> list[int]:
    """The numbers beside 1 whose files are named as those that seal."""
    return [number for number, is_used in _ring() if is_used]


def fingerprint_of(number: int) -> str:
    """32 hexadecimal digits. Raises ValueError where no such key is here."""
    return hmac.digest(_key_beside(number), b"mingtang/fingerprint", digest_name()).hex()[:32]


def key_path(number: int, *, is_next: bool = False) -> Path:
    """Where key 2, 3, … lies: beside the first, under its name with the number."""
    first = Path(settings.MINGTANG_KEY_FILE)
    return first.with_name(f"{first.stem}-{number}{'.next' if is_next else ''}{first.suffix}")


def key_files() -> list[Path]:
    """Every key of sealed fields that is here, used already or not."""
    beside = (key_path(number, is_next=not is_used) for number, is_used in _ring())
    return [Path(settings.MINGTANG_KEY_FILE), *beside]


def settle_key(number: int) -> None:
    """From here on this key seals. Done already: nothing."""
    _rename(key_path(number, is_next=True), key_path(number))


def set_key_back(number: int) -> None:
    """It opens, and does not seal: what it sealed is not in this database."""
    _rename(key_path(number), key_path(number, is_next=True))


def _rename(old: Path, new: Path) -> None:
    with suppress(FileNotFoundError):  # done already, perhaps by another process just now
        old.replace(new)
        sync_folder(new.parent)


def newest_key() -> int:
    """The number of the key that seals now."""
    return max(used_keys(), default=1)


def _ring() -> Ring:
    """(number, whether it seals already) of the keys beside the first, by number. Looked up each
    time: another process may have put one there. The folder is read again when something in it
    was made, renamed or removed, and as long as its mark may yet stand for two such changes."""
    folder, name = os.path.split(str(settings.MINGTANG_KEY_FILE))
    mark = os.stat(folder)
    is_settled = time.time_ns() - mark.st_mtime_ns > SETTLED_NS
    looked_up = _looked_up if is_settled else _looked_up.__wrapped__
    return looked_up(folder, name, mark.st_ino, mark.st_mtime_ns)


@lru_cache(maxsize=4)
def _looked_up(folder: str, name: str, _inode: int, _changed_ns: int) -> Ring:
    stem, suffix = os.path.splitext(name)
    beside = [one for one in os.listdir(folder) if one.startswith(f"{stem}-")]
    pattern = rf"{re.escape(stem)}-([1-9]\d*)(\.next)?{re.escape(suffix)}"
    found = (re.fullmatch(pattern, one) for one in beside)
    listed = ((int(one[1]), one[2] is None) for one in found if one)
    return tuple(sorted(one for one in listed if 1 < one[0] < 1 << 8 * NUMBER_BYTES))


def _key_beside(number: int) -> bytes:
    return _read_beside(str(settings.MINGTANG_KEY_FILE), number)


@lru_cache(maxsize=16)
def _read_beside(first: str, number: int) -> bytes:
    for is_next in (True, False):  # in this order: it is renamed while others read
        with suppress(FileNotFoundError):
            return _master_key(str(key_path(number, is_next=is_next)))
    raise ValueError(f"sealed with key {number}, and {key_path(number).name} is not there")


class AEAD(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...


class SM4GCM:
    """As AESGCM: the tag stands behind what was sealed. `decrypt` raises InvalidTag."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        sealing = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(bound)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        if len(nonce) != NONCE_BYTES or len(data) < TAG_BYTES:
            raise InvalidTag
        mode = modes.GCM(nonce, data[-TAG_BYTES:])
        opening = Cipher(self._cipher, mode).decryptor()
        opening.authenticate_additional_data(bound)
        return opening.update(data[:-TAG_BYTES]) + opening.finalize()


def has_sm4() -> bool:
    """Whether the library of this machine can do it."""
    try:
        SM4GCM(bytes(SM4_KEY_BYTES)).encrypt(bytes(NONCE_BYTES), b"", b"")
    except UnsupportedAlgorithm:
        return False
    return True


def _cipher(number: int) -> AEAD:
    """Of this installation's profile: its boxes are all of one kind."""
    if is_gm():
        first = str(settings.MINGTANG_KEY_FILE)
        master = _master_key(first) if number == 1 else _key_beside(number)
        return _sm4(_derived(master, "seal", digest_name())[:SM4_KEY_BYTES])
    return _aes(_derived_key("seal") if number == 1 else _key_beside(number))


_aes, _sm4 = lru_cache(maxsize=16)(AESGCM), lru_cache(maxsize=16)(SM4GCM)


def header(number: int) -> bytes:
    """How each box begins that this key sealed."""
    if number == 1 and not is_gm():
        return VERSION
    return (SM4 if is_gm() else NUMBERED) + number.to_bytes(NUMBER_BYTES, "big")


def sealed_by(box: bytes) -> int:
    """The number of the key that a box names; its first three bytes are enough. Raises ValueError
    for one of another profile, or that nobody here made."""
    if box[:1] == VERSION and not is_gm():
        return 1
    if box[:1] != (SM4 if is_gm() else NUMBERED):
        raise ValueError("unknown version of sealed value")
    return int.from_bytes(box[1 : 1 + NUMBER_BYTES], "big")


def seal(value: str, label: str) -> bytes:
    (box,) = seal_all([value], label)
    return box


def seal_all(values: Iterable[str], label: str) -> list[bytes]:
    """Each in a box of its own, under the key that seals now."""
    number, bound = newest_key(), label.encode()
    begin, encrypt = header(number), _cipher(number).encrypt
    found = []
    for value in values:
        nonce = os.urandom(NONCE_BYTES)
        found.append(begin + nonce + encrypt(nonce, value.encode(), bound))
    return found


def unseal(box: bytes, label: str) -> str:
    """The value back. A box that was altered, or moved from another field, raises."""
    number = sealed_by(box)
    rest = box[len(header(number)) :]
    try:
        cipher = _cipher(number)
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], label.encode()).decode()
    except InvalidTag as error:
        raise ValueError(
            f"{label}: the sealed value does not open (altered, or another key)"
        ) from error


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text that is stored sealed. Not searchable: keep a blind index beside it."""

    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def _check_str_default_value(self) -> list[Any]:
        """To Python this is text; only the database sees bytes."""
        return []

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = seal(value, self.label()) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return unseal(bytes(value), self.label()) if value else ""


class SealedJSONField(SealedField):
    """What JSON can hold, stored sealed. Not searchable."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, bytes | memoryview):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else None
