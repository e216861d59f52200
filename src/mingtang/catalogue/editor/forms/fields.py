"""Form fields made from the table of fields: what one refuses, the rules would refuse."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.rules import fields as rules

YES_NO = (_("是"), _("否"))
LONG = 500  # characters from which a text has more than a line to be written in


def with_one_sign(text: str) -> str:
    """Lines end with one sign, whatever the browser sent; blanks around the text are dropped."""
    return re.sub("\r\n?", "\n", text).strip()


class Line(forms.TextInput):
    """One line. What is stored with several is shown with them: an input would drop them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        if "\n" in str(value or ""):
            return forms.Textarea({"rows": 3}).render(name, value, attrs, renderer)
        return super().render(name, value, attrs, renderer)


class _Ruled(forms.Field):
    """A form field that refuses with the sentences of its rule."""

    def __init__(self, rule: rules.Field, **more: Any) -> None:
        self.rule = rule
        words = {"label": rule.label, "help_text": getattr(rule, "help", ""), "required": False}
        super().__init__(**{**words, **more})

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not rules.is_blank(value):
            for fault in self.rule.faults(value):
                raise ValidationError(fault)
        return value


class TextField(_Ruled, forms.CharField):
    def __init__(self, rule: rules.Text, **more: Any) -> None:
        rows = {"rows": 4 if rule.is_long else 2}
        is_line = not rule.is_long and rule.most < LONG
        widget = Line() if is_line else forms.Textarea(attrs=rows)
        super().__init__(rule, **{"widget": widget, **more})
        self.validators = []  # the rule has a sentence for signs that cannot be kept

    def to_python(self, value: Any) -> str:
        return with_one_sign(super().to_python(value) or "")

    def offer(self, words: Mapping[str, str], written: Any, blank: Any) -> None:
        """Have it chosen from a list of words, with the one written among them."""
        listed = {str(written): str(written), **words} if written else dict(words)
        self.widget = forms.Select(choices=[("", blank), *listed.items()])


class NumberField(_Ruled, forms.IntegerField):
    def __init__(self, rule: rules.Number, **more: Any) -> None:
        wrong = {"invalid": next(rule.faults(None))}
        label = f"{rule.label}（{rule.unit}）" if rule.unit not in rule.label else rule.label
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(
            rule, **{"label": label, "error_messages": wrong, "widget": widget, **more}
        )


class FlagField(_Ruled, forms.TypedChoiceField):
    """Yes, no, or nothing said."""

    def __init__(self, rule: rules.Flag, words: tuple[Any, Any] = YES_NO, **more: Any) -> None:
        choices = [("", _("未说明")), *zip(("yes", "no"), words, strict=True)]
        super().__init__(rule, choices=choices, coerce="yes".__eq__, empty_value=None, **more)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)

    def clean(self, value: Any) -> Any:
        return super().clean(self.prepare_value(value))  # a locked field gives what is stored


class DayField(_Ruled, forms.CharField):
    def __init__(self, rule: rules.Day, **more: Any) -> None:
        super().__init__(rule, widget=forms.DateInput(attrs={"type": "date"}), **more)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "")[:10].replace("/", "-")


class ChoiceField(_Ruled, forms.ChoiceField):
    def __init__(self, rule: rules.Choice, **more: Any) -> None:
        words = [(key, option.label) for key, option in rule.options.items()]
        super().__init__(rule, choices=[("", "—"), *words], **more)


class SeveralField(_Ruled, forms.MultipleChoiceField):
    """Boxes to tick. Where the list is open, what is ticked already is offered too."""

    def __init__(self, rule: rules.Several, **more: Any) -> None:
        words = [(key, option.label) for key, option in (rule.options or {}).items()]
        super().__init__(rule, choices=words, widget=forms.CheckboxSelectMultiple, **more)

    def offer(self, words: Mapping[str, str], ticked: Any) -> None:
        """Offer words, and after them those ticked that are not among them."""
        given = {str(word): str(word) for word in ticked or [] if word}
        self.choices = list({**words, **given, **words}.items())

    def valid_value(self, value: Any) -> bool:
        return self.rule.options is None or super().valid_value(value)  # type: ignore[attr-defined]

    def clean(self, value: Any) -> list[str]:
        return self.rule.ordered(super().clean(value))  # type: ignore[attr-defined,no-any-return]


MAKERS: dict[type, Any] = {
    rules.Text: TextField,
    rules.Number: NumberField,
    rules.Flag: FlagField,
    rules.Day: DayField,
    rules.Choice: ChoiceField,
    rules.Several: SeveralField,
}


def field_for(rule: rules.Field, **more: Any) -> forms.Field:
    """The form field of a field of the table; keywords go to the form field."""
    made: forms.Field = MAKERS[type(rule)](rule, **more)
    return made


def written_over(
    before: Mapping[str, Any], typed: Mapping[str, Any], blanks: Mapping[str, Any]
) -> dict[str, Any]:
    """What was typed over what was stored. What says the same stays as it is; what was emptied
    becomes the blank of `blanks`, or is left out."""
    found = dict(before)
    for key, value in typed.items():
        if _says(value) == _says(found.get(key)):
            continue
        if rules.is_blank(value) and key not in blanks:
            del found[key]
        else:
            found[key] = blanks[key] if rules.is_blank(value) else value
    return found


def _says(value: Any) -> Any:
    """A value without what a browser may change: ends of lines, the order of ticked boxes."""
    if isinstance(value, str):
        value = with_one_sign(value)
    return None if rules.is_blank(value) else sorted(value) if isinstance(value, list) else value
