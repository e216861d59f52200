"""Followers of channels: printed matter counts itself, handbooks when they are printed and given
out, guides of the shelf when they were taken."""

from datetime import date

from mingtang.base.clock import legal_date
from mingtang.channels import queries
from mingtang.channels.rules import Copies, NewRelease
from mingtang.channels.services import enter, tell_made
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import Actor

PRINTED = "handbook"  # the channel of printed matter


def _printed(event: Event) -> None:
    """A print run with its distribution list. Told twice: one row."""
    facts, subject = event.facts, f"printed:{event.stream}/{event.seq}"
    if queries.of_subject(subject):
        return
    listed = tuple(Copies(one["to"], int(one["copies"])) for one in facts["distribution"])
    new = NewRelease(
        channel=PRINTED,
        title=str(facts["title"]),
        released_date=date.fromisoformat(facts["printed_on"]),
        quantity=int(facts["copies"]),
        subject=subject,
        distribution=listed,
    )
    _enter(event, new)


def _taken(event: Event) -> None:
    """Guides that were taken from the shelf since the last count: one item, however often it is
    counted. What was printed and thrown away reached nobody."""
    facts, subject = event.facts, f"guide:{event.facts['edition_id']}"
    if not int(facts["copies"]) or event.leaf in {
        one.content_hash for one in queries.of_subject(subject)
    }:
        return
    new = NewRelease(
        channel=PRINTED,
        title=f"办事指南《{facts['name']}》第 {facts['number']} 版（{facts['place']}取阅）"[:200],
        released_date=legal_date(event.at),
        quantity=int(facts["copies"]),
        subject=subject,
        content_hash=event.leaf,
        distribution=(Copies(str(facts["place"]), int(facts["copies"])),),
    )
    _enter(event, new)


def _enter(event: Event, new: NewRelease) -> None:
    actor = Actor(
        id=event.actor_id,
        label=event.actor_label,
        organisation_id=event.organisation_id,
        organisation_label=event.organisation_label,
        acting_for_id=event.acting_for_id,
        acting_for_label=event.acting_for_label,
    )
    organ = int(event.facts["organisation_id"])
    made = enter(organ, [new], is_automatic=event.actor_id is None, actor=actor, at=event.at)
    tell_made(made, actor=actor, at=event.at, command_id=event.command_id)


PRINT_RUNS = Follower("channels_print_runs", ("handbook.printed",), _printed)
TAKEN_GUIDES = Follower("channels_taken_guides", ("guide.counted",), _taken)
