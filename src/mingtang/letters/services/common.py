"""Commands on a letter: what all of them do. They lock it, move it, tell the ledger.

What people wrote never goes into the ledger: facts hold ids, days and codes alone.
"""

from datetime import date, datetime
from typing import Any

from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record
from mingtang.letters.models import Letter
from mingtang.letters.queries.standing import limit_on
from mingtang.letters.rules.kinds import Kind, Recused, Source
from mingtang.letters.rules.moves import State, Verb, target_of
from mingtang.regions import queries as regions
from mingtang.timing import services as timing
from mingtang.timing.queries import Clock, open_clock
from mingtang.timing.rules import ClockKind, Op, Unit

Facts = dict[str, Any]


def locked(letter_id: int) -> Letter:
    """The letter, held until the transaction ends. Raises NotFound."""
    found = Letter.objects.select_for_update(of=("self",)).filter(id=letter_id).first()
    if found is None:
        raise NotFound
    return found


def move(letter: Letter, verb: Verb, actor: Actor) -> None:
    """Raises IllegalMove where the table has no row, Recused for whoever stands aside."""
    if actor.id is not None and letter.recusals.filter(person__in=persons_of(actor)).exists():
        raise Recused
    letter.state = target_of(verb, State(letter.state)).value


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def persons_of(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {person_of(actor), *([int(actor.acting_for_id)] if actor.acting_for_id else [])}


def said(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if not text:
        raise DomainError(f"请写明{what}。")
    return text


# ── the limit ─────────────────────────────────────────────────────────────────────────────────


def start_limit(letter: Letter, on: date, until: date | None = None) -> Op:
    """The limit begins; the day itself is not counted. `until`: a day that the hotline fixed."""
    limit = limit_on(Kind(letter.kind), Source(letter.source), on)
    letter.extension_days, letter.limit_basis = limit.extension_days, limit.basis[:120]
    kind = ClockKind.LETTER.value
    if until is not None:
        letter.limit_days, letter.limit_basis = None, "12345 热线工单的期限"
        op = timing.start_clock_until(stream=letter.stream, kind=kind, start=on, due_date=until)
    else:
        letter.limit_days = limit.days
        op = timing.start_clock(
            stream=letter.stream, kind=kind, start=on, amount=limit.days, unit=Unit.WORKING_DAY
        )
    letter.next_due_date = date.fromisoformat(op["due"])
    return op


LIMIT = ("next_due_date", "limit_days", "extension_days", "limit_basis")


def clock_of(letter: Letter) -> Clock | None:
    return open_clock(letter.stream, ClockKind.LETTER.value)


def stop_limit(letter: Letter, on: date) -> list[Op]:
    """The limit ends; the worklist shows none."""
    letter.next_due_date = None
    clock = clock_of(letter)
    if clock is None:
        return []
    day = max(on, clock.start_date)
    return [timing.stop_clock(stream=letter.stream, kind=ClockKind.LETTER.value, on=day)]


def refresh_due_date(stream: str) -> None:
    """Show on the worklist what the clock says now, after a calendar moved it."""
    letter = locked(int(stream.removeprefix("letter:")))
    clock = clock_of(letter)
    if clock is not None and letter.next_due_date != clock.due_date:
        letter.next_due_date = clock.due_date
        letter.save(update_fields=["next_due_date"])


# ── the ledger ────────────────────────────────────────────────────────────────────────────────


def save(letter: Letter, *columns: str) -> None:
    """Write the named columns with the state."""
    letter.save(update_fields=["state", *columns])


def tell(
    kind: str, letter: Letter, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    """Every event of a letter says whose it is, so that followers need not ask."""
    common = {
        "letter_id": str(letter.id),
        "number": letter.number,
        "kind": letter.kind,
        "source": letter.source,
        "office_id": str(letter.office_id),
        "organisation_id": str(letter.lead_id or letter.office_id),
    }
    record(
        stream=letter.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


def answer(letter: Letter, **more: Any) -> Facts:
    return {"letter_id": str(letter.id), "number": letter.number, "state": letter.state, **more}


def is_below(organisation_id: int, above_id: int | None) -> bool:
    """Whether a unit is another one, or stands below it."""
    return above_id is not None and organisation_id in regions.subtree_ids(above_id)
