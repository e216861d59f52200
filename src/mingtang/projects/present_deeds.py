"""What the forms of deeds offer, and what stands in them at first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingtang.joint.rules.route import NodeKind
from mingtang.projects import queries
from mingtang.projects.models import Project
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.progress import wan
from mingtang.regions import queries as regions

Choice = tuple[str, Any]
ANSWERING = ("department", "township", "centre", "other")  # kinds of units that answer for projects


def unit_choices(on: date) -> list[Choice]:
    """The units that may answer for a project or clear a problem."""
    cards = regions.organisation_cards(on, kinds=ANSWERING)
    return [(str(one.id), one.short_name or one.name) for one in cards]


def offers_of(deed: Deed, project: Project, on: date) -> dict[str, Sequence[Choice]]:
    """Choices by field."""
    if deed is Deed.RAISE_PROBLEM:
        return {"owner_id": [("", "请选择"), *unit_choices(on)]}
    if deed is Deed.ADD_MILESTONE:
        kinds = [(kind.value, kind.label) for kind in NodeKind]
        return {"kind": kinds, "unit_id": [("", "没有"), *unit_choices(on)]}
    if deed is Deed.CHOOSE_ROUTE:
        return {"route_edition_id": queries.route_choices()}
    if deed is Deed.SOLVE_PROBLEM:
        found = queries.problems_of(project)
        return {"problem_id": [(str(one.id), one.text) for one in found if not one.solved_at]}
    if deed is Deed.AMEND:
        return {"report_id": [(str(one.id), "") for one in queries.reports_of(project)[:1]]}
    return {}


def hints_of(deed: Deed, project: Project, on: date) -> dict[str, Any]:
    """What is most likely right."""
    if deed is Deed.PLAN_YEAR:
        return {"year": on.year}
    if deed is Deed.REPORT:
        owed = queries.owed_month(project)
        return {"year": owed.year, "month": owed.number} if owed else {}
    if deed is Deed.AMEND and (reports := queries.reports_of(project)):
        last = reports[0]
        return {
            "report_id": last.id,
            "done_cents": wan(last.done_cents),
            "year_cents": wan(last.year_cents),
            "progress": last.progress,
        }
    return {}
