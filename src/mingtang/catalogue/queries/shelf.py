"""Reads of the shelf: which printed guides lie where, which of them need somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from mingtang.accounts.rules import Grant, Scope
from mingtang.base.errors import NotFound
from mingtang.catalogue.models import ItemStatus, ShelfGuide
from mingtang.catalogue.rules.shelf import KEEPERS, GuideState, state_of

_ACTIVE = ItemStatus.ACTIVE.value
_FINE = Q(
    item__status=_ACTIVE, edition=F("item__current_edition"), stock_count__gte=F("least_count")
)


@dataclass(frozen=True)
class OnShelf:
    guide: ShelfGuide
    state: GuideState
    number: int  # of the edition in force

    @property
    def is_old(self) -> bool:
        return self.state is GuideState.OLD


def keeper_of(scope: Scope) -> Grant:
    """The post by which somebody keeps a hall's shelf. Raises NotFound."""
    for grant in scope.grants:
        if grant.role in KEEPERS:
            return grant
    raise NotFound


def halls_of(scope: Scope) -> list[int]:
    return sorted({grant.organisation_id for grant in scope.grants if grant.role in KEEPERS})


def shelf(halls: Iterable[int]) -> list[OnShelf]:
    """All guides on the shelves of halls, by place and name; total order (place, name, id)."""
    rows = _rows(halls).select_related("edition", "item__current_edition")
    return [_seen(one) for one in rows.order_by("place", "edition__name", "id")]


def guide_for(guide_id: int, halls: Iterable[int]) -> OnShelf:
    """Raises NotFound."""
    rows = _rows(halls).select_related("edition", "item__current_edition", "counted_by")
    found = rows.filter(id=guide_id).first()
    if found is None:
        raise NotFound("取阅架上没有这份指南，可能已经撤下，请回到清单。")
    return _seen(found)


def needing(scope: Scope) -> int:
    """How many guides of somebody's halls have to be replaced, printed or taken down."""
    halls = halls_of(scope)
    return _rows(halls).exclude(_FINE).count() if halls else 0


def _rows(halls: Iterable[int]) -> QuerySet[ShelfGuide]:
    return ShelfGuide.objects.filter(organisation__in=list(halls), removed_at=None)


def _seen(guide: ShelfGuide) -> OnShelf:
    current = guide.item.current_edition
    state = state_of(
        stock=guide.stock_count,
        least=guide.least_count,
        is_current=current is not None and current.id == guide.edition_id,
        is_active=guide.item.status == _ACTIVE,
    )
    return OnShelf(guide, state, current.number if current else 0)
