"""Marks on an installation: that it holds demo data, which key sealed its personal data."""

import secrets
from datetime import datetime

from mingtang.base import clock
from mingtang.base.errors import DomainError
from mingtang.base.models import Marker
from mingtang.base.sealed import key_fingerprint, ring_fingerprints, settle_key

MARK = "sealed_key"  # of the first key; sealed_key_2, … of those beside it


class WrongKey(DomainError):
    """The key file is not the one that the data was sealed with: lost, or another home's."""

    def __init__(self) -> None:
        super().__init__(
            "密钥文件与此数据库不符：原有的身份证号、电话和地址都打不开。"
            "请从备份恢复 keys/sealed.key（和 sealed-2.key 等），"
            "或用 MINGTANG_KEY_FILE 指向原来的密钥文件。"
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
    """Raises WrongKey when another key than today's, or one that is gone, sealed what is in the
    database. A key that the ledger knows already and that does not seal yet does so from here on:
    its machine was killed in between, or it is another machine of the same city."""
    noted = dict(Marker.objects.filter(name__startswith=MARK).values_list("name", "value"))
    held = {MARK: key_fingerprint()}
    held |= {f"{MARK}_{number}": one for number, one in ring_fingerprints().items()}
    if any(held.get(name) != value for name, value in noted.items()):
        raise WrongKey
    for name in sorted(noted.keys() - {MARK}):
        settle_key(int(name.removeprefix(f"{MARK}_")))


def note_key(at: datetime) -> None:
    """Note at the first migration which key seals this database; afterwards compare."""
    check_key()
    if marked(MARK) is None:
        mark(MARK, key_fingerprint(), at)
