"""Services: printed guides are laid out, counted, printed anew, taken down. What was taken goes
into the ledger of releases through the event of a count."""

from datetime import datetime
from typing import Any

from mingtang.base.errors import DomainError, NotFound
from mingtang.catalogue.models import Edition, Item, ItemStatus, ShelfGuide
from mingtang.catalogue.rules.shelf import MOST_COPIES, NotInForce, OnShelfAlready, taken
from mingtang.catalogue.services.drafts import person_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

Facts = dict[str, Any]


@command("guide.shelve")
def shelve_guide(
    *,
    organisation_id: int,
    place: str,
    item_code: str,
    copies: int,
    least: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Lay the printed guide of an item out at a place. Returns {"guide_id"}. Raises NotInForce,
    OnShelfAlready."""
    item = Item.objects.filter(code=item_code).select_related("current_edition").first()
    edition = _edition_in_force(item)
    if not place.strip():
        raise DomainError("请写明放在哪里，例如 一楼服务台。")
    made, is_new = ShelfGuide.objects.get_or_create(
        organisation_id=organisation_id,
        place=place.strip(),
        item=item,
        removed_at=None,
        defaults={
            "edition": edition,
            "stock_count": _bounded(copies),
            "least_count": _bounded(least),
            "printed_count": copies,
            "counted_at": at,
            "counted_by_id": person_of(actor),
        },
    )
    if not is_new:
        raise OnShelfAlready(made.place)
    return _tell(made, "guide.shelved", {"copies": copies}, actor, at, command_id)


def _edition_in_force(item: Item | None) -> Edition:
    if item is None or item.current_edition is None or item.status != ItemStatus.ACTIVE.value:
        raise NotInForce
    return item.current_edition


def _bounded(copies: int) -> int:
    if not 0 <= copies <= MOST_COPIES:
        raise DomainError(f"份数应在 0 到 {MOST_COPIES} 之间，请核对。")
    return copies


@command("guide.print")
def print_guide(
    *, guide_id: int, halls: list[int], copies: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Lay out copies that were printed of the edition in force; what is left of an older one is
    thrown away. Raises NotInForce."""
    guide = _locked(guide_id, halls)
    edition = _edition_in_force(guide.item)
    if copies < 1:
        raise DomainError("请填写印了多少份，至少 1 份。")
    discarded = 0 if guide.edition_id == edition.id else guide.stock_count
    guide.edition = edition
    guide.stock_count = _bounded(guide.stock_count - discarded + copies)
    guide.printed_count += copies
    guide.save(update_fields=["edition", "stock_count", "printed_count"])
    facts = {"copies": copies, "discarded": discarded}
    return _tell(guide, "guide.printed", facts, actor, at, command_id)


@command("guide.count")
def count_guide(
    *, guide_id: int, halls: list[int], left: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """盘点: so many are left; what is gone was taken. Raises MoreThanKept."""
    guide = _locked(guide_id, halls)
    copies = taken(guide.stock_count, _bounded(left))
    guide.stock_count = left
    guide.taken_count += copies
    guide.counted_at, guide.counted_by_id = at, person_of(actor)
    guide.save(update_fields=["stock_count", "taken_count", "counted_at", "counted_by"])
    return _tell(guide, "guide.counted", {"copies": copies}, actor, at, command_id)


@command("guide.set_least")
def set_least(
    *, guide_id: int, halls: list[int], least: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Below how many it is time to print."""
    guide = _locked(guide_id, halls)
    before, guide.least_count = guide.least_count, _bounded(least)
    guide.save(update_fields=["least_count"])
    facts = {"least": least, "before": before}
    return _tell(guide, "guide.least_set", facts, actor, at, command_id)


@command("guide.remove")
def remove_guide(
    *, guide_id: int, halls: list[int], actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take a guide off the shelf with all that is left of it."""
    guide = _locked(guide_id, halls)
    discarded, guide.stock_count = guide.stock_count, 0
    guide.removed_at, guide.removed_by_id = at, person_of(actor)
    guide.save(update_fields=["stock_count", "removed_at", "removed_by"])
    return _tell(guide, "guide.removed", {"discarded": discarded}, actor, at, command_id)


def _locked(guide_id: int, halls: list[int]) -> ShelfGuide:
    rows = ShelfGuide.objects.select_for_update(of=("self",)).select_related(
        "item__current_edition", "edition"
    )
    found = rows.filter(id=guide_id, organisation__in=halls, removed_at=None).first()
    if found is None:
        raise NotFound("取阅架上没有这份指南，可能已经撤下，请刷新清单。")
    return found


def _tell(
    guide: ShelfGuide, kind: str, more: Facts, actor: Actor, at: datetime, command_id: str
) -> Facts:
    facts = {
        "organisation_id": str(guide.organisation_id),
        "place": guide.place,
        "code": guide.item.code,
        "name": guide.edition.name,
        "edition_id": str(guide.edition_id),
        "number": guide.edition.number,
        "stock": guide.stock_count,
        **more,
    }
    record(stream=guide.stream, kind=kind, facts=facts, actor=actor, at=at, command_id=command_id)
    return {"guide_id": str(guide.id), **more}
