"""Forms of filing, progress and the acts on a case: shape and messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.base.web import new_command_id
from mingtang.cases.rules import ApplicantKind, HandOverWay, Verb, normalise_code
from mingtang.regions.rules import check_citizen_number, check_credit_code


def required(text: Any) -> dict[str, Any]:
    return {"required": text}


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


class FilingForm(CommandForm):
    applicant_kind = forms.ChoiceField(
        label=_("申请人类型"),
        choices=[("natural", _("个人")), ("legal", _("企业或其他单位"))],
        initial="natural",
        widget=forms.RadioSelect,
    )
    applicant_name = forms.CharField(
        label=_("姓名或单位名称"),
        max_length=120,
        error_messages=required(_("请填写申请人姓名或单位名称。")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity_number = forms.CharField(
        label=_("身份证号或统一社会信用代码"),
        max_length=40,
        help_text=_("个人填 18 位身份证号，单位填 18 位统一社会信用代码。"),
        error_messages=required(_("请填写身份证号或统一社会信用代码。")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    phone = forms.RegexField(
        r"^\s*(1\d{10}|0\d{2,3}-?\d{7,8})\s*$",
        label=_("联系电话"),
        help_text=_("窗口核对材料时可能打这个电话。"),
        error_messages={
            "required": _("请填写联系电话。"),
            "invalid": _("电话号码不对：手机应为 11 位数字，座机请带区号，如 0570-4012345。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("联系地址"),
        max_length=200,
        required=False,
        help_text=_("可不填。邮寄结果时需要。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    summary = forms.CharField(
        label=_("申请内容"),
        max_length=2000,
        help_text=_("用自己的话说明要办什么、用在哪里。"),
        error_messages=required(_("请用一两句话说明要办什么。")),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachment = forms.FileField(
        label=_("申请材料"),
        required=False,
        help_text=_("可不传，到窗口再交。PDF、JPG 或 PNG，不超过 10 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, kind = data.get("identity_number"), data.get("applicant_kind")
        if number and kind:
            try:
                data["identity_number"] = _checked_number(kind, number)
            except DomainError as error:
                self.add_error("identity_number", error.message)
        return data


def _checked_number(kind: str, number: str) -> str:
    if kind == ApplicantKind.LEGAL.value:
        return check_credit_code(number).code
    return check_citizen_number(number, today=today()).number


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=_("办件编号"),
        max_length=50,
        help_text=_("回执上的 21 位数字。"),
        error_messages=required(_("请填写办件编号。")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("回执上的 10 位字母和数字，大小写都可以。"),
        error_messages=required(_("请填写查询码。")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        return "".join(typed.split())

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])


class StepForm(CommandForm):
    step_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class ExamineForm(StepForm):
    opinion = forms.CharField(
        label=_("审查意见"),
        max_length=2000,
        error_messages=required(_("请填写审查意见。")),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GrantForm(CommandForm):
    reason = forms.CharField(
        label=_("决定理由"),
        max_length=2000,
        error_messages=required(_("请写明决定的理由。")),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(GrantForm):
    legal_basis = forms.CharField(
        label=_("法律依据"),
        max_length=500,
        help_text=_("写明法律、法规名称和条款。"),
        error_messages=required(_("不予的决定须写明法律依据。")),
        widget=forms.TextInput,
    )


class HandOverForm(CommandForm):
    way = forms.ChoiceField(
        label=_("送达方式"), choices=[(way.value, way.label) for way in HandOverWay]
    )
    note = forms.CharField(
        label=_("领取人或邮件号码"), max_length=60, required=False, widget=forms.TextInput
    )


FORM_OF: dict[Verb, type[CommandForm]] = {
    Verb.RECEIVE: CommandForm,
    Verb.ACCEPT: CommandForm,
    Verb.CLAIM: StepForm,
    Verb.EXAMINE: ExamineForm,
    Verb.GRANT: GrantForm,
    Verb.REFUSE: RefuseForm,
    Verb.HAND_OVER: HandOverForm,
}
