"""Small things that every app's views need."""

import ipaddress
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.forms import BaseForm, CharField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from mingtang.base.noting import NEVER, note

V = TypeVar("V", bound=Callable[..., Any])


def for_reading(view: V) -> V:
    """What whoever only wants to read must be able to send: it is let through on a disk that is
    nearly full, where nothing else is begun."""
    view.is_for_reading = True  # type: ignore[attr-defined]
    return view


def secret_fields(*names: str) -> Callable[[V], V]:
    """Fields that are typed once more: they stand in no report of an error and in no page that
    holds a form to be sent again. The other fields of the form do."""

    def declare(view: V) -> V:
        hidden: V = sensitive_post_parameters(*names)(view)
        hidden.secret_fields = frozenset(names)  # type: ignore[attr-defined]
        return hidden

    return declare


def source_of(request: HttpRequest) -> str:
    """Where a request comes from, for rate limits. Of forwarded headers only the last word of one
    of our own proxies (MINGTANG_PROXIES) is believed: all that comes before may be a visitor's."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not _is_proxy(peer):
        return _network(peer)
    said = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _network(said if is_address(said) else peer)


def _network(address: str) -> str:
    """An address of IPv4; of IPv6 the /64, all of whose addresses one connection has."""
    if not is_address(address) or (found := ipaddress.ip_address(address)).version == 4:
        return address
    whole = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(whole or ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def _is_proxy(peer: str) -> bool:
    return is_address(peer) and any(
        ipaddress.ip_address(peer) in ipaddress.ip_network(net) for net in settings.MINGTANG_PROXIES
    )


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_from_here(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this: of this host, or of one of
    MINGTANG_ORIGINS."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {own, *settings.CSRF_TRUSTED_ORIGINS}


def search_text(request: HttpRequest, name: str = "q") -> str:
    """What someone typed into a search field: at most 60 characters, none of them control codes."""
    return printable(request.GET.get(name, ""))[:60]


def printable(typed: str) -> str:
    """What was typed without control codes, which no database keeps."""
    return "".join(char for char in typed if char.isprintable()).strip()


def refusal(message: str, form: BaseForm) -> str:
    """The sentence of a refusal, and what was written into the form, for a page that does not show
    it again: nothing typed is lost."""
    texts = (one.data for one in form.visible_fields() if isinstance(one.field, CharField))
    written = "；".join(text.strip() for text in texts if text and text.strip())
    return message + (_("您刚才填写的内容：") + written if written else "")


def new_command_id() -> str:
    """An id for the command that a form will send: 122 random bits."""
    note(NEVER)
    return uuid.uuid4().hex


def site_url(request: HttpRequest) -> str:
    """Where the public finds this site, without a slash at its end: paper goes where the
    counter's own address does not."""
    base: str = settings.MINGTANG_PUBLIC_URL
    return base or request.build_absolute_uri("/").rstrip("/")
