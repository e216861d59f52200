"""Reads of many letters: the worklist by due date, the register, what waits, who called before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from mingtang.accounts.rules import Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.paging import Cursor, DateCursor
from mingtang.base.sealed import blind_index
from mingtang.letters.models import IS_COUNTED, Letter, Mail, PublicCopy, Reader
from mingtang.letters.queries.rights import Eye
from mingtang.letters.rules.kinds import Kind, normal_phone
from mingtang.letters.rules.mail import Outcome
from mingtang.letters.rules.moves import State

PAGE = 30
CALLED_BEFORE = 5


@dataclass(frozen=True)
class Sought:
    """What of the letters is asked for."""

    words: str = ""
    state: str = ""
    kind: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    has_copy_waiting: bool = False

    def condition(self) -> Q:
        """A number, or the whole of a telephone number: nothing else of a letter can be sought."""
        found = Q()
        if self.words:
            phone = blind_index("phone", normal_phone(self.words))
            by_phone = Q(phone_index=phone) if phone else Q(pk=None)
            found &= Q(number__icontains=self.words) | Q(reference=self.words) | by_phone
        for column in ("state", "kind", "source"):
            if value := getattr(self, column):
                found &= Q(**{column: value})
        if self.since:
            found &= Q(submitted_at__gte=day_bounds(self.since)[0])
        if self.until:
            found &= Q(submitted_at__lt=day_bounds(self.until)[1])
        if self.has_copy_waiting:
            waiting = PublicCopy.objects.filter(confirmed_at=None)
            found &= Q(id__in=waiting.values("letter"))
        return found


@dataclass(frozen=True)
class WorkPage:
    rows: list[Letter]
    next: DateCursor | None


def worklist(
    scope: Scope, *, states: Iterable[State] = (), after: DateCursor | None = None
) -> WorkPage:
    """What is to be done, the most urgent first; total order (next_due_date, id)."""
    found = Letter.objects.filter(Eye(scope).condition(), IS_COUNTED)
    if wanted := [state.value for state in states]:
        found = found.filter(state__in=wanted)
    if after is not None:
        found = found.filter(
            Q(next_due_date__gt=after.day) | Q(next_due_date=after.day, id__gt=after.id)
        )
    listed = list(found.order_by("next_due_date", "id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    mark = DateCursor(last.next_due_date, last.id) if last and last.next_due_date else None
    return WorkPage(shown, mark)


def counts_by_state(scope: Scope) -> dict[str, int]:
    """How many are in each state that still wants something done."""
    wanted = IS_COUNTED | Q(state=State.ANSWERED.value)
    rows = Letter.objects.filter(Eye(scope).condition(), wanted).order_by("state")
    return dict(rows.values_list("state").annotate(Count("id")))


@dataclass(frozen=True)
class RegisterPage:
    rows: list[Letter]
    next: Cursor | None


def register(scope: Scope, sought: Sought, after: Cursor | None = None) -> RegisterPage:
    """All letters, the latest first; total order (submitted_at, id)."""
    found = Letter.objects.filter(Eye(scope).condition(), sought.condition())
    if after is not None:
        found = found.filter(
            Q(submitted_at__lt=after.at) | Q(id__lt=after.id), submitted_at__lte=after.at
        )
    listed = list(found.order_by("-submitted_at", "-id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    return RegisterPage(shown, Cursor(last.submitted_at, last.id) if last else None)


# ── what waits ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Waiting:
    """What presses: letters past their day, new ones, those at hand, answered ones to ask about,
    copies to confirm, mails to look at, tip-offs that nobody may read."""

    late: int = 0
    new: int = 0
    open: int = 0
    answered: int = 0
    copies: int = 0
    mails: int = 0
    unread_tip_offs: int = 0


def waiting(scope: Scope, on: date) -> Waiting:
    eye = Eye(scope)
    if not eye.offices and not eye.units:
        return Waiting()
    rows = Letter.objects.filter(eye.condition())
    at_office = Q(office__in=eye.offices)
    counts = rows.aggregate(
        late=Count("id", filter=IS_COUNTED & Q(next_due_date__lt=on)),
        new=Count("id", filter=at_office & Q(state=State.FILED.value)),
        open=Count("id", filter=IS_COUNTED & Q(next_due_date__gte=on)),
        answered=Count("id", filter=at_office & Q(state=State.ANSWERED.value)),
    )
    if not eye.offices:
        return Waiting(**counts)
    copies = PublicCopy.objects.filter(letter__office__in=eye.offices, confirmed_at=None)
    return Waiting(
        **counts,
        copies=copies.exclude(drafted_by=scope.person_id).count(),
        mails=quarantine_count(),
        unread_tip_offs=_unread(scope, eye),
    )


def _unread(scope: Scope, eye: Eye) -> int:
    """Tip-offs of an office where nobody is named to read them: its head names somebody."""
    if not scope.has_role([Role.LETTER_HEAD]):
        return 0
    named = Reader.objects.filter(office__in=eye.offices, letter=None, ended_at=None)
    if named.exists():
        return 0
    waiting_ones = Letter.objects.filter(IS_COUNTED, office__in=eye.offices)
    return waiting_ones.filter(kind=Kind.TIP_OFF.value).count()


def quarantine_count() -> int:
    return _quarantine().count()


def _quarantine() -> QuerySet[Mail]:
    return Mail.objects.filter(outcome=Outcome.QUARANTINED.value, settled_at=None)


@dataclass(frozen=True)
class MailPage:
    rows: list[Mail]
    next: Cursor | None


def quarantine(after: Cursor | None = None) -> MailPage:
    """Mails that wait for a person, the oldest first; total order (received_at, id)."""
    found = _quarantine()
    if after is not None:
        found = found.filter(
            Q(received_at__gt=after.at) | Q(id__gt=after.id), received_at__gte=after.at
        )
    listed = list(found.defer("raw").order_by("received_at", "id")[: PAGE + 1])
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    return MailPage(shown, Cursor(last.received_at, last.id) if last else None)


# ── callers ───────────────────────────────────────────────────────────────────────────────────


def called_before(phone: str, on: date) -> list[Letter]:
    """The latest letters of a telephone number within a year; tip-offs are nobody's to find."""
    number = blind_index("phone", normal_phone(phone))
    if not number:
        return []
    since = day_bounds(on - timedelta(days=365))[0]
    rows = Letter.objects.filter(phone_index=number, submitted_at__gte=since)
    rows = rows.exclude(kind=Kind.TIP_OFF.value)
    return list(rows.order_by("-submitted_at", "-id")[:CALLED_BEFORE])


def keepers(office_id: int) -> list[Reader]:
    """Who by name reads an office's tip-offs."""
    rows = Reader.objects.filter(office=office_id, letter=None, ended_at=None)
    return list(rows.select_related("person").order_by("named_at", "id"))
