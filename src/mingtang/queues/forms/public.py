"""Forms of queues: an appointment, its code."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import CommandForm

Choice = tuple[str, Any]
PHONE = re.compile(r"1\d{10}|0\d{9,11}")


class BookForm(CommandForm):
    """A half hour and a telephone: nothing else is asked."""

    slot = forms.ChoiceField(
        label=_("什么时候来"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选一个时段。"),
            "invalid_choice": _("这个时段刚刚约满，请另选一个。"),
        },
    )
    phone = forms.CharField(
        label=_("手机号"),
        help_text=_("大厅临时不开时用它通知您，不作别的用。"),
        max_length=20,
        error_messages={"required": _("请填手机号。")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, slots: Sequence[Choice]) -> None:
        super().__init__(data)
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        plain = re.sub(r"[\s\-]", "", self.cleaned_data["phone"])
        if not PHONE.fullmatch(plain):
            raise forms.ValidationError(_("手机号应为 11 位数字，请核对。"))
        return plain


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("预约码"),
        max_length=20,
        error_messages={"required": _("请输入预约码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
