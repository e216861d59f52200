"""Forms of requests: fields that several share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.files.rules import ACCEPT

LONGEST = 2000


def text_area(label: Any, missing: Any = "", *, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
        **more,
    )


def line(label: Any, missing: Any = "", *, most: int = 120, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, error_messages={"required": missing}, **more
    )


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def choice(label: Any, kinds: Iterable[Any], missing: Any = "", **more: Any) -> forms.ChoiceField:
    """One of an enumeration, all in view; its words in the language of the page."""
    return forms.ChoiceField(
        label=label,
        choices=[(one.value, _(one.label)) for one in kinds],
        widget=forms.RadioSelect,
        error_messages={"required": missing},
        **more,
    )


class SeveralFiles(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


def uploads(label: Any, **more: Any) -> forms.Field:
    """Files that the view takes itself."""
    return forms.Field(
        label=label, required=False, widget=SeveralFiles(attrs={"accept": ACCEPT}), **more
    )
