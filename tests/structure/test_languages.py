"""English keeps step with the sources: every text of a public page has its translation."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

import mingtang
from mingtang.base.po import Entry, entries
from mingtang.site.words import is_for_staff, words

SOURCE = Path(mingtang.__file__).parent
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy"}
LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(rf"(?:gettext|\b_)\(({LITERAL})\)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
EXAMPLES = ("开小吃店", "水利局受〔2013〕12号")  # what one types is Chinese in English too


def of_python(text: str) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in CALLS
        if call.args and isinstance(call.args[0], ast.Constant)
    }


def of_template(text: str) -> set[str]:
    found = (ast.literal_eval(literal) for literal in IN_TEMPLATE.findall(templatize(text)))
    return {one.replace("%%", "%") if "%(" not in one else one for one in found}


def of_sources() -> dict[str, set[str]]:
    """The msgids of each public source, by its name."""
    read = {".py": of_python, ".html": of_template}
    return {
        name: read[path.suffix](path.read_text())
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in read
        if not is_for_staff(name := path.relative_to(SOURCE).as_posix())
    }


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in entries(PO.read_text())}


@pytest.mark.slow
def test_every_text_of_a_public_page_has_its_english(english):
    lacking = {
        name: lacks
        for name, msgids in {**of_sources(), "site/words.py": set(words())}.items()
        if (lacks := sorted(one for one in msgids if not english.get(one)))
    }
    assert lacking == {}, "write them into django.po, or name the file in STAFF of site/words.py"


@pytest.mark.slow
def test_no_text_is_kept_that_nobody_says(english):
    said = set().union(*of_sources().values(), words())
    assert sorted(set(english) - said) == []


def test_a_translation_has_the_places_of_its_text(english):
    wrong = {
        msgid
        for msgid, msgstr in english.items()
        if sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(msgstr))
    }
    assert wrong == set()


def without_examples(text: str) -> str:
    for example in EXAMPLES:
        text = text.replace(example, "")
    return text


def test_english_is_english(english):
    assert [one for one in english.values() if HAN.search(without_examples(one))] == []


def test_what_is_compiled_is_what_is_written(english):
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)
    del compiled[""]
    assert compiled == english, "run scripts/make_messages.py"


INCLUDED = re.compile(r'{% (?:include|extends) "([\w/.]+)"')
ONLY_FOR_STAFF = {"catalogue/editor/parts/preview_bar.html"}  # shown above a draft alone


def test_no_public_page_is_made_of_parts_of_staff_pages():
    templates = {
        path.relative_to(folder).as_posix(): path
        for folder in SOURCE.glob("*/templates")
        for path in folder.rglob("*.html")
    }
    names = {name: path.relative_to(SOURCE).as_posix() for name, path in templates.items()}
    wrong = [
        (name, part)
        for name, path in templates.items()
        if not is_for_staff(names[name])
        for part in INCLUDED.findall(path.read_text())
        if is_for_staff(names[part]) and part not in ONLY_FOR_STAFF
    ]
    assert wrong == []


def test_the_reading_of_sources_can_fail():
    assert of_python('from x import y\nlabel = _("一")\nother = f("二")') == {"一"}
    page = "{% load i18n %}{% translate '一' %}{% card _(\"二\") %}"
    page += "{% blocktranslate with n=x %}三 {{ n }}{% endblocktranslate %}"
    assert of_template(page) == {"一", "二", "三 %(n)s"}


def test_the_reading_of_translations_can_fail():
    text = '#: a/b.py:3\n#, python-format\nmsgid ""\n"一"\n"二"\nmsgstr "one\\ntwo"\n'
    assert list(entries(text)) == [Entry("一二", "one\ntwo", ("a/b.py",))]
    assert HAN.search("a full stop。")
    assert PLACEHOLDER.findall("{} of %(all)s") == ["{}", "%(all)s"]


def test_public_pages_use_no_plurals_and_contexts_that_the_tools_do_not_know():
    kinds = re.compile(r"\b[dn]?[np]p?gettext|{% plural %}|\bcontext \"")
    found = [
        path.relative_to(SOURCE).as_posix()
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
        if not is_for_staff(path.relative_to(SOURCE).as_posix()) and kinds.search(path.read_text())
    ]
    assert found == []
