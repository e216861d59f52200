"""The stylesheet's colours can be read: WCAG AA, in the plain and the high-contrast set."""

import re
from pathlib import Path

import pytest

import mingtang

CSS = (Path(mingtang.__file__).parent / "base/static/base/app.css").read_text()
AA_TEXT, AA_EDGE = 4.5, 3.0
WHITE = "#ffffff"

TEXT = [
    ("ink", "ground"), ("ink", "panel"), ("ink", "tint"), ("ink", "ok-ground"),
    ("ink", "info-ground"), ("ink", "warn-ground"), ("ink", "bad-ground"),
    ("muted", "ground"), ("muted", "panel"), ("link", "ground"), ("link", "panel"),
    ("on-blue", "blue"), ("on-blue", "navy"), ("on-blue", "slate"), ("on-accent", "accent"),
    ("on-accent", "accent-hover"), ("accent", "panel"), ("accent", "tint"), ("ok", "ok-ground"),
    ("info", "info-ground"), ("warn", "warn-ground"), ("bad", "bad-ground"), ("bad", "panel"),
]  # fmt: skip
EDGES = [("edge", "panel"), ("edge", "ground"), ("accent", "ground")]


def tokens(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r" \{([^}]*)\}", CSS)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", body[1]))


PLAIN = tokens(":root")
SETS = {"plain": PLAIN, "high": PLAIN | tokens('[data-contrast="high"]')}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_the_published_one():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_stands_out_from_its_ground(name, front, back):
    assert contrast(SETS[name][front], SETS[name][back]) >= AA_TEXT


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("front", "back"), EDGES)
def test_edges_of_inputs_can_be_seen(name, front, back):
    assert contrast(SETS[name][front], SETS[name][back]) >= AA_EDGE


def test_high_contrast_means_seven_to_one():
    assert min(contrast(SETS["high"][front], SETS["high"][back]) for front, back in TEXT) >= 7


def test_large_type_is_about_a_third_larger():
    plain = re.search(r":root \{[^}]*font-size: ([\d.]+)%", CSS)
    large = re.search(r'\[data-type="large"\] \{ font-size: ([\d.]+)%', CSS)
    assert plain
    assert large
    assert float(large[1]) / float(plain[1]) == pytest.approx(1.35, abs=0.02)


def test_the_stylesheet_fetches_nothing():
    assert "url(" not in CSS
    assert "@import" not in CSS
