"""What all commands on a project do: they hold it, check the table of moves, tell the ledger."""

from datetime import date, datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import record
from mingtang.projects.models import Project
from mingtang.projects.rules.moves import Deed, check
from mingtang.projects.rules.states import ProjectState
from mingtang.projects.services.watching import first_due

Facts = dict[str, Any]


def held(project_id: int, deed: Deed) -> Project:
    """The project, locked, with its state after the deed (unsaved). Raises NotFound, WrongState."""
    project = Project.objects.select_for_update(of=("self",)).filter(id=project_id).first()
    if project is None:
        raise NotFound("没有找到这个项目，请核对后重试。")
    project.state = check(deed, ProjectState(project.state)).value
    return project


def tell(
    project: Project,
    verb: str,
    facts: Facts,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """Every event of a project says whose it is, so that followers need not ask; and lists show
    what is due first from now on."""
    Project.objects.filter(id=project.id).update(next_due_date=first_due(project))
    common = {
        "name": project.name,
        "organisation_id": str(project.responsible_id),
        "state": project.state,
    }
    record(
        stream=project.stream,
        kind=f"project.{verb}",
        facts=common | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def said(text: str, what: str) -> str:
    """Raises DomainError where nothing is said."""
    text = text.strip()
    if not text:
        raise DomainError(f"请写明{what}。")
    return text


def check_past(day: date, at: datetime, what: str) -> date:
    """What has happened has a day up to today."""
    if day > legal_date(at):
        raise DomainError(f"{what} {day} 晚于今天，请更正。")
    return day
