"""What is over its time goes, by kind, in pieces; who is on hold keeps theirs; a dry run writes
nothing; the ledger tells how much."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from mingtang.cases.models import FilingDraft
from mingtang.cases.services import start_draft, sweep_drafts
from mingtang.catalogue.models import Item
from mingtang.ledger.models import Event
from mingtang.messages.models import Message
from mingtang.persons import services
from mingtang.persons.retention import kinds
from mingtang.persons.rules import KEPT_KINDS
from mingtang.persons.services import retaining
from tests.world import World, new_command_id

pytestmark = pytest.mark.django_db


def message(person, at, number):
    return Message.objects.create(
        subject="case:1",
        event="case.granted",
        audience="applicant",
        way="inbox",
        person=person,
        title="决定",
        text="准予",
        dedupe_key=f"{number:064x}",
        created_at=at,
        state="delivered",
    )


@pytest.fixture
def later(at):
    return at + timedelta(days=1096)


def test_each_kind_has_a_name_that_the_setting_knows():
    assert tuple(one.name for one in kinds()) == KEPT_KINDS


def test_a_dry_run_counts_and_writes_nothing(world: World, at, later):
    message(world.citizen, at, 1)
    message(world.citizen, later, 2)
    found = {kind.name: count for kind, count in services.over_time(later)}
    assert found["messages"] == 1
    assert Message.objects.count() == 2
    assert not Event.objects.filter(kind="personal.retained").exists()


def test_what_is_over_its_time_goes_once(world: World, at, later, settings):
    message(world.citizen, at, 1)
    message(world.citizen, later, 2)
    assert services.retain(later) == 1
    assert services.retain(later) == 0
    event = Event.objects.get(kind="personal.retained")
    assert event.facts == {"kind": "messages", "days": 1095, "count": 1}
    settings.MINGTANG_KEEP_DAYS = {"messages": 1}
    assert services.retain(later + timedelta(days=2)) == 1  # the setting decides


def test_in_pieces_all_of_it_goes(world: World, at, later, monkeypatch):
    monkeypatch.setattr(retaining, "AT_ONCE", 2)
    for number in range(5):
        message(world.citizen, at, number)
    assert services.retain(later) == 5
    assert Event.objects.filter(kind="personal.retained").count() == 3


def test_who_is_on_hold_keeps_messages_and_drafts(world: World, at, later):
    message(world.citizen, at, 1)
    message(world.stranger, at, 2)
    edition = Item.objects.get(code=world.item()).current_edition
    for person in (world.citizen, world.stranger, None):
        start_draft(edition=edition, content={}, person_id=person.id if person else None, at=at)
    services.place(
        person_id=world.citizen.id,
        reason="诉讼",
        holder_id=world.manager.id,
        actor=world.actor(world.manager),
        at=at,
        command_id=new_command_id(),
    )
    assert services.retain(later) == 1
    assert Message.objects.get().person == world.citizen
    assert sweep_drafts(later) == 2
    assert FilingDraft.objects.get().person == world.citizen


def test_the_command_counts_first_and_removes_when_told(world: World, at, capsys):
    message(world.citizen, at, 1)  # of 2013
    call_command("retain")
    assert "没有删除" in capsys.readouterr().out
    assert Message.objects.exists()
    call_command("retain", "--remove")
    assert "已删除 1 条" in capsys.readouterr().out
    assert not Message.objects.exists()
