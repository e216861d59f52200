"""Forms: what those of a case share. Each knows the arguments of the command it sends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.base.web import new_command_id
from mingtang.files.rules import ACCEPT

Choice = tuple[str, str]


def required(text: Any) -> dict[str, Any]:
    return {"required": text}


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


@dataclass(frozen=True)
class Choices:
    """What the forms of one case offer: value and label of each choice."""

    materials: Sequence[Choice] = ()
    deferred: Sequence[Choice] = ()
    owed: Sequence[Choice] = ()  # what the applicant was to bring, and nobody has
    promises: dict[str, str] = field(default_factory=dict)  # of what is owed, in their own words
    organisations: Sequence[Choice] = ()
    colleagues: Sequence[Choice] = ()
    signers: Sequence[Choice] = ()  # value: person:organisation
    requests: Sequence[Choice] = ()
    pauses: Sequence[Choice] = ()
    fees: Sequence[tuple[str, str, int | None]] = ()  # name, standard, cents where fixed
    originals: Sequence[Choice] = ()
    seal_methods: Sequence[Choice] = ()  # where there is more than one
    has_proxy: bool = False
    has_renewal: bool = False
    is_site_visit: bool = False
    wanted_way: str = ""
    hints: dict[str, str] = field(default_factory=dict)  # field → what stands in it at first


class ActForm(CommandForm):
    """The form of an act on a case. `content` is what its command takes beside the usual."""

    def __init__(self, *args: Any, choices: Choices | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.choices = choices or Choices()
        self.offer(self.choices)

    def offer(self, choices: Choices) -> None:
        """Fill in what may be chosen here, drop what does not apply."""

    def content(self) -> dict[str, Any]:
        kept = {"command_id"}
        return {name: value for name, value in self.cleaned_data.items() if name not in kept}


class StepForm(ActForm):
    step_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


def text_area(label: Any, missing: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        error_messages=required(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond them is a slip of the hand


def is_plausible(on: date) -> bool:
    return FIRST_YEAR <= on.year <= LAST_YEAR


class DayField(forms.DateField):
    """A day that somebody alive may mean."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not is_plausible(found):
            span = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(
                _("年份须在 %(first)d 至 %(last)d 之间，请核对日期。") % span
            )
        return found


def day(label: Any, missing: Any = "", **more: Any) -> DayField:
    messages = {"invalid": _("日期写成 2013-09-17 这样。")} | (required(missing) if missing else {})
    return DayField(
        label=label,
        error_messages=messages,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def days(label: Any, *, most: int, **more: Any) -> forms.IntegerField:
    wrong = _("请填 1 至 %(most)d 的整数。") % {"most": most}
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        error_messages={
            "required": wrong,
            "invalid": wrong,
            "min_value": wrong,
            "max_value": wrong,
        },
        **more,
    )


class SeveralFiles(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files of one field: a list, empty when none was chosen."""

    def __init__(self, **more: Any) -> None:
        accept = {"accept": ACCEPT}
        super().__init__(widget=SeveralFiles(attrs=accept), required=False, **more)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        single = super().clean
        return [single(one, initial) for one in chosen]


_LINE = re.compile(r"^(?P<name>.+?)(?:[\s,，×xX*]+(?P<count>\d{1,3})\s*份?)?$")


class OriginalsField(forms.CharField):
    """Originals, one a line: a name, perhaps a count (营业执照 2). Gives [(name, count)]."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=2000,
            help_text=_("一行一份，可写份数，例如：营业执照正本 1"),
            **more,
        )

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        found = []
        for line in filter(None, lines):
            match = _LINE.match(line)
            assert match is not None
            name, count = match["name"].strip()[:200], int(match["count"] or 1)
            if not 1 <= count <= 999:
                raise forms.ValidationError(_("“%(line)s”的份数须为 1 至 999。") % {"line": line})
            found.append((name, count))
        return found


def refused(form: forms.Form, name: str | None, error: DomainError) -> None:
    """Show a refusal of the rules beside the field it is about."""
    form.add_error(name, error.message)
