"""Commands: note what was refused, for administrators and for the log. Nobody waits for it, and no
answer fails by it."""

import logging
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import F
from django.http import HttpRequest

from mingtang.accounts.models import Post, Refusal
from mingtang.accounts.rules import REFUSALS_AN_HOUR, RefusalKind, TooManyAttempts
from mingtang.base import ids
from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.sealed import keyed_hash
from mingtang.base.space import is_short
from mingtang.base.web import source_of

log = logging.getLogger("mingtang.security")
SOURCE_DIGITS = 12


def note_refusal(
    request: HttpRequest,
    kind: RefusalKind,
    error: DomainError | None = None,
    *,
    staff: int | None = None,
    **person: Any,
) -> None:
    """ASVS 16.3.1 and 16.3.2. A line of the log and a row; no name that was typed, and of people
    only who holds or held a post. `staff`: somebody who is known to; `person`: somebody of whom it
    is asked, `person__username="…"` or `person_id=…`."""
    try:
        match = request.resolver_match
        _note(
            kind=kind,
            is_locked=isinstance(error, TooManyAttempts),
            person_id=staff or _staff(person),
            source=keyed_hash("refusal_source", source_of(request).encode()).hex()[:SOURCE_DIGITS],
            route=((match.view_name or "") if match else "")[:100],
            at=now(),
        )
    except DatabaseError as failed:
        log.error("a refusal was not kept: %s", type(failed).__name__)


def _staff(person: dict[str, Any]) -> int | None:
    """One statement, whether there is such an account or not."""
    if not person:
        return None
    return Post.objects.filter(**person).values_list("person_id", flat=True).first()


def _note(
    *,
    kind: RefusalKind,
    is_locked: bool,
    person_id: int | None,
    source: str,
    route: str,
    at: datetime,
) -> None:
    more = {"event": kind.value, "locked": is_locked, "person": person_id}
    more |= {"source": source, "route": route}
    log.warning("refused: %s%s", kind.value, ", locked" if is_locked else "", extra=more)
    if is_short():
        return  # the line is told
    row = Refusal(
        kind=kind.value,
        is_locked=is_locked,
        person_id=person_id,
        source=source,
        route=route,
        first_at=at,
        last_at=at,
    )
    hour = at.replace(minute=0, second=0, microsecond=0)
    if _counted(row, hour):
        return
    if Refusal.objects.filter(first_at__gte=hour).count() >= REFUSALS_AN_HOUR:
        row.person_id, row.source, row.route = None, "", ""
        if _counted(row, hour):
            return
    ids.lease()
    row.id = ids.next_id()
    Refusal.objects.bulk_create([row], ignore_conflicts=True)


def _counted(row: Refusal, hour: datetime) -> bool:
    """Whether one alike stands in this hour, which counts this one too."""
    alike = (row.kind, row.is_locked, row.person_id, row.source, row.route, hour.isoformat())
    row.digest = keyed_hash("refusal", "|".join(map(str, alike)).encode()).hex()
    known = Refusal.objects.filter(digest=row.digest)
    return bool(known.update(count=F("count") + 1, last_at=row.last_at))
