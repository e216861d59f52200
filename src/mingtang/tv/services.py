"""Services of television: the files of the night, told to the ledger and counted as released."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from mingtang.base.clock import LEGAL_ZONE, legal_date
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
NIGHT = range(6)  # the hours before six


def folder() -> Path:
    """Where the operator finds them."""
    return Path(settings.MINGTANG_HOME) / "tv"


def hand_over(
    *, township: str, out: str = "", actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Make a township's files, put them into their place (`out`, or the installation's own), tell
    the ledger their digest, and count each disclosure on television the first time that it is in
    them. Drawing hundreds of pages takes seconds: no transaction is open meanwhile. Raises
    NotFound."""
    made = bundle.of_township(township, legal_date(at))
    bundle.put(made, Path(out) if out else folder())
    told: dict[str, Any] = _tell(
        township=township,
        sha256=made.sha256,
        pages=made.page_count,
        entry_ids=made.entry_ids,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return told


@command("tv.bundle")
def _tell(
    *,
    township: str,
    sha256: str,
    pages: int,
    entry_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> dict[str, Any]:
    facts = {
        "sha256": sha256,
        "pages": pages,
        "entries": len(entry_ids),
        "counted": _count(entry_ids, sha256, actor, at, command_id),
        "as_of": legal_date(at).isoformat(),
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


def _count(
    entry_ids: Sequence[int], sha256: str, actor: Actor, at: datetime, command_id: str
) -> int:
    if TV not in channel_queries.channel_codes():
        return 0  # this city counts no such channel
    found = villages.released_among(entry_ids)
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
                    evidence=f"SHA-256 {sha256}",
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
    """At night, the files of one township that has none of this day; a worker that begins in the
    morning leaves yesterday's. Late or twice: the same result."""
    day = legal_date(at)
    if at.astimezone(LEGAL_ZONE).hour not in NIGHT:
        return 0
    for town in villages.pilot_townships():
        last = last_event(f"tv:{town.code}")
        if last is None or legal_date(last.at) < day:
            told = derived_command_id("tv_bundle", town.code, day)
            hand_over(township=town.code, actor=SYSTEM, at=at, command_id=told)
            return 1
    return 0
