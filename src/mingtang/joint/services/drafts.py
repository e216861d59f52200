"""Commands on routes: begin one, write its draft, have a second person publish it. States, moves
and the second person are those of the catalogue's drafts."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.catalogue.queries.briefs import codes_called
from mingtang.catalogue.rules.drafts import (
    OPEN_STATES,
    DraftMoved,
    DraftState,
    DraftVerb,
    check_second_person,
    target_of,
)
from mingtang.joint.models import Route, RouteDraft, RouteEdition
from mingtang.joint.queries.routes import known_to, number_of, stream_of
from mingtang.joint.rules import bpmn
from mingtang.joint.rules.checks import KEY, check, settled
from mingtang.joint.rules.compare import changed_places
from mingtang.joint.rules.naming import named
from mingtang.joint.rules.route import Content, content_of, route_of
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import command, record
from mingtang.regions.queries import Called

Facts = dict[str, Any]
EMPTY: Content = {"stages": []}
LONGEST_NAME, LONGEST_NOTE = 100, 300


def tell(
    kind: str, route: Route, facts: Facts, *, actor: Actor, at: datetime, command_id: str
) -> None:
    record(
        stream=stream_of(route.id),
        kind=kind,
        facts={"code": route.code, "name": route.name} | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def content_hash(content: Content) -> str:
    """SHA-256 of what a route says: the same in every installation."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _held(route_id: int) -> Route:
    """The route, held until the command ends. Raises NotFound."""
    rows = Route.objects.select_for_update(of=("self",)).select_related("current_edition")
    found = rows.filter(id=route_id).first()
    if found is None:
        raise NotFound
    return found


def _held_draft(draft_id: int) -> tuple[RouteDraft, Route]:
    """A draft and its route, locked in the order route, draft."""
    route_id = RouteDraft.objects.filter(id=draft_id).values_list("route_id", flat=True).first()
    if route_id is None:
        raise NotFound
    route = _held(route_id)
    return RouteDraft.objects.select_for_update(of=("self",)).get(id=draft_id), route


def _move(draft: RouteDraft, verb: DraftVerb) -> None:
    draft.state = target_of(DraftState(draft.state), verb).value


def _name(text: str) -> str:
    """Raises DomainError."""
    text = text.strip()
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise DomainError(f"路线的名称应有1到{LONGEST_NAME}个字，请改正。")
    return text


# ── writing ───────────────────────────────────────────────────────────────────────────────────


@command("route.create")
def create_route(*, code: str, name: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A new route with its first draft. Raises DomainError, and Conflict for a code in use."""
    if not KEY.fullmatch(code):
        raise DomainError(
            f"代码“{code}”不能用：只能用小写字母、数字、“-”和“_”，40个以内，以字母或数字开头。"
        )
    route = registered(code, _name(name))
    draft = opened(route, route.name, EMPTY, actor, at)
    facts = {"draft_id": str(draft.id)}
    tell("route.created", route, facts, actor=actor, at=at, command_id=command_id)
    return {"route_id": str(route.id), "code": code, "draft_id": str(draft.id)}


def registered(code: str, name: str) -> Route:
    """Raises Conflict for a code in use."""
    route = Route(code=code, name=name)
    try:
        with transaction.atomic():
            route.save(force_insert=True)
    except IntegrityError:
        raise Conflict(f"代码“{code}”已有路线在用，请换一个。") from None
    return route


def opened(
    route: Route, name: str, content: Content, actor: Actor, at: datetime, *, note: str = ""
) -> RouteDraft:
    draft = RouteDraft(
        route=route,
        state=DraftState.DRAFT.value,
        base_number=number_of(route),
        name=name,
        content=content,
        note=note,
        author_ids=[actor.id] if actor.id else [],
        opened_at=at,
        opened_by_id=int(actor.id) if actor.id else None,
    )
    draft.save(force_insert=True)
    return draft


@command("route.open_draft")
def open_draft(*, route_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Begin the next edition from what holds now. One open draft a route."""
    _person_of(actor)
    route = _held(route_id)
    open_states = [state.value for state in OPEN_STATES]
    if RouteDraft.objects.filter(route=route, state__in=open_states).exists():
        raise Conflict("这条路线已有一份没有完成的草稿，请先完成或放弃它。")
    content = route.current_edition.content if route.current_edition else EMPTY
    draft = opened(route, route.name, content, actor, at)
    facts = {"draft_id": str(draft.id), "base_number": draft.base_number}
    tell("route.draft_opened", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("route.save_draft")
def save_draft(
    *,
    draft_id: int,
    name: str,
    note: str,
    content: Content,
    revision: int,
    base_number: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Keep what was written, right or not: the checks are told beside it. Saving takes the current
    edition as the base. Organisations and items may be named by their names.

    Raises WrongMove, and DraftMoved if someone else saved or published meanwhile.
    """
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.SAVE)
    _check_revision(draft, route, revision, base_number)
    changed = _write(draft, content, base_number, actor)
    draft.name, draft.note = _name(name), note.strip()[:LONGEST_NOTE]
    draft.save(update_fields=[*WRITTEN, "name", "note"])
    if route.current_edition is None:
        route.name = draft.name
        route.save(update_fields=["name"])
    facts = {"draft_id": str(draft.id), "revision": draft.revision, "changed": changed}
    tell("route.draft_saved", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id), "revision": draft.revision}


WRITTEN = ("content", "base_number", "revision", "author_ids", "refused")


def _write(
    draft: RouteDraft,
    content: Content,
    base_number: int,
    actor: Actor,
    refused: Sequence[Facts] | None = None,
) -> list[str]:
    """Put content into a draft; the places that changed. Does not save."""
    content = _with_codes(content)
    changed = changed_places(route_of(draft.content), route_of(content))
    draft.content, draft.base_number = content, base_number
    draft.revision += 1
    draft.author_ids = sorted({*draft.author_ids, str(_person_of(actor))})
    draft.refused = draft.refused if refused is None else list(refused)
    return changed


def _check_revision(draft: RouteDraft, route: Route, revision: int, base_number: int) -> None:
    if draft.revision != revision:
        raise DraftMoved("另一位同事刚保存过这份草稿。您写的都还在，请核对后再按一次保存。")
    if number_of(route) != base_number:
        raise DraftMoved("这条路线刚发布了新版本。您写的都还在，请对照新版本核对后再按一次保存。")


def _with_codes(content: Content) -> Content:
    """Organisations and items by their codes; what nobody knows stays, and the checks tell it."""
    route = route_of(content)
    units = {stage.lead for stage in route.stages}
    units |= {node.organisation for _stage, node in route.nodes()}
    called = Called(units - {""})
    items = codes_called(node.item for _stage, node in route.nodes() if node.item)
    fitted = named(
        route,
        unit=lambda text: called.code(text) or text,
        item=lambda text: items.get(text, text),
    )
    return content_of(settled(fitted))


@command("route.import_bpmn")
def import_bpmn(
    *, draft_id: int, data: str, revision: int, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Put the route of a BPMN file in place of what the draft held; what the file says beyond it
    is kept beside the draft. Raises BpmnUnreadable, WrongMove, DraftMoved."""
    found = bpmn.read(data.encode())
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.SAVE)
    _check_revision(draft, route, revision, number_of(route))
    refused = [vars(one) for one in found.refused]
    _write(draft, content_of(found.route), number_of(route), actor, refused)
    draft.save(update_fields=WRITTEN)
    facts = {
        "draft_id": str(draft.id),
        "revision": draft.revision,
        "node_count": sum(1 for _ in found.route.nodes()),
        "refused_count": len(refused),
    }
    tell("route.bpmn_imported", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id), "refused_count": len(refused)}


# ── review ────────────────────────────────────────────────────────────────────────────────────


@command("route.submit_draft")
def submit_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Hand a draft without errors to a second person. Raises RouteInvalid, DraftMoved."""
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.SUBMIT)
    _check_whole(draft, route)
    draft.submitted_at, draft.submitted_by_id = at, _person_of(actor)
    draft.author_ids = sorted({*draft.author_ids, str(_person_of(actor))})
    draft.save(update_fields=["state", "submitted_at", "submitted_by", "author_ids"])
    facts = {"draft_id": str(draft.id), "content_hash": content_hash(draft.content)}
    tell("route.draft_submitted", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("route.return_draft")
def return_draft(
    *, draft_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Give a draft back to its authors with a reason."""
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.RETURN)
    check_second_person(str(_person_of(actor)), draft.author_ids)
    if not reason.strip():
        raise DomainError("请写明退回的原因，起草人才知道改哪里。")
    draft.returned_at, draft.returned_by_id = at, _person_of(actor)
    draft.return_reason = reason.strip()
    draft.submitted_at = draft.submitted_by = None
    draft.save()
    facts = {"draft_id": str(draft.id), "reason": draft.return_reason}
    tell("route.draft_returned", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("route.publish_draft")
def publish_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person publishes: the next edition. Raises SamePerson, DraftMoved, RouteInvalid."""
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.PUBLISH)
    check_second_person(str(_person_of(actor)), draft.author_ids)
    _check_whole(draft, route)
    edition = published(route, draft.name, draft.content, draft.note, actor, at)
    draft.reviewed_at, draft.reviewed_by_id, draft.edition = at, _person_of(actor), edition
    draft.save(update_fields=["state", "reviewed_at", "reviewed_by", "edition"])
    facts = publication(edition) | {"draft_id": str(draft.id), "author_ids": draft.author_ids}
    tell("route.published", route, facts, actor=actor, at=at, command_id=command_id)
    return {"edition_id": str(edition.id), "number": edition.number}


def _check_whole(draft: RouteDraft, route: Route) -> None:
    number = number_of(route)
    if draft.base_number != number:
        raise DraftMoved(
            f"这份草稿是照第{draft.base_number}版写的，现在已是第{number}版。"
            "请退回起草人，对照新版本核对并重新保存。"
        )
    found = route_of(draft.content)
    check(found, known_to(found))
    current = route.current_edition
    if current and (draft.content, draft.name) == (current.content, route.name):
        raise Conflict("草稿与现行版本完全相同，没有什么可以发布。请先修改，或放弃草稿。")


def published(
    route: Route, name: str, content: Content, note: str, actor: Actor, at: datetime
) -> RouteEdition:
    """Lay down the next edition of a route that is held."""
    edition = RouteEdition(
        route=route,
        number=number_of(route) + 1,
        content=content,
        content_hash=content_hash(content),
        note=note,
        published_at=at,
        published_by_label=actor.label,
    )
    edition.save(force_insert=True)
    route.current_edition, route.name = edition, name
    route.save(update_fields=["current_edition", "name"])
    return edition


def publication(edition: RouteEdition) -> Facts:
    return {
        "edition_id": str(edition.id),
        "number": edition.number,
        "content_hash": edition.content_hash,
        "note": edition.note,
        "to_confirm": _open_places(route_of(edition.content).nodes()),
    }


def _open_places(nodes: Iterable[Any]) -> list[str]:
    """Keys of the nodes whose limit is still to be confirmed."""
    return [node.key for _stage, node in nodes if node.days is None]


@command("route.discard_draft")
def discard_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Give a draft up. The row stays, the route is free for another."""
    draft, route = _held_draft(draft_id)
    _move(draft, DraftVerb.DISCARD)
    draft.discarded_at, draft.discarded_by_id = at, _person_of(actor)
    draft.save(update_fields=["state", "discarded_at", "discarded_by"])
    facts = {"draft_id": str(draft.id)}
    tell("route.draft_discarded", route, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}
