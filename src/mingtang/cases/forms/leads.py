"""Forms of the desk beside the cases: the cashier's day, standing in, handing over, mandates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.cases.forms.base import Choice, CommandForm, DayField, day, required
from mingtang.cases.forms.deeds import YuanField
from mingtang.regions.rules import check_credit_code

Group = tuple[str, Sequence[Choice]]  # a unit and its people


class CloseDayForm(CommandForm):
    on = DayField(widget=forms.HiddenInput)
    counted = YuanField(
        label=_("实点金额（元）"),
        may_be_negative=True,
        help_text=_(
            "收款减去退款后，手里应有的钱，数一遍再填。退款多于收款的写负数，例如 -120.50。"
        ),
        error_messages=required(_("请填写实点的金额，没有就填 0。")),
    )
    note = forms.CharField(
        label=_("差额说明"),
        max_length=500,
        required=False,
        help_text=_("实点与系统不一致时写明原因。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PeopleField(forms.ChoiceField):
    """One of some people, by unit. Gives their id."""

    def offer(self, groups: Sequence[Group]) -> None:
        self.choices = [("", _("请选择")), *groups]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


class SubstitutionForm(CommandForm):
    absent_id = forms.IntegerField(widget=forms.HiddenInput)
    substitute_id = PeopleField(
        label=_("由谁顶岗"),
        error_messages={
            "required": _("请选择同事。"),
            "invalid_choice": _("顶岗的须是同一单位或上下级单位的同事，不能是安排人自己，请另选。"),
        },
    )
    from_date = day(_("从哪天起"), _("请填写开始日期。"))
    to_date = day(_("到哪天止（含当天）"), _("请填写结束日期。"))
    reason = forms.CharField(
        label=_("原因"),
        max_length=100,
        help_text=_("例如：年休、培训、病假。"),
        error_messages=required(_("请写明原因。")),
    )
    item_codes = forms.MultipleChoiceField(
        label=_("只代这些事项"),
        required=False,
        help_text=_("不勾选就是全部事项。"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Group] = (),
        items: Sequence[Choice] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["substitute_id"].offer(people)  # type: ignore[attr-defined]
        if items:
            self.fields["item_codes"].choices = list(items)  # type: ignore[attr-defined]
        else:
            del self.fields["item_codes"]

    def content(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"item_codes": data.get("item_codes") or None}


class HandOverForm(CommandForm):
    to_person_id = PeopleField(label=_("交给谁"), error_messages=required(_("请选择同事。")))
    reason = forms.CharField(
        label=_("原因"), max_length=300, error_messages=required(_("请写明为什么交接。"))
    )

    def __init__(self, *args: Any, people: Sequence[Group] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to_person_id"].offer(people)  # type: ignore[attr-defined]


class MandateForm(CommandForm):
    credit_code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    enterprise_name = forms.CharField(
        label=_("单位名称"), max_length=120, error_messages=required(_("请填写单位名称。"))
    )
    who = forms.CharField(
        label=_("代理人的用户名或身份证号"),
        max_length=60,
        help_text=_("代理人要先注册账号。登记前请核对本人身份证和委托书原件。"),
        error_messages=required(_("请填写代理人的用户名或身份证号。")),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = day(_("委托从哪天起"), _("请填写开始日期。"))
    valid_to = day(_("到哪天止，长期的不填"), required=False)

    def clean_credit_code(self) -> str:
        return credit_code_of(self.cleaned_data["credit_code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_to", _("截止日期早于开始日期，请更正。"))
        return data


def credit_code_of(text: str) -> str:
    """Raises ValidationError for what is no credit code."""
    try:
        return check_credit_code(text).code
    except DomainError as error:
        raise forms.ValidationError(error.message) from None


class EndMandateForm(CommandForm):
    reason = forms.CharField(
        label=_("为什么终止"),
        max_length=200,
        error_messages=required(_("请写明为什么终止，例如：单位来函撤销委托。")),
    )
