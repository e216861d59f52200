"""The package of an archived case: a folder that is read, and checked, without this house.

What it holds stands in `rules.package`. It is written beside its place and put there whole.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.cases.models import Case
from mingtang.cases.present.events import title_of, who
from mingtang.cases.queries.archive import archive_file_of
from mingtang.cases.rules import NotNow, State
from mingtang.cases.rules import package as rules
from mingtang.cases.services.archiving import note_package, package_stream
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import documents_of, uploads_of
from mingtang.files.rules.uploads import BY_MEDIA_TYPE
from mingtang.files.services import existing
from mingtang.ledger import queries as ledger
from mingtang.ledger import verify_ledger
from mingtang.ledger.proofs import receipt_of
from mingtang.ledger.rules import Actor, canonical
from mingtang.ledger.services import grow_tree
from mingtang.questions.rules.showing import shown
from mingtang.regions import queries as regions


def make_package(case: Case, folder: Path, *, actor: Actor, at: datetime, command_id: str) -> Path:
    """Write the package of an archived case into `folder/NUMBER` and tell the ledger its digest.

    Raises NotNow before it is archived, Conflict where the folder is there: a package is never
    written over. Raises AlteredDocument, HeldBack or NotFound where a part does not hold.
    """
    target = folder / case.number
    if case.archived_at is None:
        raise NotNow(f"{case.number} 还没有归档，归档后再制作归档包。")
    if target.exists():
        raise Conflict(f"{target} 已经有了，不会覆盖。要重新制作，请换一个文件夹。")
    grow_tree(at)
    fresh = folder / f".{case.number}.{secrets.token_hex(4)}"
    try:
        _fill(fresh, case)
        manifest = rules.manifest_of(fresh, _names(fresh))
        (fresh / rules.MANIFEST).write_bytes(manifest)
        note_package(
            case_id=case.id,
            manifest=rules.digest_of(manifest),
            actor=actor,
            at=at,
            command_id=command_id,
        )
        grow_tree(at)
        told = ledger.last_event(package_stream(case.id))
        assert told is not None
        (fresh / rules.PACKAGE).write_bytes(canonical(told.hashed_row()) + b"\n")
        (fresh / rules.RECEIPT).write_bytes(receipt_of(package_stream(case.id)))
        for path in fresh.rglob("*"):
            if path.is_file():
                path.chmod(0o400)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for path in (*target.rglob("*"), target):
        if path.is_dir():
            path.chmod(0o500)
    return target


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _fill(folder: Path, case: Case) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
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
    file = archive_file_of(case)
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
