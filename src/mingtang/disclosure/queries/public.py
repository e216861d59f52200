"""What the public may read: the published versions of active items, and nothing else.

Every read of this module goes through `_public`: there is no other way to a page, a feed or a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from mingtang.base.errors import NotFound
from mingtang.base.paging import DateCursor
from mingtang.disclosure.models import IndexNumber, Publication, Version
from mingtang.disclosure.queries.history import published_hashes
from mingtang.disclosure.rules.items import Attribute, Column
from mingtang.files.queries import Upload, upload_of

PAGE = 20


@dataclass(frozen=True)
class PublicSought:
    """Which public items: of organs, in a column, of a category, on days."""

    organisation_ids: tuple[int, ...] | None = None
    column: Column | None = None
    category: str = ""
    genre: str = ""
    theme: str = ""
    since: date | None = None
    until: date | None = None
    ids: tuple[int, ...] | None = None  # what a search has found

    def condition(self) -> Q:
        found = Q()
        if self.organisation_ids is not None:
            found &= Q(organisation__in=self.organisation_ids)
        if self.ids is not None:
            found &= Q(id__in=self.ids)
        for name in ("column", "category", "genre", "theme"):
            if value := getattr(self, name):
                found &= Q(**{f"published_version__{name}": str(value)})
        if self.since:
            found &= Q(public_date__gte=self.since)
        if self.until:
            found &= Q(public_date__lte=self.until)
        return found


@dataclass(frozen=True)
class PublicPage:
    rows: list[Publication]
    next: DateCursor | None


def _public() -> QuerySet[Publication]:
    return Publication.objects.filter(
        published_version__isnull=False, published_version__attribute=Attribute.ACTIVE.value
    )


def _listed(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """With the version that is public, without its text; total order (public_date, id)."""
    found = rows.select_related("published_version").defer("published_version__body")
    return found.order_by("-public_date", "-id")


def public_items(
    sought: PublicSought, after: DateCursor | None = None, size: int = PAGE
) -> PublicPage:
    """A page of public items, newest first."""
    found = _public().filter(sought.condition())
    if after is not None:
        found = found.filter(
            Q(public_date__lt=after.day) | Q(id__lt=after.id), public_date__lte=after.day
        )
    rows = list(_listed(found)[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return PublicPage(rows[:size], _cursor(last) if last else None)


def _cursor(item: Publication) -> DateCursor:
    assert item.public_date is not None
    return DateCursor(item.public_date, item.id)


def public_latest(count: int, sought: PublicSought | None = None) -> list[Publication]:
    """The newest public items, with their texts' heads left out."""
    return public_items(sought or PublicSought(), size=count).rows


def public_item(publication_id: int) -> Publication:
    """A public item with its published version. Raises NotFound: also for what is not public."""
    found = _public().select_related("published_version").filter(id=publication_id).first()
    if found is None:
        raise NotFound("没有找到这条公开信息，可能已经撤下。请从政务公开栏目进入。")
    return found


def public_by_number(number: str) -> Publication:
    """A public item by any number that it has or had. Raises NotFound."""
    row = IndexNumber.objects.filter(number=number.strip()).first()
    if row is None:
        raise NotFound("没有这个索引号的公开信息，请核对。")
    return public_item(row.publication_id)


def public_versions(item: Publication) -> list[Version]:
    """The versions that were public, newest first. A version that waits, or was never released, is
    nobody's business."""
    hashes = published_hashes(item)
    rows = Version.objects.filter(
        publication=item, content_hash__in=hashes, attribute=Attribute.ACTIVE.value
    )
    return list(rows.order_by("-number"))


def public_numbers(item: Publication) -> list[IndexNumber]:
    """All numbers of an item, with what its organ was called then, oldest first."""
    return list(IndexNumber.objects.filter(publication=item).order_by("id"))


def public_file(publication_id: int, upload_id: int) -> Upload:
    """A file of the published version. Raises NotFound, HeldBack."""
    item = public_item(publication_id)
    assert item.published_version is not None
    for one in item.published_version.attachments:
        if int(one["upload_id"]) == upload_id:
            upload = upload_of(item.subject, upload_id)
            if upload is not None and upload.sha256 == one["sha256"]:
                upload.check_may_leave()
                return upload
    raise NotFound("没有找到这个附件，请从信息页面下载。")


def public_count(sought: PublicSought) -> int:
    return _public().filter(sought.condition()).count()


@dataclass(frozen=True)
class ColumnCount:
    """How many public items a column has, and when the last one came."""

    count: int
    latest: date


def public_counts(organisation_ids: Iterable[int] | None = None) -> dict[Column, ColumnCount]:
    """By column; columns without any are left out."""
    ids = None if organisation_ids is None else tuple(organisation_ids)
    rows = _public().filter(PublicSought(organisation_ids=ids).condition()).order_by()
    found = rows.values_list("published_version__column").annotate(
        count=Count("id"), latest=Max("public_date")
    )
    return {Column(column): ColumnCount(count, latest) for column, count, latest in found}


def public_organs() -> dict[int, int]:
    """Organs that have public items, with how many."""
    rows = _public().order_by().values_list("organisation_id").annotate(count=Count("id"))
    return dict(rows)
