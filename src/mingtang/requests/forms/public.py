"""Forms of requests for everybody: filing, looking up, correcting, the calculator."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.base.codes import normalise_code
from mingtang.base.errors import DomainError
from mingtang.messages.forms import CommandForm
from mingtang.regions.rules import check_citizen_number, check_credit_code
from mingtang.requests.forms.base import choice, day, line, text_area, uploads
from mingtang.requests.rules.calculator import Asked
from mingtang.requests.rules.people import (
    Applicant,
    ApplicantKind,
    Channel,
    WantedForm,
    WantedWay,
)

Choice = tuple[str, str]


class FileForm(CommandForm):
    """What is wanted, from whom, by whom (《条例》第二十九条)."""

    organisation = forms.ChoiceField(
        label=_("向哪个单位申请"),
        help_text=_("选制作或者保存这项信息的单位；不清楚的可以拨打服务热线。"),
        error_messages={"required": _("请选择单位。"), "invalid_choice": _("请选择单位。")},
    )
    description = text_area(
        _("想要什么信息"),
        _("请写明想要的信息。"),
        rows=5,
        help_text=_("写名称、文号，或者能让人找到它的特征：哪一年、什么事、什么文件。"),
    )
    purpose = line(_("用途"), required=False, help_text=_("可不填。"), most=500)
    applicant_kind = choice(
        _("您是"), ApplicantKind, _("请选择申请人类型。"), initial=ApplicantKind.NATURAL.value
    )
    applicant_name = line(
        _("姓名或单位名称"),
        _("请填写姓名或单位名称。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity_number = line(
        _("身份证号或统一社会信用代码"),
        _("请填写身份证号或统一社会信用代码。"),
        most=40,
        help_text=_("作为身份证明。单位填 18 位统一社会信用代码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.RegexField(
        r"^\s*(1\d{10}|0\d{2,3}-?\d{7,8})\s*$",
        label=_("联系电话"),
        help_text=_("工作机构会打这个电话与您确认收到申请。"),
        error_messages={
            "required": _("请填写联系电话。"),
            "invalid": _("电话号码不对：手机应为 11 位数字，座机请带区号，如 0570-4012345。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    wanted_form = choice(
        _("要哪种形式"),
        WantedForm,
        _("请选择形式。"),
        initial=WantedForm.ELECTRONIC.value,
    )
    wanted_way = choice(
        _("怎么拿到答复"), WantedWay, _("请选择方式。"), initial=WantedWay.ONLINE.value
    )
    address = line(
        _("联系地址"),
        most=200,
        required=False,
        help_text=_("邮寄答复时要填。"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("用邮件答复时要填。"),
        error_messages={"invalid": _("邮箱地址不对，请核对。")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    agent_name = line(_("代理人姓名"), most=60, required=False, help_text=_("替别人申请时填。"))
    agent_phone = line(_("代理人电话"), most=20, required=False)
    uploads = uploads(
        _("附件"), help_text=_("可选。身份证件、委托书的照片或者扫描件，可以一次选几个。")
    )

    def __init__(self, *args: Any, units: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("identity_number") and data.get("applicant_kind"):
            self._check_number(data["applicant_kind"], data["identity_number"])
        needed = {WantedWay.POST.value: "address", WantedWay.EMAIL.value: "email"}
        name = needed.get(data.get("wanted_way", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, _("选了这种方式，就要填这一项。"))
        return data

    def _check_number(self, kind: str, number: str) -> None:
        try:
            if ApplicantKind(kind).is_natural:
                checked = check_citizen_number(number, today=today()).number
            else:
                checked = check_credit_code(number).code
            self.cleaned_data["identity_number"] = checked
        except DomainError as error:
            self.add_error("identity_number", error.message)

    def applicant(self, person_id: int | None = None) -> Applicant:
        data = self.cleaned_data
        return Applicant(
            kind=ApplicantKind(data["applicant_kind"]),
            name=data["applicant_name"],
            identity_number=data["identity_number"],
            phone="".join(data["phone"].split()),
            address=data["address"],
            email=data["email"],
            agent_name=data["agent_name"],
            agent_phone=data["agent_phone"],
            person_id=person_id,
        )

    def wants(self) -> dict[str, Any]:
        """What the command takes beside the applicant."""
        names = ("description", "purpose", "wanted_form", "wanted_way")
        found = {name: self.cleaned_data[name] for name in names}
        return {"organisation_id": int(self.cleaned_data["organisation"]), **found}


class ProgressForm(forms.Form):
    """Number and query code, as the receipt says them."""

    number = line(_("申请编号"), _("请填写申请编号。"), most=40)
    code = line(_("查询码"), _("请填写查询码。"), most=20)

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split()).upper()

    def clean_code(self) -> str:
        return normalise_code(str(self.cleaned_data["code"]))


class OwnCorrectForm(CommandForm):
    text = text_area(
        _("补正的内容"),
        _("请写明补正的内容。"),
        help_text=_("对照补正告知书，逐项写清楚。"),
    )
    uploads = uploads(_("附件"), help_text=_("可选。"))


class OwnReasonsForm(CommandForm):
    text = text_area(_("理由"), _("请写明理由。"))


class OwnWithdrawForm(CommandForm):
    reason = text_area(_("撤回的原因"), required=False, rows=2, help_text=_("可不填。"))


class CalculatorForm(forms.Form):
    """What the calculator of deadlines wants to know. All but channel and day may stay blank."""

    channel = forms.ChoiceField(
        label=_("怎么提出的申请"), choices=[(one.value, _(one.label)) for one in Channel]
    )
    submitted = day(_("哪天提交（寄出）"))
    arrived = day(_("哪天到达（签收）"), required=False, help_text=_("当面提交的不用填。"))
    confirmed = day(
        _("哪天双方确认收到"),
        required=False,
        help_text=_("网上、传真、邮件和平信，要以这一天为准。"),
    )
    corrected = day(_("哪天补正"), required=False, help_text=_("没有要求补正的不用填。"))
    consulted_from = day(_("征求意见从"), required=False)
    consulted_until = day(_("征求意见到"), required=False)
    is_extended = forms.BooleanField(label=_("单位告知过延期答复"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("consulted_from")) != bool(data.get("consulted_until")):
            self.add_error("consulted_until", _("征求意见的两个日期要一起填。"))
        return data

    def asked(self) -> Asked:
        data = self.cleaned_data
        span = (data["consulted_from"], data["consulted_until"])
        return Asked(
            channel=Channel(data["channel"]),
            submitted=data["submitted"],
            arrived=data["arrived"],
            confirmed=data["confirmed"],
            corrected=data["corrected"],
            is_extended=data["is_extended"],
            consulted=(span,) if span[0] else (),
        )
