"""Followers of channels: printed handbooks of service guides count themselves."""

from datetime import date

from mingtang.channels import queries
from mingtang.channels.rules import Copies, NewRelease
from mingtang.channels.services import enter, tell_made
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Follower

PRINTED = "handbook"  # the channel of printed matter


def _printed(event: Event) -> None:
    """A print run with its distribution list. Told twice: one row."""
    facts, subject = event.facts, f"printed:{event.stream}/{event.seq}"
    if queries.of_subject(subject):
        return
    actor = Actor(
        id=event.actor_id,
        label=event.actor_label,
        organisation_id=event.organisation_id,
        organisation_label=event.organisation_label,
        acting_for_id=event.acting_for_id,
        acting_for_label=event.acting_for_label,
    )
    listed = tuple(Copies(one["to"], int(one["copies"])) for one in facts["distribution"])
    new = NewRelease(
        channel=PRINTED,
        title=str(facts["title"]),
        released_date=date.fromisoformat(facts["printed_on"]),
        quantity=int(facts["copies"]),
        subject=subject,
        distribution=listed,
    )
    organ = int(facts["organisation_id"])
    made = enter(organ, [new], is_automatic=event.actor_id is None, actor=actor, at=event.at)
    tell_made(made, actor=actor, at=event.at, command_id=event.command_id)


PRINT_RUNS = Follower("channels_print_runs", ("handbook.printed",), _printed)
