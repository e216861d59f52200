"""Receipts of an outage as tests enter and decide them."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mingtang.accounts.models import Person
from mingtang.accounts.queries import actor_of, scope_of
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.files.services import store
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.outage.models import PaperReceipt
from mingtang.outage.rules import code_of
from mingtang.outage.services import PaperClaim, reserve_paper_receipts
from mingtang.timing import queries as timing
from tests import papers
from tests.world import World, new_command_id


def printed(at: datetime, count: int = 10) -> None:
    reserve_paper_receipts(count=count, actor=SYSTEM, at=at, command_id=new_command_id())


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("回执.png", papers.png(), "image/png")


def claim(received_at: datetime, serial: int = 1) -> PaperClaim:
    return PaperClaim(code_of(serial), received_at, store(scan(), command_id=new_command_id()))


def typed(received_at: datetime, serial: int = 1) -> dict[str, Any]:
    return {
        "command_id": new_command_id(),
        "paper_code": code_of(serial),
        "paper_received_at": f"{received_at.astimezone(LEGAL_ZONE):%Y-%m-%dT%H:%M}",
        "paper_scan": scan(),
    }


def decide(command: Any, actor: Actor, at: datetime, **more: Any) -> None:
    """The last receipt that was entered, by the room's own command."""
    receipt = PaperReceipt.objects.latest("id")
    by = {"receipt_id": receipt.id, "actor": actor, "at": at, "command_id": new_command_id()}
    command(**by, **more)


def in_place_of(world: World, who: Person, absent: Person, at: datetime) -> Actor:
    """Who stands in for somebody, acting as that."""
    world.people.substitution(absent, who)
    reader = scope_of(who, legal_date(at))
    return actor_of(reader, next(one for one in reader.grants if one.acting_for_id == absent.id))


def limits(stream: str) -> dict[str, tuple[str, str]]:
    """Start and due day of each clock that is open."""
    return {
        one.kind: (one.start_date.isoformat(), one.due_date.isoformat())
        for one in timing.clocks_of(stream)
        if one.stopped_date is None
    }
