"""Forms that send a command."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )
    refusal: str | None = None  # why the command was refused, for the top of the page


class DiscardForm(CommandForm):
    """One click too many would cost somebody's work."""

    confirmed = forms.BooleanField(
        label=_("确认放弃这份草稿"),
        error_messages={"required": _("放弃前请先打勾确认。")},
    )


class ReasonForm(CommandForm):
    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        error_messages={"required": _("请写明原因。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SaveForm(CommandForm):
    """The hidden fields of a page that saves a draft: what it was written against."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    base_number = forms.IntegerField(widget=forms.HiddenInput)
