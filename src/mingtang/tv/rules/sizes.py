"""Rules of television: the two pictures of a set-top box, and the style of each. Pure.

High definition is declared as 1280*720, standard as 640*530. What matters stands within five
hundredths of each edge, since older sets cut the picture there; no letter is smaller than 22 px,
nothing to choose is lower than 34 px.
"""

import base64
import hashlib
from dataclasses import dataclass

EDGE = 0.05
SMALLEST_TEXT, LOWEST_LINK = 22, 34
BACK, INK, FOCUS, LINE = "#0b1f3a", "#ffffff", "#ffd84d", "#37517a"


@dataclass(frozen=True)
class Size:
    """A picture: pixels of its whole, of its letters, of its rows."""

    code: str
    label: str
    width: int
    height: int
    text: int
    row: int  # of a line of text
    choice: int  # of a line that can be chosen
    bar: int  # of the title above and of the links below
    side: int  # rows and columns of cells, odd: one is in the middle

    @property
    def left(self) -> int:
        return round(self.width * EDGE)

    @property
    def top(self) -> int:
        return round(self.height * EDGE)

    @property
    def inner_width(self) -> int:
        return self.width - 2 * self.left

    @property
    def body(self) -> int:
        """Pixels between the two bars."""
        return self.height - 2 * self.top - 2 * self.bar - 8

    @property
    def columns(self) -> int:
        """Half-width letters in a line."""
        return self.inner_width * 2 // self.text

    @property
    def lines(self) -> int:
        return self.body // self.row

    @property
    def choices(self) -> int:
        return self.body // self.choice

    @property
    def view_size(self) -> str:
        """As a set-top box wants to be told it."""
        return f"{self.width}*{self.height}"

    @property
    def style(self) -> str:
        """The one style of the page: old boxes read none that is linked."""
        cell_w, cell_h = self.inner_width // self.side, self.body // self.side
        bar, edge = self.bar, f"left:{self.left}px;width:{self.inner_width}px;overflow:hidden"
        at = f"position:absolute;{edge}"
        line = min(self.row, (cell_h - 12) // 2)
        rules = {
            "body": f"margin:0;width:{self.width}px;height:{self.height}px;overflow:hidden;"
            f"background:{BACK};color:{INK};font:{self.text}px/{self.row}px sans-serif",
            "h1,p,ul,li": "margin:0;padding:0;list-style:none;font-size:inherit",
            "a": f"color:{INK};text-decoration:none;outline:0",
            "a:focus,a:hover": f"background:{FOCUS};color:{BACK}",
            "h1": f"{at};top:{self.top}px;height:{bar}px;line-height:{bar}px;white-space:nowrap",
            ".at": f"position:absolute;right:{self.left}px;top:{self.top}px;line-height:{bar}px;"
            f"background:{BACK};padding-left:{self.text}px;font-size:{SMALLEST_TEXT}px",
            ".body": f"{at};top:{self.top + bar + 4}px;height:{self.body}px",
            ".foot": f"{at};bottom:{self.top}px;height:{bar}px;font-size:{SMALLEST_TEXT}px",
            ".foot a": f"display:inline-block;height:{bar - 6}px;line-height:{bar - 6}px;"
            f"padding:0 10px;margin-right:8px;border:2px solid {LINE}",
            ".menu a": f"display:block;height:{self.choice - 4}px;line-height:{self.choice - 4}px;"
            f"padding:0 8px;border-bottom:2px solid {LINE};white-space:nowrap;overflow:hidden",
            ".cell": f"position:absolute;width:{cell_w - 8}px;height:{cell_h - 8}px;"
            f"line-height:{line}px;border:2px solid {LINE};text-align:center;overflow:hidden",
            ".sum": "font-weight:bold",
            ".amount": f"float:right;padding-left:{self.text}px",
        }
        rules |= {f".r{n}": f"top:{n * cell_h}px" for n in range(self.side)}
        rules |= {f".c{n}": f"left:{n * cell_w}px" for n in range(self.side)}
        return "".join(f"{name}{{{told}}}" for name, told in rules.items())

    @property
    def style_hash(self) -> str:
        """What the security policy of a page says of its style: this one and no other."""
        digest = hashlib.sha256(self.style.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"


HD = Size("hd", "高清", 1280, 720, text=28, row=42, choice=52, bar=52, side=7)
SD = Size("sd", "标清", 640, 530, text=22, row=32, choice=38, bar=42, side=5)
SIZES = {one.code: one for one in (HD, SD)}
