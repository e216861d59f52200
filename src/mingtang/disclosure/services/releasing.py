"""Commands: an item becomes public on channels, is settled as not public, or is taken down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.channels import queries as channel_queries
from mingtang.channels import services as channels
from mingtang.channels.rules import Copies, NewRelease
from mingtang.disclosure.models import Publication, Version
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, Stage, State
from mingtang.disclosure.rules.items import Attribute
from mingtang.disclosure.services import gate
from mingtang.disclosure.services.common import (
    Result,
    approved,
    check_hash,
    content_of,
    is_secrecy_asked,
    locked,
    person_of,
    persons_of,
    tell,
    writers_of,
)
from mingtang.disclosure.services.numbers import draw_number
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import services as timing
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind

PUBLIC_COLUMNS = ("published_version", "published_hash", "published_at", "published_by")
TAKEN_DOWN_COLUMNS = ("taken_down_at", "taken_down_by", "taken_down_reason")
SITE = "site"  # the channel of our own pages: what is public stands there


@dataclass(frozen=True)
class On:
    """A channel on which an item goes out, with its quantity there, proof and distribution."""

    channel: str
    quantity: int = 1
    evidence: str = ""
    distribution: tuple[Copies, ...] = ()


@command("disclosure.publish")
def publish(
    *,
    publication_id: int,
    content_hash: str,
    on: Sequence[On] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Make the approved version public: on our own pages, and on each channel named; each is a row
    of the ledger of releases. The days of the law end; the item gets its index number.

    Records "disclosure.published". Returns {"index_number", "releases"}. Raises Unreviewed,
    OwnDraft, Changed, NotNow, NotPublic, Blocked.
    """
    item = locked(publication_id)
    version = check_hash(item, content_hash)
    chain.check_state(Act.PUBLISH, item.state)
    check_may_publish(item, version, actor)
    number = draw_number(item, at)
    facts = {"number": number, "channels": [one.channel for one in on], "clocks": _stop(item, at)}
    _make_public(item, version, actor, at)
    tell(item, "disclosure.published", facts, actor=actor, at=at, command_id=command_id)
    count = _count_site(item, version, actor, at, command_id)
    count += _release(item, version, on, actor, at, command_id)
    return {"index_number": number, "releases": count}


def check_may_publish(item: Publication, version: Version, actor: Actor) -> None:
    """What the database refuses too, said in words."""
    if version.attribute != Attribute.ACTIVE:
        raise chain.NotPublic(Attribute(version.attribute).label)
    review = approved(version, Stage.REVIEW)
    if review is None:
        raise chain.Unreviewed
    if is_secrecy_asked(item) and approved(version, Stage.SECRECY) is None:
        raise chain.Unreviewed
    chain.check_another(Act.PUBLISH, persons_of(actor), writers_of(item))
    gate.check_still_clean(version, review)


def _make_public(item: Publication, version: Version, actor: Actor, at: datetime) -> None:
    item.state = State.PUBLISHED.value
    item.published_version, item.published_hash = version, version.content_hash
    item.published_at, item.published_by_id = at, person_of(actor)
    item.public_date = item.public_date or legal_date(at)  # never moved: 指标 单项否决“伪造日期”
    item.taken_down_at = item.taken_down_by = None
    item.taken_down_reason = ""
    columns = ["state", "public_date", "index_number", *PUBLIC_COLUMNS, *TAKEN_DOWN_COLUMNS]
    item.save(update_fields=columns)


def _stop(item: Publication, at: datetime) -> list[Result]:
    """The days of the law end, if they run."""
    clock = open_clock(item.subject, ClockKind.DISCLOSURE)
    if clock is None:
        return []
    on = max(legal_date(at), clock.start_date)
    return [timing.stop_clock(stream=item.subject, kind=ClockKind.DISCLOSURE, on=on)]


def _count_site(
    item: Publication, version: Version, actor: Actor, at: datetime, command_id: str
) -> int:
    if SITE not in {one.code for one in channel_queries.channels_for(item.organisation_id)}:
        return 0
    made = channels.count_automatic(
        channel=SITE,
        organisation_id=item.organisation_id,
        subject=item.subject,
        title=version.title,
        content_hash=version.content_hash,
        on_behalf_of=item.on_behalf_of_id,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return 1 if made else 0


@command("disclosure.release_on")
def release_on(
    *,
    publication_id: int,
    on: Sequence[On],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Release what is public on further channels. Returns {"releases"}. Raises NotFound."""
    item = locked(publication_id)
    version = item.published_version
    if version is None:
        raise NotFound("这条信息现在没有公开，不能再发到别的渠道。")
    if not on:
        raise DomainError("请至少选一个渠道。")
    return {"releases": _release(item, version, on, actor, at, command_id)}


def _release(
    item: Publication,
    version: Version,
    on: Sequence[On],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> int:
    rows = [
        NewRelease(
            channel=one.channel,
            title=version.title,
            released_date=legal_date(at),
            quantity=one.quantity,
            subject=item.subject,
            content_hash=version.content_hash,
            evidence=one.evidence,
            on_behalf_of=item.on_behalf_of_id,
            distribution=one.distribution,
        )
        for one in on
        if one.channel != SITE
    ]
    if rows:
        made = channels.enter(item.organisation_id, rows, moment=at, actor=actor, at=at)
        channels.tell_made(made, actor=actor, at=at, command_id=command_id)
    return len(rows)


@command("disclosure.keep")
def keep(
    *, publication_id: int, content_hash: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Settle an approved version as not to be published (on request, or withheld with its reason).

    It never appears publicly; a later change of the attribute goes through review again. Records
    "disclosure.kept". Raises NotKept, OwnDraft.
    """
    item = locked(publication_id)
    version = check_hash(item, content_hash)
    chain.check_state(Act.KEEP, item.state)
    if version.attribute == Attribute.ACTIVE:
        raise chain.NotKept
    if approved(version, Stage.REVIEW) is None:
        raise chain.Unreviewed
    chain.check_another(Act.KEEP, persons_of(actor), writers_of(item))
    _hide(item)
    item.state = State.KEPT.value
    item.save(update_fields=["state", *PUBLIC_COLUMNS])
    facts = {
        "attribute": version.attribute,
        "reason": content_of(version).withheld_reason,
        "clocks": _stop(item, at),
    }
    tell(item, "disclosure.kept", facts, actor=actor, at=at, command_id=command_id)
    reason = f"公开属性改为{Attribute(version.attribute).label}"
    channels.withdraw_subject(item.subject, reason, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}


def _hide(item: Publication) -> None:
    item.published_version = item.published_at = item.published_by = None
    item.published_hash = ""


@command("disclosure.take_down")
def take_down(
    *, publication_id: int, reason: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Take an item off our pages with the reason; its releases that still stand are withdrawn, its
    number stays its own. Records "disclosure.taken_down"."""
    item = locked(publication_id)
    chain.check_state(Act.TAKE_DOWN, item.state)
    if item.published_version_id is None:
        raise NotFound("这条信息现在没有公开，不用撤下。")
    if not 2 <= len(reason.strip()) <= 200:
        raise DomainError("请写明撤下的原因，2 到 200 个字。")
    was = item.published_hash
    _hide(item)
    item.state = State.TAKEN_DOWN.value
    item.taken_down_at, item.taken_down_by_id = at, person_of(actor)
    item.taken_down_reason = reason.strip()
    item.save(update_fields=["state", *PUBLIC_COLUMNS, *TAKEN_DOWN_COLUMNS])
    facts = {"reason": reason.strip(), "published_hash": was}
    tell(item, "disclosure.taken_down", facts, actor=actor, at=at, command_id=command_id)
    count = channels.withdraw_subject(
        item.subject, reason, actor=actor, at=at, command_id=command_id
    )
    return {"withdrawn": count}
