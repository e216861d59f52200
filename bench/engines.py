"""A step of a case, against engines of workflows that do the same in SQLite, in the same run."""

import statistics

from bench.figures import Figure, spread
from bench.measure import timed
from bench.peers import asked_of_peer
from bench.town import Hall

CASES, ROUNDS, PEER_CASES = 20, 5, 50
PEERS = (
    ("SpiffWorkflow==3.2.0", "spiff", 4),
    ("django-viewflow==2.4.0", "viewflow_steps", 8),
)


def run(size: str) -> list[Figure]:
    """A step is claimed and done. Ours are the two commands, with rights, clocks and ledger."""
    hall = Hall()
    _round(hall)  # what the process keeps is kept
    ours = [_round(hall) for _ in range(ROUNDS)]
    return [_figure(ours, *one) for one in PEERS]


def _round(hall: Hall) -> float:
    """Milliseconds of CPU of one step."""
    ids = [hall.file() for _ in range(CASES)]
    for one in ids:
        hall.receive(one)
        hall.accept(one)

    def steps() -> None:
        for one in ids:
            hall.claim(one)
            hall.opinion(one)

    return timed(steps).cpu / CASES * 1e3


def _figure(ours: list[float], package: str, script: str, least: float) -> Figure:
    theirs = float(asked_of_peer(package, script, {"cases": PEER_CASES})["milliseconds"])
    ratio = theirs / statistics.median(ours)
    return Figure(
        row="15",
        what=f"a step, claimed and done, against {package}",
        goal=f"≥ {least} × less CPU",
        figure=spread(ours, "ms CPU"),
        yardstick=f"{package} {theirs:.3g} ms CPU",
        ratio=ratio,
        least=least,
        cpu_ms=statistics.median(ours),
        note="" if ratio >= least else WHY,
    )


WHY = (
    "the engines know steps alone; ours are two commands, each of which asks for the right to the"
    " act, runs once however often it is sent, moves the clocks, and leaves a hashed event."
)
