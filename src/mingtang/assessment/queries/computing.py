"""Reads that make scores: measures from the ledger or from kept rows, then points."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mingtang.assessment.models import ManualEntry
from mingtang.assessment.models import Score as ScoreRow
from mingtang.assessment.queries.targets import Target
from mingtang.assessment.queries.telling import Book
from mingtang.assessment.rules.periods import Period
from mingtang.assessment.rules.ranking import Ranked, Standing, places, ranking
from mingtang.assessment.rules.schemes import Kind, Scheme, TargetKind
from mingtang.assessment.rules.scoring import Evidence, Found, Measured, Place, Score, score_of
from mingtang.assessment.rules.sources import SOURCES, volume
from mingtang.ledger.rules import canonical

Measures = dict[int, dict[str, Measured]]  # by target, by source
Entered = Mapping[int, Mapping[str, Decimal]]  # by target, by indicator


@dataclass(frozen=True)
class Reading:
    """What the ledger says of all targets in a period: any scheme of their kind can judge it."""

    measures: Measures
    volumes: dict[int, int]


def read_ledger(period: Period, kind: TargetKind, targets: Iterable[Target]) -> Reading:
    """Every source's number for every target. The ledger is read once for all of them."""
    told = Book(period.since, period.until).told(kind, [one.id for one in targets])
    measures = {
        target: {code: source.measure(tale) for code, source in SOURCES.items()}
        for target, tale in told.items()
    }
    return Reading(measures, {target: volume(tale) for target, tale in told.items()})


def scores(scheme: Scheme, measures: Measures, entered: Entered) -> dict[int, Score]:
    """The score of every target, places among them included."""
    placed = _places(scheme, measures)
    return {
        target: score_of(scheme, Found(found, placed[target], entered.get(target, {})))
        for target, found in measures.items()
    }


def _places(scheme: Scheme, measures: Measures) -> dict[int, dict[str, Place]]:
    found: dict[int, dict[str, Place]] = {target: {} for target in measures}
    for one in scheme.indicators:
        if one.kind == Kind.RANK:
            amounts = {
                key: sources.get(one.source, Measured()) for key, sources in measures.items()
            }
            for target, place in places(amounts, one.direction).items():
                found[target][one.source] = place
    return found


def ranked(scheme: Scheme, found: Mapping[int, Score], volumes: Mapping[int, int]) -> list[Ranked]:
    """Places and stars of freshly made scores."""
    standings = [
        Standing(target, score.total, volumes.get(target, 0), score.is_vetoed)
        for target, score in found.items()
    ]
    return ranking(scheme, standings)


# ── what is kept ──────────────────────────────────────────────────────────────────────────────


def written_evidence(found: Iterable[Evidence]) -> list[list[Any]]:
    return [[one.stream, one.seq, one.on.isoformat(), one.what] for one in found]


def digest(evidence: list[list[Any]]) -> str:
    """One hash over the events behind a number: equal evidence, equal hash."""
    return hashlib.sha256(canonical(evidence)).hexdigest()


def kept_measures(scheme: Scheme, sheet_ids: Mapping[int, int]) -> Measures:
    """What sheets keep, by target, without asking the ledger again. `sheet_ids`: target → sheet."""
    sources = {one.key: one.source for one in scheme.indicators}
    owners = {sheet: target for target, sheet in sheet_ids.items()}
    found: Measures = {target: {} for target in sheet_ids}
    for row in ScoreRow.objects.filter(sheet__in=list(owners)).order_by("sheet_id", "position"):
        if source := sources.get(row.key):
            found[owners[row.sheet_id]][source] = Measured(row.value, row.of)
    return found


def confirmed(sheet_ids: Mapping[int, int]) -> dict[int, dict[str, Decimal]]:
    """The points entered by hand that count, by target and indicator."""
    owners = {sheet: target for target, sheet in sheet_ids.items()}
    found: dict[int, dict[str, Decimal]] = {}
    rows = ManualEntry.objects.filter(sheet__in=list(owners), confirmed_at__isnull=False)
    for row in rows.order_by("id"):
        own = found.setdefault(owners[row.sheet_id], {})
        own[row.key] = own.get(row.key, Decimal(0)) + row.points
    return found


@dataclass(frozen=True)
class Difference:
    """A number whose source says something else today than the sheet keeps."""

    key: str
    name: str
    kept: str
    now: str
    added: list[list[Any]] = field(default_factory=list)
    removed: list[list[Any]] = field(default_factory=list)


def differences(
    scheme: Scheme, rows: Iterable[ScoreRow], measures: Mapping[str, Measured]
) -> list[Difference]:
    """Where the ledger and a sheet part: what came, what went. Nothing is changed."""
    found = []
    kept = {row.key: row for row in rows}
    for one in scheme.indicators:
        row = kept.get(one.key)
        if row is None or not one.source:
            continue
        now = measures.get(one.source, Measured())
        evidence = written_evidence(now.evidence)
        if digest(evidence) != row.digest or (now.value, now.of) != (row.value, row.of):
            found.append(
                Difference(
                    key=one.key,
                    name=one.name,
                    kept=spoken(row.value, row.of),
                    now=spoken(now.value, now.of),
                    added=[each for each in evidence if each not in row.evidence],
                    removed=[each for each in row.evidence if each not in evidence],
                )
            )
    return found


def spoken(value: Decimal, of: int | None) -> str:
    """3 · 90/96 · 无"""
    number = f"{value:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if of is None:
        return number
    return f"{number}/{of}" if of else "无"
