"""Forms of one's own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id


class OwnForm(forms.Form):
    """Somebody wants their copy."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


class EraseForm(OwnForm):
    words = forms.CharField(
        label=_("要删除什么，为什么"),
        max_length=200,
        required=False,
        help_text=_("不写也可以：能删的都删，账户随之注销。"),
    )
