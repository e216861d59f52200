"""Forms of screens: a screen of a hall, a pairing code, what is put in between."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import CommandForm
from mingtang.screens.rules.board import LONGEST_INSERT
from mingtang.screens.rules.devices import AT_A_WINDOW, Kind, Volume

Choice = tuple[str, str]
MINUTES = (
    (30, _("半小时")),
    (120, _("两小时")),
    (480, _("八小时")),
    (1440, _("一天")),
    (4320, _("三天")),
    (10080, _("七天")),
)


class DeviceForm(CommandForm):
    kind = forms.ChoiceField(
        label=_("哪一种屏幕"),
        choices=[(one.value, one.label) for one in Kind],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选是哪一种屏幕。")},
    )
    name = forms.CharField(
        label=_("名称"),
        max_length=40,
        help_text=_("放在哪里就叫什么，例如 一楼东墙大屏。"),
        error_messages={"required": _("请给屏幕起个名字，例如 一楼东墙大屏。")},
    )
    window = forms.ChoiceField(
        label=_("窗口"), required=False, help_text=_("评价器要选，其他屏幕不选。")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, windows: Sequence[Choice] = ()
    ) -> None:
        super().__init__(data)
        self.fields["window"].choices = [("", _("不在窗口")), *windows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        is_pad = said.get("kind") in AT_A_WINDOW
        if is_pad and not said.get("window") and "window" not in self.errors:
            self.add_error("window", _("评价器要放在一个窗口，请选窗口。"))
        if not is_pad and said.get("kind"):
            said["window"] = ""
        return said


class VolumeForm(CommandForm):
    volume = forms.TypedChoiceField(
        label=_("叫号声音"), coerce=int, choices=[(one.value, one.label) for one in Volume]
    )


class PairForm(forms.Form):
    code = forms.CharField(
        label=_("配对码"),
        max_length=20,
        help_text=_("管理人员在“大厅屏幕”里得到的十位码，十五分钟内有效，只能用一次。"),
        error_messages={"required": _("请输入配对码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class InsertForm(CommandForm):
    """Two fields: what, and how long."""

    text = forms.CharField(
        label=_("屏幕上说什么"),
        max_length=LONGEST_INSERT,
        error_messages={
            "required": _("请写明屏幕上要说的话。"),
            "max_length": _("最多六十个字，屏幕上才看得清。"),
        },
    )
    minutes = forms.TypedChoiceField(
        label=_("显示多久"), coerce=int, choices=MINUTES, initial=MINUTES[0][0]
    )

    @property
    def life(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])
