"""Services: an old system is switched off. Its open cases find a place, people note what no
machine knows, two seal it; after that nothing more of it is imported."""

from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotAllowed, NotFound
from mingtang.cases.models import Case
from mingtang.exchange.models import CutOver, CutOverTick, LegacyCase, LegacyOutcome
from mingtang.exchange.queries.cutover import check_list
from mingtang.exchange.rules.cutover import (
    BY_HAND,
    LONGEST_NOTE,
    AlreadySealed,
    NoSuchNewCase,
    NotByHand,
    Point,
    SaysHow,
    SecondPerson,
    check_fit_to_seal,
)
from mingtang.exchange.rules.legacy import OldState
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record


def check_not_sealed(source: str) -> None:
    """Raises AlreadySealed."""
    if CutOver.objects.filter(source=source, sealed_at__isnull=False).exists():
        raise AlreadySealed


@command("legacy.settle_open")
def settle_open(
    *,
    source: str,
    old_id: int,
    new_number: str,
    ending: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Say where an old case that was open has gone: to a case of ours by its number, or how it
    ended over there. Whoever says so is named. Records "legacy.open_settled".

    Raises NotFound, SaysHow, NoSuchNewCase, AlreadySealed, Conflict where it is settled.
    """
    case = LegacyCase.objects.filter(id=old_id, source=source, state=OldState.OPEN).first()
    if case is None:
        raise NotFound
    check_not_sealed(source)
    new_number, ending = new_number.strip(), ending.strip()[:LONGEST_NOTE]
    if bool(new_number) == bool(ending):
        raise SaysHow
    if new_number and not Case.objects.filter(number=new_number).exists():
        raise NoSuchNewCase(new_number)
    if LegacyOutcome.objects.filter(legacy_case=case).exists():
        raise Conflict("这一件已经有人登记过去向，请刷新页面。")
    LegacyOutcome.objects.create(
        legacy_case=case,
        new_number=new_number,
        ending=ending,
        settled_at=at,
        settled_by_id=_person(actor),
    )
    record(
        stream=f"legacy:{case.legacy_import_id}",
        kind="legacy.open_settled",
        facts={"old_case_id": str(case.id), "new_number": new_number},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"old_case_id": str(case.id)}


@command("legacy.tick")
def tick(
    *, source: str, point: str, note: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Note what no machine knows, with what was seen. Records "legacy.ticked"; the note stays in
    its row, as it may name somebody. Raises NotFound, NotByHand, AlreadySealed, DomainError."""
    row, which = _held(source, at), _by_hand(point)
    if not note.strip():
        raise DomainError("请写明怎样核对的。")
    CutOverTick.objects.update_or_create(
        cut_over=row,
        point=which,
        defaults={
            "note": note.strip()[:LONGEST_NOTE],
            "ticked_at": at,
            "ticked_by_id": _person(actor),
        },
    )
    record(
        stream=row.stream,
        kind="legacy.ticked",
        facts={"source": source, "point": which.value},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"source": source, "point": which.value}


@command("legacy.untick")
def untick(*, source: str, point: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """Take back what was noted; who had said that all is ready has to say so again. Records
    "legacy.unticked". Raises NotFound, NotByHand, AlreadySealed."""
    row, which = _held(source, at), _by_hand(point)
    if not CutOverTick.objects.filter(cut_over=row, point=which).delete()[0]:
        raise NotFound
    row.proposed_at = row.proposed_by = None
    row.save(update_fields=["proposed_at", "proposed_by"])
    record(
        stream=row.stream,
        kind="legacy.unticked",
        facts={"source": source, "point": which.value},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"source": source, "point": which.value}


@command("legacy.seal")
def seal(*, source: str, actor: Actor, at: datetime, command_id: str) -> Result:
    """The first says that all is ready, another seals it; each time every point is looked at anew.
    Records "legacy.cut_over_proposed", then "legacy.cut_over_sealed", with the figures.

    Raises NotFound, NotReady, SecondPerson, AlreadySealed.
    """
    row, person = _held(source, at), _person(actor)
    found = check_list(source, legal_date(at))
    check_fit_to_seal(found)
    if row.proposed_by_id == person:
        raise SecondPerson
    is_second = row.proposed_by_id is not None
    if is_second:
        row.sealed_at, row.sealed_by_id = at, person
    else:
        row.proposed_at, row.proposed_by_id = at, person
    row.save()
    record(
        stream=row.stream,
        kind="legacy.cut_over_sealed" if is_second else "legacy.cut_over_proposed",
        facts={"source": source, "points": {one.point.value: one.figure for one in found}},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"source": source, "is_sealed": row.sealed_at is not None}


def _held(source: str, at: datetime) -> CutOver:
    """The row of an old system's switching-off, held until the transaction ends."""
    check_list(source, legal_date(at))
    CutOver.objects.get_or_create(source=source)
    row = CutOver.objects.select_for_update(of=("self",)).get(source=source)
    if row.sealed_at is not None:
        raise AlreadySealed
    return row


def _by_hand(point: str) -> Point:
    if point not in set(Point):
        raise NotFound
    if Point(point) not in BY_HAND:
        raise NotByHand(Point(point))
    return Point(point)


def _person(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)
