"""Write what the long forms told (docs/soak.json) into docs/trust.md. Run after a long run:

just soak --minutes 30 --figures docs/soak.json … && python scripts/make_soak.py
"""

import json
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs"
PAGE, TOLD = DOCS / "trust.md", DOCS / "soak.json"
BEGIN, END = "<!-- of docs/soak.json -->\n", "<!-- end -->\n"
APART = ("what", "database", "minutes", "ended_at", "command")


def table() -> str:
    told = json.loads(TOLD.read_text(encoding="utf-8")) if TOLD.exists() else []
    heads = ("what", "database", "ended", "minutes", "figures", "command")
    lines = [heads, ("---",) * len(heads), *(_row(one) for one in told)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(said: dict[str, Any]) -> tuple[str, ...]:
    figures = ", ".join(
        f"{value:,} {name.replace('_', ' ')}" for name, value in said.items() if name not in APART
    )
    minutes, command = str(said["minutes"]), f"`{said['command']}`"
    return said["what"], said["database"], said["ended_at"], minutes, figures, command


def page() -> str:
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
