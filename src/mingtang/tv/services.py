"""Services of television: the files of the night, told to the ledger and counted as released."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.channels import queries as channel_queries
from mingtang.channels import services as channels
from mingtang.channels.rules import NewRelease
from mingtang.ledger.queries import last_event
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.tv import bundle
from mingtang.villages import queries as villages

TV = "tv"  # the channel of digital television


def folder() -> Path:
    """Where the operator finds them."""
    return Path(settings.MINGTANG_HOME) / "tv"


@command("tv.bundle")
def hand_over(
    *, township: str, out: str = "", actor: Actor, at: datetime, command_id: str
) -> dict[str, object]:
    """Make a township's files, put them into their place (`out`, or the installation's own), tell
    the ledger their digest, and count each disclosure on television the first time that it is in
    them. Raises NotFound."""
    on = legal_date(at)
    made = bundle.of_township(township, on)
    bundle.put(made, Path(out) if out else folder())
    counted = _count(made, actor, at, command_id)
    facts = {
        "sha256": made.sha256,
        "pages": made.page_count,
        "entries": len(made.entry_ids),
        "counted": counted,
        "as_of": on.isoformat(),
    }
    record(
        stream=f"tv:{township}",
        kind="tv.bundled",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return facts


def _count(made: bundle.Bundle, actor: Actor, at: datetime, command_id: str) -> int:
    if TV not in channel_queries.channel_codes():
        return 0  # this city counts no such channel
    found = villages.released_among(made.entry_ids)
    known = channel_queries.hashes_on(TV, [one.stream for one in found])
    by_unit: dict[int, list[NewRelease]] = defaultdict(list)
    for one in found:
        if (one.stream, one.content_hash) not in known:
            by_unit[one.village.township_id].append(
                NewRelease(
                    channel=TV,
                    title=one.title,
                    released_date=legal_date(at),
                    subject=one.stream,
                    content_hash=one.content_hash,
                    evidence=f"{made.name} SHA-256 {made.sha256}",
                    region=one.village.code,
                )
            )
    rows = [
        row
        for unit, new in sorted(by_unit.items())
        for row in channels.enter(unit, new, moment=at, is_automatic=True, actor=actor, at=at)
    ]
    if rows:
        channels.tell_made(rows, actor=actor, at=at, command_id=command_id)
    return len(rows)


def sweep(at: datetime) -> int:
    """The files of the night, once a day for each township. Late or twice: the same result."""
    day, made = legal_date(at), 0
    for town in villages.pilot_townships():
        last = last_event(f"tv:{town.code}")
        if last is None or legal_date(last.at) < day:
            told = derived_command_id("tv_bundle", town.code, day)
            hand_over(township=town.code, actor=SYSTEM, at=at, command_id=told)
            made += 1
    return made
