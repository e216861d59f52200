"""Reads of cases. Every list and every single case goes through the reader's scope."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, QuerySet

from mingtang.accounts.queries import actor_of, authorities_of
from mingtang.accounts.rules import Grant, NotYourPost, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.cases.models import Case, Step
from mingtang.cases.rules import (
    MOVE_OF,
    Move,
    NoAuthority,
    OwnCase,
    State,
    StepStatus,
    Verb,
    moves_from,
)
from mingtang.ledger.rules import Actor

PAGE = 30
SEALED = ("identity_number", "phone", "address", "delivered_note")  # lists open none of it


def visible(scope: Scope) -> QuerySet[Case]:
    """The cases a person may see: their own, and those their posts open to them."""
    own = Q(applicant_person_id=scope.person_id) if scope.person_id else Q(pk__in=[])
    allowed = reduce(or_, (_within(grant) for grant in scope.reading()), own)
    return Case.objects.filter(allowed)


def _within(grant: Grant) -> Q:
    place = Q(organisation_id__in=grant.organisation_ids)
    if grant.region_ids:
        place |= Q(region_id__in=grant.region_ids)
    return place if grant.item_codes is None else place & Q(item__code__in=grant.item_codes)


def case_for(scope: Scope, number: str) -> Case:
    """One case by its number. Raises NotFound alike for none and for none of yours."""
    case = (
        visible(scope)
        .select_related("edition", "item", "organisation", "region")
        .filter(number=number)
        .first()
    )
    if case is None:
        raise NotFound
    return case


def filed_case(number: str) -> Case:
    """A case for one who has shown the right to it already: just filed it, or knows the code."""
    case = Case.objects.select_related("edition", "item").filter(number=number).first()
    if case is None:
        raise NotFound
    return case


def number_of(case_id: int) -> str | None:
    """The number of a case, which tells nothing about it and opens nothing."""
    return Case.objects.filter(id=case_id).values_list("number", flat=True).first()


def my_cases(person_id: int) -> list[Case]:
    mine = Case.objects.filter(applicant_person_id=person_id)
    return list(
        mine.select_related("edition", "item").defer(*SEALED).order_by("-submitted_at", "-id")[:200]
    )


@dataclass(frozen=True)
class Cursor:
    """Where a page of the worklist ended. Cases without a due date come last."""

    due: date | None
    id: int

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of a page address, or None for a first page or a garbled one."""
        due, _, number = text.partition("_")
        found = parse_id(number)
        try:
            return None if found is None else cls(date.fromisoformat(due) if due else None, found)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.due.isoformat() if self.due else ''}_{self.id}"


@dataclass(frozen=True)
class Page:
    rows: list[Case]
    next: Cursor | None


TABS = {
    "todo": [State.SUBMITTED, State.RECEIVED, State.ACCEPTED, State.REVIEWING],
    "deliver": [State.GRANTED, State.REFUSED],
    "done": [State.DELIVERED],
}


def worklist(scope: Scope, tab: str, *, text: str = "", after: Cursor | None = None) -> Page:
    """One page of a tab, soonest due first; total order (due date, id)."""
    states = [state.value for state in TABS[tab]]
    found = _matching(visible(scope).filter(state__in=states), text)
    if after is not None:
        found = found.filter(_beyond(after))
    ordered = (
        found.select_related("edition", "organisation")
        .defer(*SEALED)
        .order_by(F("next_due_date").asc(nulls_last=True), "id")
    )
    rows = list(ordered[: PAGE + 1])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(rows[:PAGE], Cursor(last.next_due_date, last.id) if last else None)


def _beyond(after: Cursor) -> Q:
    if after.due is None:
        return Q(next_due_date=None, id__gt=after.id)
    later = Q(next_due_date__gt=after.due) | Q(next_due_date=None)
    return later | Q(next_due_date=after.due, id__gt=after.id)


def _matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    text = text.strip()
    if not text:
        return cases
    return cases.filter(
        Q(number__startswith=text)
        | Q(applicant_name__contains=text)
        | Q(edition__name__contains=text)
    )


def tab_counts(scope: Scope) -> dict[str, int]:
    """How many cases each tab holds, in one query."""
    counted = visible(scope).values("state").annotate(n=Count("id")).order_by("state")
    by_state = {row["state"]: row["n"] for row in counted}
    return {
        tab: sum(by_state.get(state.value, 0) for state in states) for tab, states in TABS.items()
    }


def states_count() -> dict[str, int]:
    """All cases by state, for the demo's last line."""
    rows = Case.objects.values("state").annotate(n=Count("id")).order_by("state")
    return {row["state"]: row["n"] for row in rows}


def steps_of(case: Case) -> list[Step]:
    steps = Step.objects.filter(case=case).select_related("claimed_by", "done_by")
    return list(steps.order_by("id"))


def permit(
    scope: Scope, case: Case, verb: Verb, on: date, *, claimed_by: int | None = None
) -> Actor:
    """The actor under whose right a person does this to a case.

    `claimed_by`: who holds the step concerned; a substitute then acts in that person's place.
    Raises NotYourPost, OwnCase, or NoAuthority where no letter allows a chief representative.
    """
    if scope.person_id == case.applicant_person_id:
        raise OwnCase
    grants = _grants(scope, case, MOVE_OF[verb])
    if not grants:
        raise NotYourPost(MOVE_OF[verb].label)
    allowed = [grant for grant in grants if _authorised(scope, grant, case, verb, on)]
    if not allowed:
        raise NoAuthority
    in_place = [grant for grant in allowed if claimed_by and grant.acting_for_id == claimed_by]
    is_own = claimed_by in {None, scope.person_id}
    return actor_of(scope, allowed[0] if is_own or not in_place else in_place[0])


def _grants(scope: Scope, case: Case, move: Move) -> list[Grant]:
    return scope.grants_for(
        move.roles,
        organisation_id=case.organisation_id,
        item_code=case.item.code,
        region_id=case.region_id,
    )


def _authorised(scope: Scope, grant: Grant, case: Case, verb: Verb, on: date) -> bool:
    """A chief representative decides only what a dated letter of authority names."""
    if grant.role is not Role.CHIEF_REPRESENTATIVE or verb not in {Verb.GRANT, Verb.REFUSE}:
        return True
    holder = grant.acting_for_id or scope.person_id
    assert holder is not None
    letters = authorities_of(holder, [grant.organisation_id], on)
    return any(letter.allows(act=verb.value, item_code=case.item.code, on=on) for letter in letters)


def open_moves(
    scope: Scope, case: Case, steps: list[Step], on: date
) -> list[tuple[Move, Step | None]]:
    """What this person may do to this case now, with the step it concerns."""
    if scope.person_id == case.applicant_person_id:
        return []
    found: list[tuple[Move, Step | None]] = []
    for move in moves_from(State(case.state)):
        grants = [
            grant
            for grant in _grants(scope, case, move)
            if _authorised(scope, grant, case, move.verb, on)
        ]
        if grants:
            found.extend(_instances(move, steps, _in_whose_name(scope, grants)))
    return found


def _in_whose_name(scope: Scope, grants: list[Grant]) -> set[int | None]:
    return {scope.person_id, *(grant.acting_for_id for grant in grants if grant.acting_for_id)}


def _instances(
    move: Move, steps: list[Step], people: set[int | None]
) -> list[tuple[Move, Step | None]]:
    if move.verb is Verb.CLAIM:
        return [(move, step) for step in steps if step.status == StepStatus.READY.value]
    if move.verb is Verb.EXAMINE:
        mine = (step for step in steps if step.status == StepStatus.CLAIMED.value)
        return [(move, step) for step in mine if step.claimed_by_id in people]
    if move.verb in {Verb.GRANT, Verb.REFUSE}:
        ready = all(step.status == StepStatus.DONE.value for step in steps)
        examined = any({step.done_by_id, step.done_for_id} & people - {None} for step in steps)
        return [(move, None)] if ready and not examined else []
    return [(move, None)]


def summary_of(case: Case) -> str:
    """What the applicant wrote in the latest submission."""
    latest = case.submissions.order_by("-number").first()
    return str(latest.answers.get("summary", "")) if latest else ""


def recent_decisions(limit: int) -> list[Case]:
    """The latest decisions, newest first. Pages show item, unit and day of them, never a name."""
    decided = Case.objects.exclude(decided_at=None).select_related("edition").defer(*SEALED)
    return list(decided.order_by("-decided_at", "-id")[:limit])


def claimed_by(case: Case, step_key: str) -> int | None:
    """Who holds a step of a case, if anybody."""
    step = Step.objects.filter(case=case, key=step_key).first()
    return step.claimed_by_id if step else None
