"""Reads of single cases, and who may see which. Everything goes through the reader's scope."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from mingtang.accounts.queries import mandated_codes, people_named
from mingtang.accounts.rules import Grant, Scope
from mingtang.base.errors import NotFound
from mingtang.base.prepared import Prepared
from mingtang.base.sealed import blind_index
from mingtang.base.together import Wanted, read_together
from mingtang.cases.models import (
    Case,
    Charge,
    Correction,
    DeferredMaterial,
    GivenMaterial,
    HandOverSlip,
    Original,
    Pause,
    Request,
    Step,
    Submission,
)
from mingtang.cases.rules import DECIDING_EVENTS, UNDECIDED, GivenWay, Outcome, State, in_force
from mingtang.files.queries import Document, Upload, documents_of, documents_wanted, uploads_wanted
from mingtang.ledger.queries import Event, history_wanted, unsigned_wanted
from mingtang.messages.queries import Told, about_wanted, told
from mingtang.questions.rules import Answers
from mingtang.timing.queries import Clock, clocks_of, clocks_wanted

SEALED = (  # lists open none of it
    *("identity_number", "phone", "address", "delivered_note"),
    *("proxy_identity", "proxy_phone"),
)
MOST_RANGES = 8
READERS = 500  # whose statements a process keeps


def visible(scope: Scope) -> QuerySet[Case]:
    """The cases a person may see: their own, their enterprises', and what their posts open."""
    return _visible(scope, _codes(scope))


def _visible(scope: Scope, codes: Sequence[str]) -> QuerySet[Case]:
    return Case.objects.filter(_by_posts(scope) | _own(scope, codes))


def of_posts(scope: Scope) -> QuerySet[Case]:
    """The cases that somebody's posts open: what may stand on their worklists."""
    return Case.objects.filter(_by_posts(scope))


def _by_posts(scope: Scope) -> Q:
    return reduce(or_, places(scope), Q(pk__in=[]))


def places(scope: Scope) -> list[Q]:
    """What somebody's posts open, by where it lies: each a range of an index, in the order of the
    worklist; together all of it."""
    found = [place for grant in scope.reading() for place in _within(grant)]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def own(scope: Scope) -> Q:
    """Filed by oneself, or by an enterprise that one acts for."""
    return _own(scope, _codes(scope))


def _codes(scope: Scope) -> Sequence[str]:
    return mandated_codes(scope.person_id, scope.on) if scope.person_id and scope.on else ()


def _own(scope: Scope, codes: Sequence[str]) -> Q:
    if not scope.person_id:
        return Q(pk__in=[])
    mine = Q(applicant_person_id=scope.person_id)
    if codes:
        mine |= Q(
            identity_index__in=[blind_index("identity", code) for code in codes],
            applicant_kind="legal",
        )
    return mine


def _within(grant: Grant) -> list[Q]:
    """Cases of the grant's units, those that came in there, those with a step there, and those
    whose originals are on the way there."""
    ids = sorted(grant.organisation_ids)
    elsewhere = ~Q(intake_organisation=F("organisation"))
    found = _each("organisation_id", ids)
    found += [place & elsewhere for place in _each("intake_organisation_id", ids)]
    found.append(
        _not_of(ids) & Q(id__in=Step.objects.filter(organisation_id__in=ids).values("case_id"))
    )
    awaited = HandOverSlip.objects.filter(receiver_id__in=ids, received_at=None)
    found.append(Q(id__in=awaited.values("case_id")))
    found += _each("region_id", sorted(grant.region_ids))
    if grant.item_codes is None:
        return found
    return [place & Q(item__code__in=grant.item_codes) for place in found]


def _not_of(ids: list[int]) -> Q:
    """Cases of other units, as ranges: those of the unit's own are found already."""
    if not ids or len(ids) > MOST_RANGES:
        return ~Q(organisation_id__in=ids)
    between = [Q(organisation_id__gt=a, organisation_id__lt=b) for a, b in pairwise(ids)]
    return reduce(or_, between, Q(organisation_id__lt=ids[0]) | Q(organisation_id__gt=ids[-1]))


def _each(column: str, ids: list[int]) -> list[Q]:
    """One range for each of a few; of many one would ask too much at once."""
    if len(ids) > MOST_RANGES:
        return [Q(**{f"{column}__in": ids})]
    return [Q(**{column: one}) for one in ids]


def case_for(scope: Scope, number: str) -> Case:
    """One case by its number. Raises NotFound alike for none and for none of yours."""
    case = _by_number(scope, tuple(_codes(scope))).first(number)
    if case is None:
        raise NotFound
    return case


@lru_cache(maxsize=READERS)
def _by_number(scope: Scope, codes: tuple[str, ...]) -> Prepared[Case]:
    """The text of the statement belongs to the reader's right: another right is another text."""
    joined = ("edition", "item", "organisation", "region")
    rows = _visible(scope, codes).select_related(*joined)
    return Prepared(lambda number: rows.filter(number=number))


def case_at_work(scope: Scope, case_id: int) -> Case:
    """A case that somebody's posts open, not one of their own. Raises NotFound."""
    case = of_posts(scope).select_related("edition", "item").filter(id=case_id).first()
    if case is None:
        raise NotFound
    return case


def own_cases(scope: Scope) -> "QuerySet[Case]":
    """The reader's own cases, and those of the enterprises they act for: for what hangs on them."""
    return Case.objects.filter(own(scope))


def case_of(stream: str) -> Case:
    """The case of a stream `case:42`, with the edition of its item: for those who are told."""
    return Case.objects.select_related("edition").get(id=int(stream.removeprefix("case:")))


def own_case(scope: Scope, number: str) -> Case:
    """A case of the reader's own, or of an enterprise they act for. Raises NotFound."""
    codes = _codes(scope)
    if scope.person_id and not codes:
        case = _filed_by.first(scope.person_id, number)
    else:
        rows = Case.objects.filter(_own(scope, codes)).select_related(*SHOWN)
        case = rows.filter(number=number).first()
    if case is None:
        raise NotFound
    return case


SHOWN = ("edition", "item", "organisation")
_filed_by = Prepared(
    lambda person, number: Case.objects.select_related(*SHOWN).filter(
        applicant_person_id=person, number=number
    )
)


def filed_case(number: str) -> Case:
    """A case for one who has shown the right to it already: just filed it, or knows the code."""
    case = _filed.first(number)
    if case is None:
        raise NotFound
    return case


_filed = Prepared(
    lambda number: Case.objects.select_related("edition", "item").filter(number=number)
)


def number_of(case_id: int) -> str | None:
    """The number of a case, which tells nothing about it and opens nothing."""
    return Case.objects.filter(id=case_id).values_list("number", flat=True).first()


def numbers_of(case_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of many cases, by id."""
    rows = Case.objects.filter(id__in=list(case_ids)).order_by("id")
    return dict(rows.values_list("id", "number"))


def state_of(case_id: int) -> State:
    """Where a case stands, and nothing else of it. Raises NotFound."""
    found = _state.first(case_id)
    if found is None:
        raise NotFound
    return State(found.state)


_state = Prepared(lambda case_id: Case.objects.only("state").filter(id=case_id))


@dataclass(frozen=True)
class Standing:
    """Where a case stands, and what was decided, if anything."""

    state: State
    outcome: Outcome | None
    decided_at: datetime | None
    bounce_count: int


def outcome_of(case_id: int) -> Standing:
    """Raises NotFound."""
    rows = Case.objects.filter(id=case_id).values_list(
        "state", "outcome", "decided_at", "bounce_count"
    )
    found = rows.first()
    if found is None:
        raise NotFound
    state, outcome, decided_at, bounces = found
    return Standing(State(state), Outcome(outcome) if outcome else None, decided_at, bounces)


def states_of(case_ids: Iterable[int]) -> dict[int, State]:
    """Where cases stand, by id."""
    rows = Case.objects.filter(id__in=list(case_ids)).values_list("id", "state")
    return {case_id: State(state) for case_id, state in rows}


def is_undecided(case_id: int) -> bool:
    return state_of(case_id) in UNDECIDED


def titles_of(case_ids: Iterable[int]) -> dict[int, str]:
    """Number and item of cases, by id: what colleagues call them. Names no applicant."""
    rows = Case.objects.filter(id__in=list(case_ids)).order_by("id")
    found = rows.values_list("id", "number", "edition__name")
    return {case_id: f"{number} {name}" for case_id, number, name in found}


@dataclass(frozen=True)
class Situation:
    """All that is known of a case now. Each part is read when it is first asked for."""

    case: Case

    @cached_property
    def steps(self) -> list[Step]:
        """Every instance of every step, redone ones too, in the order in which they were made."""
        return steps_of(self.case)

    @cached_property
    def steps_in_force(self) -> list[Step]:
        return in_force(self.steps)

    @cached_property
    def clocks(self) -> list[Clock]:
        return clocks_of(self.case.stream)

    @cached_property
    def submissions(self) -> list[Submission]:
        rows = self.case.submissions.prefetch_related("materials__brought_by")
        return list(rows.order_by("number"))

    @cached_property
    def corrections(self) -> list[Correction]:
        return list(self.case.corrections.order_by("round"))

    @cached_property
    def deferred(self) -> list[DeferredMaterial]:
        return list(self.case.deferred.order_by("due_date", "id"))

    @cached_property
    def to_bring(self) -> list[GivenMaterial]:
        """The papers that the applicant said would come to the window: brought, or waited for."""
        later = {one.material_id for one in self.deferred}
        came = came_with(self.submissions)
        given = (one for submission in self.submissions for one in submission.materials.all())
        asked = (one for one in given if GivenWay(one.way).is_owed)
        found = (one for one in asked if one.material_id not in later)
        waits = self.case.awaits_papers
        return sorted(
            (one for one in found if one.brought_at or (waits and one.material_id not in came)),
            key=lambda one: one.id,
        )

    @property
    def owed(self) -> list[GivenMaterial]:
        """Those that nobody has yet."""
        return [one for one in self.to_bring if one.brought_at is None]

    @cached_property
    def requests(self) -> list[Request]:
        """What was asked of an approver and not answered yet."""
        rows = self.case.requests.filter(is_approved=None).select_related("asked_by")
        return list(rows.order_by("id"))

    @cached_property
    def pauses(self) -> list[Pause]:
        return list(self.case.pauses.order_by("id"))

    @cached_property
    def charges(self) -> list[Charge]:
        return list(self.case.charges.order_by("id"))

    @cached_property
    def originals(self) -> list[Original]:
        return list(self.case.originals.order_by("id"))

    @cached_property
    def slips(self) -> list[HandOverSlip]:
        rows = self.case.slips.select_related("sent_by", "received_by")
        return list(rows.order_by("id"))

    @cached_property
    def documents(self) -> list[Document]:
        return documents_of(self.case.stream)

    @property
    def state(self) -> State:
        return State(self.case.state)

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps_in_force if step.key == key), None)


# What a page shows of a case: the part of the situation, its rows, and whom these name.
_WHOM: dict[str, tuple[str, ...]] = {
    "steps": ("claimed_by", "done_by", "assigned_to"),
    "requests": ("asked_by",),
    "slips": ("sent_by", "received_by"),
    "given": ("brought_by",),
    "messages": ("person",),
}


_OF_ACTS = ("steps", "submissions", "given", "deferred", "requests")


@dataclass(frozen=True)
class Whole:
    """A case with all that its page shows of it, read in two statements."""

    now: Situation
    events: list[Event]
    uploads: list[Upload]
    told: list[Told]
    is_unsigned: bool  # no signed head covers a decision yet


def whole(case: Case) -> Whole:
    """The rows of all tables at once, then the names of all people at once."""
    found = _found(case, {**_parts(case.id), **_of_others(case.stream)})
    named = [(row, whom) for part, some in _WHOM.items() for row in found[part] for whom in some]
    ids = {getattr(row, f"{whom}_id") for row, whom in named} - {None}
    people = people_named(ids) if ids else {}
    for row, whom in named:
        if person_id := getattr(row, f"{whom}_id"):
            setattr(row, whom, people[person_id])
    others = ("events", "uploads", "messages", "unsigned")
    events, uploads, messages, unsigned = (found.pop(one) for one in others)
    now = _situation(case, found)
    return Whole(now, events, uploads, told(messages, people), bool(unsigned))


def at_hand(case: Case) -> Situation:
    """A case with what its acts ask of it, in one statement. Whom the rows name is read when it is
    asked."""
    wanted = {name: one for name, one in _parts(case.id).items() if name in _OF_ACTS}
    return _situation(case, _found(case, wanted))


def _found(case: Case, wanted: Mapping[str, Wanted[Any]]) -> dict[str, list[Any]]:
    found = dict(zip(wanted, read_together(*wanted.values()), strict=True))
    for row in (row for part in found.values() for row in part if hasattr(row, "case_id")):
        row.case = case
    return found


def _situation(case: Case, found: dict[str, list[Any]]) -> Situation:
    _put_together(found["submissions"], found.pop("given"))
    now = Situation(case)
    vars(now).update(found)  # where its parts are kept once they are read
    return now


def _put_together(submissions: Iterable[Submission], given: list[GivenMaterial]) -> None:
    """Each submission with its materials, as a prefetch leaves them."""
    for one in submissions:
        mine = GivenMaterial.objects.none()
        mine._result_cache = [row for row in given if row.submission_id == one.id]
        for row in mine._result_cache:
            row.submission = one
        one._prefetched_objects_cache = {"materials": mine}  # type: ignore[attr-defined]


def _parts(case_id: int) -> dict[str, Wanted[Any]]:
    mine, of_mine = '"case_id" = %s', 'SELECT "id" FROM "cases_submission" WHERE "case_id" = %s'
    return {
        "steps": Wanted(Step, mine, (case_id,)),
        "submissions": Wanted(Submission, mine, (case_id,), order=("number",)),
        "given": Wanted(GivenMaterial, f'"submission_id" IN ({of_mine})', (case_id,)),
        "corrections": Wanted(Correction, mine, (case_id,), order=("round",)),
        "deferred": Wanted(DeferredMaterial, mine, (case_id,), order=("due_date", "id")),
        "requests": Wanted(Request, f'{mine} AND "is_approved" IS NULL', (case_id,)),
        "pauses": Wanted(Pause, mine, (case_id,)),
        "charges": Wanted(Charge, mine, (case_id,)),
        "originals": Wanted(Original, mine, (case_id,)),
        "slips": Wanted(HandOverSlip, mine, (case_id,)),
    }


def _of_others(stream: str) -> dict[str, Wanted[Any]]:
    return {
        "clocks": clocks_wanted(stream),
        "documents": documents_wanted(stream),
        "events": history_wanted(stream),
        "unsigned": unsigned_wanted(stream, DECIDING_EVENTS),
        "uploads": uploads_wanted(stream),
        "messages": about_wanted(stream),
    }


def steps_of(case: Case) -> list[Step]:
    steps = Step.objects.filter(case=case)
    return list(steps.select_related("claimed_by", "done_by", "assigned_to").order_by("id"))


def steps_of_cases(case_ids: Iterable[int]) -> dict[int, list[Step]]:
    """The steps that count of several cases, in one query."""
    rows = Step.objects.filter(case_id__in=list(case_ids)).select_related("claimed_by")
    found: dict[int, list[Step]] = {}
    for step in rows.order_by("id"):
        found.setdefault(step.case_id, []).append(step)
    return {case_id: in_force(steps) for case_id, steps in found.items()}


def answers_in(submissions: Iterable[Submission]) -> Answers:
    """What the form says after these submissions, given in their order: the last that has one."""
    found: Answers = {}
    for submission in submissions:
        found = submission.answers.get("form", found)
    return found


def answers_of(case_id: int) -> Answers:
    """What the form of a case says now."""
    rows = Submission.objects.filter(case=case_id).order_by("number")
    return answers_in(rows)


def came_with(submissions: Iterable[Submission]) -> set[str]:
    """The materials of which a correction brought files, by id."""
    return {one for submission in submissions for one in submission.answers.get("came", ())}


def twins_of(case: Case, most: int = 5) -> list[Case]:
    """Other open applications of the same applicant for the same item: filed twice, perhaps."""
    same = Case.objects.filter(identity_index=case.identity_index, item_id=case.item_id)
    return _open_first(same.exclude(id=case.id), most)


def open_cases_of(identity_number: str, item_code: str, most: int = 5) -> list[Case]:
    """Open applications of a person or firm for an item, to warn before another is taken in."""
    index = blind_index("identity", identity_number)
    return _open_first(Case.objects.filter(identity_index=index, item__code=item_code), most)


def _open_first(cases: QuerySet[Case], most: int) -> list[Case]:
    states = [state.value for state in State if state.is_open]
    rows = cases.filter(state__in=states).select_related("edition").defer(*SEALED)
    return list(rows.order_by("-submitted_at", "-id")[:most])


def recent_decisions(limit: int) -> list[Case]:
    """The latest decisions, newest first. Pages show item, unit and day of them, never a name."""
    decided = Case.objects.exclude(decided_at=None).select_related("edition").defer(*SEALED)
    return list(decided.order_by("-decided_at", "-id")[:limit])


def states_count() -> dict[str, int]:
    """All cases by state, for the demo's last line."""
    rows = Case.objects.values("state").annotate(n=Count("id")).order_by("state")
    return {row["state"]: row["n"] for row in rows}
