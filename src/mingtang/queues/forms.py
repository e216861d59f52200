"""Forms of queues: an appointment, its code; a group as the hall keeps it."""

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


class QueueForm(CommandForm):
    """What numbers are taken for in a hall."""

    letter = forms.RegexField(
        r"^[A-Za-z]$",
        label=_("字母"),
        help_text=_("印在号码前面，例如 A 成为 A001。"),
        error_messages={"required": _("请填一个字母。"), "invalid": _("只能是一个字母，例如 A。")},
    )
    name = forms.CharField(
        label=_("办什么"),
        max_length=30,
        help_text=_("群众看得懂的话，例如 营业执照。"),
        error_messages={"required": _("请写明这一类办什么。")},
    )
    hint = forms.CharField(label=_("提示"), max_length=60, required=False)
    windows = forms.MultipleChoiceField(
        label=_("在哪些窗口办"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个窗口。")},
    )
    capacity = forms.IntegerField(
        label=_("每半小时可预约几人"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("0 是不接受预约。时段按大厅的开放时间分。"),
    )
    is_open = forms.BooleanField(label=_("现在取号"), required=False, initial=True)
    has_all_hours = forms.BooleanField(
        label=_("不论开放时间都取号（24 小时自助区）"), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, windows: Sequence[Choice], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["windows"].choices = windows  # type: ignore[attr-defined]
