"""Reads of reports: editions, their facts, the rows behind a number, the self-check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.errors import NotFound
from mingtang.regions import queries as regions
from mingtang.reports import sources
from mingtang.reports.models import Edition as Edition
from mingtang.reports.models import PastSnapshot
from mingtang.reports.models import Problem as ProblemRow
from mingtang.reports.readers.text import read_text
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.composing import Block, compose
from mingtang.reports.rules.documents import Context
from mingtang.reports.rules.figures import (
    CELLS,
    CleanUp,
    EditionState,
    Facts,
    Figure,
    NoFigure,
    Problem,
    ProblemState,
    RowRef,
    Style,
    keyed,
)
from mingtang.reports.rules.findings import Opinion
from mingtang.reports.sources.archive import Part, contents
from mingtang.reports.writers import as_text

EDITORS = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_HEAD})
FREEZERS = frozenset({Role.DISCLOSURE_HEAD})
PAGE = 50


# ── editions ──────────────────────────────────────────────────────────────────────────────────


def units_of(scope: Scope, roles: Iterable[Role] = EDITORS) -> frozenset[int]:
    """The units whose report a person makes."""
    wanted = frozenset(roles)
    return frozenset(
        one for grant in scope.grants if grant.role in wanted for one in grant.organisation_ids
    )


def grant_for(scope: Scope, organisation_id: int, roles: Iterable[Role]) -> Grant:
    """The post under which somebody acts for a unit. Raises NotFound."""
    wanted = frozenset(roles)
    fitting = [
        one
        for one in scope.grants
        if one.role in wanted and organisation_id in one.organisation_ids
    ]
    if not fitting:
        raise NotFound
    return min(fitting, key=lambda one: one.acting_for_id is not None)


def editions(scope: Scope, *, before: tuple[int, int] | None = None) -> list[Edition]:
    """A page of the reports of a person's units, the latest year first; total order (-year, id)."""
    rows = Edition.objects.filter(organisation__in=units_of(scope)).defer("snapshot")
    if before is not None:
        year, last = before
        same = rows.filter(year=year, id__gt=last)
        rows = same | rows.filter(year__lt=year)
    return list(rows.order_by("-year", "id")[:PAGE])


def edition_for(scope: Scope, edition_id: int) -> Edition:
    """A report of one of a person's units. Raises NotFound for all others."""
    found = Edition.objects.filter(id=edition_id, organisation__in=units_of(scope)).first()
    if found is None:
        raise NotFound
    return found


def edition_of(organisation_id: int, year: int, style: Style) -> Edition | None:
    rows = Edition.objects.filter(organisation=organisation_id, year=year, style=style.value)
    return rows.first()


def problems_of(edition: Edition) -> list[ProblemRow]:
    return list(edition.problems.order_by("since_year", "id"))


def past_of(edition: Edition) -> list[PastSnapshot]:
    """What the report said when it was final before, the latest first."""
    rows = edition.past.select_related("frozen_by", "reopened_by").defer("snapshot")
    return list(rows.order_by("-reopened_at", "-id"))


# ── facts ─────────────────────────────────────────────────────────────────────────────────────


def facts_of(edition: Edition, *, issued: date | None = None) -> Facts:
    """What a report says: of a frozen one what it was frozen with, else what the rows say now."""
    if edition.state == EditionState.FROZEN and edition.snapshot:
        return facts_from(edition.snapshot)
    texts = dict(edition.texts.values_list("key", "text"))
    entered = dict(edition.cells.values_list("key", "value"))
    problems = tuple(_problem(one) for one in problems_of(edition))
    found = live_facts(edition.organisation_id, edition.year, Style(edition.style), entered)
    return Facts(
        organ=found.organ,
        year=found.year,
        style=found.style,
        figures=found.figures,
        texts=texts,
        problems=problems,
        issued=issued,
        cleanups=found.cleanups,
    )


def live_facts(
    organisation_id: int, year: int, style: Style, entered: Mapping[str, Decimal]
) -> Facts:
    """The facts that rows tell, with the cells that the office entered."""
    typed = [Figure(key, *_label(key, value)) for key, value in sorted(entered.items())]
    return Facts(
        organ=regions.name_of(organisation_id, date(year, 12, 31)),
        year=year,
        style=style,
        figures=keyed([*sources.gather(organisation_id, year), *typed]),
        texts={},
        cleanups=tuple(sources.cleanups(organisation_id, year)),
    )


def _label(key: str, value: Decimal) -> tuple[str, Decimal, str]:
    label, unit = CELLS[key]
    return label, value, unit


def _problem(one: ProblemRow) -> Problem:
    state = ProblemState(one.state)
    return Problem(one.text, one.measure, one.owner, state, one.outcome, one.since_year)


def facts_from(snapshot: Mapping[str, Any]) -> Facts:
    """The facts of a snapshot."""
    figures = [
        Figure(one["key"], one["label"], Decimal(one["value"]), one["unit"])
        for one in snapshot["figures"]
    ]
    return Facts(
        organ=snapshot["organ"],
        year=snapshot["year"],
        style=Style(snapshot["style"]),
        figures=keyed(figures),
        texts=snapshot["texts"],
        problems=tuple(
            Problem(**{**one, "state": ProblemState(one["state"])}) for one in snapshot["problems"]
        ),
        issued=date.fromisoformat(snapshot["issued"]) if snapshot["issued"] else None,
        cleanups=tuple(_cleanup(one, figures) for one in snapshot["cleanups"]),
    )


def _cleanup(one: Mapping[str, str], figures: Iterable[Figure]) -> CleanUp:
    """The decisions of a clean-up are its figures but the inventory."""
    inside = [figure for figure in figures if figure.key.startswith(f"{one['key']}.")]
    pairs = [(figure.key.rpartition(".")[2], figure.label.partition("·")[2]) for figure in inside]
    decisions = tuple(pair for pair in pairs if pair[0] != "inventory")
    return CleanUp(one["key"], one["title"], decisions)


def blocks_of(facts: Facts) -> list[Block]:
    return compose(facts)


@dataclass(frozen=True)
class Drill:
    """A figure and the rows behind it."""

    figure: Figure
    rows: list[RowRef]

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.rows), Decimal())

    @property
    def agrees(self) -> bool:
        """Whether the rows still make the number; a frozen one may have been overtaken."""
        return not self.figure.adds_up or self.total == self.figure.value


def drill(organisation_id: int, year: int, facts: Facts, key: str) -> Drill:
    """The rows behind a number of a report. Raises NoFigure."""
    if key not in facts.figures:
        raise NoFigure
    figure = facts.figures[key]
    if key in CELLS:
        return Drill(figure, [RowRef("办公室填报", None, figure.value)])
    return Drill(figure, sources.rows_behind(organisation_id, year, key))


def archive(organisation_id: int, year: int) -> list[Part]:
    """信息公开年度档案: what of the year belongs together, and what is missing."""
    return contents(organisation_id, year)


# ── the self-check ────────────────────────────────────────────────────────────────────────────


def self_check(facts: Facts, previous: Facts | None = None) -> Opinion:
    """自查: what our own linter says of the report as it would be published."""
    text = as_text(compose(facts))
    before = read_text(as_text(compose(previous)).encode()) if previous else None
    return lint(read_text(text.encode()), Context(year=facts.year, previous=before))


def missing_cells(facts: Facts) -> list[str]:
    """整改清单: the cells that nobody has entered, by their labels."""
    wanted = CELLS if facts.style is Style.NEW else [key for key in CELLS if key[:3] != "t2."]
    return [CELLS[key][0] for key in wanted if key not in facts.figures]


def previous_facts(edition: Edition) -> Facts | None:
    """The year before of the same form, if it was made here."""
    before = edition_of(edition.organisation_id, edition.year - 1, Style(edition.style))
    return facts_of(before) if before else None
