"""Commands: a project is entered, changed, admitted into the library, shown to the public."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.files.services import StoredFile
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import Programme, Project, ProjectProgramme, ProjectTag
from mingtang.projects.rules.fields import SEALED, changes, check_content
from mingtang.projects.rules.months import first_owed
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.states import PaperKind, ProgrammeState
from mingtang.projects.services.common import (
    Facts,
    check_past,
    held,
    person_of,
    said,
    tell,
)
from mingtang.projects.services.papers import keep_paper
from mingtang.projects.services.watching import owe_report

Content = Mapping[str, Any]


@command("project.enter")
def enter(
    *,
    content: Content,
    programmes: Iterable[str] = (),
    tags: Iterable[str] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Enter a project as a draft. `content`: by rules.fields.FIELDS; `programmes`: codes.

    Returns {"project_id"}.
    """
    clean = check_content(content)
    project = Project(**clean, entered_at=at, entered_by_id=person_of(actor))
    _save(project)
    told = _mark(project, programmes, tags)
    facts = {name: value for name, value in clean.items() if name not in SEALED}
    tell(project, "entered", {"content": facts} | told, actor, at, command_id)
    return {"project_id": str(project.id)}


def _save(project: Project, **more: Any) -> None:
    """Raises Conflict where another project has its code."""
    try:
        with transaction.atomic():
            project.save(**more)
    except IntegrityError:
        other = Project.objects.filter(code_scheme=project.code_scheme, code=project.code)
        if not project.code or not other.exclude(id=project.id).exists():
            raise
        raise Conflict(f"项目代码 {project.code} 已经用在另一个项目上，请核对。") from None


def _mark(project: Project, programmes: Iterable[str], tags: Iterable[str]) -> Facts:
    """The programmes and tags of a project are these from now on. Raises DomainError."""
    codes = sorted(set(programmes))
    found = {one.code: one for one in Programme.objects.filter(code__in=codes)}
    known = set(project.programmes.values_list("programme__code", flat=True))
    for code in codes:
        if code not in found:
            raise DomainError(f"没有代码为“{code}”的计划，请核对。")
        if found[code].state == ProgrammeState.ARCHIVED.value and code not in known:
            raise DomainError(f"“{found[code].name}”已归档，不再接收项目。")
    project.programmes.exclude(programme__code__in=codes).delete()
    ProjectProgramme.objects.bulk_create(
        ProjectProgramme(project=project, programme=found[code])
        for code in codes
        if code not in known
    )
    texts = sorted({tag.strip() for tag in tags if tag.strip()})
    project.tags.exclude(text__in=texts).delete()
    had = set(project.tags.values_list("text", flat=True))
    ProjectTag.objects.bulk_create(
        ProjectTag(project=project, text=text) for text in texts if text not in had
    )
    return {"programmes": codes, "tags": texts}


def _marks(project: Project) -> Facts:
    codes = project.programmes.values_list("programme__code", flat=True)
    return {
        "programmes": sorted(codes),
        "tags": sorted(project.tags.values_list("text", flat=True)),
    }


@command("project.change")
def change(
    *,
    project_id: int,
    content: Content,
    programmes: Iterable[str],
    tags: Iterable[str],
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Change what is written of a project; the event keeps each value before and after.

    Raises DomainError where nothing differs.
    """
    project = held(project_id, Deed.CHANGE)
    clean = check_content(content)
    before = {name: getattr(project, name) for name in clean}
    marks = _marks(project)
    differing = changes(before, clean)
    for name, value in clean.items():
        setattr(project, name, value)
    _save(project, update_fields=list(clean))
    told = _mark(project, programmes, tags)
    differing |= {name: [marks[name], told[name]] for name in told if marks[name] != told[name]}
    if not differing:
        raise DomainError("没有改动任何内容，不用提交。")
    facts = {"changes": differing, "reason": said(reason, "变更的原因")}
    tell(project, "changed", facts, actor, at, command_id)
    return {"project_id": str(project.id), "fields": sorted(differing)}


@command("project.admit")
def admit(
    *,
    project_id: int,
    approval_number: str,
    approval_date: date,
    file: StoredFile,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Admit a project into the library by its approval document (审议同意文件).

    From now on it reports every month.
    """
    project = held(project_id, Deed.ADMIT)
    project.approval_number = said(approval_number, "审议同意文件的文号")
    project.approval_date = check_past(approval_date, at, "审议同意文件的日期")
    paper = keep_paper(
        project,
        PaperKind.APPROVAL,
        f"审议同意文件 {project.approval_number}",
        file,
        person_of(actor),
        at,
    )
    project.approval_paper_id = paper.upload_id
    project.admitted_at, project.admitted_by_id = at, person_of(actor)
    project.save(
        update_fields=[
            *("state", "approval_number", "approval_date", "approval_paper"),
            *("admitted_at", "admitted_by"),
        ]
    )
    month = first_owed(legal_date(at), settings.MINGTANG_PROJECT_REPORT_DAY)
    facts = {
        "approval_number": project.approval_number,
        "approval_date": approval_date.isoformat(),
        "approval_sha256": file.sha256,
        "clocks": [owe_report(project, month, legal_date(at))],
    }
    tell(project, "admitted", facts, actor, at, command_id)
    return {"project_id": str(project.id)}


@command("project.publish")
def publish(*, project_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Show name, place and stage of a project to everyone."""
    return _show(project_id, Deed.PUBLISH, True, actor, at, command_id)


@command("project.unpublish")
def unpublish(*, project_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Show it to the public no more."""
    return _show(project_id, Deed.UNPUBLISH, False, actor, at, command_id)


def _show(
    project_id: int,
    deed: Deed,
    shown: bool,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    project = held(project_id, deed)
    if project.is_published == shown:
        raise Conflict("项目已经公开了。" if shown else "项目本来就没有公开。")
    project.is_published = shown
    project.save(update_fields=["is_published"])
    tell(project, "published" if shown else "unpublished", {}, actor, at, command_id)
    return {"project_id": str(project.id)}
