"""What a new password has to be; one made by chance, for a first sign-in."""

import secrets
from datetime import timedelta
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from mingtang.base.errors import DomainError

SHORTEST_PASSWORD = 8
FIRST_GOOD_FOR = timedelta(days=7)  # of an account that is opened
RESET_GOOD_FOR = timedelta(days=1)  # of one whose password was forgotten: the person is waiting
# Read out at a counter and typed by hand: nothing that looks like another sign.
SIGNS, GROUPS, LONG = "abcdefghjkmnpqrstuvwxyz23456789", 3, 4


class WeakPassword(DomainError):
    """Too short, or one that is tried first."""


@cache
def _common() -> CommonPasswordValidator:
    """The 20,000 that are met most often, as Django ships them."""
    return CommonPasswordValidator()


def check_new_password(password: str, username: str) -> None:
    """Raises WeakPassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"密码太短：至少 {SHORTEST_PASSWORD} 位。")
    if password.lower() == username.lower():
        raise WeakPassword("密码不能和用户名一样，请换一个。")
    try:
        _common().validate(password)
    except ValidationError:
        raise WeakPassword("这个密码太常见，别人一猜就中，请换一个。") from None


def made_by_chance() -> str:
    """A password of 59 random bits, in three groups."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(LONG)) for _ in range(GROUPS))
    return "-".join(groups)
