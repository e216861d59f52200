"""Reads for those who publish: what waits for whom, one item with what may be done, the book."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor, DateCursor
from mingtang.disclosure.models import Publication as Publication  # what pages are handed
from mingtang.disclosure.models import Review as Review
from mingtang.disclosure.models import Training as Training
from mingtang.disclosure.models import Version as Version
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, State
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from mingtang.regions.queries import ids_in
from mingtang.timing.queries import last_clock
from mingtang.timing.rules import ClockKind

PAGE = 30
TENTH = Decimal("0.1")  # hours are noted so; SQLite adds them as floating numbers
MOST_BOOK_LINES = 100
WAITING = (State.DRAFT, State.REVIEW, State.SECRECY, State.APPROVED)
BOOK = (
    *("disclosure.drafted", "disclosure.revised", "disclosure.submitted", "disclosure.recalled"),
    *("disclosure.reviewed", "disclosure.cleared", "disclosure.returned", "disclosure.published"),
    *("disclosure.kept", "disclosure.taken_down", "disclosure.numbered"),
    *("disclosure.training_noted", "release.made", "release.many_made"),
)


def grants_for(scope: Scope, roles: Iterable[Role]) -> list[Grant]:
    wanted = frozenset(roles)
    return [grant for grant in scope.grants if grant.role in wanted]


def organs_of(scope: Scope, roles: Iterable[Role]) -> frozenset[int]:
    """The units whose items a person handles in one of these roles."""
    return frozenset(one for grant in grants_for(scope, roles) for one in grant.organisation_ids)


def readable(scope: Scope) -> Q:
    """The items that a person may open: of their units; for overseers, of their whole county."""
    found = Q(organisation__in=organs_of(scope, chain.READERS))
    places = {place for grant in grants_for(scope, chain.OVERSEERS) for place in grant.region_ids}
    return found | Q(organisation__region__in=places) if places else found


def readable_organs(scope: Scope) -> list[int]:
    """The units whose ledger of releases a person may read."""
    places = {place for grant in grants_for(scope, chain.OVERSEERS) for place in grant.region_ids}
    return sorted({*organs_of(scope, chain.READERS), *(ids_in(places) if places else ())})


def _written_by(person_id: int | None) -> Exists:
    return Exists(Version.objects.filter(publication=OuterRef("pk"), written_by=person_id))


@dataclass(frozen=True)
class Basket:
    """A list of the desk."""

    key: str
    label: str
    roles: frozenset[Role]
    state: State | None


BASKETS = (
    Basket("mine", "我起草的", chain.DRAFTERS, None),
    Basket("review", "待我审核", chain.REVIEWERS, State.REVIEW),
    Basket("secrecy", "待保密审查", chain.SECRECY_REVIEWERS, State.SECRECY),
    Basket("release", "待我发布", chain.RELEASERS, State.APPROVED),
    Basket("overdue", "已超期", chain.READERS | chain.OVERSEERS, None),
    Basket("all", "全部", chain.READERS | chain.OVERSEERS, None),
)


def baskets_for(scope: Scope) -> list[Basket]:
    return [basket for basket in BASKETS if scope.has_role(basket.roles)]


def in_basket(scope: Scope, basket: Basket, on: date) -> QuerySet[Publication]:
    rows = Publication.objects.filter(readable(scope))
    if basket.key == "mine":
        waiting = [state.value for state in WAITING]
        return rows.filter(_written_by(scope.person_id), state__in=waiting)
    if basket.state is not None:
        rows = rows.filter(
            state=basket.state.value, organisation__in=organs_of(scope, basket.roles)
        )
        return rows.filter(~_written_by(scope.person_id))
    if basket.key == "overdue":
        return _with_clock(rows).filter(Q(("clock_stopped_date", None), ("clock_due_date__lt", on)))
    return rows


def _with_clock(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    stream = Concat(Value("publication:"), Cast(OuterRef("pk"), CharField()))
    return rows.annotate(**last_clock(stream, ClockKind.DISCLOSURE))


def basket_counts(scope: Scope, on: date) -> dict[str, int]:
    """How much waits in each list but the last, which holds all."""
    return {
        basket.key: in_basket(scope, basket, on).count()
        for basket in baskets_for(scope)
        if basket.key != "all"
    }


@dataclass(frozen=True)
class DeskPage:
    rows: list[Publication]
    next: DateCursor | None


@dataclass(frozen=True)
class Filter:
    """What of the list of all is wanted."""

    words: str = ""
    column: str = ""
    attribute: str = ""
    state: str = ""
    organisation_id: int | None = None

    def condition(self) -> Q:
        found = Q()
        if self.words:
            found &= Q(version__title__icontains=self.words) | Q(index_number=self.words)
        for name in ("column", "attribute"):
            if value := getattr(self, name):
                found &= Q(**{f"version__{name}": value})
        if self.state:
            found &= Q(state=self.state)
        if self.organisation_id is not None:
            found &= Q(organisation=self.organisation_id)
        return found


def desk_page(
    scope: Scope,
    basket: Basket,
    on: date,
    after: DateCursor | None = None,
    wanted: Filter | None = None,
) -> DeskPage:
    """A page of a list: what was formed first comes first, where something waits; of all, the
    newest first. Total order (formed_date, id)."""
    rows = in_basket(scope, basket, on)
    if wanted is not None:
        rows = rows.filter(wanted.condition())
    newest_first = basket.key == "all"
    if after is not None:
        way = "lt" if newest_first else "gt"
        day = f"version__formed_date__{way}"
        rows = rows.filter(
            Q(**{day: after.day}) | Q(**{f"id__{way}": after.id}),
            **{f"{day}e": after.day},
        )
    order = ("-version__formed_date", "-id") if newest_first else ("version__formed_date", "id")
    listed = _with_clock(rows).select_related("version").defer("version__body").order_by(*order)
    found = list(listed[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return DeskPage(found[:PAGE], _cursor(last) if last else None)


def _cursor(item: Publication) -> DateCursor:
    assert item.version is not None
    return DateCursor(item.version.formed_date, item.id)


def overdue_by_organ(scope: Scope, on: date) -> list[tuple[int, int]]:
    """Units with items whose days are over, the most first."""
    basket = next(one for one in BASKETS if one.key == "overdue")
    rows = in_basket(scope, basket, on).order_by().values_list("organisation_id")
    found = rows.annotate(count=Count("id"))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def item_for(scope: Scope, publication_id: int | None) -> Publication:
    """One item that a person may open, with its versions' heads. Raises NotFound."""
    rows = Publication.objects.filter(readable(scope), id=publication_id or 0)
    found = rows.select_related("version", "published_version", "organisation__region").first()
    if found is None:
        raise NotFound("没有找到这条信息，请从列表进入。")
    return found


def may_act(scope: Scope, item: Publication, act: Act) -> bool:
    """Whether a person may do an act on an item now: role at its unit, state, not one's own."""
    if State(item.state) not in chain.FROM[act]:
        return False
    if item.organisation_id not in organs_of(scope, chain.MAY[act]):
        return False
    own = scope.person_id in set(item.versions.order_by().values_list("written_by_id", flat=True))
    if act is Act.RECALL:
        return own
    is_another = act in {Act.REVIEW, Act.CLEAR, Act.PUBLISH, Act.KEEP}
    return not (is_another and own)


def acts_for(scope: Scope, item: Publication) -> set[Act]:
    """All that a person may do on an item now."""
    found = {act for act in Act if may_act(scope, item, act)}
    assert item.version is not None
    is_active = item.version.attribute == "active"
    if not item.is_public:
        found.discard(Act.TAKE_DOWN)
    found.discard(Act.KEEP if is_active else Act.PUBLISH)
    return found


def grant_for(scope: Scope, item: Publication, act: Act) -> Grant:
    """The post under which a person does an act; their own before one they stand in for."""
    fitting = [
        grant
        for grant in grants_for(scope, chain.MAY[act])
        if item.organisation_id in grant.organisation_ids
    ]
    if not fitting:
        raise NotFound
    return min(fitting, key=lambda grant: grant.acting_for_id is not None)


def versions_of(item: Publication) -> list[Version]:
    rows = Version.objects.filter(publication=item).select_related("written_by")
    unread = ("body", "written_by__identity_number", "written_by__phone")
    return list(rows.defer(*unread).order_by("-number"))


def reviews_of(item: Publication) -> list[Review]:
    rows = Review.objects.filter(version__publication=item).select_related("reviewed_by", "version")
    unread = ("version__body", "reviewed_by__identity_number", "reviewed_by__phone")
    return list(rows.defer(*unread).order_by("reviewed_at", "id"))


def hashes_of(publication_ids: Iterable[int]) -> dict[str, str]:
    """The hash of the newest version of each item, by its id as a string."""
    rows = Publication.objects.filter(id__in=list(publication_ids)).order_by("id")
    found = rows.values_list("id", "version__content_hash")
    return {str(one): content_hash or "" for one, content_hash in found}


def version_of(item: Publication, number: int) -> Version:
    found = Version.objects.filter(publication=item, number=number).first()
    if found is None:
        raise NotFound("没有这一版，请从信息页面进入。")
    return found


# ── the record book ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class BookPage:
    rows: list[Event]
    next: Cursor | None


def book(organisation_id: int, since: date, until: date, after: Cursor | None = None) -> BookPage:
    """记录本: who did what when with the items and releases of a unit, newest first."""
    size = MOST_BOOK_LINES
    rows = ledger.book(BOOK, organisation_id, since, until, after, size + 1)
    last = rows[size - 1] if len(rows) > size else None
    return BookPage(rows[:size], Cursor(last.at, last.id) if last else None)


@dataclass(frozen=True)
class TrainingPage:
    """Some trainings of a period, and the hours of all of them."""

    rows: list[Training]
    hours: Decimal
    next: DateCursor | None


def trainings(
    organisation_ids: Iterable[int], since: date, until: date, after: DateCursor | None = None
) -> TrainingPage:
    """The trainings of units in a period, newest first; total order (held_date, id)."""
    rows = Training.objects.filter(
        organisation__in=list(organisation_ids), held_date__gte=since, held_date__lte=until
    )
    hours = (rows.aggregate(sum=Sum("hours"))["sum"] or Decimal(0)).quantize(TENTH)
    if after is not None:
        rows = rows.filter(
            Q(held_date__lt=after.day) | Q(id__lt=after.id), held_date__lte=after.day
        )
    found = list(rows.order_by("-held_date", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    cursor = DateCursor(last.held_date, last.id) if last else None
    return TrainingPage(found[:PAGE], hours, cursor)


def working_set(organisation_id: int) -> dict[State, int]:
    """How many items of a unit stand where."""
    rows = Publication.objects.filter(organisation=organisation_id).order_by()
    counts = rows.values_list("state").annotate(count=Count("id"))
    return {State(state): count for state, count in counts}


def is_superseded(item: Publication) -> bool:
    """Whether the public reads another version than the newest."""
    return item.is_public and item.published_version_id != item.version_id
