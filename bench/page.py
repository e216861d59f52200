"""docs/performance.md, made from the results that the benches wrote. Never typed by hand."""

import json
from pathlib import Path
from typing import Any

from bench.figures import table

HEAD = """# What it costs

Made by `just bench` from `bench/results/`: do not edit. Each ratio is against a yardstick taken
in the same run, in turns with what it measures; wall times of different tables do not compare.
CPU is that of the process and of the database, for one operation. PostgreSQL runs in memory and
without fsync here, so its figures tell of CPU, not of a disk; SQLite writes to the disk with
`synchronous=FULL`, and so do the three of the failover drill.
"""


def write_page(results: Path, page: Path) -> None:
    """One section for each bench, database and size of which there is a result."""
    told = [json.loads(one.read_text(encoding="utf-8")) for one in sorted(results.glob("*.json"))]
    page.write_text("\n".join([HEAD, *map(_section, told)]), encoding="utf-8")


def _section(told: dict[str, Any]) -> str:
    db = "postgres" if told["database"].startswith("PostgreSQL") else "sqlite"
    command = told.get("command", f"just bench {told['bench']} --db {db} --size {told['size']}")
    return (
        f"## {told['bench']}: {told['database']}, {told['size']}\n\n"
        f"`{command}`, {told['date']}, "
        f"{told['seconds']} s. {told['processor']}, Python {told['python']}, "
        f"Django {told['django']}.\n\n{table(told)}\n"
    )
