"""What this process counts for Prometheus. All processes of a machine write into one folder (mmap
files of `prometheus_client`), so that whoever of them is asked tells the sum. Off: nothing is
counted, and the library is not even loaded.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
KEPT = "kept"  # the route of a page that was given from the shelf
_meters: "Meters | None" = None
log = logging.getLogger(__name__)


class Meters:
    """Made once in a process, after the folder is named: the library looks when it is loaded."""

    requests: "Counter"
    durations: "Histogram"
    commands: "Counter"
    troubles: "Counter"

    def __init__(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder())
        from prometheus_client import CollectorRegistry, Counter, Histogram

        apart: Any = CollectorRegistry()  # read from the files, by whoever is asked
        self.requests = Counter(
            *("mingtang_requests", "Requests answered", ["method", "route", "status"]),
            registry=apart,
        )
        self.durations = Histogram(
            *("mingtang_request_seconds", "Seconds until the answer", ["route"]),
            buckets=SECONDS,
            registry=apart,
        )
        self.commands = Counter(
            *("mingtang_commands", "Commands by what came of them", ["command", "outcome"]),
            registry=apart,
        )
        self.troubles = Counter(
            "mingtang_database_errors", "Errors of the database", ["where"], registry=apart
        )


def folder() -> Path:
    home: Path = settings.MINGTANG_HOME
    return home / "metrics"


def is_on() -> bool:
    return bool(settings.MINGTANG_METRICS)


def meters() -> Meters | None:
    """What this process counts with; None where nothing is counted."""
    global _meters  # noqa: PLW0603  one for the process, as the files are
    if _meters is None and is_on():
        _meters = Meters()
    return _meters


def begin_anew() -> None:
    """Before the web processes start: what processes counted that are gone goes. A worker that runs
    beside them goes on in its own files."""
    for path in folder().glob("*_*.db"):
        number = path.stem.rpartition("_")[2]
        if not (number.isdecimal() and _is_alive(int(number))):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # of another user
        return True
    return True


@contextmanager
def _quietly() -> Iterator[None]:
    """An act is not undone, nor a page lost, because it could not be counted."""
    try:
        yield
    except (OSError, ValueError) as error:
        log.warning("not counted: %s", error)


def request_answered(method: str, route: str, status: int, seconds: float) -> None:
    with _quietly():
        if found := meters():
            found.requests.labels(method, route, str(status)).inc()
            found.durations.labels(route).observe(seconds)


def command_run(kind: str, outcome: str) -> None:
    with _quietly():
        if found := meters():
            found.commands.labels(kind, outcome).inc()


def database_failed(where: str) -> None:
    with _quietly():
        if found := meters():
            found.troubles.labels(where).inc()
