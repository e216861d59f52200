"""Settings: the keys of an installation, and which cryptography they are of."""

import hashlib
import os
from pathlib import Path

from mingtang.base.errors import DomainError
from mingtang.base.keys import ensure_key, sync_folder
from mingtang.base.openssl import make_sm2_key
from mingtang.base.profile import FILE, GM, INTL
from mingtang.base.sealed import has_sm4
from mingtang.site.settings.env import WrongSetting, one_of

NAME = "MINGTANG_PROFILE"


def profile_of(key_file: Path) -> str:
    """`intl` or `gm`: what was chosen when the key of sealed fields was made, or, where there is
    none yet, what the environment says. Raises WrongSetting where it says something else now."""
    kept, wanted = key_file.with_name(FILE), one_of(NAME, "", known=("", INTL, GM))
    try:
        made = kept.read_text(encoding="ascii").strip() if kept.exists() else ""
    except (OSError, ValueError):
        made = "?"
    if made not in {"", INTL, GM}:
        raise WrongSetting(NAME, f"{kept} 读不出套件，应为 {INTL} 或 {GM}：请从备份恢复该文件。")
    profile = made or (INTL if key_file.exists() else wanted or INTL)
    if wanted not in {"", profile}:
        why = f"{key_file} 是 {profile} 套件的密钥，套件在建立时选定，以后不能改。"
        more = f"新建的请换一个空的数据目录；另一台机器的请把原机的 {kept.name} 文件一起复制过来。"
        raise WrongSetting(NAME, why + more)
    if profile == GM:
        _check_machine()
    return profile


def _check_machine() -> None:
    """Every process of the profile needs these two; SM2 only who signs (`mingtang doctor`)."""
    if "sm3" not in hashlib.algorithms_available:
        raise WrongSetting(NAME, "本机 Python 所用的 OpenSSL 没有 SM3，请换用带 SM3 的版本。")
    if not has_sm4():
        raise WrongSetting(NAME, "本机的 cryptography 库没有 SM4-GCM，请按 constraints.txt 安装。")


def make_keys(profile: str, *, sealed: Path, ledger: Path, session: Path) -> None:
    """Each that is missing. Raises WrongSetting."""
    named = (("MINGTANG_KEY_FILE", sealed), ("MINGTANG_LEDGER_KEY_FILE", ledger))
    for name, path in (*named, ("MINGTANG_HOME", session)):
        is_sm2 = profile == GM and path == ledger
        try:
            if profile == GM and path == sealed:
                _note(sealed.with_name(FILE))
            ensure_key(path, make_sm2_key) if is_sm2 else ensure_key(path)
        except OSError as error:
            raise WrongSetting(name, f"不能建立密钥文件 {path}：{error.strerror}。") from None
        except DomainError as error:
            raise WrongSetting(NAME, error.message) from None


def _note(path: Path) -> None:
    """Before the key, so that no key of `gm` lies there without it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{GM}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)
