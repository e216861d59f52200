"""What pages of projects show: plain values, labels, sentences."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.base.subjects import url_of
from mingtang.joint import maps
from mingtang.joint import queries as joint
from mingtang.projects import queries
from mingtang.projects.models import NodePlan, Problem, Programme, Project
from mingtang.projects.rules.fields import FIELDS
from mingtang.projects.rules.plan import Days, NodeStatus, status_of
from mingtang.projects.rules.progress import tenths, wan
from mingtang.projects.rules.states import (
    CodeScheme,
    PaperKind,
    ProblemCategory,
    ProgrammeState,
    ProjectState,
    ProjectType,
)
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing
from mingtang.timing.rules import Light, working_days_left

Row = dict[str, Any]

STATE_TONES = {
    ProjectState.DRAFT: "info",
    ProjectState.IN_LIBRARY: "ok",
    ProjectState.SUSPENDED: "warn",
    ProjectState.COMPLETED: "ok",
    ProjectState.ARCHIVED: "info",
}
NODE_TONES = {
    NodeStatus.WAITING: "info",
    NodeStatus.RUNNING: "info",
    NodeStatus.SOON: "warn",
    NodeStatus.OVERDUE: "bad",
    NodeStatus.DONE: "ok",
    NodeStatus.LATE_DONE: "warn",
}


def unit_names(ids: Iterable[int | None], on: date) -> dict[int, str]:
    return regions.short_names_of({one for one in ids if one}, on)


def state(project: Project) -> Row:
    found = ProjectState(project.state)
    return {"label": found.label, "tone": STATE_TONES[found]}


def money(cents: int | None) -> str:
    return "" if cents is None else _("%s 万元") % wan(cents)


# ── the library ───────────────────────────────────────────────────────────────────────────────


def rows(projects: list[Project], on: date) -> list[Row]:
    """The library in lines: what each is, its year, its light."""
    units = unit_names((one.responsible_id for one in projects), on)
    years = queries.figures((one.id for one in projects), on.year)
    calendar = timing.current_calendar()
    return [
        _row(one, units, years[one.id], queries.light_on(one, on, calendar)) for one in projects
    ]


def _row(project: Project, units: dict[int, str], year: queries.Figures, light: Light) -> Row:
    progress = year.progress
    return {
        "name": project.name,
        "url": reverse("projects:project", args=[project.id]),
        "owner": project.owner_name,
        "type": ProjectType(project.type).label,
        "place": project.place.name,
        "unit": units.get(project.responsible_id, ""),
        "stage": project.stage,
        "investment": money(project.investment_cents),
        "plan": money(year.plan_cents) if year.plan_cents else "",
        "done": money(year.done_cents) if year.month else "",
        "share": progress.share_text if progress else "",
        "lead": progress.lead_text if progress else "",
        "light": light.value if ProjectState(project.state).is_running else "",
        "due": project.next_due_date,
        "state": state(project),
        "marks": [
            *(one.programme.name for one in project.programmes.all()),
            *(tag.text for tag in project.tags.all()),
        ],
    }


def sheet_rows(found: queries.LeadersSheet, on: date) -> list[Row]:
    """The lines of the leader's sheet."""
    units = unit_names((one.responsible_id for one in found.rows), on)
    calendar = timing.current_calendar()
    return [
        _row(one, units, found.figures[one.id], queries.light_on(one, on, calendar))
        | {"problem_count": found.open_problems.get(one.id, 0), "progress": one.progress}
        for one in found.rows
    ]


# ── one project ───────────────────────────────────────────────────────────────────────────────


def facts(project: Project, on: date, *, shows_owner: bool) -> list[tuple[str, str]]:
    """Field and value, as far as there is one. Whom to call at the owner's: for who works on it."""
    unit = unit_names([project.responsible_id], on).get(project.responsible_id, "")
    code = CodeScheme(project.code_scheme).label if project.code else ""
    land = project.land_square_metres
    listed = [
        (code or FIELDS["code"], project.code),
        (FIELDS["type"], ProjectType(project.type).label),
        (FIELDS["industry"], project.industry),
        (FIELDS["place_id"], project.place.name),
        (FIELDS["land_square_metres"], _("%s 平方米") % f"{land:,}" if land else ""),
        (FIELDS["scale"], project.scale),
        (FIELDS["investment_cents"], money(project.investment_cents)),
        (FIELDS["funds"], project.funds),
        (_("起止年限"), f"{project.start_year}—{project.end_year}"),
        (FIELDS["owner_name"], project.owner_name),
        (FIELDS["owner_credit_code"], project.owner_credit_code),
        (FIELDS["owner_contact"], project.owner_contact if shows_owner else ""),
        (FIELDS["owner_phone"], project.owner_phone if shows_owner else ""),
        (FIELDS["responsible_id"], unit),
        (FIELDS["responsible_person"], project.responsible_person),
        (FIELDS["liaison_leader"], project.liaison_leader),
        (_("审议同意文件"), _approval(project)),
        (_("所属计划"), "、".join(one.programme.name for one in project.programmes.all())),
        (_("标签"), "、".join(tag.text for tag in project.tags.all())),
    ]
    return [(label, value) for label, value in listed if value]


def _approval(project: Project) -> str:
    if not project.approval_number:
        return ""
    return f"{project.approval_number}（{project.approval_date}）"


def limits(project: Project, on: date) -> list[Row]:
    """What is owed and until when: the report of a month, problems, planned nodes."""
    calendar = timing.current_calendar()
    return [
        {
            "label": one.label,
            "due": one.due,
            "light": timing.light_of(left).value,
            "text": _left(left),
        }
        for one in queries.limits_of(project)
        for left in [working_days_left(calendar, on, one.due)]
    ]


def _left(left: int) -> str:
    if left < 0:
        return _("超期 %d 个工作日") % -left
    return _("今天到期") if left == 0 else _("还有 %d 个工作日") % left


def reports(project: Project) -> list[Row]:
    """The monthly reports, the latest first, with their pictures."""
    found = queries.reports_of(project)
    pictures = queries.pictures_of(found)
    return [
        {
            "id": one.id,
            "month": f"{one.year}年{one.month}月",
            "done": money(one.done_cents),
            "year": money(one.year_cents),
            "progress": one.progress,
            "date": one.reported_date,
            "by": one.reported_by.name,
            "is_late": one.is_late,
            "due": one.due_date,
            "pictures": [
                {
                    "name": picture.original_name,
                    "url": reverse("projects:file", args=[project.id, picture.id]),
                    "small": reverse("projects:thumbnail", args=[project.id, picture.id]),
                }
                for picture in pictures.get(one.subject, [])
            ],
        }
        for one in found
    ]


def years(project: Project) -> list[Row]:
    """Plan and done of each year that has a plan or a report; the latest first."""
    return [
        {
            "year": year,
            "plan": money(one.plan_cents) if one.plan_cents else "",
            "done": money(one.done_cents),
            "month": one.month,
            "share": one.progress.share_text if one.progress else "",
            "lead": one.progress.lead_text if one.progress else "",
            "is_behind": bool(one.progress and one.progress.lead and one.progress.lead < 0),
            "goal": goal,
        }
        for year, one, goal in queries.years_of(project)
    ]


def problems(project: Project, on: date) -> list[Row]:
    found = queries.problems_of(project)
    units = unit_names((one.owner_id for one in found), on)
    return [_problem(one, units, on) for one in found]


def _problem(one: Problem, units: dict[int, str], on: date) -> Row:
    is_over = one.solved_at is None and on > one.due_date
    return {
        "category": ProblemCategory(one.category).label,
        "text": one.text,
        "owner": units.get(one.owner_id, ""),
        "raised": one.raised_at,
        "by": one.raised_by.name,
        "due": one.due_date,
        "solved": one.solved_at,
        "solution": one.solution,
        "label": _("已解决") if one.solved_at else _("超期未解决") if is_over else _("解决中"),
        "tone": "ok" if one.solved_at else "bad" if is_over else "info",
    }


def papers(project: Project) -> list[Row]:
    return [
        {
            "title": one.title,
            "kind": PaperKind(one.kind).label,
            "name": one.upload.original_name,
            "at": one.added_at,
            "by": one.added_by.name,
            "url": reverse("projects:file", args=[project.id, one.upload_id]),
        }
        for one in queries.papers_of(project)
    ]


def nodes(project: Project, on: date) -> list[Row]:
    """Each node: planned days against actual ones; of those in a joint matter, its own days."""
    plan, calendar = queries.plan_of(project), timing.current_calendar()
    units = unit_names((node.unit_id for node, _days in plan), on)
    rows = []
    for node, days in plan:
        end = days.planned_end
        left = working_days_left(calendar, on, end) if end else None
        rows.append(_node(project, node, days, units) | _standing(status_of(days, on, left)))
    return rows


def _standing(found: NodeStatus) -> Row:
    return {"label": found.label, "tone": NODE_TONES[found]}


def _node(project: Project, node: NodePlan, days: Days, units: dict[int, str]) -> Row:
    return {
        "stage": node.stage,
        "name": node.name,
        "kind": node.get_kind_display(),
        "unit": units.get(node.unit_id or 0, ""),
        "planned_start": days.planned_start,
        "planned_end": days.planned_end,
        "started": days.started,
        "ended": days.ended,
        "reason": node.delay_reason,
        "url": reverse("projects:node", args=[project.id, node.id]),
    }


def days(project: Project, on: date) -> Row | None:
    """Whose time the working days since admission were: a bar and a line for each."""
    found = queries.elapsed(project, on)
    if found is None:
        return None
    by_bucket = found.by_bucket
    shown = [(bucket, count) for bucket, count in by_bucket.items() if count]
    return {
        "since": found.since,
        "until": found.until,
        "is_running": project.completed_date is None,
        "total": found.total,
        "counted": sum(count for bucket, count in shown if bucket.is_counted),
        "bars": [
            {
                "label": bucket.label,
                "parts": [(float(count), "info" if bucket.is_counted else "quiet")],
                "text": _("%(days)d 个工作日，%(share)s%%")
                % {"days": count, "share": tenths(Fraction(count * 100, found.total))},
            }
            for bucket, count in shown
        ],
        "rows": [
            {
                "label": bucket.label,
                "days": count,
                "is_counted": bucket.is_counted,
            }
            for bucket, count in by_bucket.items()
        ],
        "stretches": [
            {
                "label": one.bucket.label,
                "after": one.after,
                "until": one.until,
                "days": one.days,
            }
            for one in found.stretches
            if one.days
        ],
    }


def matters(project: Project, on: date) -> list[Row]:
    """The joint matters filed for a project, each with its map as it stands on the day."""
    return [
        {
            "number": one.number,
            "title": one.title,
            "state": one.get_state_display(),
            "due": one.next_due_date,
            "url": url_of(one.stream, for_staff=True),
            "map": maps.map_of(one, on),
        }
        for one in joint.matters_of_project(project.stream)
    ]


# ── programmes ────────────────────────────────────────────────────────────────────────────────


def programme(found: Programme) -> Row:
    """A programme with its elements; what nobody has confirmed is marked 待确认."""
    return {
        "id": found.id,
        "code": found.code,
        "name": found.name,
        "year": found.year,
        "note": found.note,
        "entry_rule": found.entry_rule,
        "stages": found.stages,
        "limits": found.limits,
        "elements": found.elements,
        "is_confirmed": found.is_confirmed,
        "is_archived": found.state == ProgrammeState.ARCHIVED.value,
        "state": ProgrammeState(found.state).label,
        "consents": [
            label
            for label, is_on in (
                ("缺席默认", found.absence_is_consent),
                ("超时默许", found.silence_is_consent),
            )
            if is_on
        ],
        "basis": f"{found.consent_basis}（{found.consent_basis_date}）"
        if found.consent_basis
        else "",
        "count": getattr(found, "project_count", None),
        "url": reverse("projects:programme", args=[found.id]),
        "library_url": f"{reverse('projects:library')}?programme={found.code}",
    }


# ── addresses ─────────────────────────────────────────────────────────────────────────────────


def page_of(key: str, for_staff: bool) -> str | None:
    """The page about `project:KEY`: for staff alone."""
    return reverse("projects:project", args=[int(key)]) if for_staff and key.isdigit() else None


def titles(keys: Iterable[str]) -> dict[str, str]:
    ids = [int(key) for key in keys if key.isdigit()]
    return {str(one): name for one, name in queries.names_of(ids).items()}
