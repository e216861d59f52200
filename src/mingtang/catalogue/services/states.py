"""Commands on an item's state: suspend, resume, retire, move. Cases already filed run on."""

from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.catalogue.models import Draft, Item, ItemStatus
from mingtang.catalogue.rules.drafts import OPEN_STATES
from mingtang.catalogue.search import index_items
from mingtang.catalogue.services.drafts import locked_item, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions

Facts = dict[str, Any]


@command("item.suspend")
def suspend_item(
    *, item_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Take no new applications for a while."""
    item = _from(item_id, {ItemStatus.ACTIVE}, "暂停")
    told = {"actor": actor, "at": at, "command_id": command_id}
    return _become(item, ItemStatus.SUSPENDED, "item.suspended", _given(reason), told)


@command("item.resume")
def resume_item(*, item_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    item = _from(item_id, {ItemStatus.SUSPENDED}, "恢复")
    told = {"actor": actor, "at": at, "command_id": command_id}
    return _become(item, ItemStatus.ACTIVE, "item.resumed", _given(reason), told)


@command("item.retire")
def retire_item(*, item_id: int, reason: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Take no applications any more. The row, its editions and all its cases stay."""
    item = _from(item_id, {ItemStatus.ACTIVE, ItemStatus.SUSPENDED}, "取消")
    open_states = [state.value for state in OPEN_STATES]
    if Draft.objects.filter(item=item, state__in=open_states).exists():
        raise Conflict("本事项还有没有完成的草稿，请先放弃草稿再取消事项。")
    told = {"actor": actor, "at": at, "command_id": command_id}
    return _become(item, ItemStatus.ABOLISHED, "item.abolished", _given(reason), told)


@command("item.move")
def move_item(
    *,
    item_id: int,
    department_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Hand an item over to another unit (下放): it keeps its code, its editions and its cases."""
    item = _from(item_id, {ItemStatus.ACTIVE, ItemStatus.SUSPENDED}, "移交")
    before = item.department_id
    if before == department_id:
        raise Conflict("事项已经属于这个单位，不用移交。")
    names = regions.names_of([before, department_id], legal_date(at))
    if department_id not in names:
        raise DomainError("没有登记过承接单位，请核对后再移交。")
    item.department_id = department_id
    item.save(update_fields=["department"])
    index_items([item], legal_date(at))
    facts = {
        "reason": _given(reason),
        "from_id": str(before),
        "from": names.get(before, ""),
        "to": names[department_id],
    }
    tell("item.moved", item, facts, actor=actor, at=at, command_id=command_id)
    return {"item_id": str(item.id), "department_id": str(department_id)}


def _from(item_id: int, allowed: set[ItemStatus], act: str) -> Item:
    item = locked_item(item_id)
    if item.status not in allowed:
        raise Conflict(f"本事项现在是“{ItemStatus(item.status).label}”，不能{act}。请刷新页面。")
    return item


def _given(reason: str) -> str:
    if not reason.strip():
        raise DomainError("请写明原因和依据，事项的历史里要留下它。")
    return reason.strip()


def _become(item: Item, status: ItemStatus, kind: str, reason: str, told: dict[str, Any]) -> Facts:
    item.status = status.value
    item.save(update_fields=["status"])
    index_items([item], legal_date(told["at"]))
    tell(kind, item, {"reason": reason}, **told)
    return {"item_id": str(item.id), "status": item.status}
