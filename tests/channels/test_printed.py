"""Printed copies that the catalogue enters stand in the ledger of releases, once."""

from datetime import date

import pytest

from mingtang.catalogue.services import record_printing
from mingtang.channels import services
from mingtang.channels.models import Release
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all, replay
from tests.world import new_command_id


@pytest.mark.django_db
def test_printed_copies_become_one_release_with_their_distribution(world, at):
    services.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    record_printing(
        title="便民服务指南",
        organisation_id=world.centre.id,
        copies_count=300,
        printed_date="2013-09-16",
        shares=[
            {"recipient": "综合窗口", "copies_count": 200},
            {"recipient": "留存", "copies_count": 100},
        ],
        actor=world.actor(world.manager),
        at=at,
        command_id=new_command_id(),
    )
    deliver_all(at)
    replay("channels_print_runs", at)
    deliver_all(at)
    made = Release.objects.get()
    assert (made.channel.code, made.quantity, made.item_count) == ("handbook", 300, 1)
    assert (made.released_date, made.organisation_id) == (date(2013, 9, 16), world.centre.id)
    assert made.subject.startswith("printed:printing:")
    lines = made.distribution.order_by("position").values_list("recipient", "copies")
    assert list(lines) == [("综合窗口", 200), ("留存", 100)]
