"""Commands: programmes are loaded empty, named by the city, archived."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.projects.models import Programme
from mingtang.projects.rules.programme import Content, changed, check_programme
from mingtang.projects.rules.states import ProgrammeState
from mingtang.projects.services.common import Facts, said

SHIPPED = Path(__file__).parent.parent / "data" / "programmes.json"


@command("programme.load")
def load_programmes(*, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Add the shipped programmes that are not there yet. What the city made of one stays."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    known = set(Programme.objects.values_list("code", flat=True))
    added = [row for row in rows if row["code"] not in known]
    for row in added:
        made = Programme.objects.create(**row)
        _tell(made, "loaded", {"content": row}, actor, at, command_id)
    return {"added": [row["code"] for row in added], "known": len(rows) - len(added)}


@command("programme.add")
def add_programme(
    *, code: str, content: Content, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Add a programme of the city's own. Returns {"programme_id"}."""
    if Programme.objects.filter(code=code).exists():
        raise DomainError(f"代码“{code}”已经用在另一个计划上，请换一个。")
    made = Programme.objects.create(code=code, **check_programme(content))
    _tell(made, "added", {"content": _written(made, content)}, actor, at, command_id)
    return {"programme_id": str(made.id)}


@command("programme.change")
def change_programme(
    *,
    programme_id: int,
    content: Content,
    reason: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Name the elements of a programme, its stages, limits and rules; before and after are kept.

    Silence counts as consent only with the document that says so. Raises DomainError.
    """
    programme = _held(programme_id)
    clean = check_programme(content)
    before = _written(programme, clean)
    for name, value in clean.items():
        setattr(programme, name, value)
    differing = changed(before, _written(programme, clean))
    if not differing:
        raise DomainError("没有改动任何内容，不用提交。")
    programme.save(update_fields=list(clean))
    facts = {"changes": differing, "reason": said(reason, "改动的原因")}
    _tell(programme, "changed", facts, actor, at, command_id)
    return {"programme_id": str(programme.id)}


@command("programme.archive")
def archive_programme(*, programme_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """It takes no more projects; those that carry it keep it."""
    return _set_state(programme_id, ProgrammeState.ARCHIVED, "archived", actor, at, command_id)


@command("programme.reopen")
def reopen_programme(*, programme_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """It takes projects again."""
    return _set_state(programme_id, ProgrammeState.ACTIVE, "reopened", actor, at, command_id)


def _set_state(
    programme_id: int,
    state: ProgrammeState,
    verb: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    programme = _held(programme_id)
    if programme.state == state.value:
        raise DomainError(f"“{programme.name}”已经是“{state.label}”了。")
    programme.state = state.value
    programme.save(update_fields=["state"])
    _tell(programme, verb, {}, actor, at, command_id)
    return {"programme_id": str(programme.id)}


def _held(programme_id: int) -> Programme:
    found = Programme.objects.select_for_update().filter(id=programme_id).first()
    if found is None:
        raise NotFound("没有找到这个计划，请核对后重试。")
    return found


def _written(programme: Programme, names: Iterable[str]) -> dict[str, Any]:
    """The named columns as plain values."""
    values = {name: getattr(programme, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _tell(
    programme: Programme,
    verb: str,
    facts: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    record(
        stream=f"programme:{programme.id}",
        kind=f"programme.{verb}",
        facts={"code": programme.code, "name": programme.name, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )
