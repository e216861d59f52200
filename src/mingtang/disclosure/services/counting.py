"""Commands: what goes out by itself counts itself, once per item, content and channel.

Nobody's view of a page is counted: the law counts what was published, not who has read it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id, parse_id
from mingtang.channels import queries as channel_queries
from mingtang.channels import services as channels
from mingtang.channels.rules import NewRelease
from mingtang.disclosure.queries.every import public_among
from mingtang.disclosure.services.common import Result
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command

FEED, BUNDLE = "feed", "bundle"
CHUNK = 400


@command("disclosure.count")
def count_out(
    *, channel: str, publication_ids: Sequence[str], actor: Actor, at: datetime, command_id: str
) -> Result:
    """Count these items as released on a channel of the system's own: those that are public, and
    in what they say now were not counted there before. Returns {"counted"}."""
    by_organ: dict[int, list[NewRelease]] = defaultdict(list)
    if channel not in channel_queries.channel_codes():
        return {"counted": 0}  # this city counts no such channel
    for start in range(0, len(publication_ids), CHUNK):
        ids = [int(one) for one in publication_ids[start : start + CHUNK]]
        _add(by_organ, channel, ids, at)
    made = [
        row
        for organ, rows in sorted(by_organ.items())
        for row in channels.enter(organ, rows, moment=at, is_automatic=True, actor=actor, at=at)
    ]
    if made:
        channels.tell_made(made, actor=actor, at=at, command_id=command_id)
    return {"counted": len(made)}


def _add(
    by_organ: dict[int, list[NewRelease]], channel: str, ids: Sequence[int], at: datetime
) -> None:
    items = public_among(ids)
    known = channel_queries.hashes_on(channel, [item.subject for item in items])
    for item in items:
        assert item.published_version is not None
        if (item.subject, item.published_hash) not in known:
            by_organ[item.organisation_id].append(
                NewRelease(
                    channel=channel,
                    title=item.published_version.title,
                    released_date=legal_date(at),
                    subject=item.subject,
                    content_hash=item.published_hash,
                    on_behalf_of=item.on_behalf_of_id,
                )
            )


def _follow(event: Event) -> None:
    """What became public stands in the feeds from that moment on."""
    key = parse_id(event.stream.removeprefix("publication:"))
    if key is not None:
        count_out(
            channel=FEED,
            publication_ids=[str(key)],
            actor=SYSTEM,
            at=event.at,
            command_id=derived_command_id("feed", event.stream, event.seq),
        )


FEEDS = Follower("disclosure.feeds", ("disclosure.published",), _follow)
