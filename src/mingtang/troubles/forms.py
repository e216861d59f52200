"""Forms of troubles."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.messages.forms import CommandForm
from mingtang.troubles.rules import (
    LONGEST_PAGE,
    LONGEST_TEXT,
    LONGEST_TOPIC,
    LONGEST_VERSION,
    MOST_HOURS,
    Deed,
    State,
)


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


class CourseForm(CommandForm):
    """A training in the use of the system."""

    held_date = forms.DateField(
        label=_("培训日期"),
        error_messages={
            "required": _("请选哪天培训的。"),
            "invalid": _("日期写成 2013-09-17 这样。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    topic = forms.CharField(
        label=_("内容"),
        max_length=LONGEST_TOPIC,
        help_text=_("例如：窗口收件和受理，第二批。"),
        error_messages={"required": _("请写明培训内容。")},
    )


class AttendanceForm(CommandForm):
    """Who came to a training, all for as long and with the same outcome."""

    usernames = forms.CharField(
        label=_("参加人员的用户名"),
        max_length=20_000,
        help_text=_("一行一个。登记过的人再登记一次，以后一次为准。"),
        error_messages={"required": _("请填参加人员的用户名，一行一个。")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    hours = forms.DecimalField(
        label=_("每人时数"),
        min_value=Decimal("0.1"),
        max_value=MOST_HOURS,
        max_digits=3,
        decimal_places=1,
        error_messages={
            name: _("请填数字，例如 2 或 1.5。")
            for name in ("required", "invalid", "min_value", "max_value", "max_digits")
        }
        | {"max_decimal_places": _("请填数字，例如 2 或 1.5。")},
    )
    passed = forms.ChoiceField(
        label=_("考核"),
        choices=[("yes", _("合格")), ("no", _("不合格，或没有考核"))],
        error_messages={"required": _("请选考核结果。")},
    )


FORMS: dict[Deed, type[CommandForm]] = {Deed.TAKE: CommandForm, Deed.SETTLE: SettleForm}
