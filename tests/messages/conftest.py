"""Messages with a provider that keeps what it is given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from mingtang.messages.models import Message
from mingtang.messages.services import tell
from tests.messages.occasions import ACCEPTED, FACTS, FakeProvider

PHONE = "13800000001"
EMAIL = "maoxm@example.cn"


@pytest.fixture
def provider(settings) -> type[FakeProvider]:
    FakeProvider.reset()
    path = f"{FakeProvider.__module__}.{FakeProvider.__qualname__}"
    settings.MINGTANG_SMS_PROVIDER = settings.MINGTANG_MAIL_PROVIDER = path
    settings.MESSAGE_TEMPLATES = ["tests.messages.occasions.OCCASIONS"]
    return FakeProvider


@pytest.fixture
def told(at) -> Callable[..., list[Message]]:
    """Tells the applicant of case 42 of its acceptance, on the ways that are named."""

    def make(**more: Any) -> list[Message]:
        fields = {
            "subject": "case:42",
            "event": "case.accepted",
            "audience": "applicant",
            "fallback": ACCEPTED,
            "facts": FACTS,
            "dedupe": "event:1",
            "at": at,
            **more,
        }
        with transaction.atomic():
            ids = tell(**fields)
        return list(Message.objects.filter(id__in=ids).order_by("id"))

    return make
