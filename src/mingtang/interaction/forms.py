"""Forms: a rating."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import CommandForm
from mingtang.interaction.rules import LONGEST_TEXT, Level


class RatingForm(CommandForm):
    """Nothing is chosen beforehand: who says nothing has said nothing."""

    level = forms.ChoiceField(
        label=_("您对这次服务满意吗？"),
        choices=[(level.value, _(level.label)) for level in Level],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请在五项里选一项。")},
    )
    text = forms.CharField(
        label=_("还有什么想说的"),
        help_text=_("写给办这件事的人看。请不要写身份证号、电话。"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
