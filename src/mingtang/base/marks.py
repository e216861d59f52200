"""Marks on an installation: that it holds demo data, which key sealed its personal data."""

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.base.models import Marker
from mingtang.base.profile import GM, INTL, is_gm
from mingtang.base.sealed import (
    fingerprint_of,
    key_fingerprint,
    key_path,
    set_key_back,
    settle_key,
    used_keys,
)

PLACE, REAL, TRAINING = "place", "real", "training"  # a mark, and a file of the data folder
PROFILE = "profile"  # noted under `gm` alone
MARK = "sealed_key"  # of the first key; sealed_key_2, … of those beside it


class WrongKey(DomainError):
    """The key file is not the one that the data was sealed with: lost, or another home's."""

    def __init__(self) -> None:
        super().__init__(
            "密钥文件与此数据库不符：原有的身份证号、电话和地址都打不开。"
            "请从备份恢复 keys/sealed.key（和 sealed-2.key 等），"
            "或用 MINGTANG_KEY_FILE 指向原来的密钥文件。"
        )


class WrongProfile(DomainError):
    """The keys are of one profile, the database of another."""

    def __init__(self, noted: str) -> None:
        super().__init__(
            f"这个数据库建立时选用的密码套件是 {noted}，本机的密钥是 {settings.MINGTANG_PROFILE}，"
            "没有启动。请把建立时的 keys 文件夹（gm 的含 profile 文件）整个放回来；"
            "已有记录的数据库不能换套件。"
        )


class WrongPlace(DomainError):
    """A real place is started as a training, or the other way round."""

    def __init__(self, is_training: bool) -> None:
        super().__init__(
            "这里是演练环境的数据，却按正式环境启动：请用 mingtang training 运行，"
            "或把 MINGTANG_HOME、DATABASE_URL 改回正式环境的。"
            if is_training
            else "这里是正式环境的数据，却设了 MINGTANG_TRAINING：请去掉这项设置；"
            "要演练的，用 mingtang training 运行，它有自己的数据目录。"
        )


class StrayKey(DomainError):
    """A file is named as a key that seals, but nobody has let it seal."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 的名字像是已经启用的密钥，但账本里没有启用它的记录，为防止数据用它封存，"
            "没有启动。如果是另存的副本，请移到别的文件夹；如果是新密钥，请用 mingtang keys "
            "prepare 和 rotate 生成、启用，由两名管理员一起办理。"
        )


def marked(name: str) -> str | None:
    """The value of a mark, or None."""
    return Marker.objects.filter(name=name).values_list("value", flat=True).first()


def mark(name: str, value: str, at: datetime) -> None:
    Marker.objects.update_or_create(name=name, defaults={"value": value, "marked_at": at})


def installation() -> str:
    """A random name of this database, given once: what lies on disk for it lies under it."""
    found, _ = Marker.objects.get_or_create(
        name="installation",
        defaults={"value": secrets.token_hex(8), "marked_at": clock.now()},
    )
    return found.value


def check_key() -> None:
    """Raises WrongProfile; WrongKey when another key than today's, or one that is gone, sealed what
    is in the database. A key that the ledger knows already and that does not seal yet does so from
    here on: its machine was killed in between, or it is another machine of the same city."""
    check_profile()
    if marked(MARK) not in {None, key_fingerprint()}:
        raise WrongKey
    numbers = noted_keys()
    if any(held_key(number) != value for number, value in numbers.items()):
        raise WrongKey
    for number in sorted(numbers):
        settle_key(number)
    for number in used_keys():
        if number not in numbers:
            raise StrayKey(key_path(number))


def check_profile() -> None:
    """Raises WrongProfile where the database was begun with the other of the two."""
    noted = dict(Marker.objects.filter(name__in=(MARK, PROFILE)).values_list("name", "value"))
    if MARK in noted and noted.get(PROFILE, INTL) != settings.MINGTANG_PROFILE:
        raise WrongProfile(noted.get(PROFILE, INTL))


def check_place() -> None:
    """Raises WrongPlace where the database or the data folder was made for the other of the two,
    the real place and the training beside it."""
    for made_for in (marked(PLACE), _place_of_home()):
        if made_for and made_for != _place():
            raise WrongPlace(made_for == TRAINING)


def note_place(at: datetime) -> None:
    """Note at the first migration what this place is; afterwards compare. A database from before
    that was noted is a training only where it lies in the folder of one."""
    check_place()
    if marked(PLACE) is None:
        is_training = settings.MINGTANG_IS_TRAINING
        if is_training and marked(MARK) and settings.MINGTANG_HOME.name != TRAINING:
            raise WrongPlace(is_training=False)
        mark(PLACE, _place(), at)
    path = settings.MINGTANG_HOME / PLACE
    if not path.exists():
        path.write_text(_place(), encoding="ascii")


def _place() -> str:
    return TRAINING if settings.MINGTANG_IS_TRAINING else REAL


def _place_of_home() -> str:
    with suppress(OSError, ValueError):
        return (settings.MINGTANG_HOME / PLACE).read_text(encoding="ascii").strip()
    return ""


def noted_keys() -> dict[int, str]:
    """The keys beside the first that were let seal: number → fingerprint."""
    rows = Marker.objects.filter(name__startswith=f"{MARK}_").values_list("name", "value")
    return {int(name.removeprefix(f"{MARK}_")): value for name, value in rows}


def held_key(number: int) -> str | None:
    """The fingerprint of a key beside the first; None where it is not here."""
    with suppress(ValueError):
        return fingerprint_of(number)
    return None


def note_handed_on(number: int, at: datetime) -> None:
    """Note a key that seals from here on, once. Raises WrongKey where another machine has noted
    another one under its number."""
    told = {"value": fingerprint_of(number), "marked_at": at}
    found, _ = Marker.objects.get_or_create(name=f"{MARK}_{number}", defaults=told)
    if found.value != told["value"]:
        raise WrongKey


def set_back_keys() -> None:
    """After a backup of before they were let seal was restored beside them."""
    for number in set(used_keys()) - noted_keys().keys():
        set_key_back(number)


def note_key(at: datetime) -> None:
    """Note at the first migration which key seals this database; afterwards compare."""
    check_key()
    if marked(MARK) is None:
        mark(MARK, key_fingerprint(), at)
        if is_gm():
            mark(PROFILE, GM, at)
