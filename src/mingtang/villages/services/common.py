"""What all commands on a disclosure do: they hold it, check the table of moves, tell the ledger."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, record_all
from mingtang.villages.models import Disclosure, ReleaseLimit
from mingtang.villages.models.template import AGREED
from mingtang.villages.rules import periods
from mingtang.villages.rules.moves import Deed, State, check

Facts = dict[str, Any]


def held(ids: Iterable[int], deed: Deed) -> list[Disclosure]:
    """The disclosures, locked, with their state after the deed (unsaved). Raises NotFound,
    WrongState."""
    wanted = sorted(set(ids))
    rows = Disclosure.objects.select_for_update(of=("self",)).filter(id__in=wanted)
    found = list(rows.select_related("village", "section").order_by("id"))
    if len(found) != len(wanted) or not found:
        raise NotFound("没有找到这条公开，请核对后重试。")
    for one in found:
        one.state = check(deed, State(one.state)).value
    return found


def tell(
    disclosures: Sequence[Disclosure],
    verb: str,
    facts: Sequence[Facts],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """Every event says whose it is and what, so that followers need not ask."""
    entries = [
        Entry(one.stream, f"village.{verb}", _common(one) | more)
        for one, more in zip(disclosures, facts, strict=True)
    ]
    record_all(entries, actor=actor, at=at, command_id=command_id)


def _common(one: Disclosure) -> Facts:
    return {
        "village": one.village.code,
        "village_name": one.village.name,
        "organisation_id": str(one.village.township_id),
        "section": one.section.code,
        "title": one.title,
        "occasion": one.occasion,
        "state": one.state,
        "due": one.due_date.isoformat() if one.due_date else None,
    }


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def persons_of(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {int(one) for one in (actor.id, actor.acting_for_id) if one}


def said(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if not text:
        raise DomainError(f"请写明{what}。")
    return text


def limits() -> list[ReleaseLimit]:
    """Those that hold from their day on; not what still waits for a second person."""
    return list(ReleaseLimit.objects.filter(AGREED).order_by("valid_from", "id"))


def limit_of(village_id: int, on: date, rows: Sequence[ReleaseLimit] | None = None) -> ReleaseLimit:
    """What holds for a village on a day. Raises DomainError where the city has set nothing."""
    found = periods.in_force(limits() if rows is None else rows, village_id, on)
    if found is None:
        raise DomainError(f"{on} 还没有设定公开时限，请市三务公开管理人员先设定。")
    return found
