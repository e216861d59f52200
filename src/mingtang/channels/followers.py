"""Followers of channels: copies that another app had printed stand among the releases."""

from datetime import date

from mingtang.channels.rules import Copies, NewRelease
from mingtang.channels.services import release
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Follower

PRINTED_MATTER = "handbook"  # the channel, by code


def _printed(event: Event) -> None:
    """In the name of who entered the copies, once for each printing."""
    told = event.facts
    shares = tuple(Copies(one["to"], one["copies"]) for one in told["distribution"])
    release(
        organisation_id=int(told["organisation_id"]),
        new=NewRelease(
            channel=PRINTED_MATTER,
            title=told["title"],
            released_date=date.fromisoformat(told["printed_on"]),
            quantity=told["copies"],
            subject=f"printing:{told['printing_id']}",
            distribution=shares,
        ),
        actor=Actor(
            id=event.actor_id,
            label=event.actor_label,
            organisation_id=event.organisation_id,
            organisation_label=event.organisation_label,
            acting_for_id=event.acting_for_id,
            acting_for_label=event.acting_for_label,
        ),
        at=event.at,
        command_id=f"printing-{told['printing_id']}",
    )


PRINTED = Follower("channels_printed", ("handbook.printed",), _printed)
