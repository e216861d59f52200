"""Forms of filing, across the counter too, and of looking a case up: shape and messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.cases.forms.base import CommandForm, FilesField, OriginalsField, day, required
from mingtang.cases.rules import (
    Applicant,
    ApplicantKind,
    HandOverWay,
    Proxy,
    Renewal,
    normalise_code,
)
from mingtang.regions.rules import check_citizen_number, check_credit_code


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

    proxy_name = forms.CharField(label=_("代理人姓名"), max_length=60, required=False)
    proxy_identity_number = forms.CharField(
        label=_("代理人身份证号"), max_length=40, required=False
    )
    proxy_phone = forms.CharField(label=_("代理人电话"), max_length=20, required=False)
    renews_number = forms.CharField(label=_("原证件编号"), max_length=100, required=False)
    renews_until = day(_("原证件有效期止"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, kind = data.get("identity_number"), data.get("applicant_kind")
        if number and kind:
            self._check("identity_number", kind, number)
        self._clean_proxy(data)
        if data.get("renews_number") and not data.get("renews_until"):
            self.add_error("renews_until", _("办理延续须填写原证件的有效期止。"))
        return data

    def _clean_proxy(self, data: dict[str, Any]) -> None:
        if not (data.get("proxy_name") or data.get("proxy_identity_number")):
            return
        if not data.get("proxy_name"):
            self.add_error("proxy_name", _("请填写代理人姓名。"))
        if not data.get("proxy_identity_number"):
            self.add_error("proxy_identity_number", _("请填写代理人身份证号。"))
        else:
            natural = ApplicantKind.NATURAL.value
            self._check("proxy_identity_number", natural, data["proxy_identity_number"])

    def _check(self, name: str, kind: str, number: str) -> None:
        try:
            self.cleaned_data[name] = _checked_number(kind, number)
        except DomainError as error:
            self.add_error(name, error.message)

    def applicant(self, *, person_id: int | None, is_registered: bool = False) -> Applicant:
        """Who applies, as the command takes it. `is_registered`: the proxy's mandate is on
        record."""
        data = self.cleaned_data
        proxy = None
        if data["proxy_name"]:
            proxy = Proxy(
                data["proxy_name"],
                data["proxy_identity_number"],
                "".join(data["proxy_phone"].split()),
                is_registered,
            )
        return Applicant(
            kind=ApplicantKind(data["applicant_kind"]),
            name=data["applicant_name"],
            identity_number=data["identity_number"],
            phone="".join(data["phone"].split()),
            address=data["address"],
            person_id=person_id,
            proxy=proxy,
        )

    def renewal(self) -> Renewal | None:
        data = self.cleaned_data
        until = data.get("renews_until")
        return Renewal(data["renews_number"], until) if data["renews_number"] and until else None


class IntakeForm(FilingForm):
    """The same at a counter: papers in hand instead of one upload."""

    attachment = None  # type: ignore[assignment]
    uploads = FilesField(label=_("扫描件"), help_text=_("可选多个文件。"))
    originals = OriginalsField(label=_("留下的原件"), required=False)
    is_mandate_seen = forms.BooleanField(label=_("已核对代理人的委托书"), required=False)


class DeliveryForm(CommandForm):
    """How the applicant wants the result."""

    way = forms.ChoiceField(
        label=_("怎么领取结果"),
        choices=[(way.value, way.label) for way in HandOverWay],
        widget=forms.RadioSelect,
        error_messages=required(_("请选择领取方式。")),
    )
    address = forms.CharField(
        label=_("收件地址"),
        max_length=200,
        required=False,
        help_text=_("选邮寄的请填写，连同收件人电话。"),
    )

    def clean_way(self) -> HandOverWay:
        return HandOverWay(self.cleaned_data["way"])


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
