"""Commands: what was examined goes out, may be objected to, is archived; or is taken down."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from mingtang.base.clock import legal_date
from mingtang.base.rows import update_row
from mingtang.base.serials import next_serials
from mingtang.channels import queries as channel_queries
from mingtang.channels import services as channels
from mingtang.channels.rules import NewRelease
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import stop_clock, stop_open_clocks
from mingtang.villages.models import Disclosure, Objection
from mingtang.villages.rules.moves import Deed, StillOpen
from mingtang.villages.services.common import Facts, held, limit_of, limits, person_of, said, tell

SITE = "site"  # the channel on which a page of ours counts itself


@command("village.release")
def release(*, disclosure_ids: Sequence[int], actor: Actor, at: datetime, command_id: str) -> Facts:
    """Lay open what committee and township agreed to; objections may come from now on. Counted on
    the city's channel of its own pages, where there is one."""
    on, rules = legal_date(at), limits()
    found = held(disclosure_ids, Deed.RELEASE)
    facts = []
    for one in found:
        days = limit_of(one.village_id, on, rules).objection_days
        one.released_at, one.released_by_id, one.released_date = at, person_of(actor), on
        one.objections_until_date = on + timedelta(days=days)
        facts.append(_facts(one, on))
    columns = ("state", "released_at", "released_by", "released_date", "objections_until_date")
    for one in found:
        update_row(one, *columns)
    tell(found, "released", facts, actor, at, command_id)
    _count(found, on, actor, at, command_id)
    return {"count": len(found)}


def _facts(one: Disclosure, on: date) -> Facts:
    """`is_late` and by how many days: what the overview and supervision ask."""
    late = (on - one.due_date).days if one.due_date else 0
    stopped = []
    if one.due_date:
        stopped = [stop_clock(stream=one.stream, kind=ClockKind.DISCLOSURE, on=on)]
    return {
        "released": on.isoformat(),
        "is_late": late > 0,
        "late_days": max(late, 0),
        "content_hash": one.content_hash,
        "clocks": stopped,
    }


def _count(
    found: Sequence[Disclosure], on: date, actor: Actor, at: datetime, command_id: str
) -> None:
    if SITE not in channel_queries.channel_codes():
        return
    by_unit: dict[int, list[NewRelease]] = defaultdict(list)
    for one in found:
        by_unit[one.village.township_id].append(
            NewRelease(
                channel=SITE,
                title=one.title,
                released_date=on,
                subject=one.stream,
                content_hash=one.content_hash,
                region=one.village.code,
            )
        )
    made = [
        row
        for unit, rows in sorted(by_unit.items())
        for row in channels.enter(unit, rows, moment=at, is_automatic=True, actor=actor, at=at)
    ]
    channels.tell_made(made, actor=actor, at=at, command_id=command_id)


@command("village.archive")
def archive(*, disclosure_ids: Sequence[int], actor: Actor, at: datetime, command_id: str) -> Facts:
    """Once the days of objection are over and each objection is answered; a village keeps an
    archive (《村民委员会组织法》第三十四条). It stays open to everybody. Raises StillOpen."""
    found = held(disclosure_ids, Deed.ARCHIVE)
    on = legal_date(at)
    for one in found:
        _check_over(one, on)
        year = one.released_date.year if one.released_date else on.year
        serial = next_serials(f"village:{one.village.code}{year}", 1)[0]
        one.archive_number = f"{one.village.code}-{year}-{serial:03d}"
        one.archived_at, one.archived_by_id = at, person_of(actor)
    columns = ("state", "archived_at", "archived_by", "archive_number")
    for one in found:
        update_row(one, *columns)
    facts: list[Facts] = [{"archive_number": one.archive_number} for one in found]
    tell(found, "archived", facts, actor, at, command_id)
    return {"count": len(found)}


def _check_over(one: Disclosure, on: date) -> None:
    until = one.objections_until_date
    if until is not None and on <= until:
        raise StillOpen(f"异议期到 {until} 才结束")
    if Objection.objects.filter(disclosure=one, replied_at=None).exists():
        raise StillOpen("还有异议没有答复")


@command("village.take_down")
def take_down(
    *, disclosure_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take down what should not have been out. What was counted as released stays counted."""
    one = held([disclosure_id], Deed.TAKE_DOWN)[0]
    one.taken_down_at, one.taken_down_by_id = at, person_of(actor)
    one.taken_down_reason = said(reason, "撤下的原因")[:200]
    one.save(update_fields=["state", "taken_down_at", "taken_down_by", "taken_down_reason"])
    clocks = stop_open_clocks(stream=one.stream, on=legal_date(at))
    facts: Facts = {"reason": one.taken_down_reason, "clocks": clocks}
    tell([one], "taken_down", [facts], actor, at, command_id)
    return {"state": one.state}
