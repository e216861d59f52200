"""Templates keep the manners of the house: strict CSP, one load a line, nothing unused."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError

import mingtang
from mingtang.base.templatetags.components import ICONS

SOURCE = Path(mingtang.__file__).parent
STATIC = SOURCE / "base" / "static" / "base"
TEMPLATES = {
    path.relative_to(folder).as_posix(): path
    for folder in sorted(SOURCE.glob("*/templates"))
    for path in sorted(folder.rglob("*.html"))
}
TEXTS = {name: path.read_text() for name, path in TEMPLATES.items()}
FOUND_BY_DJANGO = {"500.html"}
BLOCK_ORDER = ["title", "tags", "scripts", "masthead", "breadcrumbs", "heading", "content"]
BLOCK_ORDER += ["errors", "fields", "go"]  # of the pages of an application

INLINE = {
    "a script in the page": r"<script(?![^>]*\ssrc=)[^>]*>",
    "a style in the page": r"<style\b",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "htmx code in an attribute": r"\shx-(on|vals\s*=\s*[\"']js)",
    "a javascript address": r"javascript:",
    "unescaped output": r"\|\s*safe\b|autoescape\s+off",
    "an address on another host": r"(src|href|action)\s*=\s*[\"'](https?:)?//",
}


def faults(text: str) -> list[str]:
    """What in a template the content security policy, or we, would refuse."""
    return [name for name, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)]


# A set-top box reads no linked style: this one page has a style in it, which its policy names by
# its hash and lets no other in (tests/tv/test_pages.py).
HASHED_STYLE = {"tv/page.html": "<style>{{ size.style }}</style>"}


def test_no_template_has_inline_code_or_style():
    without = {name: TEXTS[name].replace(style, "", 1) for name, style in HASHED_STYLE.items()}
    assert all(TEXTS[name] != text for name, text in without.items())
    found = {name: wrong for name, text in (TEXTS | without).items() if (wrong := faults(text))}
    assert found == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<script>go()</script>", "a script in the page"),
        ("<style>p{}</style>", "a style in the page"),
        ('<p style="color:red">', "a style attribute"),
        ('<a href="/" onclick="go()">', "a handler attribute"),
        ("<div hx-on:click='go()'>", "htmx code in an attribute"),
        ('<a href="javascript:go()">', "a javascript address"),
        ("{{ text|safe }}", "unescaped output"),
        ('<script src="//elsewhere.example/x.js"></script>', "an address on another host"),
    ],
)
def test_the_check_of_inline_code_can_fail(text, fault):
    assert fault in faults(text)
    assert faults('<script type="module" src="/static/base/app.js"></script>') == []


def crowded_loads(text: str) -> list[str]:
    """Load tags that name several libraries or share their line."""
    lines = [line for line in text.splitlines() if "{% load" in line]
    return [line for line in lines if not re.match(r"\s*\{% load \w+ %\}(?!.*\{% load)", line)]


# How a script would make markup, or code, of a text. Two take over part of a page that this site
# answered (DOMParser runs nothing of it); of a text they make text.
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|\beval\(|new Function\("
)


def test_our_scripts_write_text_and_never_markup():
    """Control: the one script that is not ours, which has markup as its trade, is seen."""
    ours = sorted(SOURCE.glob("*/static/*/*.js"))
    assert len(ours) > 15
    assert [path.name for path in ours if MARKUP.search(path.read_text())] == []
    (htmx,) = (STATIC / "vendor").glob("htmx-*.js")
    assert MARKUP.search(htmx.read_text())


def test_each_load_names_one_library_on_its_own_line():
    found = {name: wrong for name, text in TEXTS.items() if (wrong := crowded_loads(text))}
    assert found == {}


def test_the_check_of_loads_can_fail():
    assert crowded_loads("{% load i18n static %}")
    assert crowded_loads("{% load i18n %}{% load static %}")
    assert not crowded_loads("{% load i18n %}\n{% load static %}")


def unordered_blocks(text: str) -> list[str]:
    """The blocks that a page fills, where there is one that we do not know or not in its place."""
    blocks = re.findall(r"\{% block (\w+) %\}", text)
    places = [BLOCK_ORDER.index(one) if one in BLOCK_ORDER else -1 for one in blocks]
    return blocks if -1 in places or places != sorted(places) else []


def test_a_page_fills_its_blocks_in_the_fixed_order():
    found = {name: wrong for name, text in TEXTS.items() if (wrong := unordered_blocks(text))}
    assert found == {}


def test_the_check_of_blocks_can_fail():
    assert unordered_blocks("{% block content %}{% block title %}")
    assert unordered_blocks("{% block title %}{% block of_nobody %}")
    assert not unordered_blocks("{% block title %}{% block content %}")


def _why_not_compiled(name: str) -> str:
    try:
        Engine.get_default().get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return str(error)
    return ""


def test_every_template_compiles():
    found = {name: wrong for name in TEMPLATES if (wrong := _why_not_compiled(name))}
    assert found == {}


def _named_in_code() -> str:
    files = [*SOURCE.rglob("*.py"), *TEMPLATES.values()]
    return "\n".join(path.read_text() for path in files)


def test_no_template_is_unused():
    code = _named_in_code()
    unused = [name for name in TEMPLATES if f'"{name}"' not in code]
    assert set(unused) - FOUND_BY_DJANGO == set()


def test_the_page_for_a_broken_system_needs_nothing_that_may_be_broken():
    assert "{%" not in TEMPLATES["500.html"].read_text()
    assert "{{" not in TEMPLATES["500.html"].read_text()


def test_a_vendored_file_is_the_one_we_reviewed():
    folder = STATIC / "vendor"
    entries = json.loads((folder / "vendor.json").read_text())
    for entry in entries:
        digest = hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()
        assert digest == entry["sha256"], entry["file"]
        assert entry["version"] in entry["file"]
        assert (folder / entry["licence_file"]).exists()
    listed = {entry[key] for entry in entries for key in ("file", "licence_file")}
    assert {path.name for path in folder.iterdir()} == listed | {"vendor.json"}


def test_htmx_is_told_to_keep_the_strict_policy():
    text = TEMPLATES["catalogue/item_list.html"].read_text()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", text)[1])
    for switch in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert config[switch] is False
    assert config["historyCacheSize"] == 0  # no page with personal data stays in the browser


def test_every_icon_that_may_be_named_is_drawn():
    drawn = re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text())
    assert sorted(drawn) == sorted(ICONS)


def test_static_files_that_templates_name_exist():
    code = _named_in_code()
    named = set(re.findall(r"\{% static '(base/[^']+)' %\}", code))
    assert named
    assert {name for name in named if not (STATIC.parent / name).exists()} == set()
