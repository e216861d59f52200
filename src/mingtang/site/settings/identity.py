"""Which systems say who somebody is: the province's for citizens, the city's for staff."""

from pathlib import Path

from mingtang.accounts.identity import Provider, Side
from mingtang.accounts.rules import REAL_NAME_LEVELS
from mingtang.site.settings.env import WrongSetting, needed, text

OURS = {
    Side.CITIZENS: ("name", "number", "phone", "level"),
    Side.STAFF: ("username",),
}
CLAIMS = {
    Side.CITIZENS: "name=name,number=id_number,phone=phone_number,level=real_name_level",
    Side.STAFF: "username=preferred_username",
}
LABELS = {Side.CITIZENS: "浙江政务服务网账号", Side.STAFF: "本市统一身份认证（工作人员）"}
WHY = "设了 {} 就要一起填写。"
LOOPBACK = ("http://127.0.0.1", "http://[::1]", "http://localhost")


def providers(*, is_production: bool) -> dict[str, Provider]:
    """The providers that the environment names, by their side; none: nobody comes by one."""
    found = (_provider(side, is_production=is_production) for side in Side)
    known = {one.side.value: one for one in found if one is not None}
    if len({one.issuer.rstrip("/") for one in known.values()}) < len(known):
        raise WrongSetting(
            f"MINGTANG_OIDC_{Side.STAFF.name}_ISSUER",
            "群众和工作人员不能用同一个认证平台地址：同一个人在那里只有一个标识，会登进另一边的账户。",
        )
    return known


def _provider(side: Side, *, is_production: bool) -> Provider | None:
    prefix = f"MINGTANG_OIDC_{side.name}"
    issuer = text(f"{prefix}_ISSUER")
    if not issuer:
        return None
    if not issuer.startswith(("https://", *LOOPBACK)) or (
        is_production and not issuer.startswith("https://")
    ):
        raise WrongSetting(f"{prefix}_ISSUER", f"“{issuer}”应以 https:// 开头。")
    why = WHY.format(f"{prefix}_ISSUER")
    return Provider(
        side=side,
        issuer=issuer,
        client_id=needed(f"{prefix}_CLIENT", why),
        secret=_secret(f"{prefix}_SECRET_FILE", why),
        label=text(f"{prefix}_LABEL", LABELS[side]),
        scope=text(f"{prefix}_SCOPE", "openid profile phone"),
        claims=_pairs(f"{prefix}_CLAIMS", CLAIMS[side], known=OURS[side]),
        levels=_levels(f"{prefix}_LEVELS") if side is Side.CITIZENS else {},
        factors=_factors(f"{prefix}_FACTORS") if side is Side.STAFF else frozenset(),
    )


def _secret(name: str, why: str) -> str:
    path = Path(needed(name, why))
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise WrongSetting(name, f"读不了密钥文件 {path}。") from None
    if not secret:
        raise WrongSetting(name, f"密钥文件 {path} 是空的。")
    return secret


def _pairs(name: str, default: str, *, known: tuple[str, ...]) -> dict[str, str]:
    """What is called how over there: `name=xm,number=zjhm`."""
    pairs = [one.partition("=") for one in text(name, default).split(",") if one.strip()]
    found = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if not all(found.values()) or found.keys() - set(known):
        raise WrongSetting(name, f"请写成 {default} 这样，左边只能是：{'、'.join(known)}。")
    return found


def _levels(name: str) -> dict[str, int]:
    """Their words for a level of real names, as ours: `L2=1,L3=3`."""
    numbers = ",".join(f"{one}={one}" for one in REAL_NAME_LEVELS)
    pairs = [one.partition("=") for one in text(name, numbers).split(",") if one.strip()]
    known = {str(one) for one in REAL_NAME_LEVELS}
    if not all(theirs.strip() and ours.strip() in known for theirs, _, ours in pairs):
        raise WrongSetting(name, "请写成 对方的等级=0 到 3，例如 L1=1,L2=2,L3=3。")
    return {theirs.strip(): int(ours) for theirs, _, ours in pairs}


def _factors(name: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text(name).split(",") if one.strip())
