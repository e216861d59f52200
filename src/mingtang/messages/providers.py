"""Providers: who carries mail and SMS out of the house. A city may name its own class."""

import hashlib
import hmac
import logging
import smtplib
from email.utils import make_msgid, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from mingtang.base import clock
from mingtang.base.masking import mask_mail_address, mask_phone
from mingtang.base.outgoing import post
from mingtang.messages.rules import Way

log = logging.getLogger(__name__)
NONE, LOG = "none", "log"


class Refused(Exception):
    """The provider will never take this message (no such number, say): trying again is vain."""


class Provider(Protocol):
    """What a city's own class must do: take a message within ten seconds.

    `send` gives the provider's reference of the message (or ""). It raises Refused where trying
    again is vain, any other exception where it is not; what they say is logged and shown, so it
    names nobody. The same message may come twice after a crash of the worker.
    """

    def send(self, recipient: str, title: str, text: str) -> str: ...


class LogProvider:
    """For trying out: one line in the log, without the text. Nothing leaves the house."""

    def send(self, recipient: str, title: str, text: str) -> str:
        mask = mask_mail_address if "@" in recipient else mask_phone
        log.info("message of %d characters to %s, not sent", len(text), mask(recipient))
        return ""


class ClosedProvider:
    """For a way that was closed while messages still waited for it."""

    def send(self, recipient: str, title: str, text: str) -> str:
        raise Refused("这种发送方式已停用")


class SmtpProvider:
    """Mail through the server of MINGTANG_SMTP_HOST. The reference is the Message-ID."""

    def send(self, recipient: str, title: str, text: str) -> str:
        sender = settings.DEFAULT_FROM_EMAIL
        reference = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
        mail = EmailMessage(title, text, sender, [recipient], headers={"Message-ID": reference})
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if codes and min(codes) >= 500:
                raise Refused(f"邮件服务器不收这个地址（{codes[0]}）") from None
            raise
        return reference


class WebhookProvider:
    """To another system: a POST of JSON, signed, to the address of MINGTANG_WEBHOOK_URL.

    `X-Mingtang-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of `SECONDS.BODY` under
    MINGTANG_WEBHOOK_KEY; `X-Mingtang-Delivery` is the same when a message comes twice. Where the
    other side says 4xx, but for 408 and 429, trying again is vain; redirects are not followed.
    """

    def send(self, recipient: str, title: str, text: str) -> str:
        body = text.encode()
        delivery = hashlib.sha256(body).hexdigest()[:32]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Mingtang-Delivery": delivery,
            "X-Mingtang-Signature": sign(body, int(clock.now().timestamp())),
        }
        status = post(recipient, body, headers, settings.EMAIL_TIMEOUT)
        if 400 <= status < 500 and status not in {408, 429}:
            raise Refused(f"对方系统不收（{status}）")
        if not 200 <= status < 300:
            raise OSError(f"HTTP {status}")
        return delivery


def sign(body: bytes, seconds: int) -> str:
    """How the other side knows that a body is ours and when it left."""
    key = settings.MINGTANG_WEBHOOK_KEY.encode()
    mac = hmac.digest(key, f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={mac.hex()}"


OWN: dict[str, type[Provider]] = {
    NONE: ClosedProvider,
    LOG: LogProvider,
    "smtp": SmtpProvider,
    "webhook": WebhookProvider,
}


def name_of(way: Way) -> str:
    """What the settings say carries a way: `log`, `smtp`, `none` or a dotted path."""
    chosen = {
        Way.SMS: settings.MINGTANG_SMS_PROVIDER,
        Way.MAIL: settings.MINGTANG_MAIL_PROVIDER,
        Way.WEBHOOK: "webhook" if settings.MINGTANG_WEBHOOK_URL else NONE,
    }
    return str(chosen[way])


def is_open(way: Way) -> bool:
    """Whether messages of a way are written at all."""
    return name_of(way) != NONE


def provider_of(way: Way) -> Provider:
    """The provider of a way. Raises ImportError where the settings name none that loads."""
    name = name_of(way)
    made = OWN[name]() if name in OWN else import_string(name)()
    found: Provider = made
    return found
