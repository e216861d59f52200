"""Reads of worklists: whose turn it is, soonest due first, page by page."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from mingtang.accounts.rules import COUNTER_ROLES, Role, Scope
from mingtang.base.ids import parse_id
from mingtang.cases.models import Case, Charge, DeferredMaterial, HandOverSlip, Request, Step
from mingtang.cases.queries.reading import SEALED, of_posts, own, places
from mingtang.cases.rules import DECIDED, RUNNING, UNDECIDED, State, StepKind, StepStatus
from mingtang.cases.rules.fees import ChargeState
from mingtang.cases.rules.leads import SOON_DAYS
from mingtang.cases.rules.moves import DECIDERS, HANDLERS
from mingtang.timing.queries import working_days_later

PAGE = 30
MINE_SHOWN = 200
IN_ORDER = (F("next_due_date").asc(nulls_last=True), "id")
UNDATED = Q(next_due_date=None)


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


def _todo(scope: Scope, on: date) -> Q:
    return _states(*UNDECIDED)


def _mine(scope: Scope, on: date) -> Q:
    """Steps that I, or those I stand in for, hold or were asked to take."""
    people = people_of(scope)
    held = Q(status=StepStatus.CLAIMED.value, claimed_by__in=people)
    asked = Q(status=StepStatus.READY.value, assigned_to__in=people)
    return _states(*UNDECIDED) & Q(Exists(_steps().filter(held | asked)))


def _window(scope: Scope, on: date) -> Q:
    """What a counter does next: receive, check, hand on again what came back, hand over."""
    return _states(State.SUBMITTED, State.RECEIVED, *DECIDED) | Q(bounced_at__isnull=False)


def _department(scope: Scope, on: date) -> Q:
    """Open steps at my units."""
    units = _units(scope, HANDLERS)
    running = _steps().filter(organisation_id__in=units, status__in=[one.value for one in RUNNING])
    return _states(*UNDECIDED) & Q(Exists(running))


def _pre_examine(scope: Scope, on: date) -> Q:
    """What my units examine before another level decides, and nobody has begun."""
    return _first_steps(scope, StepStatus.READY)


def _refer_up(scope: Scope, on: date) -> Q:
    """What is being examined there, to be reported up."""
    return _first_steps(scope, StepStatus.CLAIMED)


def _first_steps(scope: Scope, status: StepStatus) -> Q:
    first = _steps().filter(kind=StepKind.PRE_EXAMINATION.value, status=status.value)
    mine = first.filter(organisation_id__in=_units(scope, HANDLERS))
    return _states(*UNDECIDED) & Q(Exists(mine))


def _decide(scope: Scope, on: date) -> Q:
    """What waits for an approver: a decision, or an answer to what a handler asked for."""
    open_steps = _steps().filter(status__in=["not_ready", "ready", "claimed"])
    asked = Request.objects.filter(case=OuterRef("pk"), is_approved=None)
    ready = _states(State.REVIEWING) & (~Q(Exists(open_steps)) | Q(Exists(asked)))
    waiver = Charge.objects.filter(case=OuterRef("pk"), state=ChargeState.WAIVER_ASKED.value)
    return Q(organisation_id__in=_units(scope, DECIDERS)) & (ready | Q(Exists(waiver)))


def _today(scope: Scope, on: date) -> Q:
    return _states(*UNDECIDED, *DECIDED) & Q(next_due_date__lte=on)


def _waiting(scope: Scope, on: date) -> Q:
    """What the applicant has to do: correct, bring what was deferred, pay."""
    unpaid = Charge.objects.filter(case=OuterRef("pk"), state=ChargeState.DUE.value)
    later = DeferredMaterial.objects.filter(case=OuterRef("pk"), supplied_at=None)
    asked = _states(State.CORRECTING) | Q(Exists(later)) | Q(Exists(unpaid))
    return _states(*UNDECIDED, *DECIDED) & asked


def _deliver(scope: Scope, on: date) -> Q:
    return _states(*DECIDED)


def _done(scope: Scope, on: date) -> Q:
    return ~_states(*UNDECIDED, *DECIDED)


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


def _soon(scope: Scope, on: date) -> Q:
    return is_soon(on, working_days_later(on, SOON_DAYS))


TABS = {
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
BEHIND_NUMBERS: dict[str, Callable[[Scope, date], Q]] = {
    "open": lambda _scope, _on: is_open(),
    "soon": _soon,
    "overdue": lambda _scope, on: is_overdue(on),
}
UNCOUNTED = frozenset({"done"})  # grows for ever: counting it would
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


def _steps() -> QuerySet[Step]:
    return Step.objects.filter(case=OuterRef("pk"))


def _units(scope: Scope, roles: frozenset[Role]) -> list[int]:
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
    wanted = {**TABS, **BEHIND_NUMBERS}[tab](scope, on)
    if unit is not None:
        wanted &= Q(organisation_id=unit)
    ordered = _matching(Case.objects.filter(wanted), text).order_by(*IN_ORDER)
    among = places(scope)
    rows = _soonest(ordered, among, Q() if after is None else _beyond(after))
    if after is not None and after.due and len(rows) <= PAGE:  # after all that have a due date
        rows = [*rows, *_soonest(ordered, among, UNDATED)][: PAGE + 1]
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(rows[:PAGE], Cursor(last.next_due_date, last.id) if last else None)


def _soonest(ordered: QuerySet[Case], among: list[Q], part: Q) -> list[Case]:
    """The first of those in a range, one more than a page has.

    Asked for all places at once the database would look at every case of all of them, and put them
    in order; so it reads as many of each index as a page has.
    """
    sql: list[str] = []
    values: list[Any] = []
    for place in among:
        with suppress(EmptyResultSet):  # no unit, no item: nothing can be there
            found = ordered.filter(place & part).values("id")[: PAGE + 1]
            one, told = found.query.sql_with_params()
            sql.append(f"SELECT id FROM ({one}) AS part")  # noqa: S608
            values += told
    if not sql:
        return []
    ids = RawSQL(" UNION ".join(sql), values)  # noqa: S611
    rows = Case.objects.filter(id__in=ids).select_related("edition", "organisation")
    return list(rows.defer(*SEALED).order_by(*IN_ORDER)[: PAGE + 1])


def _beyond(after: Cursor) -> Q:
    """What comes behind a cursor, as a range of an index; the undated come after it."""
    if after.due is None:
        return Q(next_due_date=None, id__gt=after.id)
    return Q(Beyond("next_due_date", "id", Value(after.due), Value(after.id)))


class Beyond(Func):
    """`(a, b) > (x, y)`, which a database reads as one range of an index."""

    arity = 4
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **_more: Any) -> Any:
        parts = [compiler.compile(one) for one in self.get_source_expressions()]
        a, b, x, y = (sql for sql, _ in parts)
        return f"({a}, {b}) > ({x}, {y})", [value for _, values in parts for value in values]


def _matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    text = text.strip()
    if not text:
        return cases
    return cases.filter(
        Q(number__startswith=text)
        | Q(applicant_name__contains=text)
        | Q(edition__name__contains=text)
    )


SLIPS = "slips"  # beside the lists: the hand-over slips that wait for a signature


def tab_counts(scope: Scope, on: date, also: Iterable[str] = ()) -> dict[str, int]:
    """How many cases each of somebody's lists holds, and how many SLIPS, in one query. `also`: of
    BEHIND_NUMBERS."""
    counted = [*(tab for tab in tabs_of(scope) if tab not in UNCOUNTED), *also]
    rows = of_posts(scope).filter(_states(*UNDECIDED, *DECIDED))
    wanted = {**TABS, **BEHIND_NUMBERS}
    counts = {tab: Count("id", filter=wanted[tab](scope, on)) for tab in counted}
    # An aggregate in form alone: the number of slips is never null, also where no case is counted.
    slips = Coalesce(Subquery(_slip_count(scope)), Count("id"))
    return rows.aggregate(**counts, **{SLIPS: slips})


def my_cases(scope: Scope) -> list[Case]:
    """The cases of a citizen who signed in, and of the enterprises they act for; newest first."""
    rows = Case.objects.filter(own(scope)).select_related("edition", "item").defer(*SEALED)
    return list(rows.order_by("-submitted_at", "-id")[:MINE_SHOWN])


# ── originals ─────────────────────────────────────────────────────────────────────────────────


def slips(scope: Scope, *, after: Cursor | None = None) -> Page:
    """Hand-over slips that nobody signed yet, to or from somebody's units, soonest due first."""
    units = _units(scope, frozenset(Role))
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


def _slip_count(scope: Scope) -> QuerySet[HandOverSlip, int]:
    units = _units(scope, frozenset(Role))
    rows = HandOverSlip.objects.filter(receiver_id__in=units, received_at=None).order_by()
    counted = rows.annotate(n=Func(F("id"), function="COUNT", output_field=IntegerField()))
    return counted.values_list("n", flat=True)
