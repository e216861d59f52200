"""Template tags: a page of questions, and answers to read. `{% load questions %}`."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import template
from django.utils.translation import gettext as _

from mingtang.questions.forms import QuestionsForm
from mingtang.questions.rules import Form, Line

register = template.Library()


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
def answers(form: Form, lines: Iterable[Line]) -> dict[str, Any]:
    """What was answered, by section; a question without an answer says so."""
    titles = {section.key: section.title for section in form.sections}
    groups = [
        {"title": titles.get(key, ""), "lines": list(some)}
        for key, some in groupby(lines, key=lambda line: line.section)
    ]
    return {"groups": groups, "blank": _("没有填写")}
