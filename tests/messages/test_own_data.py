"""People are told when a copy or an erasure about them is asked for, answered, refused."""

import logging

import pytest

from mingtang.base.subjects import url_of
from mingtang.ledger.models import Event
from mingtang.ledger.services import deliver_all
from mingtang.messages import followers
from mingtang.messages.models import Message
from mingtang.messages.occasions import OCCASION_OF
from mingtang.messages.rules import Way
from mingtang.persons import services
from mingtang.persons.rules import RequestKind
from tests.persons.test_asking import answered, asked
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def sms(settings):
    settings.MINGTANG_SMS_PROVIDER = "tests.messages.occasions.FakeProvider"


@pytest.fixture
def citizen(world, sms):
    world.citizen.phone = PHONE
    world.citizen.save(update_fields=["phone"])
    return world.citizen


def told(person, way=Way.INBOX):
    """What they were told, the oldest first."""
    found = Message.objects.order_by("created_at", "id").filter(way=way.value)
    mine = [one for one in found if person.id == one.person_id]
    return [(one.event, one.text) for one in mine]


def test_asked_and_refused_are_in_the_inbox_and_go_to_the_phone(world, at, citizen):
    request_id = asked(world, at)
    deliver_all(at=at)
    answered(world, request_id, at, is_agreed=False)
    deliver_all(at=at)
    first, second = told(citizen)
    assert (first[0], second[0]) == ("personal.asked", "personal.answered")
    assert "删除个人信息" in first[1]
    assert "最晚 2013年10月" in first[1]
    assert "不同意" in second[1]
    texts = [one.recipient for one in Message.objects.filter(way=Way.SMS.value)]
    assert texts == [PHONE, PHONE]
    assert url_of(Message.objects.first().subject) == "/account/data/"


def test_a_copy_that_was_agreed_to_and_handed_out_is_told(world, at, citizen):
    """Whoever took it, the person hears of it."""
    request_id = asked(world, at, RequestKind.COPY, by=world.clerk)
    answered(world, request_id, at)
    services.note_copy(
        person_id=citizen.id,
        request_id=request_id,
        actor=world.actor(world.clerk),
        at=at,
        command_id=new_command_id(),
    )
    deliver_all(at=at)
    assert {event for event, _text in told(citizen)} == set(OCCASION_OF)
    assert "答复是：同意" in dict(told(citizen))["personal.answered"]


def test_who_has_no_account_any_more_is_told_nothing(world, at, citizen):
    """No number of theirs is left, and the inbox is closed."""
    request_id = asked(world, at)
    deliver_all(at=at)
    answered(world, request_id, at)
    deliver_all(at=at)
    assert not Message.objects.filter(person=citizen).exists()
    assert not Message.objects.filter(event="personal.answered").exists()


def test_heard_twice_it_is_told_once(world, at, citizen):
    asked(world, at)
    deliver_all(at=at)
    followers._told(Event.objects.get(kind="personal.asked"))
    assert len(told(citizen)) == 1


def test_neither_log_nor_ledger_nor_words_name_the_person(world, at, citizen, caplog):
    with caplog.at_level(logging.DEBUG):
        request_id = asked(world, at)
        answered(world, request_id, at, is_agreed=False)
        deliver_all(at=at)
    words = [*caplog.messages, *(text for _event, text in told(citizen))]
    words += [str(one.facts) for one in Event.objects.filter(kind__startswith="personal.")]
    assert words
    assert not any(citizen.name in one or PHONE in one for one in words)
