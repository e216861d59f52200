"""Reads of the archive: what a file lacks, and the files that a unit hands over (移交清单)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from mingtang.accounts.rules import Role, Scope
from mingtang.base.clock import day_bounds, legal_date
from mingtang.cases.models import ArchiveFile, Case, GivenMaterial
from mingtang.cases.queries.leads import regions_of
from mingtang.cases.queries.reading import SEALED
from mingtang.cases.rules import GivenWay
from mingtang.cases.rules.archive import Act, Retention, missing_materials, missing_papers
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import Document, uploads_of
from mingtang.ledger import queries as ledger
from mingtang.regions import queries as regions

MOST_FILES = 500  # of one list: more are no list that somebody checks by hand


def missing_from(case: Case, papers: Iterable[Document]) -> list[str]:
    """What should be in the file of a case and is not, a line each. Unsealed papers among it:
    with one of those no file is closed, but who looks before should see it."""
    found = list(papers)
    events = ledger.history(case.stream)
    acts = [Act(one.kind, legal_date(one.at), told_ids(one.facts)) for one in events]
    unsealed = [
        f"{paper}没有盖章登记" for paper in found if paper.needs_seal and paper.sealed_at is None
    ]
    settled = _settled(case)
    wanted = [
        line["name"]
        for line in catalogue.materials_of(case.edition, case.variant)
        if line["id"] not in settled
    ]
    return [
        *missing_papers(acts, {str(paper.id) for paper in found}),
        *unsealed,
        *missing_materials(wanted, _arrived(case)),
    ]


def told_ids(facts: Any) -> tuple[str, ...]:
    """The papers of which an event tells: each says its commitment."""
    said = facts.values() if isinstance(facts, dict) else ()
    return tuple(one["id"] for one in said if isinstance(one, dict) and "commitment" in one)


def _settled(case: Case) -> set[str]:
    """Materials that came one by one under their own name, and those that do not apply."""
    given = Q(way__in=[GivenWay.UPLOADED.value, GivenWay.NOT_NEEDED.value])
    given |= Q(brought_at__isnull=False)
    rows = GivenMaterial.objects.filter(given, submission__case=case)
    return set(rows.values_list("material_id", flat=True))


def _arrived(case: Case) -> list[str]:
    """The names of all that came in: files, originals, what was promised and brought later."""
    names = [upload.original_name for upload in uploads_of(case.stream)]
    names += case.originals.order_by("id").values_list("name", flat=True)
    later = case.deferred.filter(supplied_at__isnull=False).order_by("id")
    return [*names, *later.values_list("name", flat=True)]


def archive_file_of(case: Case) -> ArchiveFile | None:
    """The file of an archived case; none for those of the time before there were files."""
    return ArchiveFile.objects.filter(case=case).first()


def archived_on(case: Case) -> date:
    """The day on which an archived case was filed away."""
    assert case.archived_at is not None
    return legal_date(case.archived_at)


def without_package() -> Iterator[Case]:
    """Archived cases whose package does not stand in MINGTANG_PACKAGES yet, in order (filed away):
    for whoever runs the house. Those of the time before there were files are not among them."""
    files = ArchiveFile.objects.filter(packaged_at=None).order_by("id")
    ids = list(files.values_list("case_id", flat=True))
    for start in range(0, len(ids), 50):
        rows = Case.objects.filter(id__in=ids[start : start + 50])
        yield from rows.select_related("edition", "item").order_by("archive_file__id")


def archived_between(since: date, until: date) -> list[Case]:
    """All cases that were archived between two days, both included, in order (archived_at, id):
    for whoever runs the house, not for a reader with a scope."""
    rows = Case.objects.filter(
        archived_at__gte=day_bounds(since)[0], archived_at__lt=day_bounds(until)[1]
    )
    return list(rows.select_related("edition", "item").order_by("archived_at", "id"))


# ── the list of what is handed over ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class FileLine:
    """One file of the list. No applicant's name: the number leads to the case."""

    number: str
    item_name: str
    organisation_id: int
    ended_on: date
    archived_on: date
    retention: str
    piece_count: int | None
    missing_count: int | None


@dataclass(frozen=True)
class FileList:
    rows: list[FileLine]
    is_cut: bool


def archived(
    scope: Scope, since: date, until: date, organisation_id: int | None = None
) -> FileList:
    """The files that the reader's units archived between two days, in order (archived_at, id)."""
    rows = Case.objects.filter(
        _of(scope),
        archived_at__gte=day_bounds(since)[0],
        archived_at__lt=day_bounds(until)[1],
    )
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    rows = rows.select_related("edition", "archive_file").defer(*SEALED)
    found = list(rows.order_by("archived_at", "id")[: MOST_FILES + 1])
    return FileList([_line(case) for case in found[:MOST_FILES]], len(found) > MOST_FILES)


def _of(scope: Scope) -> Q:
    """All of the place for the centre's manager, the units where somebody leads for them."""
    leading = [grant for grant in scope.grants if grant.role is Role.WINDOW_LEAD]
    units = {one for grant in leading for one in grant.organisation_ids}
    return Q(organisation_id__in=units) | Q(region_id__in=_places(scope))


def _places(scope: Scope) -> list[int]:
    return regions_of(scope, [Role.CENTRE_MANAGER])


def archive_units(scope: Scope, on: date) -> list[tuple[int, str]]:
    """Of which units the reader may list the files, by name."""
    leading = [grant for grant in scope.grants if grant.role is Role.WINDOW_LEAD]
    ids = {one for grant in leading for one in grant.organisation_ids}
    ids.update(regions.ids_in(_places(scope)))
    return sorted(regions.names_of(ids, on).items(), key=lambda pair: (pair[1], pair[0]))


def _line(case: Case) -> FileLine:
    assert case.archived_at is not None
    file = getattr(case, "archive_file", None)  # those archived before there were files have none
    ended = case.delivered_at or case.ended_at or case.archived_at
    return FileLine(
        number=case.number,
        item_name=case.edition.name,
        organisation_id=case.organisation_id,
        ended_on=legal_date(ended),
        archived_on=legal_date(case.archived_at),
        retention=Retention(file.retention).label if file else "",
        piece_count=file.piece_count if file else None,
        missing_count=len(file.missing) if file else None,
    )
