"""Forms of queues: a group as the hall keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import CommandForm

Choice = tuple[str, Any]


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
