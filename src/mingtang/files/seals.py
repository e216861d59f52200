"""Electronic seals: the one place where a system of seals is reached.

A city's own is a class with the three names below, given by its dotted path in
`MINGTANG_SEAL_PROVIDER`. Without one (`none`) papers are sealed by hand, then registered.
"""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.module_loading import import_string

from mingtang.base.keys import ensure_key
from mingtang.files.rules.documents import NoElectronicSeal

NONE, LOCAL = "none", "local"
LOCAL_NOTICE = "本机电子签名，未接入国家电子印章系统，不具有电子印章的法律效力"


class SealProvider(Protocol):
    """Signs what a paper commits to, and checks such a signature later, years later too.

    `notice` is said beside every seal of its making, on pages and on paper; blank for none.
    """

    notice: str

    def sign(self, message: bytes) -> str: ...

    def verify(self, message: bytes, signature: str) -> bool: ...


class LocalSeal:
    """A key of this installation (Ed25519): shows that this machine signed, nothing more."""

    notice = LOCAL_NOTICE

    def _key(self) -> Ed25519PrivateKey:
        path = Path(settings.MINGTANG_SEAL_KEY_FILE)
        ensure_key(path)
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())

    def sign(self, message: bytes) -> str:
        return b64encode(self._key().sign(message)).decode()

    def verify(self, message: bytes, signature: str) -> bool:
        try:
            self._key().public_key().verify(b64decode(signature, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def public_key(self) -> str:
        """What others check a signature with, in hexadecimal."""
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return self._key().public_key().public_bytes(*raw).hex()


def chosen() -> str:
    """The provider of this installation. Raises NoElectronicSeal where there is none."""
    name: str = settings.MINGTANG_SEAL_PROVIDER
    if name == NONE:
        raise NoElectronicSeal
    return name


def is_chosen() -> bool:
    return bool(settings.MINGTANG_SEAL_PROVIDER != NONE)


def provider(name: str) -> SealProvider:
    """The provider of a name, today's or the one that once made a seal. Raises ImportError."""
    made: SealProvider = LocalSeal() if name == LOCAL else import_string(name)()
    return made


def notice_of(name: str) -> str:
    """What is said beside a seal of this provider; blank where the seal is not electronic."""
    try:
        return provider(name).notice if name else ""
    except ImportError:
        return ""
