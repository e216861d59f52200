"""Draws the pages of a board as pictures, for controllers that show nothing but pictures.

The layout is that of the page: the same units, rows and columns. The letters are those of a font
with Chinese on this machine.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from mingtang.base.errors import DomainError
from mingtang.screens import present
from mingtang.screens.rules.board import (
    COLUMNS,
    FIGURES,
    HEAD,
    HEADINGS,
    ROW,
    TALL_COLUMNS,
    Content,
    Page,
    Size,
    fresh,
    pages_of,
)

NIGHT, DEEP, STRIPE, RULE, LINE = "#020b18", "#0a1f3d", "#061630", "#2f7de1", "#1b365e"
SNOW, PALE, SOFT, ALARM, CALLED = "#ffffff", "#9cc4ff", "#cfe0f8", "#7c0d12", "#ffc94d"
TONES = {"ok": ("✓ ", "#62e39a"), "warn": ("! ", "#ffc94d")}
EDGE = 1.2  # units left free at the sides


class NoFont(DomainError):
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "这台机器没有中文字体，画不出大屏的图片。"
            "请安装 fonts-noto-cjk，或用 MINGTANG_BOARD_FONT 指明字体文件。"
        )


def pictures(content: Content, size: Size, at: datetime) -> Iterator[Image.Image]:
    """The pages in their order; an urgent word alone, while it lasts. Raises NoFont."""
    if content.urgent and content.urgent.until > at:
        yield _urgent(content.urgent.cells[0], size)
        return
    for page in pages_of(content.tables, size.rows, at):
        yield _Sheet(size, content, at).draw(page)


def _urgent(text: str, size: Size) -> Image.Image:
    image = Image.new("RGB", (size.width, size.height), ALARM)
    pen, font = ImageDraw.Draw(image), _font(round(3.4 * size.unit))
    each = max(1, int(0.9 * size.width // (3.4 * size.unit)))
    lines = [text[start : start + each] for start in range(0, len(text), each)]
    middle = (size.width / 2, size.height / 2)
    pen.multiline_text(middle, "\n".join(lines), SNOW, font, anchor="mm", align="center")
    return image


@dataclass
class _Sheet:
    """One page while it is drawn; lengths are told in units."""

    size: Size
    content: Content
    at: datetime

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.size.width, self.size.height), NIGHT)
        self.pen = ImageDraw.Draw(self.image)
        self.wide = self.size.width / self.size.unit
        self.high = self.size.height / self.size.unit

    def draw(self, page: Page) -> Image.Image:
        self._head(page.table.title)
        self._figures()
        top = 0.7 + HEAD + FIGURES + 0.2
        self._row(page, top, HEADINGS, page.table.headings, "")
        for place, row in enumerate(page.rows):
            y = top + HEADINGS + place * ROW
            self._box(EDGE, y, self.wide - EDGE, y + ROW, STRIPE if place % 2 == 0 else NIGHT)
            self._box(EDGE, y, self.wide - EDGE, y + 0.04, LINE)
            self._row(page, y, ROW, row.cells, row.tone)
        if not page.rows:
            self._text(EDGE, top + 2, page.table.empty, 1.4, SNOW, self.wide - 2 * EDGE)
        self._foot()
        return self.image

    def _head(self, title: str) -> None:
        self._text(EDGE, 2.3, title, 2.0, SNOW, 0.55 * self.wide)
        told = f"{present.spoken(self.at)} {present.weekday(self.at)}"
        self._text(self.wide - EDGE, 2.3, told, 1.2, SNOW, 0.4 * self.wide, anchor="rm")
        self._box(EDGE, 3.85, self.wide - EDGE, 3.95, RULE)

    def _figures(self) -> None:
        count = max(len(self.content.figures), 1)
        each = (self.wide - 2 * EDGE + 0.6) / count
        for place, figure in enumerate(self.content.figures):
            left = EDGE + place * each
            self._box(left, 4.4, left + each - 0.6, 7.8, DEEP)
            self._text(left + 0.6, 5.2, figure.label, 0.9, SOFT, each - 1.6)
            self._text(left + 0.6, 6.8, figure.value, 1.6, SNOW, each - 1.6)

    def _row(self, page: Page, y: float, height: float, cells: tuple[str, ...], tone: str) -> None:
        columns = (TALL_COLUMNS if self.size.is_tall else COLUMNS)[page.table.key]
        sign, coloured = TONES.get(tone, ("", SNOW))
        colours = [PALE if height == HEADINGS else SNOW] * len(cells)
        if height == ROW:
            colours[0] = CALLED if page.table.key == "calls" else SNOW
            colours[-1] = coloured
        told, left = (*cells[:-1], sign + cells[-1]), EDGE
        for text, colour, share in zip(told, colours, columns, strict=True):
            width = share * (self.wide - 2 * EDGE)
            if share:
                self._text(left + 0.4, y + height / 2, text, 1.2, colour, width - 0.6)
            left += width

    def _foot(self) -> None:
        y = self.high - 1.5
        told = (
            f"数据时间 {present.spoken(self.content.as_of)} · 服务热线 {settings.MINGTANG_HOTLINE}"
        )
        self._text(self.wide - EDGE, y, told, 0.9, SOFT, 0.5 * self.wide, anchor="rm")
        if notices := fresh(self.content.notices, self.at):
            right = self.wide - EDGE - 0.46 * len(told) - 3
            self._box(EDGE, y - 0.9, max(right, self.wide / 2), y + 0.9, ALARM)
            words = "　·　".join(row.cells[0] for row in notices)
            self._text(EDGE + 0.6, y, words, 1.0, SNOW, max(right, self.wide / 2) - EDGE - 1.2)

    # ── pixels ────────────────────────────────────────────────────────────────────────────────

    def _box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        unit = self.size.unit
        edges = [round(one * unit) for one in (left, top, right, bottom)]
        self.pen.rectangle((edges[0], edges[1], edges[2] - 1, max(edges[3] - 1, edges[1])), colour)

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        em: float,
        colour: str,
        width: float,
        anchor: str = "lm",
    ) -> None:
        """Written smaller where it would not fit, down to two thirds and two lines; then cut."""
        unit, lines = self.size.unit, [text]
        font = _font(round(em * unit))
        if font.getlength(text) > width * unit:
            font = _font(round(em * unit * 2 / 3))
        if font.getlength(text) > width * unit:
            half = (len(text) + 1) // 2
            lines = [_cut(part, font, width * unit) for part in (text[:half], text[half:])]
        place = (x * unit, y * unit)
        self.pen.multiline_text(place, "\n".join(lines), colour, font, anchor=anchor, spacing=2)


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    while len(text) > 1 and font.getlength(text) > width:
        text = text[:-2] + "…"
    return text


@lru_cache(maxsize=64)
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_font_file(), max(pixels, 6))


@lru_cache(maxsize=1)
def _font_file() -> str:
    """The font of the setting, or the one that this machine writes Chinese with."""
    asked: str = settings.MINGTANG_BOARD_FONT
    finder = shutil.which("fc-match")
    if not asked and finder:
        wanted = [finder, "-f", "%{file}\t%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
        told = subprocess.run(wanted, capture_output=True, text=True, check=False)  # noqa: S603
        file, _tab, languages = told.stdout.partition("\t")
        asked = file if "zh-cn" in languages else ""
    if not asked or not Path(asked).is_file():
        raise NoFont
    return asked
