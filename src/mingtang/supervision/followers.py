"""Followers of supervision: look again where something happened; tell whom a card concerns."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from mingtang.accounts.queries import colleagues, holders_of, stand_ins_of
from mingtang.accounts.rules import REGION_WIDE, SEES_NO_CASES, Role
from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.base.subjects import titles_of
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event, event_of, history
from mingtang.ledger.rules import SYSTEM
from mingtang.messages.services import tell
from mingtang.regions import queries as regions
from mingtang.supervision import queries
from mingtang.supervision.models import Card, InspectionTask, Pace
from mingtang.supervision.rules import Audience, Colour, State, TaskSource
from mingtang.supervision.rules.occasions import CARD_RAISED, TASK_OCCASIONS
from mingtang.supervision.rules.pace import DECISIONS, pace_of
from mingtang.supervision.services import look_again, notify
from mingtang.supervision.services.ruling import look_at_all_from

LOOKED_AT = frozenset(
    {
        *("case", "joint", "bad_rating", "letter", "card", "project", "village", "consultation"),
    }
)


LEADS = (Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE, Role.APPROVER)


def _look(event: Event) -> None:
    """A calendar moves days that no clock of a stream shows: all of them are looked at again."""
    if event.kind.startswith("calendar."):
        look_at_all_from(legal_date(event.at))
    elif event.stream.partition(":")[0] in LOOKED_AT:
        look_again(event.stream, event.at)


SUPERVISION = Follower(
    "supervision",
    (
        *("case.*", "joint.*", "meeting.*", "project.*", "consultation.*", "clock.recomputed"),
        *("rating.given", "bad_rating.*", "letter.*", "calendar.*"),
        *("card.ordered", "card.order_answered", "card.cancelled", "card.closed"),
        "card.superseded",
        *("village.owed", "village.begun", "village.released", "village.taken_down"),
        *("village.objected", "village.replied"),
    ),
    _look,
)


# ── who is told ───────────────────────────────────────────────────────────────────────────────


def _tell(event: Event) -> None:
    """Each of them once per card; a card that gave way to a higher one before is not told."""
    card = Card.objects.select_related("rule").get(id=int(event.stream.removeprefix("card:")))
    if State(card.state) is not State.RAISED:
        return
    people = _people(card, legal_date(event.at))
    for person_id in people:
        tell(
            subject=card.stream,
            event=CARD_RAISED.event,
            audience=CARD_RAISED.audience.value,
            fallback=CARD_RAISED.fallback,
            facts=_words(card, event),
            person_id=person_id,
            dedupe=f"{event.id}/{CARD_RAISED.event}",
            at=event.at,
        )
    notify(
        card_id=card.id,
        people=people,
        actor=SYSTEM,
        at=event.at,
        command_id=derived_command_id("card.notify", card.id),
    )


def _words(card: Card, event: Event) -> dict[str, str]:
    unit = card.organisation_id
    due = card.facts.get("due")
    return {
        "number": card.number,
        "colour": Colour(card.colour).label,
        "rule": card.rule.name,
        "what": titles_of([card.subject])[card.subject],
        "unit": regions.name_of(unit, legal_date(event.at)) if unit else "",
        "due": f"到期日 {due}。" if due else "",
        "next": "" if card.colour == Colour.REMIND else "请按时说明情况；认为有误的，可以申诉。",
    }


def _people(card: Card, on: date) -> list[int]:
    """As the rule says: whose it is and their stand-ins, their lead, who approves, who inspects."""
    wanted = set(card.rule.params.get("tells") or Audience)
    item = _item_of(card)
    found: set[int] = set()
    if Audience.HANDLER in wanted and card.person_id:
        found |= {card.person_id} | stand_ins_of([card.person_id], item, on)
    if card.organisation_id:
        found |= holders_of(card.organisation_id, _roles(wanted), item, on)
    found |= _lead_department(card, on)
    if Audience.INSPECTOR in wanted:
        found |= _inspectors(card, on)
    return sorted(found)


def _roles(wanted: Iterable[str]) -> list[Role]:
    roles = {
        Audience.LEAD: [Role.WINDOW_LEAD, Role.CHIEF_REPRESENTATIVE],
        Audience.APPROVER: [Role.APPROVER],
    }
    return [role for one in wanted for role in roles.get(Audience(one), [])]


def _inspectors(card: Card, on: date) -> set[int]:
    """Whoever inspects at an office of the county where the card's office stands."""
    if card.organisation_id is None:
        return set()
    units = regions.units_of_county(card.organisation_id)
    return {person.id for person in colleagues(units, [Role.INSPECTOR], on)}


def _lead_department(card: Card, on: date) -> set[int]:
    """Of a part of a joint matter that is late, those who lead the department that leads the
    whole: it waits for the part. A reminder is the office's own."""
    first = event_of(card.subject, 1)
    lead = int(first.facts.get("lead_organisation_id") or 0) if first else 0
    if not lead or lead == card.organisation_id or card.colour == Colour.REMIND:
        return set()
    return {person.id for person in colleagues([lead], LEADS, on)}


def _item_of(card: Card) -> str:
    """The code of what the subject is about: some posts are for some items only."""
    first = event_of(card.subject, 1)
    return str(first.facts.get("item_code") or "") if first else ""


CARD_NOTES = Follower("supervision_notes", ("card.raised",), _tell)


# ── inspection tasks ──────────────────────────────────────────────────────────────────────────


def _tell_of_task(event: Event) -> None:
    """The office is told that it has a task; who gave it, that there is a report; who reported,
    that it is closed. Each once."""
    task = InspectionTask.objects.get(id=int(event.stream.removeprefix("task:")))
    on = legal_date(event.at)
    occasion = TASK_OCCASIONS[event.kind]
    facts = {
        "number": task.number,
        "title": task.title,
        "source": TaskSource(task.source).label,
        "unit": regions.name_of(task.owner_unit_id, on),
        "due": task.due_date.isoformat(),
    }
    for person_id in sorted(_concerned(event.kind, task, on)):
        tell(
            subject=task.stream,
            event=occasion.event,
            audience=occasion.audience.value,
            fallback=occasion.fallback,
            facts=facts,
            person_id=person_id,
            dedupe=f"{event.id}/{occasion.event}",
            at=event.at,
        )


def _concerned(kind: str, task: InspectionTask, on: date) -> set[int]:
    if kind == "task.reported":
        return {task.assigned_by_id}
    if kind == "task.closed":
        return {task.reported_by_id} if task.reported_by_id else set()
    owner = {task.owner_person_id} if task.owner_person_id else set()
    return owner | (_of_office(task.owner_unit_id, LEADS, on) or _of_office_all(task, on))


def _of_office(unit: int, roles: Iterable[Role], on: date) -> set[int]:
    return {person.id for person in colleagues([unit], roles, on)}


def _of_office_all(task: InspectionTask, on: date) -> set[int]:
    """Where nobody leads, as in a town: whoever may report."""
    return _of_office(task.owner_unit_id, set(Role) - SEES_NO_CASES - REGION_WIDE, on)


TASK_NOTES = Follower("supervision_tasks", tuple(TASK_OCCASIONS), _tell_of_task)


# ── how fast cases are decided ────────────────────────────────────────────────────────────────


def _pace(event: Event) -> None:
    """Twice, or late: the same row, for it is reckoned from the events up to the decision."""
    before = [one for one in history(event.stream) if one.seq <= event.seq]
    found = pace_of([queries.told(one) for one in before], queries.calendar())
    if found is not None:
        Pace.objects.update_or_create(stream=event.stream, defaults=asdict(found))


PACE = Follower("supervision_pace", DECISIONS, _pace)
