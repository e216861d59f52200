"""Sources of reports: where each number comes from, and the rows behind it.

A source gives figures of a unit and a year, and for each of its keys the rows. It reads tables of
lower apps, as `reports` may; it never adds up what the rows do not.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mingtang.reports.rules.figures import CleanUp, Figure, NoFigure, RowRef
from mingtang.reports.sources import cases, catalogue, information, releases

Gather = Callable[[int, int], Iterable[Figure]]
Rows = Callable[[int, int, str], Iterable[RowRef]]


@dataclass(frozen=True)
class Source:
    """`prefix`: the keys that it answers for begin so."""

    prefixes: tuple[str, ...]
    gather: Gather
    rows: Rows


SOURCES: Sequence[Source] = (
    Source(("release.", "record."), releases.gather, releases.rows),
    Source(("t3.", "t4.", "fee."), information.gather, information.rows),
    Source(("t2.permits",), cases.gather, cases.rows),
    Source(("clean.", "item."), catalogue.gather, catalogue.rows),
)


def gather(organisation_id: int, year: int) -> list[Figure]:
    """All figures that records tell."""
    return [one for source in SOURCES for one in source.gather(organisation_id, year)]


def rows_behind(organisation_id: int, year: int, key: str) -> list[RowRef]:
    """The rows of a figure. Raises NoFigure for what no record tells."""
    for source in SOURCES:
        if key.startswith(source.prefixes):
            return list(source.rows(organisation_id, year, key))
    raise NoFigure


def cleanups(organisation_id: int, year: int) -> list[CleanUp]:
    """The clean-ups of the year that the unit reports on."""
    return catalogue.cleanups(organisation_id, year)


__all__ = ["SOURCES", "Source", "cleanups", "gather", "rows_behind"]
