"""Printed handbooks count themselves, once."""

from django.db import transaction

from mingtang.channels import queries, services
from mingtang.channels.followers import PRINT_RUNS
from mingtang.channels.models import Release
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import record
from tests.world import new_command_id


def test_a_print_run_is_a_release_with_its_distribution(world, at):
    services.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    facts = {
        "title": "办事指南汇编",
        "organisation_id": str(world.centre.id),
        "copies": 500,
        "printed_on": "2013-09-16",
        "distribution": [{"to": "各窗口", "copies": 300}, {"to": "市发改局", "copies": 200}],
    }
    with transaction.atomic():
        event = record(
            stream="printing:1",
            kind="handbook.printed",
            facts=facts,
            actor=world.actor(world.manager),
            at=at,
            command_id=new_command_id(),
        )
    for _told in range(2):
        with transaction.atomic():
            PRINT_RUNS.handle(event)
    row = Release.objects.get()
    assert (row.quantity, row.measure, row.item_count) == (500, "copy", 1)
    assert (row.entered_by, row.is_automatic) == (world.manager, False)
    listed = queries.distribution_of(row.id)
    assert [(one.recipient, one.copies) for one in listed] == [("各窗口", 300), ("市发改局", 200)]
