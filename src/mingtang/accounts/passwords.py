"""What a new password has to be; one made by chance, for a first sign-in."""

import secrets
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from mingtang.accounts.rules import ROLE_LABELS
from mingtang.base.errors import DomainError
from mingtang.regions.queries import is_name_of_a_unit

SHORTEST_PASSWORD = 8
FIRST_GOOD_FOR = timedelta(days=7)  # of an account that is opened
RESET_GOOD_FOR = timedelta(days=1)  # of one whose password was forgotten: the person is waiting
PROGRAM = ("mingtang", "明堂", "政务服务", "行政服务中心", "政务服务中心", "zhengwu", "zhengwufuwu")
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


def check_no_word_of_this_place(password: str) -> None:
    """Names of this site, its centre and address, of the program, of roles and of units: they are
    guessed here before others, whatever digits and signs stand around them. Raises WeakPassword."""
    core = "".join(filter(str.isalpha, password.casefold()))
    names = (settings.MINGTANG_SITE_NAME, settings.MINGTANG_CENTRE_NAME, *ROLE_LABELS.values())
    hosts = [word for host in settings.ALLOWED_HOSTS for word in (host, *host.split("."))]
    known = {"".join(filter(str.isalpha, one.casefold())) for one in (*names, *hosts, *PROGRAM)}
    if core and (core in known or is_name_of_a_unit(core)):
        raise WeakPassword("密码里除了数字和符号，只有本单位、本系统的名称，容易被猜中，请换一个。")


def made_by_chance() -> str:
    """A password of 59 random bits, in three groups."""
    groups = ("".join(secrets.choice(SIGNS) for _ in range(LONG)) for _ in range(GROUPS))
    return "-".join(groups)
