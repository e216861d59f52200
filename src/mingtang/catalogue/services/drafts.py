"""Commands on drafts: open, save, submit, return, publish by a second person, discard."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Draft, Edition, Item, ItemStatus
from mingtang.catalogue.rules import ItemKind, recognise_code
from mingtang.catalogue.rules.compare import changed_labels
from mingtang.catalogue.rules.content import Content, content_hash, kept, new_content
from mingtang.catalogue.rules.drafts import (
    OPEN_STATES,
    DraftInvalid,
    DraftMoved,
    DraftState,
    DraftVerb,
    check_second_person,
    check_shape,
    target_of,
)
from mingtang.catalogue.rules.gate import GateClosed
from mingtang.catalogue.rules.route import ROUTE, units_of, with_codes
from mingtang.catalogue.search import index_items
from mingtang.catalogue.services.basic import beside_basic
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.questions.rules import ordered
from mingtang.regions import queries as regions

Facts = dict[str, Any]


def locked_item(item_id: int) -> Item:
    """The item, held until the command ends. Raises NotFound."""
    item = Item.objects.select_for_update(of=("self",)).filter(id=item_id).first()
    if item is None:
        raise NotFound
    return item


def tell(
    kind: str, item: Item, facts: Facts, *, actor: Actor, at: datetime, command_id: str
) -> None:
    common = {"code": item.code, "department_id": str(item.department_id)}
    record(
        stream=f"item:{item.id}",
        kind=kind,
        facts=common | facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def person_of(actor: Actor) -> int:
    if actor.id is None:
        raise DomainError("这一步须由工作人员办理，请先登录。")
    return int(actor.id)


def _held(draft_id: int) -> tuple[Draft, Item]:
    """A draft and its item, locked in the order item, draft."""
    item_id = Draft.objects.filter(id=draft_id).values_list("item_id", flat=True).first()
    if item_id is None:
        raise NotFound
    item = locked_item(item_id)
    draft = Draft.objects.select_for_update(of=("self",)).get(id=draft_id)
    return draft, item


def _move(draft: Draft, verb: DraftVerb) -> None:
    draft.state = target_of(DraftState(draft.state), verb).value


def _number_of(item: Item) -> int:
    return item.current_edition.number if item.current_edition else 0


@command("item.create")
def create_item(
    *,
    department_id: int,
    name: str,
    kind: ItemKind,
    code: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A new item with its first draft. Without a code it gets the department's next local one.

    Raises CodeUnusable, DraftInvalid, and Conflict for a code that is taken.
    """
    content = new_content(name.strip(), kind)
    check_shape(content)
    given = recognise_code(code).code if code.strip() else queries.next_code(department_id)
    if Item.objects.filter(code=given).exists():
        raise Conflict(f"编码“{given}”已有事项在用，请换一个编码，或留空由系统编号。")
    item = Item(code=given, department_id=department_id, name=content["name"])
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        raise Conflict(f"编码“{given}”刚被另一位同事用了，请再按一次。") from None
    draft = _opened(item, content, actor, at)
    facts = {"draft_id": str(draft.id), "name": item.name, "kind": kind.value}
    tell("item.created", item, facts, actor=actor, at=at, command_id=command_id)
    return {"item_id": str(item.id), "code": item.code, "draft_id": str(draft.id)}


def _opened(item: Item, content: Content, actor: Actor, at: datetime) -> Draft:
    draft = Draft(
        item=item,
        state=DraftState.DRAFT.value,
        base_number=_number_of(item),
        content=content,
        author_ids=[str(person_of(actor))],
        opened_at=at,
        opened_by_id=person_of(actor),
    )
    draft.save(force_insert=True)
    return draft


@command("item.open_draft")
def open_draft(*, item_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Begin the next edition from what holds now. One open draft an item."""
    item = locked_item(item_id)
    if item.status == ItemStatus.ABOLISHED:
        raise Conflict("本事项已取消，不能再起草新版本。")
    open_states = [state.value for state in OPEN_STATES]
    if Draft.objects.filter(item=item, state__in=open_states).exists():
        raise Conflict("本事项已有一份没有完成的草稿，请先完成或放弃它。")
    content = queries.following(queries.content_of(item), legal_date(at))
    draft = _opened(item, content, actor, at)
    facts = {"draft_id": str(draft.id), "base_number": draft.base_number}
    tell("item.draft_opened", item, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("item.save_draft")
def save_draft(
    *,
    draft_id: int,
    content: Content,
    revision: int,
    base_number: int,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Keep what was written, complete or not. Saving takes the current edition as the base.

    Raises DraftInvalid, WrongMove, and DraftMoved if someone else saved or published meanwhile.
    """
    check_shape(content)
    draft, item = _held(draft_id)
    _move(draft, DraftVerb.SAVE)
    if draft.revision != revision:
        raise DraftMoved("另一位同事刚保存过这份草稿。您写的都还在，请核对后再按一次保存。")
    if _number_of(item) != base_number:
        raise DraftMoved("本事项刚发布了新版本。您写的都还在，请对照新版本核对后再按一次保存。")
    content = beside_basic(_with_codes(_with_order(content), item), draft.content, legal_date(at))
    changed = changed_labels(draft.content, content)
    draft.content, draft.base_number = content, base_number
    draft.revision += 1
    draft.author_ids = sorted({*draft.author_ids, str(person_of(actor))})
    draft.save(update_fields=["content", "base_number", "revision", "author_ids"])
    if item.current_edition is None:
        item.name, item.main_item = content["name"].strip(), content["main_item"]
        item.save(update_fields=["name", "main_item"])
    facts = {"draft_id": str(draft.id), "revision": draft.revision, "changed": changed}
    tell("item.draft_saved", item, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id), "revision": draft.revision}


def _with_order(content: Content) -> Content:
    """A form with the order of its questions said beside them: a database keeps no other."""
    return content | {"form": ordered(content["form"])} if content.get("form") else content


def _with_codes(content: Content, item: Item) -> Content:
    """The units of the route by their codes. Raises DraftInvalid for a unit nobody knows."""
    names = units_of(content["route"])
    if not names:
        return content
    units, area6 = regions.Called(names), item.department.area6
    route, unknown = with_codes(content["route"], lambda text: units.code(text, area6))
    if unknown:
        raise DraftInvalid([f"“{ROUTE.label}”{text}" for text in unknown])
    return content | {"route": route}


@command("item.submit_draft")
def submit_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Hand a complete draft to a second person. Raises GateClosed, DraftMoved."""
    draft, item = _held(draft_id)
    _move(draft, DraftVerb.SUBMIT)
    _check_base(draft, item)
    _check_gate(draft, item, at)
    draft.submitted_at, draft.submitted_by_id = at, person_of(actor)
    draft.author_ids = sorted({*draft.author_ids, str(person_of(actor))})
    draft.save(update_fields=["state", "submitted_at", "submitted_by", "author_ids"])
    facts = {"draft_id": str(draft.id), "content_hash": content_hash(draft.content)}
    tell("item.draft_submitted", item, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("item.return_draft")
def return_draft(
    *, draft_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Give a draft back to its authors with a reason."""
    draft, item = _held(draft_id)
    _move(draft, DraftVerb.RETURN)
    check_second_person(str(person_of(actor)), draft.author_ids)
    if not reason.strip():
        raise DomainError("请写明退回的原因，起草人才知道改哪里。")
    draft.returned_at, draft.returned_by_id = at, person_of(actor)
    draft.return_reason = reason.strip()
    draft.submitted_at = draft.submitted_by = None
    draft.save()
    facts = {"draft_id": str(draft.id), "reason": draft.return_reason}
    tell("item.draft_returned", item, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}


@command("item.publish_draft")
def publish_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person publishes: the next edition of the item, whole or not at all.

    Raises SamePerson, DraftMoved, GateClosed, WrongMove.
    """
    draft, item = _held(draft_id)
    _move(draft, DraftVerb.PUBLISH)
    check_second_person(str(person_of(actor)), draft.author_ids)
    _check_base(draft, item)
    _check_gate(draft, item, at)
    edition = _edition(draft, item, actor, at)
    edition.save(force_insert=True)
    item.current_edition = edition
    item.name, item.main_item = edition.name, draft.content["main_item"]
    item.save(update_fields=["current_edition", "name", "main_item"])
    index_items([item], legal_date(at))
    draft.reviewed_at, draft.reviewed_by_id, draft.edition = at, person_of(actor), edition
    draft.save(update_fields=["state", "reviewed_at", "reviewed_by", "edition"])
    facts = _publication(draft, edition)
    tell("item.published", item, facts, actor=actor, at=at, command_id=command_id)
    return {"edition_id": str(edition.id), "number": edition.number}


def _check_base(draft: Draft, item: Item) -> None:
    if draft.base_number != _number_of(item):
        raise DraftMoved(
            f"这份草稿是照第{draft.base_number}版写的，现在已是第{_number_of(item)}版。"
            "请退回起草人，对照新版本核对并重新保存。"
        )


def _check_gate(draft: Draft, item: Item, at: datetime) -> None:
    lacks = queries.lacks_of(draft.content, item.department_id, legal_date(at))
    if lacks:
        raise GateClosed(lacks)
    if item.current_edition and content_hash(draft.content) == content_hash(
        queries.content_of(item)
    ):
        raise Conflict("草稿与现行版本完全相同，没有什么可以发布。请先修改，或放弃草稿。")


def _edition(draft: Draft, item: Item, actor: Actor, at: datetime) -> Edition:
    return Edition(
        item=item,
        number=_number_of(item) + 1,
        published_at=at,
        published_by_label=actor.label,
        content_hash=content_hash(draft.content),
        source=settings.MINGTANG_SITE_NAME,
        **kept(draft.content),
    )


def _publication(draft: Draft, edition: Edition) -> Facts:
    return {
        "name": edition.name,
        "kind": edition.kind,
        "edition_id": str(edition.id),
        "number": edition.number,
        "content_hash": edition.content_hash,
        "source": edition.source,
        "row": None,
        "draft_id": str(draft.id),
        "author_ids": draft.author_ids,
    }


@command("item.discard_draft")
def discard_draft(*, draft_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Give a draft up. The row stays, the item is free for another."""
    draft, item = _held(draft_id)
    _move(draft, DraftVerb.DISCARD)
    draft.discarded_at, draft.discarded_by_id = at, person_of(actor)
    draft.save(update_fields=["state", "discarded_at", "discarded_by"])
    facts = {"draft_id": str(draft.id)}
    tell("item.draft_discarded", item, facts, actor=actor, at=at, command_id=command_id)
    return {"draft_id": str(draft.id)}
