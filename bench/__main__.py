"""`python -m bench [NAME…] [--db sqlite|postgres] [--size small|large|million|ten-million]`

Runs benches one after the other, each in a process and a database of its own, and then writes
docs/performance.md and docs/scale.md anew from all results that are kept in bench/results/. With
`--at DIR` the county of bench/county.py, or the index of `search`, is made in a folder once, and
measured there again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.model import write_model
from bench.page import write_page

HERE = Path(__file__).parent
BENCHES = (
    *("due", "statements", "commands", "scale", "pages", "acts", "writers", "legacy"),
    *("sweep", "boards", "papers", "search", "memory", "engines", "profiles"),
    *("ledger", "verified"),
)
OF_COUNTY = ("scale", "sweep", "boards", "memory")
OF_FOLDER = (*OF_COUNTY, "search")  # search has a folder of its own
OF_POSTGRES = ("shards", "load", "partitions")
SIZES = ("small", "large", "million", "ten-million")


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="、".join((*BENCHES, *OF_POSTGRES)))
    asked.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--size", choices=SIZES, default="small")
    asked.add_argument("--at", type=Path, metavar="DIR", help="for " + "、".join(OF_FOLDER))
    told = asked.parse_args()
    known = (*BENCHES, *(OF_POSTGRES if told.db == "postgres" else ()))
    known = OF_FOLDER if told.at else known
    if unknown := set(told.names) - set(known):
        asked.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in told.names or (OF_COUNTY if told.at else known):
        print(f"\n## {name} ({told.db}, {told.size})\n", flush=True)
        _run(name, told.db, told.size, told.at)
    write_page(HERE / "results", HERE.parent / "docs" / "performance.md")
    write_model(HERE / "results", HERE.parent / "docs" / "scale.md")


def _run(name: str, db: str, size: str, at: Path | None) -> None:
    before = [str(HERE.parent / "scripts" / "with-postgres")] if db == "postgres" else []
    with tempfile.TemporaryDirectory(prefix="mingtang-bench-") as passing:
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        env |= {"MINGTANG_HOME": passing, "MINGTANG_NODE": "1", "PYTHONPATH": str(HERE.parent)}
        if at:
            kept = at.resolve()
            kept.mkdir(parents=True, exist_ok=True)
            env |= {"MINGTANG_HOME": str(kept / "home"), "MINGTANG_KEPT": str(kept)}
        one = [sys.executable, "-m", "bench.one", name, size]
        subprocess.run([*before, *one], env=env, cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
