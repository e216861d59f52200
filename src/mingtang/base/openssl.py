"""SM2 by the OpenSSL of the operating system, called as a process. Knows no settings.

No library for Python signs SM2 and is looked after (docs/trust.md). The distribution looks after
its OpenSSL, from 3.0 on. The key stays in its file, whose name is all that a command line says.
"""

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from mingtang.base.errors import DomainError

SIGNER = "1234567812345678"  # who signs, where nobody says otherwise (GB/T 35276)
SECONDS = 20  # of what takes some milliseconds
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")  # before x, y


class NoSM2(DomainError):
    """The machine's OpenSSL cannot do what is asked."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"国密签名（SM2）用不了：{why}。请安装操作系统自带的 OpenSSL 3.0 或更新版本，"
            "并用 mingtang doctor 再检查一次；没有签名的记录会在恢复后补签。"
        )


def make_sm2_key() -> bytes:
    """A new private key, as it is to lie in its file (PEM, PKCS #8). Raises NoSM2."""
    return _run("genpkey", "-algorithm", "SM2")


def sm2_public(path: Path) -> str:
    """The public key of a key file, x and y: 128 hexadecimal digits. Raises NoSM2."""
    status = path.stat()
    return _public(str(path), status.st_ino, status.st_mtime_ns)


@lru_cache(maxsize=8)  # asked for with each head, and a file is put in place whole
def _public(path: str, _inode: int, _changed_ns: int) -> str:
    told = _run("pkey", "-in", path, "-pubout", "-outform", "DER")
    if len(told) != len(SPKI) + 64 or not told.startswith(SPKI):
        raise NoSM2(f"{path} 不是 SM2 密钥")
    return told[len(SPKI) :].hex()


def sm2_signature(path: Path, data: bytes) -> bytes:
    """SM2 with SM3 over these bytes, by the customary signer; ASN.1 of r and s. Raises NoSM2."""
    how = ("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{SIGNER}")
    return _run("pkeyutl", "-sign", "-inkey", str(path), *how, data=data)


def _run(*arguments: str, data: bytes = b"") -> bytes:
    program = shutil.which("openssl")
    if program is None:
        raise NoSM2("找不到 openssl 程序")
    try:
        done = subprocess.run(  # noqa: S603 – nothing here comes from outside
            [program, *arguments], input=data, capture_output=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoSM2(f"openssl 没有运行成功（{type(error).__name__}）") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["没有说明"]
        raise NoSM2(f"openssl {arguments[0]} 没有成功：{told[0][-200:]}")
    return done.stdout
