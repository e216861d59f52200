"""Settings come from the environment through these helpers.

A wrong value stops the start with a sentence that names the variable.
"""

import ipaddress
import logging
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import overload


class WrongSetting(SystemExit):
    """Ends the program with a sentence instead of a trace."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"环境变量 {name} 的值不能用：{why}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise WrongSetting(name, f"“{value}”不是是/否，请写 1 或 0。")


@overload
def number(name: str, default: int, *, least: int, most: int) -> int: ...
@overload
def number(name: str, default: None, *, least: int, most: int) -> int | None: ...
def number(name: str, default: int | None, *, least: int, most: int) -> int | None:
    value = text(name)
    if not value:
        return default
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise WrongSetting(name, f"“{value}”应为 {least} 到 {most} 之间的整数。")
    return int(value)


def address(name: str) -> str:
    """The address of a site without the slash at its end, or nothing."""
    value = text(name).rstrip("/")
    if value and not value.startswith(("https://", "http://")):
        raise WrongSetting(name, f"“{value}”应以 https:// 或 http:// 开头。")
    return value


def socket_address(name: str) -> str:
    """Where a service listens: `host:port`, or the path of a local socket; or nothing."""
    value = text(name).removeprefix("unix:")
    host, _, port = value.rpartition(":")
    is_network = bool(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if value and not value.startswith("/") and not is_network:
        raise WrongSetting(name, f"“{value}”应写成 主机:端口，或本机套接字的绝对路径。")
    return value


def networks(name: str, default: str = "") -> tuple[str, ...]:
    """Networks as CIDR, or single addresses, separated by commas; or none."""
    given = tuple(one.strip() for one in text(name, default).split(",") if one.strip())
    for one in given:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            raise WrongSetting(name, f"“{one}”应写成网段，例如 10.20.0.0/16。") from None
    return given


def words(name: str, default: str, *, allowed: Iterable[str]) -> tuple[str, ...]:
    """An ordered set of known words, separated by commas."""
    given = [word.strip() for word in (text(name) or default).split(",") if word.strip()]
    known = list(allowed)
    if wrong := [word for word in given if word not in known]:
        raise WrongSetting(name, f"“{wrong[0]}”不认识，可用：{'、'.join(known)}。")
    return tuple(dict.fromkeys(given))


def dated(name: str, default: str) -> dict[date, str]:
    """What holds since when: `2013-01-01=text,2021-01-01=text`."""
    pairs = [pair.strip().partition("=") for pair in (text(name) or default).split(",")]
    try:
        found = {date.fromisoformat(day): word.strip() for day, _, word in pairs}
    except ValueError:
        found = {}
    if not found or not all(found.values()):
        raise WrongSetting(name, "请写成 2013-01-01=一事一评,2021-01-01=一次一评 这样。")
    return found


def dated_numbers(name: str, default: str, *, least: int, most: int) -> dict[date, int]:
    """Whole numbers by the day since which they hold: `2019-09-01=30`."""
    found = dated(name, default)
    if any(not word.isdecimal() or not least <= int(word) <= most for word in found.values()):
        raise WrongSetting(name, f"请写成 2019-09-01=30 这样，数字在 {least} 到 {most} 之间。")
    return {day: int(word) for day, word in found.items()}


def days_of(name: str, *, known: Iterable[str], most: int) -> dict[str, int]:
    """Whole days by known words: `messages=365,mails=90`."""
    pairs = [pair.strip().partition("=") for pair in text(name).split(",") if pair.strip()]
    allowed = list(known)
    for word, _, days in pairs:
        if word not in allowed or not days.isdecimal() or not 1 <= int(days) <= most:
            told = "、".join(allowed)
            raise WrongSetting(name, f"请写成 {allowed[0]}=90 这样，可用：{told}，1 到 {most} 天。")
    return {word: int(days) for word, _, days in pairs}


def one_of(name: str, default: str, *, known: Iterable[str]) -> str:
    """One of the known words."""
    value, allowed = text(name) or default, list(known)
    if value not in allowed:
        raise WrongSetting(name, f"“{value}”不认识，可用：{'、'.join(allowed)}。")
    return value


def provider(name: str, default: str, *, known: Iterable[str]) -> str:
    """One of the known words, or the dotted path of a class that the city brings."""
    value, allowed = text(name) or default, list(known)
    parts = value.split(".")
    if value in allowed or (len(parts) > 1 and all(part.isidentifier() for part in parts)):
        return value
    raise WrongSetting(
        name, f"“{value}”不认识，可用：{'、'.join(allowed)}，或自己的类，写成 模块.类名。"
    )


def needed(name: str, why: str) -> str:
    """A text that another setting cannot work without."""
    value = text(name)
    if not value:
        raise WrongSetting(name, why)
    return value


def metrics_for(name: str, *, is_behind_tls: bool) -> str:
    """Who may read the figures for Prometheus: nobody (blank), `loopback`, or who brings the token
    that stands in a file."""
    value = text(name)
    if value in {"", "off"}:
        return ""
    if value == "loopback":
        if is_behind_tls:
            why = "前面有代理时，每个访客看起来都来自本机：请写令牌文件的路径。"
            raise WrongSetting(name, why)
        return value
    try:
        token = Path(value).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise WrongSetting(
            name, f"请写 off、loopback，或令牌文件的路径；读不了 {value}。"
        ) from None
    if len(token) < 32:
        raise WrongSetting(name, f"文件 {value} 里的令牌应至少 32 个字符。")
    return token


def log_level(name: str, default: str) -> str:
    value = text(name, default).upper()
    levels = sorted(logging.getLevelNamesMapping())
    if value not in levels:
        raise WrongSetting(name, f"没有日志级别“{value}”，可用：{'、'.join(levels)}。")
    return value
