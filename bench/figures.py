"""What a bench found: figures with goal, spread and yardstick; as a table, as JSON."""

import json
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from django.db import connection

from mingtang.base import clock

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One line. `ratio` is what the goal is about; `most` or `least` says which way is good."""

    row: str  # of the table of goals
    what: str
    goal: str
    figure: str  # median, with the spread of the rounds
    yardstick: str
    ratio: float
    most: float | None = None
    least: float | None = None
    cpu_ms: float | None = None  # web and database, for one operation
    note: str = ""  # why a goal is missed

    @property
    def is_reached(self) -> bool | None:
        if self.most is not None:
            return self.ratio <= self.most
        return None if self.least is None else self.ratio >= self.least


def spread(samples: Sequence[float], unit: str) -> str:
    """Median, and the lowest and the highest of the rounds."""
    low, high = min(samples), max(samples)
    return f"{statistics.median(samples):.3g} {unit} ({low:.3g}–{high:.3g})"


def machine() -> dict[str, str]:
    """What it ran on, as far as it decides about the figures."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            database = f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        else:
            database = f"SQLite {sqlite3.sqlite_version}"
    return {
        "processor": _processor(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": database,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def write(
    name: str, size: str, seconds: float, found: Sequence[Figure], *, command: str = ""
) -> Path:
    """Keep the figures of a run, where the page of all figures is made from. `command`: what was
    run, where it is no bench."""
    told: dict[str, Any] = {
        "bench": name,
        **({"command": command} if command else {}),
        "size": size,
        "date": clock.today().isoformat(),
        "seconds": round(seconds, 1),
        **machine(),
        "figures": [asdict(one) | {"is_reached": one.is_reached} for one in found],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{connection.vendor}-{size}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


COLUMNS = ("#", "what", "goal", "figure: median (spread)", "yardstick", "ratio", "CPU ms")
MARKS = {True: "reached", False: "missed", None: ""}


def table(told: dict[str, Any]) -> str:
    """The figures of a run as a table of Markdown, which a terminal shows as well."""
    lines = ["| " + " | ".join(COLUMNS) + " | |", "|---" * (len(COLUMNS) + 1) + "|"]
    for one in told["figures"]:
        cpu = "" if one["cpu_ms"] is None else f"{one['cpu_ms']:.2f}"
        cells = [one["row"], one["what"], one["goal"], one["figure"], one["yardstick"]]
        cells += [f"{one['ratio']:.3g}", cpu, MARKS[one["is_reached"]]]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "".join(f"\n\n{note}" for note in _notes(told))


def _notes(told: dict[str, Any]) -> list[str]:
    """Each reason once, after the lines that miss their goal for it."""
    lines: dict[str, list[str]] = {}
    for one in told["figures"]:
        if one["note"]:
            lines.setdefault(one["note"], []).append(one["what"])
    return [f"{'; '.join(what)}: {note}" for note, what in lines.items()]
