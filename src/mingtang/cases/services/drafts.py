"""Applications that are being written: begun, kept page by page, found again, taken when filed.

No commands: until it is filed nobody has acted, and the ledger has nothing to remember.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction

from mingtang.accounts.rules import LOOKUP_PER_SOURCE
from mingtang.accounts.services import count_attempt_or_refuse, forget_attempt
from mingtang.base.errors import NotFound
from mingtang.base.ids import next_id
from mingtang.base.sealed import blind_index, keyed_hash
from mingtang.base.web import new_command_id
from mingtang.cases.models import Case, FilingDraft
from mingtang.cases.rules import AlreadyFiled, Given, spell_code
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import Upload, uploads_of
from mingtang.files.services import StoredFile, adopt, attach, existing, remove, store
from mingtang.persons.queries import held_people

KEPT_DAYS = 90  # after the last change; what was filed is the case's by then
SWEPT_AT_ONCE = 200


def start_draft(
    *, edition: Any, content: Mapping[str, Any], person_id: int | None, at: datetime
) -> FilingDraft:
    """Keep the first page of an application; the rest follows."""
    draft_id, salt = next_id(), os.urandom(16)
    return FilingDraft.objects.create(
        id=draft_id,
        item_id=edition.item_id,
        edition=edition,
        person_id=person_id,
        code_salt=salt,
        code_index=blind_index("filing", _code(draft_id, salt)),
        content=dict(content),
        started_at=at,
        saved_at=at,
    )


def _code(draft_id: int, salt: bytes) -> str:
    return spell_code(keyed_hash("filing_code", f"{draft_id}/".encode() + salt))


def resume_code(draft: FilingDraft) -> str:
    """By which it is found again on another device: fifty keyed bits, never stored."""
    return _code(draft.id, bytes(draft.code_salt))


def draft_by_code(*, code: str, source: str, at: datetime) -> FilingDraft:
    """The draft behind a resume code. Raises NotFound, and TooManyAttempts for who guesses."""
    attempt = count_attempt_or_refuse("lookup_source", source, LOOKUP_PER_SOURCE, at)
    draft = FilingDraft.objects.filter(code_index=blind_index("filing", code)).first()
    if draft is None:
        raise NotFound("没有找到这个续填码的申请，请核对后重新输入。超过 90 天没有修改的已删除。")
    forget_attempt(attempt)
    return draft


def keep_part(draft_id: int, part: str, value: Mapping[str, Any], *, at: datetime) -> FilingDraft:
    """Keep one part (applicant, answers, materials), as typed, right or wrong.

    Answers and materials are kept key by key, so that two devices lose nothing of one another.
    Raises AlreadyFiled.
    """
    with transaction.atomic():
        draft = _held(draft_id)
        before = {} if part == "applicant" else draft.content.get(part) or {}
        draft.content = {**draft.content, part: {**before, **value}}
        draft.edition = catalogue.edition_for_filing(draft.item.code)
        draft.saved_at = at
        draft.save(update_fields=["content", "edition", "saved_at"])
        return draft


def _held(draft_id: int) -> FilingDraft:
    rows = FilingDraft.objects.select_related("item", "case").select_for_update(of=("self",))
    draft = rows.filter(id=draft_id).first()
    if draft is None:
        raise NotFound
    if draft.case is not None:
        raise AlreadyFiled(draft.case.number)
    return draft


def add_pages(
    draft_id: int, material_id: str, files: Sequence[StoredFile], *, at: datetime
) -> FilingDraft:
    """More pages of a material, after those that are there."""
    with transaction.atomic():
        draft = _held(draft_id)
        added = [str(attach(file, subject=draft.subject, at=at).id) for file in files]
        pages = dict.fromkeys([*_pages(draft, material_id), *added])  # one sent twice is one page
        return _set_pages(draft, material_id, list(pages), at)


def give_again(draft_id: int, material_id: str, earlier: Upload, *, at: datetime) -> FilingDraft:
    """A copy of a file that was given before, as one more page: each may be erased alone.

    The caller has seen to it that the earlier one may be read. Raises HeldBack, NotFound.
    """
    earlier.check_may_leave()
    with existing(earlier).open("rb") as file:
        copied = store(File(file, earlier.original_name), command_id=new_command_id())
    return add_pages(draft_id, material_id, [copied], at=at)


def set_pages(
    draft_id: int, material_id: str, upload_ids: Sequence[str], *, at: datetime
) -> FilingDraft:
    """The pages of a material in another order, one of them turned, or fewer of them."""
    with transaction.atomic():
        draft = _held(draft_id)
        for upload_id in {*_pages(draft, material_id)} - {*upload_ids}:
            remove(int(upload_id), subject=draft.subject)
        return _set_pages(draft, material_id, list(upload_ids), at)


def _pages(draft: FilingDraft, material_id: str) -> list[str]:
    materials = draft.content.get("materials") or {}
    return list((materials.get(material_id) or {}).get("uploads") or [])


def _set_pages(
    draft: FilingDraft, material_id: str, upload_ids: list[str], at: datetime
) -> FilingDraft:
    materials = draft.content.get("materials") or {}
    line = {**(materials.get(material_id) or {}), "uploads": upload_ids}
    if upload_ids:
        line["way"] = "uploaded"
    draft.content = {**draft.content, "materials": {**materials, material_id: line}}
    draft.saved_at = at
    draft.save(update_fields=["content", "saved_at"])
    return draft


def take_draft(draft_id: int, case: Case, given: Sequence[Given]) -> None:
    """Make what was written a case, inside the command that files it: once."""
    draft = _held(draft_id)
    kept = [upload_id for one in given for upload_id in one.upload_ids]
    adopt(kept, from_subject=draft.subject, to_subject=case.stream)
    draft.case, draft.content = case, {}
    draft.save(update_fields=["case", "content"])


def discard_draft(draft_id: int) -> None:
    """Give an application up that was never filed; its files go with it."""
    with transaction.atomic():
        draft = _held(draft_id)
        for upload in draft_uploads(draft):
            remove(upload.id, subject=draft.subject)
        draft.delete()


def draft_uploads(draft: FilingDraft) -> list[Upload]:
    return uploads_of(draft.subject)


def sweep_drafts(at: datetime) -> int:
    """Remove what nobody touched for KEPT_DAYS. Returns how many."""
    old = FilingDraft.objects.filter(saved_at__lt=at - timedelta(days=KEPT_DAYS))
    old = old.exclude(person__in=held_people())
    found = list(old.order_by("saved_at", "id")[:SWEPT_AT_ONCE])
    for draft in found:
        with transaction.atomic():
            for upload in draft_uploads(draft):
                remove(upload.id, subject=draft.subject)
            draft.delete()
    return len(found)
