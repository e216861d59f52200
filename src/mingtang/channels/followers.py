<<<<<<< HEAD
"""Followers of channels: copies that another app had printed stand among the releases."""

from datetime import date

from mingtang.channels.rules import Copies, NewRelease
from mingtang.channels.services import release
=======
"""Followers of channels: printed handbooks of service guides count themselves."""

from datetime import date

from mingtang.channels import queries
from mingtang.channels.rules import Copies, NewRelease
from mingtang.channels.services import enter, tell_made
>>>>>>> clean
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Follower

<<<<<<< HEAD
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
=======
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
>>>>>>> clean
