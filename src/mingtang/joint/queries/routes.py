"""Reads of routes: what the checks must know, lists, drafts, editions side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.catalogue.queries.briefs import Brief, briefs
from mingtang.catalogue.rules.compare import Line
from mingtang.catalogue.rules.drafts import OPEN_STATES, DraftState
from mingtang.joint.models import JointCase, JointPart, Route, RouteDraft, RouteEdition
from mingtang.joint.rules import route as rules
from mingtang.joint.rules.checks import Fault, ItemFacts, Known, faults_of
from mingtang.joint.rules.compare import ItemCost, Saving, compare, savings
from mingtang.ledger import queries as ledger
from mingtang.ledger.queries import Event
from mingtang.regions import queries as regions

AUTHORS = (Role.REFORM_OFFICE, Role.PROJECT_OFFICE)
OPEN = [state.value for state in OPEN_STATES]
PAGE = 20


def stream_of(route_id: int) -> str:
    return f"route:{route_id}"


# ── what the checks must know ─────────────────────────────────────────────────────────────────


def known_to(route: rules.Route) -> Known:
    """What there is of the organisations and items that a route names."""
    units = {stage.lead for stage in route.stages}
    units |= {node.organisation for _stage, node in route.nodes()}
    found = briefs(node.item for _stage, node in route.nodes() if node.item)
    return Known(
        organisations=frozenset(regions.ids_of_codes(units - {""})),
        items={code: facts_of(brief) for code, brief in found.items()},
    )


def facts_of(brief: Brief) -> ItemFacts:
    limits = brief.limits
    return ItemFacts(brief.name, brief.department, limits.promised, limits.statutory)


def route_faults(content: rules.Content) -> list[Fault]:
    """All that is wrong with a route, errors and doubts."""
    route = rules.route_of(content)
    return faults_of(route, known_to(route))


def unit_names(routes: Iterable[rules.Route], on: date) -> dict[str, str]:
    """Names of the organisations that routes name, by code."""
    codes: set[str] = set()
    for route in routes:
        codes |= {stage.lead for stage in route.stages}
        codes |= {node.organisation for _stage, node in route.nodes()}
    return regions.names_by_code(sorted(codes - {""}), on)


def item_names(routes: Iterable[rules.Route]) -> dict[str, str]:
    """Names of the items that routes name, by code."""
    codes = {node.item for route in routes for _stage, node in route.nodes() if node.item}
    return {code: brief.name for code, brief in briefs(codes).items()}


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class RouteRow:
    code: str
    name: str
    number: int  # of the edition in force; 0: none yet
    node_count: int
    is_retired: bool
    draft_state: str
    draft_label: str


@dataclass(frozen=True)
class RoutePage:
    rows: list[RouteRow]
    total: int
    next_after: str


def routes(*, state: str = "", after: str = "") -> RoutePage:
    """All routes in the order in which they were entered; `state` narrows by the open draft."""
    rows = Route.objects.select_related("current_edition").order_by("id")
    if state in OPEN:
        rows = rows.filter(drafts__state=state)
    total = rows.count()
    if (last := parse_id(after)) is not None:
        rows = rows.filter(id__gt=last)
    page = list(rows[: PAGE + 1])
    next_after = str(page[PAGE - 1].id) if len(page) > PAGE else ""
    drafts = RouteDraft.objects.filter(route__in=page[:PAGE], state__in=OPEN).order_by("id")
    states = dict(drafts.values_list("route_id", "state"))
    return RoutePage([_row(one, states.get(one.id, "")) for one in page[:PAGE]], total, next_after)


def _row(one: Route, state: str) -> RouteRow:
    edition = one.current_edition
    nodes = sum(len(stage["nodes"]) for stage in edition.content["stages"]) if edition else 0
    label = DraftState(state).label if state else ""
    number = edition.number if edition else 0
    return RouteRow(one.code, one.name, number, nodes, one.retired_at is not None, state, label)


def waiting_counts() -> dict[str, int]:
    """How many open drafts of each state there are."""
    counts = {state: Count("id", filter=Q(state=state)) for state in OPEN}
    return RouteDraft.objects.aggregate(**counts)


# ── one route ─────────────────────────────────────────────────────────────────────────────────


def route(code: str) -> Route:
    """Raises NotFound."""
    rows = Route.objects.select_related("current_edition")
    found = rows.filter(code=code).first() if code.isprintable() else None
    if found is None:
        raise NotFound("没有这条路线，请核对代码，或回到路线列表。")
    return found


def route_exists(code: str) -> bool:
    return Route.objects.filter(code=code).exists()


def grant_over(scope: Scope) -> Grant | None:
    """The right to write and to review routes: they are of the whole installation."""
    grants = [grant for grant in scope.grants if grant.role in AUTHORS]
    return min(grants, key=lambda grant: grant.acting_for_id is not None, default=None)


def open_draft_of(found: Route) -> RouteDraft | None:
    rows = RouteDraft.objects.filter(route=found, state__in=OPEN)
    return rows.select_related("opened_by", "submitted_by", "returned_by").first()


def draft_of(found: Route) -> RouteDraft:
    """The open draft. Raises NotFound."""
    draft = open_draft_of(found)
    if draft is None:
        raise NotFound("这条路线没有正在起草的新版本，可能已经发布或放弃。请回到路线页。")
    return draft


def number_of(found: Route) -> int:
    return found.current_edition.number if found.current_edition else 0


def editions_of(found: Route) -> list[RouteEdition]:
    """All editions, the newest first."""
    return list(RouteEdition.objects.filter(route=found).order_by("-number"))


def edition(code: str, number: int | None = None) -> RouteEdition:
    """An edition by its number, or the one in force. Raises NotFound."""
    rows = RouteEdition.objects.select_related("route").filter(route__code=code)
    wanted = Q(route__current_edition__id=F("id")) if number is None else Q(number=number)
    found = rows.filter(wanted).first()
    if found is None:
        raise NotFound("没有这条路线，或它还没有发布过。")
    return found


def draft_lines(found: Route, draft: RouteDraft, on: date) -> list[Line]:
    """What publishing would change."""
    before = found.current_edition.content if found.current_edition else {"stages": []}
    lines = _lines(rules.route_of(before), rules.route_of(draft.content), on)
    return [line for line in lines if line.change != "same"]


def compared(
    before: RouteEdition, after: RouteEdition, on: date
) -> tuple[list[Line], list[Saving]]:
    """Two editions line by line, and what the later one saves. Materials and visits are those of
    the items as they are in force now."""
    old, new = rules.route_of(before.content), rules.route_of(after.content)
    codes = {node.item for route in (old, new) for _stage, node in route.nodes() if node.item}
    costs = {code: ItemCost(one.materials, one.visits) for code, one in briefs(codes).items()}
    return _lines(old, new, on), savings(old, new, costs)


def _lines(old: rules.Route, new: rules.Route, on: date) -> list[Line]:
    return compare(old, new, units=unit_names([old, new], on), items=item_names([old, new]))


def history_of(found: Route) -> list[Event]:
    return ledger.history(stream_of(found.id))


def parts_on_map(joint: JointCase) -> list[JointPart]:
    """The parts of a matter in the order of its route, with what they stand on. One statement."""
    rows = JointPart.objects.filter(joint=joint).select_related("case", "organisation", "simulated")
    return list(rows.defer("case__identity_number", "case__phone").order_by("position"))
