"""Forms of personal data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id
from mingtang.persons.rules import Opened, Reason


class RevealForm(forms.Form):
    names = forms.MultipleChoiceField(
        label=_("要看哪几项"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项要查看的信息。")},
    )
    reason = forms.ChoiceField(
        label=_("为什么要看"),
        choices=[(one.value, _(one.label)) for one in Reason],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择原因。")},
    )
    words = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("选“其他”的必须写。只写原因，不要写证件号码和电话。"),
    )
    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )

    def __init__(self, opened: Opened, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["names"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.name, f"{one.label} {one.masked}") for one in opened.hidden]
        if len(opened.hidden) == 1:
            field.initial = [opened.hidden[0].name]
