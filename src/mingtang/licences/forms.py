"""Forms of licences."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.codes import normalise_code
from mingtang.licences.rules import LONGEST_NUMBER, LONGEST_REASON, Ending
from mingtang.messages.forms import CommandForm


class ListForm(forms.Form):
    number = forms.CharField(label=_("证照编号"), max_length=LONGEST_NUMBER, required=False)
    waits = forms.BooleanField(label=_("只看等确认的"), required=False)


class VerifyForm(forms.Form):
    code = forms.CharField(
        label=_("核验码"),
        max_length=40,
        help_text=_("印在证照上的十位字母和数字，例如 7K3QX-9M2TA。"),
        error_messages={"required": _("请填写核验码。")},
    )

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])


class AskForm(CommandForm):
    ending = forms.ChoiceField(
        label=_("怎样失效"),
        choices=[(one.value, f"{one.label}——{one.law}") for one in Ending],
        error_messages={"required": _("请选择怎样失效。")},
    )
    document = forms.CharField(
        label=_("决定书文号"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("注销没有决定书的可以留空。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        help_text=_("会告诉持证人，请不要写别人的姓名和号码。"),
        error_messages={"required": _("请填写理由。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_ending(self) -> Ending:
        return Ending(self.cleaned_data["ending"])


class RefuseForm(CommandForm):
    reason = forms.CharField(
        label=_("不同意的理由"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("请填写不同意的理由。")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


FORMS: dict[str, type[CommandForm]] = {
    "ask": AskForm,
    "confirm": CommandForm,
    "refuse": RefuseForm,
}
