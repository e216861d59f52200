"""Commands: an item is drafted, changed, sent to review, taken back; many are imported."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotAllowed
from mingtang.disclosure.models import Publication
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, State
from mingtang.disclosure.rules.items import (
    Attached,
    BadContent,
    Content,
    changed_fields,
    check_content,
    facts_of,
)
from mingtang.disclosure.rules.terms import term_on
from mingtang.disclosure.services.common import (
    Result,
    content_of,
    locked,
    newest,
    person_of,
    persons_of,
    tell,
    writers_of,
    written,
)
from mingtang.disclosure.services.numbers import keep_number
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.timing import services as timing
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind

MOST_FILES = 20


class SameContent(DomainError):
    def __init__(self) -> None:
        super().__init__("内容没有变化，没有保存新的版本。")


@command("disclosure.draft")
def draft(
    *,
    organisation_id: int,
    content: Content,
    on_behalf_of: int | None = None,
    asks_secrecy: bool = False,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Begin an item. The days of the law run from the day on which the paper was formed.

    Records "disclosure.drafted". Returns {"publication_id"}. Raises BadContent.
    """
    person_of(actor)
    item = begin(
        organisation_id=organisation_id,
        content=content,
        on_behalf_of=on_behalf_of,
        asks_secrecy=asks_secrecy,
        files=files,
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"publication_id": str(item.id)}


def begin(
    *,
    organisation_id: int,
    content: Content,
    on_behalf_of: int | None = None,
    asks_secrecy: bool = False,
    files: Sequence[StoredFile] = (),
    origin: str = "",
    state: State = State.DRAFT,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Publication:
    """The same inside a command that is open. What the system draws up waits for review at once."""
    item = Publication.objects.create(
        organisation_id=organisation_id,
        on_behalf_of_id=on_behalf_of,
        origin=origin,
        state=state.value,
        drafted_at=at,
        drafted_by_id=int(actor.id) if actor.id else None,
    )
    content = _with_files(item, content, files, at)
    check_content(content, today=legal_date(at))
    written(item, content, number=1, actor=actor, at=at, asks_secrecy=asks_secrecy)
    item.save(update_fields=["version"])
    facts = facts_of(content) | {"origin": origin, "clocks": _start_clock(item, content, None)}
    tell(item, "disclosure.drafted", facts, actor=actor, at=at, command_id=command_id)
    return item


def _with_files(
    item: Publication, content: Content, files: Sequence[StoredFile], at: datetime
) -> Content:
    """The content with new files put behind those that it has."""
    if len(content.attachments) + len(files) > MOST_FILES:
        raise BadContent(f"附件最多 {MOST_FILES} 个，请合并或者删去一些。")
    uploads = [attach(file, subject=item.subject, at=at) for file in files]
    new = tuple(Attached(one.id, one.original_name, one.sha256) for one in uploads)
    return replace(content, attachments=(*content.attachments, *new))


@command("disclosure.revise")
def revise(
    *,
    publication_id: int,
    content: Content,
    content_hash: str,
    note: str = "",
    asks_secrecy: bool = False,
    files: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Change anything: another version, which begins as a draft. What is public stays public as it
    was until the new version is reviewed. `content_hash` is that of the version that was read.

    Records "disclosure.revised". Raises Changed, SameContent, BadContent.
    """
    person_of(actor)
    item = locked(publication_id)
    old = newest(item)
    if old.content_hash != content_hash:
        raise chain.Changed
    before = content_of(old)
    _check_kept(before, content)
    content = _with_files(item, content, files, at)
    check_content(content, today=legal_date(at))
    if content == before and asks_secrecy == old.asks_secrecy:
        raise SameContent
    made = written(
        item,
        content,
        number=old.number + 1,
        actor=actor,
        at=at,
        asks_secrecy=asks_secrecy,
        note=note.strip()[:200],
    )
    item.state = State.DRAFT.value
    item.submitted_at = item.submitted_by = None
    item.save(update_fields=["version", "state", "submitted_at", "submitted_by"])
    facts = facts_of(content) | {
        "changed": changed_fields(before, content),
        "note": made.note,
        "clocks": _start_clock(item, content, before.formed_date),
    }
    tell(item, "disclosure.revised", facts, actor=actor, at=at, command_id=command_id)
    return {"content_hash": made.content_hash}


def _check_kept(before: Content, after: Content) -> None:
    """Files that stay are those that were there: nobody names another item's."""
    if not set(after.attachments) <= set(before.attachments):
        raise BadContent("附件只能保留原有的或者新上传的，请重新选择文件。")


def _start_clock(item: Publication, content: Content, before: date | None) -> list[Result]:
    """The days of the law, from the day of formation. Another day starts them anew, and so does a
    change of what was settled as not public; an item that was ever public has none."""
    clock = open_clock(item.subject, ClockKind.DISCLOSURE)
    if item.public_date is not None or (clock and before == content.formed_date):
        return []
    done, term = [], term_on(content.formed_date)
    if clock is not None:
        on = max(clock.start_date, content.formed_date)
        done.append(timing.stop_clock(stream=item.subject, kind=ClockKind.DISCLOSURE, on=on))
    if term is not None:
        done.append(
            timing.start_clock(
                stream=item.subject,
                kind=ClockKind.DISCLOSURE,
                start=content.formed_date,
                amount=term.days,
                unit="working_day",
            )
        )
    return done


@command("disclosure.submit")
def submit(
    *, publication_id: int, content_hash: str, actor: Actor, at: datetime, command_id: str
) -> Result:
    """Send the newest version to review. Records "disclosure.submitted"."""
    item = locked(publication_id)
    if newest(item).content_hash != content_hash:
        raise chain.Changed
    hand_in(item, actor, at)
    tell(item, "disclosure.submitted", {}, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}


def hand_in(item: Publication, actor: Actor, at: datetime) -> None:
    chain.check_state(Act.SUBMIT, item.state)
    item.state = State.REVIEW.value
    item.submitted_at, item.submitted_by_id = at, person_of(actor)
    item.save(update_fields=["state", "submitted_at", "submitted_by"])


@command("disclosure.recall")
def recall(*, publication_id: int, actor: Actor, at: datetime, command_id: str) -> Result:
    """Take a version back before anybody has approved it; only those who wrote the item may.

    Records "disclosure.recalled". Raises NotNow, NotAllowed.
    """
    item = locked(publication_id)
    chain.check_state(Act.RECALL, item.state)
    if not persons_of(actor) & writers_of(item):
        raise NotAllowed("只有起草、修改过这条信息的人可以取回。需要改的，请审核人“退回”。")
    back_to_draft(item)
    tell(item, "disclosure.recalled", {}, actor=actor, at=at, command_id=command_id)
    return {"state": item.state}


def back_to_draft(item: Publication) -> None:
    item.state = State.DRAFT.value
    item.submitted_at = item.submitted_by = None
    item.save(update_fields=["state", "submitted_at", "submitted_by"])


@dataclass(frozen=True)
class Imported:
    """An item of another system: what it says, and the number that it had there."""

    content: Content
    old_number: str = ""


@command("disclosure.import")
def import_drafts(
    *,
    organisation_id: int,
    rows: Sequence[Imported],
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Result:
    """Take over many items as drafts, all or none; each then goes the way of review. Their old
    numbers are kept as theirs. Returns {"publication_ids"}. Raises BadContent with the row."""
    person_of(actor)
    made = []
    for number, row in enumerate(rows, start=1):
        try:
            item = begin(
                organisation_id=organisation_id,
                content=row.content,
                origin="import",
                actor=actor,
                at=at,
                command_id=command_id,
            )
            if row.old_number:
                keep_number(item, row.old_number, at)
        except DomainError as error:
            raise BadContent(f"第 {number} 行：{error}") from None
        made.append(str(item.id))
    return {"publication_ids": made}
