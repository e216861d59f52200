"""Commands: a trouble is reported, taken by who looks after it, settled."""

from datetime import datetime

from django.urls import Resolver404, resolve

from mingtang.base.errors import NotAllowed, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Result, command, record
from mingtang.troubles.models import Trouble
from mingtang.troubles.rules import (
    LONGEST_PAGE,
    LONGEST_TEXT,
    LONGEST_VERSION,
    AlreadySettled,
    SaysNothing,
)


@command("trouble.report")
def report(
    *, page: str, text: str, organisation_id: int, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Say what was met, on which page. Records "trouble.reported". Raises SaysNothing.

    The words stay in the row: they may name somebody, and the ledger is for ever.
    """
    if not text.strip():
        raise SaysNothing
    made = Trouble.objects.create(
        organisation_id=organisation_id,
        page=page[:LONGEST_PAGE],
        text=text.strip()[:LONGEST_TEXT],
        reported_at=at,
        reported_by_id=person_of(actor),
    )
    record(
        stream=made.stream,
        kind="trouble.reported",
        facts={"route": _route(made.page), "organisation_id": str(organisation_id)},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"trouble_id": str(made.id)}


def _route(page: str) -> str:
    """The name of a page's route; blank where what was typed is no page: it may name somebody."""
    try:
        return resolve(page.partition("?")[0]).view_name
    except Resolver404:
        return ""


@command("trouble.take")
def take(*, trouble_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Who takes a trouble is its owner from then on. Records "trouble.taken"."""
    found = _open(trouble_id)
    found.taken_at, found.taken_by_id = at, person_of(actor)
    found.save(update_fields=["taken_at", "taken_by"])
    record(
        stream=found.stream,
        kind="trouble.taken",
        facts={},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"trouble_id": str(found.id)}


@command("trouble.settle")
def settle(
    *, trouble_id: int, answer: str, fixed_in: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Say how it was mended, and in which version where it was the program. Whoever settles what
    nobody took is its owner too. Records "trouble.settled". Raises AlreadySettled, SaysNothing."""
    if not answer.strip():
        raise SaysNothing
    found = _open(trouble_id)
    if found.taken_at is None:
        found.taken_at, found.taken_by_id = at, person_of(actor)
    found.settled_at, found.settled_by_id = at, person_of(actor)
    found.answer = answer.strip()[:LONGEST_TEXT]
    found.fixed_in = fixed_in.strip()[:LONGEST_VERSION]
    found.save()
    record(
        stream=found.stream,
        kind="trouble.settled",
        facts={"fixed_in": found.fixed_in},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"trouble_id": str(found.id)}


def _open(trouble_id: int) -> Trouble:
    found = Trouble.objects.select_for_update(of=("self",)).filter(id=trouble_id).first()
    if found is None:
        raise NotFound
    if found.settled_at is not None:
        raise AlreadySettled
    return found


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)
