"""Reads of uploads and of documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.base.clock import day_bounds
from mingtang.base.errors import NotFound
from mingtang.base.paging import Cursor
from mingtang.base.together import Wanted, read_together
from mingtang.files.models import Document as Document
from mingtang.files.models import Upload as Upload
from mingtang.files.rules import ScanState
from mingtang.files.rules.documents import SealMethod
from mingtang.regions.queries import names_of

PAGE = 30
SEAL_READERS = frozenset({Role.CENTRE_MANAGER, Role.INSPECTOR, Role.WINDOW_LEAD, Role.APPROVER})
# A list of names need not open anybody's identity number.
PERSONAL = tuple(
    f"{who}__{what}" for who in ("sealed_by", "sealed_for") for what in ("identity_number", "phone")
)


def uploads_of(subject: str) -> list[Upload]:
    """What belongs to a subject, and what others share with it."""
    return read_together(uploads_wanted(subject))[0]


def uploads_wanted(subject: str) -> Wanted[Upload]:
    """The same, to be read together with others."""
    shared = 'SELECT "upload_id" FROM "files_sharedupload" WHERE "subject" = %s'
    where = f'("subject" = %s OR "id" IN ({shared}))'
    return Wanted(Upload, where, (subject, subject), order=("uploaded_at", "id"))


def uploads_by_subject(subjects: Iterable[str]) -> dict[str, list[Upload]]:
    """The same for several subjects at once; those without an upload are left out."""
    wanted = list(subjects)
    found: dict[str, list[Upload]] = {}
    own = Upload.objects.filter(subject__in=wanted).annotate(whose=F("subject"))
    shared = Upload.objects.filter(shares__subject__in=wanted).annotate(whose=F("shares__subject"))
    for row in own.union(shared, all=True).order_by("uploaded_at", "id"):
        found.setdefault(row.whose, []).append(row)
    return found


def upload_of(subject: str, upload_id: int) -> Upload | None:
    """One upload, only as part of the subject that the caller may see."""
    own = Upload.objects.filter(subject=subject, id=upload_id).first()
    return own or Upload.objects.filter(shares__subject=subject, id=upload_id).first()


def count_in(state: ScanState) -> int:
    return Upload.objects.filter(scan_state=state.value).count()


# ── documents ─────────────────────────────────────────────────────────────────────────────────


def _documents(subject: str) -> QuerySet[Document]:
    """Content is opened when it is asked for: a page that lists papers needs none."""
    return Document.objects.filter(subject=subject).defer("content")


def documents_of(subject: str) -> list[Document]:
    """All papers of a subject that the caller may see, oldest first."""
    return list(_documents(subject).order_by("id"))


def documents_wanted(subject: str) -> Wanted[Document]:
    """The same, to be read together with others."""
    return Wanted(Document, "subject = %s", (subject,), without=("content",))


def document_of(subject: str, document_id: int) -> Document | None:
    """One document, only as part of the subject that the caller may see."""
    return _documents(subject).filter(id=document_id).first()


def latest_document(subject: str, kind: str) -> Document | None:
    """The newest paper of a kind."""
    return _documents(subject).filter(kind=kind).order_by("-id").first()


# ── the seal register ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SealEntry:
    """A line of the register: which paper, which seal, who and when. No applicant's name."""

    id: int
    title: str
    number: str
    issuer: str
    seal_name: str
    sealed_at: datetime
    sealed_by: str
    sealed_for: str
    method: SealMethod


@dataclass(frozen=True)
class Sought:
    """What of the register is asked for: words of a title or a number, a unit, days of sealing."""

    words: str = ""
    organisation_id: int | None = None
    since: date | None = None
    until: date | None = None

    def condition(self) -> Q:
        found = Q()
        if self.words:
            found &= Q(title__icontains=self.words) | Q(number__icontains=self.words)
        if self.organisation_id is not None:
            found &= Q(organisation=self.organisation_id)
        if self.since:
            found &= Q(sealed_at__gte=day_bounds(self.since)[0])
        if self.until:
            found &= Q(sealed_at__lt=day_bounds(self.until)[1])
        return found


@dataclass(frozen=True)
class Page:
    rows: list[SealEntry]
    next: Cursor | None


def seal_grants(scope: Scope) -> list[Grant]:
    """The posts that open the register. One for some items only does not."""
    return [
        grant for grant in scope.grants if grant.role in SEAL_READERS and grant.item_codes is None
    ]


def _sealed(scope: Scope) -> QuerySet[Document]:
    """What was sealed by the units of a reader."""
    within = (
        Q(organisation__in=grant.organisation_ids) | Q(organisation__region__in=grant.region_ids)
        for grant in seal_grants(scope)
    )
    return Document.objects.filter(reduce(or_, within, Q(pk__in=[])), sealed_at__isnull=False)


def seal_units(scope: Scope) -> list[tuple[int, str]]:
    """The units that stand in a reader's register, by name."""
    ids = set(_sealed(scope).values_list("organisation_id", flat=True).distinct())
    assert scope.on is not None
    return sorted(names_of(ids, scope.on).items(), key=lambda pair: (pair[1], pair[0]))


def seal_register(scope: Scope, after: Cursor | None = None, sought: Sought | None = None) -> Page:
    """A page of the register, newest first; total order (sealed_at, id)."""
    found = _sealed(scope)
    if sought is not None:
        found = found.filter(sought.condition())
    if after is not None:
        # `<=` alone bounds the index; an OR by itself would read the register from its newest line.
        found = found.filter(
            Q(sealed_at__lt=after.at) | Q(id__lt=after.id), sealed_at__lte=after.at
        )
    found = found.select_related("sealed_by", "sealed_for").defer("content", *PERSONAL)
    documents = list(found.order_by("-sealed_at", "-id")[: PAGE + 1])
    shown = documents[:PAGE]
    assert scope.on is not None
    names = names_of({document.organisation_id for document in shown}, scope.on)
    rows = [_entry(document, names.get(document.organisation_id, "")) for document in shown]
    last = rows[-1] if len(documents) > PAGE else None
    return Page(rows, Cursor(last.sealed_at, last.id) if last else None)


def _entry(document: Document, issuer: str) -> SealEntry:
    assert document.sealed_at is not None
    return SealEntry(
        id=document.id,
        title=document.title,
        number=document.number or "",
        issuer=issuer,
        seal_name=document.seal_name,
        sealed_at=document.sealed_at,
        sealed_by=str(document.sealed_by),
        sealed_for=str(document.sealed_for or ""),
        method=SealMethod(document.seal_method),
    )


def sealed_subject(scope: Scope, document_id: int) -> str:
    """What a paper of the reader's register belongs to. Raises NotFound."""
    subject = _sealed(scope).filter(id=document_id).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound
    return subject
