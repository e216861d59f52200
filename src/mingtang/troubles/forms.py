"""Forms of troubles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.messages.forms import CommandForm
from mingtang.troubles.rules import LONGEST_PAGE, LONGEST_TEXT, LONGEST_VERSION, Deed, State


class ListForm(forms.Form):
    state = forms.ChoiceField(
        label=_("状态"),
        choices=[("", _("全部")), *((one.value, one.label) for one in State)],
        required=False,
    )


class ReportForm(CommandForm):
    page = forms.CharField(label=_("哪个页面"), max_length=LONGEST_PAGE, required=False)
    text = forms.CharField(
        label=_("遇到了什么问题"),
        max_length=LONGEST_TEXT,
        help_text=_("做什么的时候、看到什么、本来该怎样。请不要写姓名、证件号码和电话。"),
        error_messages={"required": _("请写明遇到了什么问题。")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SettleForm(CommandForm):
    answer = forms.CharField(
        label=_("怎样解决的"),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("请写明怎样解决的。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fixed_in = forms.CharField(
        label=_("从哪个版本起解决"),
        max_length=LONGEST_VERSION,
        required=False,
        help_text=_("是程序问题的填版本号；不是的留空。"),
    )


FORMS: dict[Deed, type[CommandForm]] = {Deed.TAKE: CommandForm, Deed.SETTLE: SettleForm}
