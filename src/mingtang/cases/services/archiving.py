"""Command: an ended case is filed away, with its contents and what is missing written down."""

from datetime import datetime

from django.conf import settings

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError
from mingtang.cases.models import ArchiveFile, Case
from mingtang.cases.queries.archive import missing_from
from mingtang.cases.rules import NotNow, Verb
from mingtang.cases.rules.archive import retention_of, told_missing
from mingtang.cases.services.common import (
    Facts,
    answer,
    chinese,
    draw,
    lead,
    locked,
    move,
    numbered,
    person_of,
    save,
    tell,
)
from mingtang.files.queries import Document, documents_of, uploads_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record


@command("case.archive", asks_once=True)
def archive(*, case_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """File an ended case away (T23): no original of the applicant's and no debt may be left, and
    every paper bears its seal. What else is missing is written into the list of contents."""
    case = locked(case_id)
    move(case, Verb.ARCHIVE)
    papers = documents_of(case.stream)
    _check_nothing_left(case, papers)
    made = _put_away(case, papers, at)
    case.archived_at, case.archived_by_id = at, person_of(actor)
    lead(case)
    save(case, "archived_at", "archived_by")
    facts = {
        "paper_count": len(papers),
        "piece_count": made.piece_count,
        "retention": made.retention,
        "missing_count": len(made.missing),
        "document": made.document.facts(),
    }
    tell("case.archived", case, facts, actor, at, command_id)
    return answer(case, document_id=str(made.document_id))


def package_stream(case_id: int) -> str:
    """Where the ledger keeps what packages were made of a case."""
    return f"archive:{case_id}"


@command("archive.package")
def note_package(
    *, case_id: int, manifest: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Tell the ledger the digest (64 hexadecimal digits) of a package's manifest: with it no byte
    of the package can change unseen. Each making is an event of its own."""
    record(
        stream=package_stream(case_id),
        kind="archive.packaged",
        facts={"case_id": str(case_id), "manifest": manifest},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return {"case_id": str(case_id)}


def note_in_place(case: Case, at: datetime) -> None:
    """The package of a case stands in the folder of the packages: nothing is owed any more. What
    it holds the ledger was told before (`note_package`)."""
    ArchiveFile.objects.filter(case=case, packaged_at=None).update(packaged_at=at)


def _put_away(case: Case, papers: list[Document], at: datetime) -> ArchiveFile:
    """The list of contents (卷内目录): what the office wrote, then what was handed in."""
    lines = [
        (paper.title, paper.number or "—", chinese(paper.issued_date), "1") for paper in papers
    ]
    lines += [
        (upload.original_name, "—", chinese(legal_date(upload.uploaded_at)), "1")
        for upload in uploads_of(case.stream)
    ]
    retention = retention_of(
        case.edition.profile, settings.MINGTANG_RETENTION_OF, settings.MINGTANG_RETENTION
    )
    missing = missing_from(case, papers)
    words = {
        "count": str(len(lines)),
        "retention": retention.label,
        "missing": told_missing(missing),
    }
    return ArchiveFile.objects.create(
        case=case,
        retention=retention.value,
        piece_count=len(lines),
        missing=missing,
        document=draw(case, "archive", at, words, numbered(lines)),
    )


def _check_nothing_left(case: Case, papers: list[Document]) -> None:
    left = list(
        case.originals.filter(returned_at=None).order_by("id").values_list("name", flat=True)
    )
    if left:
        raise DomainError(f"还有原件没有退给申请人：{'、'.join(left)}。退还后再归档。")
    if case.charges.filter(state__in=["due", "waiver_asked"]).exists():
        raise NotNow("还有费用没有缴清或者减免没有批复，处理后再归档。")
    unsealed = [paper.title for paper in papers if paper.needs_seal and paper.sealed_at is None]
    if unsealed:
        raise NotNow(f"还有文书没有盖章：{'、'.join(unsealed)}。盖章登记后再归档。")
