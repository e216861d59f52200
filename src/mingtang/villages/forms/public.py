"""Forms for villagers: an objection, and the look at one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.codes import normalise_code
from mingtang.messages.forms import CommandForm


class ObjectionForm(CommandForm):
    text = forms.CharField(
        label=_("哪里不对、要问什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明是哪一笔、哪一项。公开的只是村里整理的摘要，不写您是谁。"),
        error_messages={"required": _("请写明异议的内容。")},
    )
    name = forms.CharField(
        label=_("您的姓名"),
        max_length=40,
        help_text=_("不公开，只给答复的人看。"),
        error_messages={"required": _("请填写您的姓名。")},
    )
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        required=False,
        help_text=_("不公开；留了手机号，答复后发短信告诉您。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class LookupForm(forms.Form):
    number = forms.CharField(
        label=_("异议编号"), max_length=30, error_messages={"required": _("请填写异议编号。")}
    )
    code = forms.CharField(
        label=_("查询码"), max_length=30, error_messages={"required": _("请填写查询码。")}
    )

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split())

    def clean_code(self) -> str:
        return normalise_code(str(self.cleaned_data["code"]))
