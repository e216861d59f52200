"""Commands on papers: what was to be brought is there; originals are taken, sent with a slip,
signed for, given back."""

from collections.abc import Sequence
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.rows import update_rows
from mingtang.cases.models import Case, HandOverSlip, Original
from mingtang.cases.queries.papers import owed_of
from mingtang.cases.rules import NotNow, State
from mingtang.cases.services.common import (
    Facts,
    answer,
    chinese,
    draw,
    locked,
    numbered,
    person_of,
    persons_of,
    tell,
)
from mingtang.cases.services.filing import keep_originals
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.regions import queries as regions


@command("case.bring_materials", asks_once=True)
def bring_materials(
    *,
    case_id: int,
    material_ids: Sequence[str],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A clerk has the papers that the applicant was to bring. What is deferred (容缺) is supplied
    by `supply_deferred`."""
    case = locked(case_id)
    if not State(case.state).is_open:
        raise NotNow(f"办件现为“{State(case.state).label}”，不用再收材料。")
    names = mark_brought(case, material_ids, actor, at)
    tell("case.materials_brought", case, {"materials": names}, actor, at, command_id)
    return answer(case)


def mark_brought(case: Case, material_ids: Sequence[str], actor: Actor, at: datetime) -> list[str]:
    """Note who has them, and when; their names. Raises NotFound for one that is not awaited."""
    wanted = set(material_ids)
    found = [one for one in owed_of(case) if one.material_id in wanted]
    if not wanted or {one.material_id for one in found} != wanted:
        raise NotFound("所选材料不在“到窗口带来”的清单里，或者已经登记收到。请刷新页面核对。")
    for one in found:
        one.brought_at, one.brought_by_id = at, person_of(actor)
    update_rows(found, "brought_at", "brought_by")
    return [one.name for one in found]


def check_owed(case: Case, deferred: set[str]) -> None:
    """Nothing is accepted while nobody has said of each paper that it is there, or when it comes:
    an application is accepted when it is complete (《行政许可法》第三十二条第一款第（五）项)."""
    silent = [one.name for one in owed_of(case) if one.material_id not in deferred]
    if silent:
        raise DomainError(
            f"申请人说到窗口带来的材料还没有登记：{'、'.join(silent)}。"
            "收到的请打勾；没有收到的，请写明最晚哪天带来。"
        )


@command("case.keep_originals", asks_once=True)
def take_originals(
    *,
    case_id: int,
    originals: Sequence[tuple[str, int]],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Note originals that the applicant leaves with us after filing."""
    case = locked(case_id)
    if not State(case.state).is_open:
        raise NotNow(f"办件现为“{State(case.state).label}”，不能再收原件。")
    if not originals:
        raise DomainError("请至少写一份原件的名称。")
    kept = keep_originals(case, originals, actor, at)
    tell("case.originals_kept", case, {"count": len(kept)}, actor, at, command_id)
    return answer(case)


@command("case.send_originals", asks_once=True)
def send_originals(
    *,
    case_id: int,
    original_ids: Sequence[int],
    receiver_id: int,
    due_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Send originals to another unit with a slip (交接单). They are ours until it is signed.

    Returns … "slip_id", "document_id".
    """
    case = locked(case_id)
    sender_id = int(actor.organisation_id or 0)
    on = legal_date(at)
    if due_date < on:
        raise DomainError(f"签收期限 {due_date} 早于今天，请更正。")
    originals = _here(case, original_ids, sender_id)
    names = regions.names_of({sender_id, receiver_id}, on)
    if receiver_id not in names or receiver_id == sender_id:
        raise NotFound("请选择要交给的另一个单位。")
    words = {
        "sender": names[sender_id],
        "receiver": names[receiver_id],
        "due": chinese(due_date),
        "who": actor.label,
    }
    rows = numbered((one.name, one.count) for one in originals)
    slip = HandOverSlip.objects.create(
        case=case,
        sender_id=sender_id,
        receiver_id=receiver_id,
        originals=[{"id": str(one.id), "name": one.name, "count": one.count} for one in originals],
        document=draw(case, "slip", at, words, rows),
        due_date=due_date,
        sent_at=at,
        sent_by_id=person_of(actor),
    )
    facts = _slip_facts(slip, names[receiver_id])
    tell("case.originals_sent", case, facts, actor, at, command_id)
    return answer(case, slip_id=str(slip.id), document_id=str(slip.document_id))


def _slip_facts(slip: HandOverSlip, receiver: str) -> Facts:
    return {
        "slip_id": str(slip.id),
        "from": str(slip.sender_id),
        "to": str(slip.receiver_id),
        "to_label": receiver,
        "count": len(slip.originals),
        "due": slip.due_date.isoformat(),
        "document": slip.document.facts(),
    }


def _here(case: Case, original_ids: Sequence[int], place_id: int) -> list[Original]:
    """The originals meant, all with us and none on its way."""
    wanted = set(original_ids)
    rows = Original.objects.select_for_update().filter(case=case, id__in=wanted)
    found = list(rows.filter(returned_at=None, place_id=place_id).order_by("id"))
    if not wanted or len(found) != len(wanted):
        raise NotNow("所选原件不都在您单位，请刷新页面看清现在在哪里。")
    on_the_way = {
        int(one["id"])
        for slip in HandOverSlip.objects.filter(case=case, received_at=None)
        for one in slip.originals
    }
    if wanted & on_the_way:
        raise NotNow("所选原件已有交接单在等对方签收，不能重复移交。")
    return found


@command("case.sign_slip", asks_once=True)
def sign_slip(*, case_id: int, slip_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Sign for originals: from now on they are at the receiver's. Not by who sent them."""
    case = locked(case_id)
    slip = HandOverSlip.objects.select_for_update().filter(case=case, id=slip_id).first()
    if slip is None or slip.receiver_id != int(actor.organisation_id or 0):
        raise NotFound("没有要您单位签收的这张交接单，请核对。")
    if slip.received_at is not None:
        raise NotNow("这张交接单已经签收。")
    if slip.sent_by_id in persons_of(actor):
        raise NotNow("移交人不能自己签收，请由接收单位的另一位同事签收。")
    slip.received_at, slip.received_by_id = at, person_of(actor)
    slip.save(update_fields=["received_at", "received_by"])
    ids = [int(one["id"]) for one in slip.originals]
    Original.objects.filter(id__in=ids, returned_at=None).update(place_id=slip.receiver_id)
    facts = {"slip_id": str(slip.id), "count": len(ids), "to": str(slip.receiver_id)}
    tell("case.originals_received", case, facts, actor, at, command_id)
    return answer(case)


@command("case.recall_slip", asks_once=True)
def recall_slip(
    *, case_id: int, slip_id: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The sender takes a slip back that nobody signed: the originals never left."""
    case = locked(case_id)
    slip = HandOverSlip.objects.select_for_update().filter(case=case, id=slip_id).first()
    if slip is None or slip.sender_id != int(actor.organisation_id or 0):
        raise NotFound("没有您单位开出的这张交接单，请核对。")
    if slip.received_at is not None:
        raise NotNow("这张交接单已经签收或者收回。")
    slip.received_at, slip.received_by_id, slip.is_recalled = at, person_of(actor), True
    slip.save(update_fields=["received_at", "received_by", "is_recalled"])
    facts = {"slip_id": str(slip.id), "count": len(slip.originals)}
    tell("case.slip_recalled", case, facts, actor, at, command_id)
    return answer(case)


@command("case.return_originals", asks_once=True)
def return_originals(
    *,
    case_id: int,
    original_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Give originals back to the applicant, from the unit where they are."""
    case = locked(case_id)
    found = _here(case, original_ids, int(actor.organisation_id or 0))
    Original.objects.filter(id__in=[one.id for one in found]).update(
        returned_at=at, returned_by_id=person_of(actor)
    )
    facts = {"count": len(found), "names": [one.name for one in found]}
    tell("case.originals_returned", case, facts, actor, at, command_id)
    return answer(case)
