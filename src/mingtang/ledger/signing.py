"""Who signs: a key file. 32 bytes are a key of Ed25519; SM2 keys are as OpenSSL wrote them (PEM).

A signature is 64 bytes in hexadecimal, for SM2 r and s; who has the public key checks it with the
stand-alone verifier (`is_signed`).
"""

from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from mingtang.base.keys import ensure_key
from mingtang.base.openssl import NoSM2, make_sm2_key, sm2_public, sm2_signature
from mingtang.ledger.verify_ledger import ALGORITHM, GM, is_signed

PEM = b"-----BEGIN"


class Signer(Protocol):
    """`algorithm` as heads name it; `public` key in hexadecimal. `sign` raises NoSM2."""

    algorithm: str
    public: str

    def sign(self, data: bytes) -> str: ...


class Ed25519Signer:
    algorithm = ALGORITHM

    def __init__(self, path: Path) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        self.public = self._key.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        return self._key.sign(data).hex()


class SM2Signer:
    algorithm = GM

    def __init__(self, path: Path) -> None:
        self._path, self.public = path, sm2_public(path)

    def sign(self, data: bytes) -> str:
        """What comes from another program is looked at before anybody relies on it."""
        try:
            r, s = decode_dss_signature(sm2_signature(self._path, data))
            signature = (r.to_bytes(32) + s.to_bytes(32)).hex()
        except (ValueError, OverflowError):
            raise NoSM2("openssl 给出的不是签名") from None
        if not is_signed(data, signature, self.public):
            raise NoSM2("openssl 给出的签名核对不上")
        return signature


def signer_of(path: Path, algorithm: str) -> Signer:
    """The signer of a key file, which is made here where it is missing, for this algorithm. One
    that is there stays what it is."""
    ensure_key(path, make_sm2_key) if algorithm == GM else ensure_key(path)
    with path.open("rb") as file:
        is_pem = file.read(len(PEM)) == PEM
    return SM2Signer(path) if is_pem else Ed25519Signer(path)
