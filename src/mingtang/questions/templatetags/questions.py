"""Template tags: a page of questions, and answers to read. `{% load questions %}`."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import template
from django.utils.translation import gettext as _

from mingtang.questions.forms import QuestionsForm
from mingtang.questions.rules import Form, Line

register = template.Library()
NOTHING: Mapping[str, str] = {}


@register.inclusion_tag("questions/questions.html")
def questions(form: QuestionsForm) -> dict[str, Any]:
    """The questions of a form, inside a `<form>` of the page."""
    plain = {"rows": None}
    return {
        "blocks": [
            block | {"items": [plain | item for item in block["items"]]} for block in form.blocks()
        ]
    }


@register.inclusion_tag("questions/lines.html")
def answers(
    form: Form, lines: Iterable[Line], changes: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """What was answered, by section; a question without an answer says so. `changes`: where a
    section is filled in, for who may still change it."""
    titles = {section.key: section.title for section in form.sections}
    groups = [
        {"title": titles.get(key, ""), "lines": list(some), "change": changes.get(key, "")}
        for key, some in groupby(lines, key=lambda line: line.section)
    ]
    return {"groups": groups, "blank": _("没有填写")}
