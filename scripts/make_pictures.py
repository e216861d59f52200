"""Make the pictures that `just pictures` took small, and write docs/pictures.md from them."""

import re
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parent.parent / "docs"
PICTURES = DOCS / "pictures"
PAGE = DOCS / "pictures.md"
SIZE = re.compile(r"-?(standard-|large-)?(\d{3,4})(-large)?$")
INTRO = """# What it looks like

Taken by `just pictures` from a demo city that has worked for a year: pages on a desk (1280), on a
phone (390), and in large type (长辈版), two screens of each at most.
"""


def shrink(path: Path) -> None:
    """Sixty-four colours are plenty for a page of ours."""
    with Image.open(path) as picture:
        if picture.mode != "P":
            picture.convert("RGB").quantize(64).save(path, optimize=True)


def size_of(name: str) -> tuple[str, str]:
    """`item-large-390` is the page `item`, at 390 in large type."""
    found = SIZE.search(name)
    if found is None:
        return name, ""
    large = "large-" in (found[1] or "") or found[3]
    return name[: found.start()], f"{found[2]}{' 长辈版' if large else ''}"


def page(names: Iterable[str]) -> str:
    pages: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names):
        title, size = size_of(name)
        pages.setdefault(title, []).append((size, name))
    lines = [
        f"- {title}: "
        + " · ".join(f"[{size or title}](pictures/{name}.png)" for size, name in all_)
        for title, all_ in sorted(pages.items())
    ]
    return INTRO + "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    for picture in PICTURES.glob("*.png"):
        shrink(picture)
    PAGE.write_text(page(one.stem for one in PICTURES.glob("*.png")), encoding="utf-8")
