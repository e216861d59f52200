"""Reads of schemes and sheets, within what a reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, Min, Q, QuerySet

from mingtang.accounts.rules import Grant, Role, Scope
from mingtang.assessment.models import (
    ManualEntry,
    Objection,
    Observation,
    PeriodSheet,
    Scheme,
    SchemeSwitch,
)
from mingtang.assessment.models import Score as Score
from mingtang.assessment.rules import schemes as rules
from mingtang.assessment.rules.periods import Period, period_of
from mingtang.assessment.rules.ranking import Ranked, Standing, ranking
from mingtang.assessment.rules.sheets import OVERSEERS, SPEAKERS, SUBJECTS, SheetState
from mingtang.assessment.rules.written import read
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.files.queries import Upload, upload_of, uploads_by_subject
from mingtang.ledger.queries import history
from mingtang.regions import queries as regions

# ── schemes ───────────────────────────────────────────────────────────────────────────────────


def content_of(row: Scheme) -> rules.Scheme:
    """The scheme that a version writes down."""
    return read(row.content)


def scheme_version(code: str, version: int) -> Scheme:
    """Raises NotFound."""
    found = Scheme.objects.filter(code=code, version=version).first()
    if found is None:
        raise NotFound(f"没有考核办法“{code}”的第 {version} 版，请核对。")
    return found


def latest_version(code: str) -> Scheme | None:
    return Scheme.objects.filter(code=code).order_by("-version").first()


def versions(code: str) -> list[Scheme]:
    """All versions of a scheme, the newest first."""
    rows = Scheme.objects.filter(code=code).select_related("written_by")
    return list(rows.order_by("-version"))


def switched_on() -> dict[str, int]:
    """By code, the id of the version that is on."""
    rows = SchemeSwitch.objects.order_by("id").values_list("code", "scheme_id")
    return {code: scheme for code, scheme in dict(rows).items() if scheme is not None}


def in_force(code: str) -> Scheme:
    """The version that is on. Raises NotFound."""
    last = SchemeSwitch.objects.filter(code=code).select_related("scheme").order_by("-id").first()
    if last is None or last.scheme is None:
        raise NotFound(f"考核办法“{code}”没有启用的版本，请先在考核办法里启用。")
    return last.scheme


@dataclass(frozen=True)
class SchemeLine:
    """A scheme in the list: its newest version, and which one is on."""

    latest: Scheme
    version_on: int | None


def scheme_lines() -> list[SchemeLine]:
    """Every scheme once, by code."""
    newest: dict[str, Scheme] = {}
    numbers: dict[int, int] = {}
    for row in Scheme.objects.order_by("code", "version"):
        newest[row.code] = row
        numbers[row.id] = row.version
    on = switched_on()
    return [
        SchemeLine(row, numbers[on[code]] if code in on else None) for code, row in newest.items()
    ]


# ── sheets ────────────────────────────────────────────────────────────────────────────────────


def sheets_for(scope: Scope) -> QuerySet[PeriodSheet]:
    """The sheets that a reader may see: those of their region for who oversees it, else the
    published ones of their own units; a person's sheet is that person's and the leads'."""
    return PeriodSheet.objects.filter(_seen(scope))


def _seen(scope: Scope) -> Q:
    seen = Q(pk__in=[])
    places = {one for grant in scope.grants if grant.role in OVERSEERS for one in grant.region_ids}
    if places:
        seen |= Q(organisation_id__in=regions.ids_in(places)) | Q(organisation_id=None)
    own = {one for grant in _held(scope, SUBJECTS) for one in grant.organisation_ids}
    led = {one for grant in _held(scope, SPEAKERS) for one in grant.organisation_ids}
    person = Q(target_kind=rules.TargetKind.PERSON.value)
    shown = (~person & Q(organisation_id__in=own)) | (person & Q(organisation_id__in=led))
    if scope.is_staff and scope.person_id is not None:
        shown |= person & Q(target_id=scope.person_id)
    return seen | (shown & ~Q(state=SheetState.DRAFT.value))


def _held(scope: Scope, roles: frozenset[Role]) -> list[Grant]:
    return [grant for grant in scope.grants if grant.role in roles]


def sheet_for(scope: Scope, sheet_id: str) -> PeriodSheet:
    """One sheet. Raises NotFound, also where it is not for this reader."""
    found = sheets_for(scope).select_related("scheme").filter(id=parse_id(sheet_id) or 0).first()
    if found is None:
        raise NotFound("没有找到这张考核表，请从考核列表进入。")
    return found


def speaks_for(scope: Scope, sheet: PeriodSheet) -> bool:
    """Whether somebody may object to a sheet: a unit's leads, and the person it judges."""
    if sheet.target_kind == rules.TargetKind.PERSON and sheet.target_id == scope.person_id:
        return True
    led = {one for grant in _held(scope, SPEAKERS) for one in grant.organisation_ids}
    return sheet.organisation_id in led


@dataclass(frozen=True)
class Round:
    """A scheme's period: how many sheets, and how far the one furthest behind is."""

    code: str
    name: str
    period: Period
    count: int
    state: SheetState


ROUNDS_SHOWN = 24
_ORDER = [SheetState.DRAFT, SheetState.PUBLISHED, SheetState.LOCKED]


def rounds(scope: Scope, before: str = "") -> tuple[list[Round], str]:
    """The periods with sheets that a reader may see, the newest first, and where the next page
    begins. `before`: the period and code that the last page ended with, as 2013-09/CODE."""
    rows = sheets_for(scope)
    if before:
        period, _, code = before.partition("/")
        rows = rows.filter(Q(period__lt=period) | Q(period=period, code__gt=code))
    states = {f"n_{one.value}": Count("id", filter=Q(state=one.value)) for one in _ORDER}
    grouped = rows.values("code", "period").annotate(count=Count("id"), scheme=Min("scheme"))
    listed = list(grouped.annotate(**states).order_by("-period", "code")[: ROUNDS_SHOWN + 1])
    kept = Scheme.objects.in_bulk([row["scheme"] for row in listed])
    found = [
        _round(cast("Mapping[str, Any]", row), kept[row["scheme"]]) for row in listed[:ROUNDS_SHOWN]
    ]
    is_more = len(listed) > ROUNDS_SHOWN
    return found, f"{found[-1].period.code}/{found[-1].code}" if is_more else ""


def _round(row: Mapping[str, Any], scheme: Scheme) -> Round:
    state = next(one for one in _ORDER if row[f"n_{one.value}"])
    period = period_of(rules.Cycle(scheme.cycle), row["period"])
    return Round(row["code"], scheme.name, period, row["count"], state)


@dataclass(frozen=True)
class Placed:
    """A sheet in a ranking: its place counts among all, whoever reads."""

    sheet: PeriodSheet
    ranked: Ranked


def round_of(scope: Scope, code: str, period: str) -> list[Placed]:
    """The sheets of a period that a reader may see, by group and place. Places count among all."""
    whole = PeriodSheet.objects.filter(code=code, period=period)
    seen = set(whole.filter(_seen(scope)).values_list("id", flat=True))
    if not seen:
        raise NotFound("没有找到这一期考核，或者还没有公示。")
    rows = list(whole.select_related("scheme").order_by("target_id"))
    return [one for one in placed(rows) if one.sheet.id in seen]


def placed(rows: list[PeriodSheet]) -> list[Placed]:
    """All sheets of one period, ranked."""
    by_target = {row.target_id: row for row in rows}
    standings = [Standing(row.target_id, row.total, row.volume, row.is_vetoed) for row in rows]
    found = ranking(content_of(rows[0].scheme), standings) if rows else []
    return [Placed(by_target[one.target_id], one) for one in found]


def sheets_of(code: str, period: str) -> list[PeriodSheet]:
    """All sheets of a period, by target."""
    rows = PeriodSheet.objects.filter(code=code, period=period)
    return list(rows.select_related("scheme").order_by("target_id"))


def placed_one(sheet: PeriodSheet) -> Placed:
    """One sheet with its place among all of its period."""
    found = placed(sheets_of(sheet.code, sheet.period))
    return next(one for one in found if one.sheet.id == sheet.id)


def locked_by_office(sheet: PeriodSheet) -> str:
    """Which office locked it, as the ledger has it."""
    told = [one for one in history(sheet.stream) if one.kind == "sheet.locked"]
    return told[-1].organisation_label if told else ""


def scores_of(sheet: PeriodSheet) -> list[Score]:
    return list(sheet.scores.order_by("position", "id"))


def entries_of(sheet: PeriodSheet) -> list[ManualEntry]:
    rows = sheet.entries.select_related("entered_by", "confirmed_by")
    return list(rows.order_by("entered_at", "id"))


def files_of_entries(entries: Iterable[ManualEntry]) -> dict[str, list[Upload]]:
    """What was handed in as proof, by the stream of the entry."""
    return uploads_by_subject([one.stream for one in entries])


def file_of_sheet(sheet: PeriodSheet, upload_id: str) -> Upload:
    """A file that proves an entry of this sheet. Raises NotFound."""
    number = parse_id(upload_id) or 0
    for entry in sheet.entries.order_by("id"):
        if (found := upload_of(entry.stream, number)) is not None:
            return found
    raise NotFound("没有找到这份文件，请从考核表进入。")


def objections_of(sheet: PeriodSheet) -> list[Objection]:
    rows = sheet.objections.select_related("objected_by", "answered_by")
    return list(rows.order_by("objected_at", "id"))


def sheet_subject(sheet_id: int) -> bool:
    return PeriodSheet.objects.filter(id=sheet_id).exists()


# ── observations ──────────────────────────────────────────────────────────────────────────────

OBSERVATIONS_SHOWN = 40


@dataclass(frozen=True)
class ObservationPage:
    rows: list[Observation]
    next: DateCursor | None


def observations(
    scope: Scope, *, is_confirmed: bool, after: DateCursor | None = None
) -> ObservationPage:
    """What was seen in the region of who oversees it, or of oneself; the newest first."""
    rows = Observation.objects.filter(_observed(scope), confirmed_at__isnull=not is_confirmed)
    if after is not None:
        rows = rows.filter(Q(seen_date__lt=after.day) | Q(seen_date=after.day, id__lt=after.id))
    rows = rows.select_related("person", "window", "entered_by", "confirmed_by")
    found = list(rows.order_by("-seen_date", "-id")[: OBSERVATIONS_SHOWN + 1])
    shown = found[:OBSERVATIONS_SHOWN]
    last = shown[-1] if len(found) > OBSERVATIONS_SHOWN else None
    return ObservationPage(shown, DateCursor(last.seen_date, last.id) if last else None)


def _observed(scope: Scope) -> Q:
    places = {one for grant in scope.grants if grant.role in OVERSEERS for one in grant.region_ids}
    seen = Q(person_id=scope.person_id) if scope.person_id else Q(pk__in=[])
    if places:
        seen |= Q(organisation_id__in=regions.ids_in(places)) | Q(organisation=None)
    return seen


def observation_for(scope: Scope, observation_id: str) -> Observation:
    """Raises NotFound."""
    rows = Observation.objects.filter(_observed(scope))
    found = rows.filter(id=parse_id(observation_id) or 0).first()
    if found is None:
        raise NotFound("没有找到这条记录，请刷新页面。")
    return found


def names_on(unit_ids: set[int], on: date) -> dict[int, str]:
    return regions.short_names_of(unit_ids, on)
