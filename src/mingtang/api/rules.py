"""Rules of the API: how often somebody may ask, what a fault of the body is called. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from mingtang.accounts.rules import Role, Scope
from mingtang.base.errors import DomainError

KEY = r"^[0-9a-f]{32}$"  # of a command: 122 random bits in hexadecimal
CODE_HEADER = "X-Query-Code"
FIELDS, FIELDS_LONGEST = "fields", 300  # which fields of an answer are wanted


class NotSignedIn(DomainError):
    status = 401

    def __init__(self) -> None:
        super().__init__("请先登录，或者在请求里带上有效的访问令牌。")


class WrongToken(DomainError):
    """One answer for a token that is none, has run out, or whose client was ended."""

    status = 401

    def __init__(self) -> None:
        super().__init__("访问令牌无效或者已经过期，请重新取得令牌。")


class WrongClient(DomainError):
    status = 401

    def __init__(self) -> None:
        super().__init__("客户端编号或密钥不正确，请向系统管理员核对。")


class ForgedRequest(DomainError):
    status = 403

    def __init__(self) -> None:
        super().__init__("请求缺少防伪标记。用登录状态调用接口的，请在 X-CSRFToken 里带上它。")


class TooOften(DomainError):
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"请求太频繁，请 {seconds} 秒后再试。")
        self.seconds = seconds


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of a request: where, and a sentence."""

    field: str
    message: str


class BodyWrong(DomainError):
    """What was sent does not fit; `faults` says where."""

    def __init__(self, faults: Iterable[Fault], message: str = "请更正下面标出的内容。") -> None:
        super().__init__(message)
        self.faults = list(faults)


class NotJson(DomainError):
    status = 400

    def __init__(self) -> None:
        super().__init__("请求的内容不是有效的 JSON，请核对后重新发送。")


FAULTS = {
    "missing": "请填写这一项。",
    "extra_forbidden": "没有这一项，请对照接口说明核对名称。",
    "string_too_short": "请填写这一项。",
    "string_too_long": "写得太长了，请缩短。",
    "string_pattern_mismatch": "格式不对，请对照接口说明更正。",
    "literal_error": "不在可选的值里，请对照接口说明更正。",
    "enum": "不在可选的值里，请对照接口说明更正。",
    "too_long": "太多了，请减少。",
}
NOT_THAT_KIND = "类型不对，请对照接口说明更正。"


def fault_of(kind: str) -> str:
    """The sentence for a fault that the checker of shapes found."""
    return FAULTS.get(kind, NOT_THAT_KIND)


def narrowed(scope: Scope, roles: frozenset[Role]) -> Scope:
    """A scope with the posts of some roles alone: never wider than it was."""
    return scope.only(roles) if roles else scope


def roles_in(asked: str) -> frozenset[Role]:
    """The roles that a token is asked for, by their codes with spaces between. Raises BodyWrong."""
    names = asked.split()
    unknown = [name for name in names if name not in set(Role)]
    if unknown:
        raise BodyWrong([Fault("scope", f"没有“{unknown[0][:40]}”这种岗位，请核对。")])
    return frozenset(Role(name) for name in names)


@dataclass(frozen=True)
class Pace:
    """So many requests in a span of seconds."""

    most: int
    seconds: int


OPEN_PACE = Pace(most=120, seconds=60)  # by source, for who has not signed in
SIGNED_PACE = Pace(most=1200, seconds=60)  # by person or system
