"""Addresses that the house itself calls: looked up once, refused where they lead inside, and called
at the very address that was looked at. Names that change their mind in between reach nothing."""

import http.client
import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from mingtang.base.errors import DomainError

PORTS = {"http": 80, "https": 443}
# Inside, though a library may call them global: RFC 3879, RFC 8215, RFC 4291 (2.5.5.1).
CLOSED = tuple(ipaddress.ip_network(one) for one in ("fec0::/10", "64:ff9b:1::/48", "::/96"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class OnlyTraining(DomainError):
    """A training reaches nobody."""

    def __init__(self) -> None:
        super().__init__("这是演练环境，不对外发送。")


class ForbiddenAddress(DomainError):
    """The address leads to this machine or into a network that the setting does not name."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"地址“{host}”指向本机或内部网络，没有发送。对方确实在内网的，"
            "请在 MINGTANG_OUTGOING_NETS 里写明网段，例如 10.20.0.0/16。"
        )


def _plain(text: str) -> Address:
    """The address itself, where IPv6 wraps one of IPv4 (mapped, 6to4, NAT64)."""
    found = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped or found.sixtofour:
            return found.ipv4_mapped or found.sixtofour  # type: ignore[return-value]
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def is_allowed(text: str) -> bool:
    """Whether an address is one of the open network, or of a network that the setting names."""
    found = _plain(text)
    named = (ipaddress.ip_network(one) for one in settings.MINGTANG_OUTGOING_NETS)
    is_closed = found.is_multicast or any(found in one for one in CLOSED)
    return (found.is_global and not is_closed) or any(found in one for one in named)


def pinned(host: str, port: int) -> str:
    """The address of a host, looked up once. Raises ForbiddenAddress where any of its addresses is
    forbidden, OnlyTraining in a training, OSError where it has none."""
    if settings.MINGTANG_IS_TRAINING:
        raise OnlyTraining
    told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [str(one[4][0]) for one in told]
    if not found or not all(is_allowed(one) for one in found):
        raise ForbiddenAddress(host)
    return found[0]


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
    """Send a body; the status of the answer, of which nothing else is read. No redirect is
    followed, no proxy asked. Raises ForbiddenAddress, OSError, http.client.HTTPException."""
    return fetch("POST", url, body, headers, seconds=seconds, most=0)[0]


class TooLong(OSError):
    """An answer that has no end, or none that we wait for."""


def fetch(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
    most: int,
) -> tuple[int, bytes]:
    """Ask an address: the status, and the answer of at most so many bytes; with 0 none is read. No
    redirect is followed, no proxy asked. Raises ForbiddenAddress, TooLong, OSError,
    http.client.HTTPException."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    address = pinned(host, port)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(host, port, timeout=seconds)

    def connect(_asked: Any, timeout: Any = None, source: Any = None) -> socket.socket:
        return socket.create_connection((address, port), timeout, source)

    connection._create_connection = connect  # type: ignore[attr-defined]
    try:
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        said = answer.read(most + 1) if most else b""
        if len(said) > most:
            raise TooLong(f"{host}: more than {most} bytes")
        return answer.status, said
    finally:
        connection.close()
