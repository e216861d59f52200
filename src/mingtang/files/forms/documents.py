"""Forms of files: what is typed in to verify a document, what is looked for in the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.codes import normalise_code
from mingtang.base.web import printable


class VerifyForm(forms.Form):
    number = forms.CharField(
        label=_("文号"),
        max_length=80,
        required=False,
        help_text=_("如 水利局受〔2013〕12号，括号可以不填。没有文号的文书，这里留空。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("核验码"),
        max_length=20,
        help_text=_("印在二维码下面，10 位字母和数字，大小写都可以。"),
        error_messages={"required": _("请填写核验码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        return printable(self.cleaned_data["number"])

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])


class RegisterForm(forms.Form):
    q = forms.CharField(label=_("文书或文号"), max_length=60, required=False)
    unit = forms.TypedChoiceField(label=_("发文单位"), required=False, coerce=int, empty_value=None)
    since = forms.DateField(
        label=_("盖章日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, units: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["unit"].choices = [("", _("全部")), *units]  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return printable(self.cleaned_data["q"])
