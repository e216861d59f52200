"""docs/scale.md: what a province and the country would take, on paper. Each cost is read from
bench/results/, each assumption is said; so no figure is typed by hand but the assumptions.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

DAYS, HOURS = 250, 8  # of work in a year, in a day
PEAK = 2.5  # the busiest hour against the average one
PAGES, VISITS = 3, 20  # pages that an officer opens for an act; that the public opens for a case
KEPT_SHARE = 0.8  # of these are given as they were kept
BUSY = 0.5  # of a core at the peak: the other half is for a machine that fails
CORES = 16  # of a machine
MORE_ROWS = 2.0  # messages, tree, search, cards, statistics: as much again as the case's own rows
FULL_PAGES = 3.0  # the log with the pages that follow a checkpoint, against without
FILES_MB = 2.0  # of what applicants hand in for a case
ACTS = ("file", "accept", "opinion", "decide")
UNMEASURED = 2  # receive and claim: as the mean of the four


@dataclass(frozen=True)
class Costs:
    """Of a case, on PostgreSQL: milliseconds of CPU, bytes; of a clock that moves, milliseconds;
    of a board over two shards, how often the cost of one over one database."""

    acts: dict[str, float]
    page: float
    fresh: float
    kept: float
    worker: float
    disk: float
    log: float
    moved: float
    board: float

    @property
    def of_acts(self) -> float:
        total = sum(self.acts.values())
        return total + UNMEASURED * total / len(self.acts)

    @property
    def of_pages(self) -> float:
        return (len(self.acts) + UNMEASURED) * PAGES * self.page

    @property
    def of_public(self) -> float:
        return VISITS * (KEPT_SHARE * self.kept + (1 - KEPT_SHARE) * self.fresh)

    @property
    def cpu(self) -> float:
        return self.of_acts + self.of_pages + self.of_public + self.worker


@dataclass(frozen=True)
class Place:
    name: str
    cases: float  # a year
    counties: int


PLACES = (
    Place("a county", 1.1e6, 1),
    Place("a province", 100e6, 90),
    Place("the country", 3100e6, 2850),
)


def costs(results: Path) -> Costs:
    def of(bench: str, what: str) -> dict[str, float]:
        told = json.loads((results / f"{bench}.json").read_text(encoding="utf-8"))
        return next(one for one in told["figures"] if one["what"].startswith(what))

    acts = {name: of("acts-postgresql-small", name)["cpu_ms"] for name in ACTS}
    pages = "pages-postgresql-small"
    return Costs(
        acts,
        of("scale-postgresql-million", "worklist over HTTP")["cpu_ms"],
        of(pages, "public page, fresh")["cpu_ms"],
        of(pages, "public page, kept: CPU")["cpu_ms"],
        of("load-postgresql-small", "worker")["cpu_ms"],
        of("load-postgresql-small", "disk")["ratio"],
        of("load-postgresql-small", "log")["ratio"],
        of("scale-postgresql-million", "calendar revision")["cpu_ms"],
        of("shards-postgresql-small", "a province's board")["ratio"],
    )


def write_model(results: Path, page: Path) -> None:
    page.write_text(_text(costs(results)), encoding="utf-8")


def _text(found: Costs) -> str:
    total = sum(found.acts.values())
    shown: dict[str, object] = {
        "acts": " + ".join(f"{name} {cost:.0f}" for name, cost in found.acts.items()),
        "unmeasured": UNMEASURED,
        "mean": f"{total / len(found.acts):.0f}",
        "of_acts": f"{found.of_acts:.0f}",
        "count": len(ACTS) + UNMEASURED,
        "pages": PAGES,
        "page": f"{found.page:.1f}",
        "of_pages": f"{found.of_pages:.0f}",
        "visits": VISITS,
        "share": f"{KEPT_SHARE:.0%}",
        "kept": f"{found.kept:.2f}",
        "fresh": f"{found.fresh:.1f}",
        "of_public": f"{found.of_public:.0f}",
        "worker": f"{found.worker:.0f}",
        "cpu": f"{found.cpu:.0f}",
        "seconds": f"{found.cpu / 1e3:.2f}",
        "own": f"{found.disk / 1024:.0f}",
        "disk": f"{found.disk * MORE_ROWS / 1024:.0f}",
        "log": f"{found.log / 1024:.0f}",
        "writes": f"{_rate(PLACES[0]) * (len(ACTS) + UNMEASURED):.1f}",
        "board": f"{found.board:.1f}",
        "moved": f"{found.moved:.2f}",
        "rows": "\n".join(_row(found, place) for place in PLACES),
    }
    said = {"more": MORE_ROWS, "full": FULL_PAGES, "files": FILES_MB, "busy": BUSY, "peak": PEAK}
    shown |= {name: f"{value:g}" for name, value in said.items()}
    shown |= {"days": DAYS, "hours": HOURS, "cores": CORES}
    form = (Path(__file__).parent / "scale.md.in").read_text(encoding="utf-8")
    return Template(form).substitute(shown)


def _row(found: Costs, place: Place) -> str:
    rate = _rate(place)
    cores = rate * found.cpu / 1e3 / BUSY
    each = max(1, int(CORES / (cores / place.counties)))
    machines = -(-place.counties // each)
    cells = (
        f"{place.cases / 1e6:,g} M",
        f"{place.counties:,}",
        f"{rate:,.2f}",
        f"{cores:,.1f}",
        f"{each:,}",
        f"{machines:,} × 3",
        f"{place.cases * _disk(found) / 1e12:,.2f} TB",
        f"{place.cases * FILES_MB / 1e6:,.1f} TB",
        f"{rate * found.log * FULL_PAGES / 1e6:,.2f} MB/s",
    )
    return f"| {place.name} | {' | '.join(cells)} |"


def _rate(place: Place) -> float:
    return place.cases / (DAYS * HOURS * 3600) * PEAK


def _disk(found: Costs) -> float:
    return found.disk * MORE_ROWS
