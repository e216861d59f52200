"""Forms of the paper receipt that was given by hand while the system stood still."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm

NEEDED = {
    "paper_code": _("请填写纸质回执上的号码。"),
    "paper_received_at": _("请填写纸质回执上的收到时间，精确到分。"),
    "paper_scan": _("请附上纸质回执的扫描件或照片，没有扫描件不能核定时间。"),
}


class PaperFields(forms.Form):
    """Number, time, scan: all of them or none."""

    paper_code = forms.CharField(
        label=_("停机时的纸质回执号"),
        max_length=20,
        required=False,
        help_text=_("回执上的 T 和七位数字。"),
    )
    paper_received_at = forms.DateTimeField(
        label=_("回执上的收到时间"),
        required=False,
        help_text=_("照纸质回执填。由另一人核对扫描件以后，期限才从这个时间算起。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": NEEDED["paper_received_at"]},
    )
    paper_scan = forms.FileField(
        label=_("纸质回执的扫描件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    is_paper_needed = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, missing in NEEDED.items():
            self.fields[name].required = self.is_paper_needed
            self.fields[name].error_messages["required"] = missing

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if any(data.get(name) for name in NEEDED):
            for name, missing in NEEDED.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        return data


class PaperReceiptForm(PaperFields, CommandForm):
    """By itself, for what was entered already."""

    is_paper_needed = True


class RefuseForm(CommandForm):
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        error_messages={"required": _("请写明理由。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
