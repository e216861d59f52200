"""Reads of worklists: whose turn it is, soonest due first, page by page."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL

from mingtang.accounts.rules import COUNTER_ROLES, Role, Scope
from mingtang.base.ids import parse_id
from mingtang.base.prepared import Prepared
from mingtang.cases.models import Case, Charge, DeferredMaterial, HandOverSlip, Request, Step
from mingtang.cases.queries.reading import READERS, SEALED, own, places
from mingtang.cases.rules import DECIDED, RUNNING, UNDECIDED, State, StepKind, StepStatus
from mingtang.cases.rules.fees import ChargeState
from mingtang.cases.rules.leads import SOON_DAYS
from mingtang.cases.rules.moves import DECIDERS, HANDLERS
from mingtang.timing.queries import working_days_later

PAGE = 30
MINE_SHOWN = 200
IN_ORDER = (F("next_due_date").asc(nulls_last=True), "id")
UNDATED = Q(next_due_date=None)
SHOWN = (  # by a line of a list
    *("number", "organisation_id", "applicant_kind", "applicant_name", "state", "bounced_at"),
    *("next_due_date", "edition__name", "edition__on_the_spot"),
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
    rows: list[Any]
    next: Cursor | None


def _states(*states: State) -> Q:
    return Q(state__in=[state.value for state in states])


# A list is what any of these finds. Each by itself is a range of an index or begins at a table
# where little stands open; all in one condition, a database would look at every open case.
Ways = list[Q]
Tab = Callable[[Scope, date], Ways]


def _todo(scope: Scope, on: date) -> Ways:
    return [_states(*UNDECIDED)]


def _mine(scope: Scope, on: date) -> Ways:
    """Steps that I, or those I stand in for, hold or were asked to take."""
    people = people_of(scope)
    held = Q(status=StepStatus.CLAIMED.value, claimed_by__in=people)
    asked = Q(status=StepStatus.READY.value, assigned_to__in=people)
    return [_undecided_of(Step.objects.filter(held | asked))]


def _window(scope: Scope, on: date) -> Ways:
    """What a counter does next: receive, check, hand on again what came back, hand over."""
    come_back = is_open() & Q(bounced_at__isnull=False)
    return [_states(State.SUBMITTED, State.RECEIVED, *DECIDED), come_back]


def _department(scope: Scope, on: date) -> Ways:
    """Open steps at my units."""
    units = units_of(scope, HANDLERS)
    running = [one.value for one in RUNNING]
    return [_undecided_of(Step.objects.filter(organisation_id__in=units, status__in=running))]


def _pre_examine(scope: Scope, on: date) -> Ways:
    """What my units examine before another level decides, and nobody has begun."""
    return _first_steps(scope, StepStatus.READY)


def _refer_up(scope: Scope, on: date) -> Ways:
    """What is being examined there, to be reported up."""
    return _first_steps(scope, StepStatus.CLAIMED)


def _first_steps(scope: Scope, status: StepStatus) -> Ways:
    first = Step.objects.filter(kind=StepKind.PRE_EXAMINATION.value, status=status.value)
    return [_undecided_of(first.filter(organisation_id__in=units_of(scope, HANDLERS)))]


def _undecided_of(steps: QuerySet[Step]) -> Q:
    return _states(*UNDECIDED) & Q(id__in=steps.values("case_id"))


def _decide(scope: Scope, on: date) -> Ways:
    """What waits for an approver: a decision, an answer to what a handler asked for, a waiver."""
    ours = Q(organisation_id__in=units_of(scope, DECIDERS))
    reviewed = ours & _states(State.REVIEWING)
    open_steps = Step.objects.filter(
        case=OuterRef("pk"), status__in=["not_ready", "ready", "claimed"]
    )
    asked = Request.objects.filter(is_approved=None)
    waiver = Charge.objects.filter(state=ChargeState.WAIVER_ASKED.value)
    return [
        reviewed & ~Q(Exists(open_steps)),
        reviewed & Q(id__in=asked.values("case_id")),
        ours & Q(id__in=waiver.values("case_id")),
    ]


def _today(scope: Scope, on: date) -> Ways:
    return [is_open() & Q(next_due_date__lte=on)]


def _waiting(scope: Scope, on: date) -> Ways:
    """What the applicant has to do: correct, bring what was deferred, pay."""
    later = DeferredMaterial.objects.filter(supplied_at=None)
    unpaid = Charge.objects.filter(state=ChargeState.DUE.value)
    owed = [is_open() & Q(id__in=rows.values("case_id")) for rows in (later, unpaid)]
    return [_states(State.CORRECTING), *owed]


def _deliver(scope: Scope, on: date) -> Ways:
    return [_states(*DECIDED)]


def _done(scope: Scope, on: date) -> Ways:
    return [~_states(*UNDECIDED, *DECIDED)]


def is_open() -> Q:
    return _states(*UNDECIDED, *DECIDED)


def open_count() -> int:
    """How many cases the whole office has in hand."""
    return Case.objects.filter(is_open()).count()


def _ours() -> Q:
    """Where the next move is the office's: a correction or a special procedure is another's."""
    held = {State.CORRECTING, State.PAUSED}
    return _states(*(state for state in (*UNDECIDED, *DECIDED) if state not in held))


def is_overdue(on: date) -> Q:
    return _ours() & Q(next_due_date__lt=on)


def is_soon(on: date, last: date) -> Q:
    """Due from a day to another, both included."""
    return _ours() & Q(next_due_date__gte=on, next_due_date__lte=last)


def _soon(scope: Scope, on: date) -> Ways:
    return [is_soon(on, working_days_later(on, SOON_DAYS))]


TABS: dict[str, Tab] = {
    "todo": _todo,
    "mine": _mine,
    "window": _window,
    "department": _department,
    "pre_examine": _pre_examine,
    "refer_up": _refer_up,
    "decide": _decide,
    "today": _today,
    "waiting": _waiting,
    "deliver": _deliver,
    "done": _done,
}
# What the numbers of the overview lead to; no list of the desk by itself.
BEHIND_NUMBERS: dict[str, Tab] = {
    "open": lambda _scope, _on: [is_open()],
    "soon": _soon,
    "overdue": lambda _scope, on: [is_overdue(on)],
}
_ROLES: dict[str, frozenset[Role]] = {
    "mine": HANDLERS,
    "window": COUNTER_ROLES,
    "department": HANDLERS,
    "pre_examine": HANDLERS,
    "refer_up": HANDLERS,
    "decide": DECIDERS,
}
WHEN_ANY = frozenset({"pre_examine", "refer_up"})  # most units examine nothing for another level


def tabs_of(scope: Scope) -> list[str]:
    """The lists that somebody has a use for, in order."""
    return [tab for tab in TABS if tab not in _ROLES or scope.has_role(_ROLES[tab])]


def people_of(scope: Scope) -> list[int]:
    """Oneself, and those whom one stands in for."""
    found = [scope.person_id, *(grant.acting_for_id for grant in scope.grants)]
    return list(dict.fromkeys(one for one in found if one))


def units_of(scope: Scope, roles: frozenset[Role]) -> list[int]:
    found = {one for grant in scope.grants if grant.role in roles for one in grant.organisation_ids}
    return sorted(found)


def worklist(
    scope: Scope,
    tab: str,
    on: date,
    *,
    text: str = "",
    unit: int | None = None,
    after: Cursor | None = None,
) -> Page:
    """One page of a tab, soonest due first; total order (due date, id). `unit`: only its cases."""
    narrowed = _matching(Q() if unit is None else Q(organisation_id=unit), text)
    rows = _from(after, scope, tab, on, narrowed)
    if after is not None and after.due and len(rows) <= PAGE:  # after all that have a due date
        rows = [*rows, *_rows("undated", (), scope, tab, on, narrowed)][: PAGE + 1]
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(rows[:PAGE], Cursor(last.next_due_date, last.id) if last else None)


def ways_of(tab: str, scope: Scope, on: date) -> Ways:
    """What makes up a list, wherever it lies."""
    return {**TABS, **BEHIND_NUMBERS}[tab](scope, on)


# What comes behind a cursor, as a range of an index; the undated come after the others.
_PARTS: dict[str, Callable[..., Q]] = {
    "first": Q,
    "after": lambda due, last: Q(Beyond("next_due_date", "id", due, last)),
    "undated": lambda: UNDATED,
    "undated after": lambda last: UNDATED & Q(id__gt=last),
}


def _from(after: Cursor | None, *asked: Any) -> list[Case]:
    if after is None:
        return _rows("first", (), *asked)
    if after.due is None:
        return _rows("undated after", (after.id,), *asked)
    return _rows("after", (after.due.isoformat(), after.id), *asked)


def _rows(
    part: str, behind: tuple[int | str, ...], scope: Scope, tab: str, on: date, narrowed: Q
) -> list[Case]:
    """The first of those in a range, one more than a page has. What is asked again and again is
    written once for a person and a day."""
    if narrowed or tab not in TABS:
        range_ = _PARTS[part](*(Value(one) for one in behind))
        return list(_soonest(scope, tab, on, range_ & narrowed, PAGE + 1))
    return _written(part, scope, tab, on, PAGE + 1).all(*behind)


@lru_cache(maxsize=READERS)
def _written(part: str, scope: Scope, tab: str, on: date, count: int) -> Prepared[Case]:
    return Prepared(lambda *behind: _soonest(scope, tab, on, _PARTS[part](*behind), count))


def _soonest(scope: Scope, tab: str, on: date, part: Q, count: int) -> QuerySet[Case]:
    """The first of a tab in a range, with what a line shows.

    Asked for all places at once the database would look at every case of all of them, and put them
    in order; so it reads as many of each index, for each way of the tab in each place.
    """
    ways = ways_of(tab, scope, on)
    among = [place & way & part for place in places(scope) for way in ways]
    sql, values = union(Case.objects.filter(one).order_by(*IN_ORDER)[:count] for one in among)
    if not sql:
        return Case.objects.none()
    rows = Case.objects.filter(id__in=RawSQL(sql, values))  # noqa: S611
    return rows.select_related("edition").only(*SHOWN).order_by(*IN_ORDER)[:count]


def union(parts: Iterable[QuerySet[Any]]) -> tuple[str, list[Any]]:
    """The ids of all of these, each once, as a statement and its values; none where nothing can
    be in any of them."""
    sql: list[str] = []
    values: list[Any] = []
    for part in parts:
        with suppress(EmptyResultSet):  # no unit, no item: nothing can be there
            one, told = part.values("id").query.sql_with_params()
            sql.append(f"SELECT id FROM ({one}) AS part")  # noqa: S608
            values += told
    return " UNION ".join(sql), values


class Beyond(Func):
    """`(a, b) > (x, y)`, which a database reads as one range of an index."""

    arity = 4
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **_more: Any) -> Any:
        parts = [compiler.compile(one) for one in self.get_source_expressions()]
        a, b, x, y = (sql for sql, _ in parts)
        return f"({a}, {b}) > ({x}, {y})", [value for _, values in parts for value in values]


def _matching(cases: Q, text: str) -> Q:
    text = text.strip()
    if not text:
        return cases
    named = Q(applicant_name__contains=text) | Q(edition__name__contains=text)
    return cases & (named | Q(number__startswith=text))


def my_cases(scope: Scope) -> list[Case]:
    """The cases of a citizen who signed in, and of the enterprises they act for; newest first."""
    rows = Case.objects.filter(own(scope)).select_related("edition", "item").defer(*SEALED)
    return list(rows.order_by("-submitted_at", "-id")[:MINE_SHOWN])


# ── originals ─────────────────────────────────────────────────────────────────────────────────


def slips(scope: Scope, *, after: Cursor | None = None) -> Page:
    """Hand-over slips that nobody signed yet, to or from somebody's units, soonest due first."""
    units = units_of(scope, frozenset(Role))
    rows = HandOverSlip.objects.filter(
        Q(receiver_id__in=units) | Q(sender_id__in=units), received_at=None
    )
    if after is not None and after.due is not None:
        rows = rows.filter(Q(due_date__gt=after.due) | Q(due_date=after.due, id__gt=after.id))
    found = list(
        rows.select_related("case__edition", "sent_by").order_by("due_date", "id")[: PAGE + 1]
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], Cursor(last.due_date, last.id) if last else None)
