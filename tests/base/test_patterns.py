"""Patterns: drawn once for each way to look, with slots where words stand."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import SafeString

from mingtang.base import patterns
from mingtang.base.patterns import Decided, Pattern

LINE = "{% load i18n %}<li{% if tone == 'bad' %} class=bad{% endif %}>{% translate '退出' %} "
LINE += "{% if name %}<b title='{{ name }}'>{{ name }}</b>{% endif %}{{ more }}</li>"


@pytest.fixture
def template(tmp_path: Path):
    """A function that writes the template of which a test makes its pattern."""
    found = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(text: str) -> str:
        (tmp_path / "line.html").write_text(text, encoding="utf-8")
        return "line.html"

    with override_settings(TEMPLATES=found):
        yield write
    engines._templates = None


def line(template) -> Pattern:
    return Pattern(template(LINE), slots=("name", "more"), looks=("tone",))


ROWS = [
    {"name": "甲<b>&'\"", "more": "1", "tone": "ok"},
    {"name": "", "more": "2", "tone": "ok"},
    {"name": "乙", "more": SafeString("<i>安</i>"), "tone": "bad"},
    {"name": "\x1a0\x1a", "more": "", "tone": "bad"},
    {"name": "丙", "more": "3", "tone": "ok"},
]


def test_what_is_put_in_is_what_the_template_draws(template):
    lines = line(template)
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            drawn = [render_to_string("line.html", row) for row in ROWS]
            assert [lines.drawn(row) for row in ROWS] == drawn
            assert lines.lines(ROWS) == "".join(drawn)


def test_a_template_draws_once_for_each_way_to_look(template, monkeypatch):
    lines, asked = line(template), []

    def spied(name, told):
        asked.append(told["tone"])
        return render_to_string(name, told)

    monkeypatch.setattr(patterns, "render_to_string", spied)
    lines.lines(ROWS * 20)
    assert sorted(asked) == ["bad", "bad", "ok", "ok"]  # with a name and without, more and none


@pytest.mark.parametrize(
    "test",
    ["name == '甲'", "name != '甲'", "name in words", "not name or name == more"],
)
def test_who_decides_by_a_word_is_found_out(template, test):
    text = f"{LINE}{{% if {test} %}}!{{% endif %}}"
    wrong = Pattern(template(text), slots=("name", "more"), looks=("tone", "words"))
    with pytest.raises(Decided, match="name"):
        wrong.drawn({**ROWS[0], "words": frozenset({"甲"})})


def test_who_decided_unseen_would_draw_all_as_the_first(template, monkeypatch):
    """The control: without the look afterwards, a line would say what is true of another."""
    monkeypatch.setattr(patterns, "COMPARED", "nobody looks")
    wrong = Pattern(template("{% if name == '甲' %}是{% else %}否{% endif %}"), slots=("name",))
    assert [wrong.drawn({"name": one}) for one in ("甲", "乙")] == ["否", "否"]
    assert render_to_string("line.html", {"name": "甲"}) == "是"
