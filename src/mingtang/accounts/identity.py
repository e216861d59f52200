"""What another system says of a person who signs in there. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mingtang.accounts.rules import REAL_NAME_LEVELS
from mingtang.base.errors import DomainError, NotAllowed
from mingtang.base.privacy import is_identity_number

MOBILE = re.compile(r"(?:\+?86[ -]?)?(1\d{10})")


class Side(StrEnum):
    """Whom a provider of identities signs in."""

    CITIZENS = "citizens"
    STAFF = "staff"


@dataclass(frozen=True)
class Provider:
    """A provider of identities (OpenID Connect), as the settings name it.

    `claims`: which of its claims is our `name`, `number`, `phone`, `level`, `username`. `levels`:
    its words for a level of real names, as ours. `factors`: values of its `acr` and `amr` that
    count as a second factor.
    """

    side: Side
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    label: str = ""
    scope: str = "openid"
    claims: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    factors: frozenset[str] = frozenset()

    @property
    def is_secure(self) -> bool:
        return self.issuer.startswith("https://")


@dataclass(frozen=True)
class Said:
    """What a provider said of one person, in our words; what it did not say is blank."""

    subject: str
    name: str = ""
    number: str = ""
    phone: str = ""
    level: int = 0
    username: str = ""
    factor: str = ""


class SignInUndone(DomainError):
    """What came back is not the answer to what this browser asked."""

    heading = "没有登录"

    def __init__(self, why: str) -> None:
        super().__init__(f"统一身份认证没有完成：{why}。请回到登录页重新登录。")


class ProviderAway(DomainError):
    """It does not answer, or with something else than its protocol says."""

    status = 503
    heading = "统一身份认证暂时用不了"

    def __init__(self) -> None:
        super().__init__(
            "统一身份认证平台暂时没有应答，没有登录。请过几分钟再试；"
            "有本系统密码的可以用密码登录，急办的请到窗口或拨打服务热线。"
        )


class NotAsRegistered(NotAllowed):
    """Number, name or account there are others than those we have."""

    heading = "没有登录"

    def __init__(self, what: str) -> None:
        super().__init__(f"统一身份认证平台给的{what}。请带身份证件到窗口，或拨打服务热线核对。")


class NotStaffHere(NotAllowed):
    """Nobody is given an account, let alone rights, by signing in."""

    heading = "没有登录"

    def __init__(self) -> None:
        super().__init__("本系统里没有您的工作账号。请联系本单位的系统管理员开通后再登录。")


class NotRealEnough(NotAllowed):
    """An item that is filed online only by whoever is known by their real name."""

    heading = "请先登录"

    def __init__(self, level: int) -> None:
        super().__init__(
            f"这个事项网上申请要求{REAL_NAME_LEVELS[level]}：请先用统一身份认证登录"
            "（等级不够的在认证平台上提升），填写的内容会保留；也可以到窗口办理。"
        )


class NotYourOwn(NotAllowed):
    """Whose real name is wanted files for themselves, or is named as the one who acts."""

    def __init__(self) -> None:
        super().__init__(
            "这个事项要求实名申请：申请人（有代理人的，代理人）的证件号码要和登录的账号一致。"
            "请改正证件号码，或由本人登录申请。"
        )


def said_of(provider: Provider, claims: Mapping[str, Any]) -> Said:
    """The claims of a provider in our words. Without a whole identity number nobody is known by
    their real name, whatever the level says; and a number that the provider has not verified is
    not heard: whoever typed another's would be given what is held about them. Raises SignInUndone.
    """

    def said(ours: str) -> str:
        value = claims.get(provider.claims.get(ours, ""))
        text = str(value).strip() if isinstance(value, str | int) else ""
        return text if text.isprintable() else ""

    number = said("number").upper()
    if number and not is_identity_number(number):
        raise SignInUndone("认证平台给的身份证件号码不是 18 位居民身份证号码")
    level = provider.levels.get(said("level"), 0) if number else 0
    mobile = MOBILE.fullmatch(said("phone"))
    return Said(
        subject=claims["sub"],
        name=said("name")[:60],
        number=number if level else "",
        phone=mobile[1] if mobile else "",
        level=level,
        username=said("username"),
        factor=_factor(provider, claims),
    )


def _factor(provider: Provider, claims: Mapping[str, Any]) -> str:
    """The value of `acr` or `amr` that counts as a second factor; blank: none."""
    methods = claims.get("amr")
    told = [claims.get("acr"), *(methods if isinstance(methods, list) else [])]
    return next((one for one in told if isinstance(one, str) and one in provider.factors), "")
