"""What the commands of disclosure share: a locked item, a new version, what the ledger is told."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from mingtang.base.errors import NotAllowed, NotFound
from mingtang.disclosure.models import Publication, Review, Version
from mingtang.disclosure.rules.chain import Changed, Stage, Verdict
from mingtang.disclosure.rules.items import Attached, Content
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import Entry, record, record_all

Result = dict[str, Any]
_PLAIN = [one.name for one in fields(Content) if one.name != "attachments"]


def person_of(actor: Actor) -> int:
    """Who acts: a person, never the system. Raises NotAllowed."""
    if actor.id is None:
        raise NotAllowed("这项操作要由登录的工作人员来做。")
    return int(actor.id)


def persons_of(actor: Actor) -> set[int]:
    """Who acts, and for whom."""
    return {person_of(actor), *([int(actor.acting_for_id)] if actor.acting_for_id else [])}


def locked(publication_id: int) -> Publication:
    """An item, held until the transaction ends. Raises NotFound."""
    rows = Publication.objects.select_for_update(of=("self",)).select_related("version")
    found = rows.filter(id=publication_id).first()
    if found is None:
        raise NotFound("没有找到这条信息，请从列表进入。")
    return found


def newest(item: Publication) -> Version:
    assert item.version is not None  # each command that makes an item gives it a version
    return item.version


def check_hash(item: Publication, content_hash: str) -> Version:
    """The newest version, if it is the one that somebody has read. Raises Changed."""
    version = newest(item)
    if version.content_hash != content_hash:
        raise Changed
    return version


def writers_of(item: Publication) -> set[int | None]:
    """Everybody who wrote any version of an item."""
    return set(item.versions.order_by().values_list("written_by_id", flat=True))


def is_secrecy_asked(item: Publication) -> bool:
    """Whether anybody ever asked for the secrecy review of an item, or its reviewer sent it back:
    another round or another version takes no request away (《保守国家秘密法》：先审查后公开)."""
    asked = Q(asks_secrecy=True) | Q(reviews__asks_secrecy=True)
    sent_back = Q(reviews__stage=Stage.SECRECY.value, reviews__verdict=Verdict.RETURN.value)
    return item.versions.filter(asked | sent_back).exists()


def content_of(version: Version) -> Content:
    """A version as the rules know it."""
    attachments = tuple(
        Attached(int(one["upload_id"]), one["name"], one["sha256"]) for one in version.attachments
    )
    plain = {name: getattr(version, name) for name in _PLAIN}
    return Content(**plain, attachments=attachments)


def written(
    item: Publication,
    content: Content,
    *,
    number: int,
    actor: Actor,
    at: datetime,
    asks_secrecy: bool = False,
    note: str = "",
) -> Version:
    """Write a version and make it the item's newest. Does not save the item."""
    files = [
        {"upload_id": str(one.upload_id), "name": one.name, "sha256": one.sha256}
        for one in content.attachments
    ]
    made = Version.objects.create(
        publication=item,
        number=number,
        attachments=files,
        asks_secrecy=asks_secrecy,
        note=note,
        content_hash=content.hash(),
        written_at=at,
        written_by_id=int(actor.id) if actor.id else None,
        **{name: getattr(content, name) for name in _PLAIN},
    )
    item.version = made
    return made


def tell(
    item: Publication,
    kind: str,
    facts: Result,
    *,
    actor: Actor,
    at: datetime,
    command_id: str,
    effective_on: date | None = None,
) -> None:
    """Record an event on the item's stream."""
    record(
        stream=item.subject,
        kind=kind,
        facts=head(item) | facts,
        effective_on=effective_on,
        actor=actor,
        at=at,
        command_id=command_id,
    )


def tell_all(
    told: Iterable[tuple[Publication, Result]],
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> None:
    """The same event on the streams of many items."""
    entries = [Entry(item.subject, kind, head(item) | facts) for item, facts in told]
    record_all(entries, actor=actor, at=at, command_id=command_id)


def head(item: Publication) -> Result:
    version = newest(item)
    return {
        "organisation_id": str(item.organisation_id),
        "version": version.number,
        "content_hash": version.content_hash,
        "title": version.title,
        "state": item.state,
    }


def approved(version: Version, stage: Stage) -> Review | None:
    """The last opinion of a stage on a version, if it is an approval."""
    last = version.reviews.filter(stage=stage.value).order_by("-reviewed_at", "-id").first()
    return last if last is not None and last.verdict == Verdict.APPROVE else None
