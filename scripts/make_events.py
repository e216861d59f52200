"""Write docs/events.md: every kind of event, who records it, who hears it.

DJANGO_SETTINGS_MODULE=mingtang.site.settings.test python scripts/make_events.py
"""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "events.md"
SOURCE = ROOT / "src" / "mingtang"
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
OPEN = re.compile(r"[a-z_]+\.")  # the rest of the kind is put behind it
INTRO = """# What the ledger tells

Every kind of event, the function that records it, and the followers that are told. Made by
`scripts/make_events.py` from the code itself; a test compares, and another finds each kind of the
demo's ledger here. A kind once written is never renamed: history keeps it.

| event | what happened | recorded by | told to |
|---|---|---|---|
"""


@functools.cache
def kinds() -> dict[str, list[str]]:
    """Kind → where it is recorded, by kind."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.glob("*/services*")):
        for module in [path] if path.suffix == ".py" else sorted(path.rglob("*.py")):
            for kind, where in _told_in(module):
                found.setdefault(kind, []).append(where)
    return {kind: list(dict.fromkeys(found[kind])) for kind in sorted(found)}


def is_listed(kind: str) -> bool:
    """Whether a kind, or those that begin alike, stands in the list."""
    known = kinds()
    return kind in known or f"{kind.partition('.')[0]}.*" in known


def _told_in(module: Path) -> Iterator[tuple[str, str]]:
    """What is written in the bodies of functions; a command's own name stands in its decorator."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            where = f"{module.relative_to(SOURCE)}: {function.name}"
            for statement in function.body:
                yield from ((kind, where) for kind in _constants(statement))


def _constants(statement: ast.AST) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.JoinedStr):
            first, *rest = node.values
            if rest and isinstance(first, ast.Constant) and OPEN.fullmatch(str(first.value)):
                yield f"{first.value}*"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from KIND.findall(node.value) if KIND.fullmatch(node.value) else ()


def page() -> str:
    from mingtang.cases.present import EVENT_TITLES
    from mingtang.ledger.followers import followers

    told = followers().values()
    lines = []
    for kind, places in kinds().items():
        where = "`, `".join(places)
        hears = "、".join(one.name for one in told if one.hears(kind)) or "—"
        lines.append(f"| `{kind}` | {EVENT_TITLES.get(kind, '')} | `{where}` | {hears} |")
    return INTRO + "\n".join(lines) + "\n"


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
