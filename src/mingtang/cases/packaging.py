"""The package of an archived case: a folder that is read, and checked, without this house.

What it holds stands in `rules.package`. The order, so that a kill anywhere costs nothing:

1. `.NUMBER.half` is filled, its manifest last, and safe on disk;
2. the ledger is told the manifest's digest;
3. the half gets the ledger's record and receipt, and is renamed to NUMBER;
4. the file of the case says that its package is there (`packaged_at`; only for those of the sweep).

A half whose digest was not told is begun anew; one that was told is finished, never made again.
"""

import fcntl
import json
import logging
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.space import is_short, sync_folder
from mingtang.cases.models import Case
from mingtang.cases.present.events import title_of, who
from mingtang.cases.queries import archive
from mingtang.cases.rules import NotNow, State
from mingtang.cases.rules import package as rules
from mingtang.cases.services.archiving import note_in_place, note_package, package_stream
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import documents_of, uploads_of
from mingtang.files.rules.uploads import BY_MEDIA_TYPE
from mingtang.files.services import existing
from mingtang.ledger import queries as ledger
from mingtang.ledger import verify_ledger
from mingtang.ledger.proofs import receipt_of
from mingtang.ledger.rules import SYSTEM, Actor, canonical
from mingtang.ledger.services import grow_tree
from mingtang.questions.rules.showing import shown
from mingtang.regions import queries as regions

A_ROUND = 5  # packages that one sweep makes: the worker has other things to do
log = logging.getLogger(__name__)


def make_package(case: Case, folder: Path, *, actor: Actor, at: datetime, command_id: str) -> Path:
    """Write the package of an archived case into `folder/NUMBER` and tell the ledger its digest.

    Raises NotNow before it is archived, Conflict where the folder is there (a package is never
    written over) or another process makes one there. Raises AlteredDocument, HeldBack or NotFound
    where a part does not hold.
    """
    target, half = folder / case.number, folder / f".{case.number}.half"
    if case.archived_at is None:
        raise NotNow(f"{case.number} 还没有归档，归档后再制作归档包。")
    with _alone_in(folder):
        if target.exists():
            raise Conflict(f"{target} 已经有了，不会覆盖。要重新制作，请换一个文件夹。")
        if _told_of(case, half) is None:
            shutil.rmtree(half, ignore_errors=True)
            grow_tree(at)
            try:
                manifest = _filled(half, case)
            except BaseException:
                shutil.rmtree(half, ignore_errors=True)
                raise
            told = {"actor": actor, "at": at, "command_id": command_id}
            note_package(case_id=case.id, manifest=manifest, **told)
        _finish(case, half, at)
        half.rename(target)
        sync_folder(folder)
        _close(target)
    return target


def sweep_packages(at: datetime) -> int:
    """Make some of the packages that MINGTANG_PACKAGES lacks, first archived first. Returns how
    many. One that cannot be made stops no other, and is tried again the next time."""
    folder: Path | None = settings.MINGTANG_PACKAGES
    if folder is None:
        return 0
    made = 0
    for case in archive.without_package():
        if made == A_ROUND or is_short(_existing(folder)):
            break
        if why_waits(case):
            continue  # `doctor` tells it
        try:
            _settle(case, folder, at)
        except (DomainError, OSError) as error:
            log.warning("no package of case %s: %s", case.id, error)
        else:
            note_in_place(case, at)
            made += 1
    return made


def why_waits(case: Case) -> str:
    """Which file keeps a case from being packaged, in a sentence; "" where none does."""
    try:
        for one in uploads_of(case.stream):
            one.check_may_leave()
            existing(one)
    except DomainError as error:
        return error.message
    return ""


def _settle(case: Case, folder: Path, at: datetime) -> None:
    """Make it, or see that what stands in its place is it: then a kill came after the rename."""
    target = folder / case.number
    if _told_of(case, target) is not None:
        _close(target)
        return
    make_package(case, folder, actor=SYSTEM, at=at, command_id=uuid.uuid4().hex)


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process at a time makes packages in a folder. A killed one leaves no lock behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"{folder} 里正在制作归档包，请等它做完再试。") from None
        yield


def _told_of(case: Case, folder: Path) -> ledger.Event | None:
    """The ledger's record of the package in this folder, if it was told."""
    try:
        digest = rules.sha256_of((folder / rules.MANIFEST).read_bytes())
    except OSError:
        return None
    events = ledger.history(package_stream(case.id))
    return next((event for event in events if event.facts["manifest"] == digest), None)


def _filled(half: Path, case: Case) -> str:
    """Fill it; the digest of its manifest. What the ledger is told next is safe on disk."""
    _fill(half, case)
    manifest = rules.manifest_of(half, _names(half))
    (half / rules.MANIFEST).write_bytes(manifest)
    for path in half.rglob("*"):
        sync_folder(path)
    sync_folder(half)
    return rules.sha256_of(manifest)


def _finish(case: Case, half: Path, at: datetime) -> None:
    """Give a half that was told its record and receipt. Raises NoProofYet: later, then."""
    told = _told_of(case, half)
    assert told is not None
    grow_tree(at)
    for name, content in (
        (rules.PACKAGE, canonical(told.hashed_row()) + b"\n"),
        (rules.RECEIPT, receipt_of(told.stream, told.seq)),
    ):
        (half / name).unlink(missing_ok=True)  # from before a kill
        (half / name).write_bytes(content)
        sync_folder(half / name)
    sync_folder(half)
    for path in half.rglob("*"):
        if path.is_file():
            path.chmod(0o400)


def _close(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            path.chmod(0o500)


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _fill(folder: Path, case: Case) -> None:
    folder.mkdir(mode=0o700)  # its owner's alone from the first byte on
    for name in ("forms", "papers", "files"):
        (folder / name).mkdir(mode=0o700)
    events = ledger.history(case.stream)
    records = b"".join(canonical(event.hashed_row()) + b"\n" for event in events)
    (folder / rules.RECORDS).write_bytes(records)
    (folder / rules.PROOF).write_bytes(receipt_of(case.stream))
    shutil.copyfile(verify_ledger.__file__, folder / rules.VERIFIER)
    told = {
        "case": _facts(case),
        "forms": list(_forms(folder, case)),
        "papers": list(_papers(folder, case)),
        "files": list(_files(folder, case)),
    }
    _write(folder / rules.CASE, told)
    history = [{"at": event.at, "title": title_of(event), "who": who(event)} for event in events]
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string("cases/package.html", told | {"history": history})
    (folder / rules.INDEX).write_text(page, "utf-8")


def _write(path: Path, content: Any) -> None:
    text = json.dumps(json.loads(canonical(content)), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", "utf-8")


def _facts(case: Case) -> dict[str, Any]:
    file = archive.archive_file_of(case)
    assert case.archived_at is not None
    return {
        "编号": case.number,
        "事项": case.edition.name,
        "单位": regions.name_of(case.organisation_id, legal_date(case.archived_at)),
        "申请人": case.applicant_name,
        "证件号码": case.identity_number,
        "电话": case.phone,
        "提交": case.submitted_at,
        "办结": case.delivered_at or case.ended_at,
        "结果": State(case.state).label,
        "归档": case.archived_at,
        "保管期限": file.get_retention_display() if file else "",
        "归档时缺少": "；".join(file.missing) if file else "",
    }


def _forms(folder: Path, case: Case) -> Iterator[dict[str, Any]]:
    """Each submission, as it was answered and in words."""
    form = catalogue.form_of(case.edition)
    for one in case.submissions.order_by("number"):
        name = f"forms/{one.number}.json"
        _write(folder / name, {"submitted_at": one.submitted_at, "answers": one.answers})
        lines = shown(form, one.answers.get("form", {}))
        yield {
            "name": name,
            "number": one.number,
            "submitted_at": one.submitted_at,
            "lines": [{"title": line.title, "text": line.text} for line in lines],
        }


def _papers(folder: Path, case: Case) -> Iterator[dict[str, Any]]:
    """Each paper with the salt of its commitment: whoever has both can compare with the ledger."""
    for place, one in enumerate(documents_of(case.stream), 1):
        paper = one.paper()
        name = f"papers/{place:02}.json"
        issuer = str(one.organisation_id)
        _write(
            folder / name,
            {
                "id": str(one.id),
                "salt": one.salt,
                "content": [paper, one.number or "", one.issued_date, issuer],
            },
        )
        yield {
            "name": name,
            "title": paper.title,
            "number": one.number or "",
            "addressee": paper.addressee,
            "paragraphs": paper.paragraphs,
            "row_heads": paper.row_heads,
            "rows": paper.rows,
            "legal_basis": paper.legal_basis,
            "remedies": paper.remedies,
            "issuer": regions.name_of(one.organisation_id, one.issued_date),
            "issued": one.issued_date,
            "seal": one.seal_name,
        }


def _files(folder: Path, case: Case) -> Iterator[dict[str, Any]]:
    """What was handed in, byte for byte. Raises HeldBack, NotFound."""
    for place, one in enumerate(uploads_of(case.stream), 1):
        one.check_may_leave()
        name = f"files/{place:02}.{BY_MEDIA_TYPE[one.media_type].extensions[0]}"
        shutil.copyfile(existing(one), folder / name)
        yield {
            "name": name,
            "original_name": one.original_name,
            "sha256": one.sha256,
            "uploaded_at": one.uploaded_at,
            "scan": one.scan_state,
        }
