"""Forms of intermediary services: the register, an engagement, its end."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.projects.forms.agents import DeedForm, area, day, labelled, line
from mingtang.projects.rules.intermediaries import Commissioner, Trade
from mingtang.regions.rules import check_credit_code


class RegisterForm(DeedForm):
    name = line(_("机构名称"), _("请填机构名称。"), most=120)
    credit_code = line(_("统一社会信用代码"), _("请填统一社会信用代码。"), most=40)
    trade = forms.ChoiceField(label=_("服务种类"), choices=labelled(Trade))
    valid_to = day(_("资质有效期到哪天"), required=False, help_text=_("没有期限的留空。"))

    def clean_credit_code(self) -> str:
        try:
            return check_credit_code(self.cleaned_data["credit_code"]).code
        except DomainError as error:
            raise forms.ValidationError(error.message) from None


class StrikeOffForm(DeedForm):
    reason = area(_("移出名录的原因"), _("请写明原因。"), most=300)


class RenewForm(DeedForm):
    valid_to = day(_("新的有效期到哪天"))


class EngageForm(DeedForm):
    intermediary_id = forms.TypedChoiceField(
        label=_("中介机构"),
        coerce=int,
        error_messages={"required": _("请选中介机构。名录里没有的，请项目管理人员先登记。")},
    )
    node = forms.ChoiceField(label=_("项目的环节"), required=False)
    name = line(_("或者自己写委托做什么"), most=100, required=False)
    commissioner = forms.ChoiceField(
        label=_("谁委托的"), choices=labelled(Commissioner), widget=forms.RadioSelect
    )
    organisation_id = forms.TypedChoiceField(
        label=_("委托或者主管的部门"),
        coerce=int,
        error_messages={"required": _("请选部门。")},
    )
    started_date = day(_("从哪天开始"))
    promised_date = day(_("约定哪天完成"))
    price = forms.DecimalField(
        label=_("价款（元）"),
        min_value=Decimal(0),
        max_value=Decimal(10**10),
        decimal_places=2,
        error_messages={"required": _("请填价款，不收钱的填 0。"), "invalid": _("请填数字。")},
    )

    def content(self) -> dict[str, Any]:
        found = super().content()
        return found | {"price_cents": int(found.pop("price") * 100)}


class CompleteForm(DeedForm):
    ended_date = day(_("哪天完成的"))
    result = line(_("交出的成果"), _("请写明成果。"), most=500)
