"""Forms of the exchange: a code from a day on; the switching-off of an old system."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id
from mingtang.exchange.rules.cutover import BY_HAND, LONGEST_NOTE, Point
from mingtang.messages.forms import CommandForm


class CodeForm(forms.Form):
    """What those above call one of our words, since when, and who says so."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )
    code = forms.RegexField(
        r"^[0-9A-Za-z._-]+$",
        label=_("对方的代码"),
        max_length=40,
        error_messages={
            "required": _("请填写对方代码表里的代码。"),
            "invalid": _("代码只用数字、字母和 . _ -，不含空格和逗号。"),
        },
    )
    label = forms.CharField(
        label=_("对方的名称"),
        max_length=100,
        error_messages={"required": _("请填写对方代码表里的名称。")},
    )
    since = forms.DateField(
        label=_("从哪天起用"),
        help_text=_("前一天及以前的数据仍用原来的代码。"),
        error_messages={
            "required": _("请选从哪天起用。"),
            "invalid": _("日期写成 2013-09-17 这样。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("哪份文件、哪次联调确定的。"),
        error_messages={"required": _("请写明依据，以后的人要能查到。")},
    )


class SourceForm(CommandForm):
    """A button that is about an old system."""

    source = forms.CharField(max_length=60, widget=forms.HiddenInput)


class UntickForm(SourceForm):
    point = forms.ChoiceField(
        choices=[(one.value, one.label) for one in Point if one in BY_HAND],
        widget=forms.HiddenInput,
    )


class TickForm(UntickForm):
    note = forms.CharField(
        label=_("怎样核对的"),
        max_length=LONGEST_NOTE,
        help_text=_("看了什么、从哪天起。"),
        error_messages={"required": _("请写明怎样核对的。")},
    )


class OutcomeForm(SourceForm):
    """Where an old case that was open has gone: one of the two."""

    old_id = forms.IntegerField(widget=forms.HiddenInput)
    new_number = forms.CharField(label=_("转到新系统，新编号"), max_length=50, required=False)
    ending = forms.CharField(
        label=_("在旧系统办结，怎样办结的"), max_length=LONGEST_NOTE, required=False
    )
