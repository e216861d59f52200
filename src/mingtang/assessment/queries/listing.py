"""Reads of a whole period as lines: kept sheets, or a trial on the ledger where none is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mingtang.assessment.queries import computing
from mingtang.assessment.queries.reading import content_of, in_force, placed, sheets_of
from mingtang.assessment.queries.targets import Target, targets
from mingtang.assessment.rules.periods import Period, period_of
from mingtang.assessment.rules.ranking import Ranked, band_label
from mingtang.assessment.rules.schemes import Cycle, Scheme, TargetKind
from mingtang.assessment.rules.scoring import Score, head_score

HEADINGS = (
    "组别",
    "名次",
    "考核对象",
    "得分",
    "负责人得分",
    "星级",
    "红旗",
    "一票否决",
    "办件量",
    "状态",
)


@dataclass(frozen=True)
class Line:
    """A target in the list of a period."""

    label: str
    total: Decimal | None
    head_total: Decimal | None
    is_vetoed: bool
    volume: int
    state: str
    ranked: Ranked
    band: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As the list prints it; a blank where there is nothing to judge."""
        place = self.ranked.place
        return (
            self.band,
            "" if place is None else str(place),
            self.label,
            "" if self.total is None else f"{self.total:.2f}",
            "" if self.head_total is None else f"{self.head_total:.2f}",
            str(self.ranked.stars or ""),
            "是" if self.ranked.has_flag else "",
            "是" if self.is_vetoed else "",
            str(self.volume),
            self.state,
        )


@dataclass(frozen=True)
class PeriodLines:
    lines: list[Line]
    is_opened: bool


def lines_of_period(code: str, period: str) -> PeriodLines:
    """The period by the sheets that are kept; where none is open, tried on the ledger by the
    version that is on. Raises NotFound, BadPeriod."""
    sheets = sheets_of(code, period)
    if not sheets:
        scheme = content_of(in_force(code))
        return PeriodLines(trial(scheme, period_of(Cycle(scheme.cycle), period)), False)
    scheme = content_of(sheets[0].scheme)
    lines = [
        Line(
            one.sheet.target_label,
            one.sheet.total,
            one.sheet.head_total,
            one.sheet.is_vetoed,
            one.sheet.volume,
            one.sheet.get_state_display(),
            one.ranked,
            band_label(scheme.bands, one.ranked.band),
        )
        for one in placed(sheets)
    ]
    return PeriodLines(lines, True)


def trial(scheme: Scheme, period: Period) -> list[Line]:
    """What a scheme would say of a period, without points by hand. Writes nothing."""
    kind = TargetKind(scheme.target)
    judged = targets(kind, period.until)
    reading = computing.read_ledger(period, kind, judged)
    found = computing.scores(scheme, reading.measures, {})
    return _lines(scheme, judged, found, reading.volumes)


def _lines(
    scheme: Scheme, judged: list[Target], found: Mapping[int, Score], volumes: Mapping[int, int]
) -> list[Line]:
    labels = {one.id: one.label for one in judged}
    return [
        Line(
            labels[one.target_id],
            found[one.target_id].total,
            head_score(scheme, found[one.target_id].total),
            found[one.target_id].is_vetoed,
            volumes[one.target_id],
            "试算",
            one,
            band_label(scheme.bands, one.band),
        )
        for one in computing.ranked(scheme, found, volumes)
    ]


@dataclass(frozen=True)
class Moved:
    """A target under the scheme as it was and as it is being written."""

    label: str
    before: Line
    after: Line

    @property
    def is_moved(self) -> bool:
        return _standing(self.before) != _standing(self.after)


def _standing(line: Line) -> tuple[object, ...]:
    ranked = line.ranked
    return line.total, ranked.place, ranked.stars, ranked.has_flag


def compared(before: Scheme, after: Scheme, period: Period) -> list[Moved]:
    """How a period's ranking would change by another way to judge: both on the same reading of the
    ledger, with the points by hand of sheets that are open. In the order of the new ranking."""
    kind = TargetKind(after.target)
    judged = targets(kind, period.until)
    reading = computing.read_ledger(period, kind, judged)
    ids = {one.target_id: one.id for one in sheets_of(after.code, period.code)}
    entered = computing.confirmed(ids)
    sides = []
    for scheme in (before, after):
        found = computing.scores(scheme, reading.measures, entered)
        rows = _lines(scheme, judged, found, reading.volumes)
        sides.append({one.ranked.target_id: one for one in rows})
    old, new = sides
    return [Moved(line.label, old[target], line) for target, line in new.items()]
