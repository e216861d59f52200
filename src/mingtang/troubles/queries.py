"""Reads of troubles: those of one's own units; whoever looks after them sees all."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mingtang.accounts.queries import actor_of
from mingtang.accounts.rules import Grant, NotYourPost, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.ledger.rules import Actor
from mingtang.troubles.models import Trouble as Trouble
from mingtang.troubles.rules import KEEPERS, State

PAGE = 30
_STATES = {
    State.OPEN: Q(taken_at=None, settled_at=None),
    State.TAKEN: Q(taken_at__isnull=False, settled_at=None),
    State.SETTLED: Q(settled_at__isnull=False),
}


def visible(scope: Scope) -> QuerySet[Trouble]:
    if scope.has_role(KEEPERS):
        return Trouble.objects.all()
    return Trouble.objects.filter(organisation__in={one.organisation_id for one in scope.grants})


@dataclass(frozen=True)
class Page:
    rows: list[Trouble]
    next: Cursor | None


def troubles(
    scope: Scope, *, state: str = "", after: Cursor | None = None, size: int = PAGE
) -> Page:
    """The latest first; total order (reported_at, id). `state`: one of State, or all."""
    rows = visible(scope).select_related("reported_by", "taken_by")
    if state:
        rows = rows.filter(_STATES[State(state)])
    if after is not None:
        rows = rows.filter(Q(reported_at__lt=after.at) | Q(reported_at=after.at, id__lt=after.id))
    listed = list(rows.order_by("-reported_at", "-id")[: size + 1])
    last = listed[size - 1] if len(listed) > size else None
    return Page(listed[:size], Cursor(last.reported_at, last.id) if last else None)


def trouble_for(scope: Scope, trouble_id: int) -> Trouble:
    """Raises NotFound for those of others too."""
    rows = visible(scope).select_related("reported_by", "taken_by", "settled_by")
    found = rows.filter(id=trouble_id).first()
    if found is None:
        raise NotFound
    return found


def keeper(scope: Scope) -> Actor:
    """Who looks after troubles. Raises NotYourPost."""
    fitting = [one for one in scope.grants if one.role in KEEPERS]
    if not fitting:
        raise NotYourPost("处理运行问题")
    return actor_of(scope, fitting[0])


def reporter(scope: Scope) -> tuple[Actor, Grant]:
    """Who reports, under their first post."""
    return actor_of(scope, scope.grants[0]), scope.grants[0]
