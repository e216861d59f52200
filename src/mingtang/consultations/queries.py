"""Reads of consultations: what the public may see, what waits for those who prepare and answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import Cursor
from mingtang.consultations.models import Activity as Activity
from mingtang.consultations.models import Comment, Sheet, SheetAnswer, SurveyQuestion
from mingtang.consultations.rules.life import KEEPERS, READERS, CommentState, Kind
from mingtang.consultations.rules.survey import (
    CrossRow,
    Question,
    QuestionKind,
    Tally,
    cross,
    tally,
)
from mingtang.disclosure import queries as disclosure
from mingtang.disclosure.queries.desk import Publication
from mingtang.disclosure.queries.every import public_among
from mingtang.disclosure.rules.items import Attribute
from mingtang.ledger.queries import history

PAGE = 20
COMMENTS = 50
SHOWN = Q(
    opened_at__isnull=False,
    notice__published_version__isnull=False,
    notice__published_version__attribute=Attribute.ACTIVE.value,
)
WAITS = Q(state=CommentState.WAITING.value) | Q(
    state=CommentState.KEPT.value, answered_at__isnull=True
)


@dataclass(frozen=True)
class Page:
    rows: list[Activity]
    next: Cursor | None


def _paged(found: QuerySet[Activity], column: str, after: Cursor | None, size: int) -> Page:
    """Newest first; total order (column, id)."""
    if after is not None:
        earlier = Q(**{f"{column}__lt": after.at}) | Q(**{column: after.at, "id__lt": after.id})
        found = found.filter(earlier)
    rows = list(found.order_by(f"-{column}", "-id")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], Cursor(getattr(last, column), last.id) if last else None)


def _with_notice(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    found = rows.select_related("notice__published_version", "result__published_version")
    return found.defer("notice__published_version__body", "result__published_version__body")


# ── for everyone ──────────────────────────────────────────────────────────────────────────────


def shown(
    kind: str = "",
    *,
    notice_ids: Sequence[int] | None = None,
    after: Cursor | None = None,
    size: int = PAGE,
) -> Page:
    """A page of activities whose notices are public, newest first."""
    found = _with_notice(Activity.objects.filter(SHOWN))
    if kind in set(Kind):
        found = found.filter(kind=kind)
    if notice_ids is not None:
        found = found.filter(notice__in=notice_ids)
    return _paged(found, "opened_at", after, size)


def shown_one(key: str) -> Activity:
    """An activity that is public, with what its notice and its result say. Raises NotFound."""
    rows = Activity.objects.filter(SHOWN, id=parse_id(key) or 0)
    found = rows.select_related("notice__published_version", "result__published_version").first()
    if found is None:
        raise NotFound("没有找到这项活动，可能已经撤下。请从“征集调查”栏目进入。")
    return found


def is_shown(activity: Activity) -> bool:
    """Whether its notice is public now: what was taken down takes nothing in."""
    return Activity.objects.filter(SHOWN, id=activity.id).exists()


def notices_of(rows: Iterable[Activity]) -> list[Publication]:
    """The public notices of these activities with what they say, newest first."""
    found = public_among(row.notice_id for row in rows)
    return sorted(found, key=lambda item: (item.published_at, item.id), reverse=True)


def result_body(activity: Activity) -> str:
    """The result that is public, or nothing."""
    version = activity.result.published_version if activity.result else None
    return version.body if version is not None and version.attribute == Attribute.ACTIVE else ""


# ── for staff ─────────────────────────────────────────────────────────────────────────────────


def units_of(scope: Scope) -> frozenset[int]:
    """For whose activities somebody prepares and answers."""
    return disclosure.organs_of(scope, KEEPERS)


def grant_at(scope: Scope, organisation_id: int, roles: Iterable[Role] = KEEPERS) -> Grant | None:
    """The post under which somebody acts for a unit, one's own before those held for others."""
    fitting = [
        grant
        for grant in disclosure.grants_for(scope, roles)
        if organisation_id in grant.organisation_ids
    ]
    return min(fitting, key=lambda grant: grant.acting_for_id is not None, default=None)


def _readable(scope: Scope) -> QuerySet[Activity]:
    units = disclosure.organs_of(scope, READERS)
    wide = [one for one in scope.grants if one.role in READERS]
    places = {place for one in wide for place in one.region_ids}
    return Activity.objects.filter(Q(organisation__in=units) | Q(organisation__region__in=places))


def desk(scope: Scope, after: Cursor | None = None, size: int = PAGE) -> Page:
    """A page of the activities that a reader may see, newest first."""
    return _paged(_with_notice(_readable(scope)), "drafted_at", after, size)


def one(scope: Scope, key: str) -> Activity:
    """Raises NotFound alike for none and for none of theirs."""
    found = _with_notice(_readable(scope)).filter(id=parse_id(key) or 0).first()
    if found is None:
        raise NotFound
    return found


def comment_for(scope: Scope, comment_id: int) -> Comment:
    """What somebody said, of an activity that a reader may see. Raises NotFound."""
    found = Comment.objects.filter(id=comment_id, activity__in=_readable(scope)).first()
    if found is None:
        raise NotFound
    return found


def counts_of(activity_ids: Iterable[int]) -> dict[int, int]:
    """How much came in for each: comments, or sheets. Two statements."""
    ids = list(activity_ids)
    found: dict[int, int] = {}
    for rows in (Comment.objects.all(), Sheet.objects.all()):
        counted = rows.filter(activity__in=ids).order_by().values_list("activity_id")
        found |= dict(counted.annotate(count=Count("id")))
    return found


@dataclass(frozen=True)
class CommentPage:
    rows: list[Comment]
    next: int | None


def comments(activity: Activity, *, only_waiting: bool = False, after: int = 0) -> CommentPage:
    """A page of what was said, in its order; the number is its total order."""
    found = activity.comments.filter(number__gt=after)
    if only_waiting:
        found = found.filter(WAITS)
    rows = list(found.order_by("number")[: COMMENTS + 1])
    return CommentPage(rows[:COMMENTS], rows[COMMENTS - 1].number if len(rows) > COMMENTS else None)


def comment(activity: Activity, number: int) -> Comment:
    """Raises NotFound."""
    found = activity.comments.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def waiting_count(activity: Activity) -> int:
    return activity.comments.filter(WAITS).count()


@dataclass(frozen=True)
class Pressing:
    """What waits for somebody's unit: words to look at or answer, results that are due."""

    comments: int
    late: int
    due: int


def pressing(units: Iterable[int], now: datetime, on: date) -> Pressing:
    ids = list(units)
    waiting = Comment.objects.filter(WAITS, activity__organisation__in=ids)
    over = Activity.objects.filter(
        organisation__in=ids, closes_at__lte=now, reported_at__isnull=True
    )
    late = over.filter(result_due_date__lt=on).count()
    return Pressing(waiting.count(), late, over.count() - late)


# ── surveys ───────────────────────────────────────────────────────────────────────────────────


def questions_of(activity: Activity) -> list[SurveyQuestion]:
    return list(activity.questions.order_by("position"))


def as_question(row: SurveyQuestion) -> Question:
    return Question(row.text, QuestionKind(row.kind), tuple(row.options))


@dataclass(frozen=True)
class Tallies:
    """How a survey was answered, question by question."""

    count: int
    lines: list[tuple[Question, Tally]]


def tallies(activity: Activity) -> Tallies:
    """Two statements, however many sheets there are."""
    rows = questions_of(activity)
    chosen = _chosen(row.id for row in rows)
    questions = [(row.id, as_question(row)) for row in rows]
    lines = [(one, tally(one, list(chosen[key].values()))) for key, one in questions]
    return Tallies(activity.sheets.count(), lines)


def _chosen(question_ids: Iterable[int]) -> dict[int, dict[int, list[int]]]:
    """Question → sheet → the options that it chose."""
    found: dict[int, dict[int, list[int]]] = defaultdict(dict)
    answers = SheetAnswer.objects.filter(question__in=list(question_ids))
    for question, sheet, choices in answers.values_list("question_id", "sheet_id", "choices"):
        found[question][sheet] = choices
    return found


def crossed(
    activity: Activity, first: int, second: int, least: int
) -> tuple[Question, Question, list[CrossRow]] | None:
    """How who chose each option of one question answered another, by their positions; None where
    they are not two questions with options."""
    rows = {
        row.position: row for row in questions_of(activity) if row.kind != QuestionKind.TEXT.value
    }
    if first not in rows or second not in rows or first == second:
        return None
    one, other = rows[first], rows[second]
    chosen = _chosen([one.id, other.id])
    pairs = [
        (chosen[one.id].get(sheet, []), chosen[other.id].get(sheet, []))
        for sheet in chosen[one.id].keys() | chosen[other.id].keys()
    ]
    questions = as_question(one), as_question(other)
    return (*questions, cross(*questions, pairs, least))


def words_of(activity: Activity, most: int = 200) -> list[tuple[str, str]]:
    """The newest that people wrote, with the question, for those who prepare the survey alone."""
    rows = SheetAnswer.objects.filter(
        question__activity=activity, question__kind=QuestionKind.TEXT.value
    ).select_related("question")
    return [(one.question.text, one.text) for one in rows.order_by("-id")[:most]]


# ── whom and what an event concerns ───────────────────────────────────────────────────────────


def of_publication(publication_id: int) -> Activity | None:
    """The activity that a publication opens or ends."""
    either = Q(notice=publication_id) | Q(result=publication_id)
    return Activity.objects.filter(either).first()


def titles(keys: Iterable[int]) -> dict[int, str]:
    return dict(Activity.objects.filter(id__in=list(keys)).values_list("id", "title"))


def people_to_tell(activity: Activity) -> list[tuple[int | None, str]]:
    """Who signed in to speak, or left a number: account and phone, each once."""
    rows = activity.comments.order_by("number")
    found = [(one.person_id, one.phone) for one in rows if one.person_id or one.phone]
    return list(dict.fromkeys(found))


def went_out(publication_id: int | None) -> bool:
    """Whether a text was published at some time; that it was taken down since changes nothing."""
    told = history(f"publication:{publication_id}") if publication_id else []
    return any(event.kind == "disclosure.published" for event in told)
