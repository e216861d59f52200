"""Forms: a rating, a rating typed from the telephone, a step with a bad rating."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import CommandForm
from mingtang.interaction.rules import HALL, LONGEST_NOTE, LONGEST_TEXT, Indicator, Level

LEVELS = [(level.value, _(level.label)) for level in Level]


class LevelForm(CommandForm):
    """Five levels. Nothing is chosen beforehand: who says nothing has said nothing."""

    level = forms.ChoiceField(
        label=_("您对这次服务满意吗？"),
        choices=LEVELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请在五项里选一项。")},
    )


class RatingForm(LevelForm):
    """A rating with words, and with the sides of the service for who wants to judge them."""

    text = forms.CharField(
        label=_("还有什么想说的"),
        help_text=_("写给办这件事的单位看。请不要写身份证号、电话。"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, indicators: Iterable[Indicator] = HALL, **more: Any) -> None:
        super().__init__(*args, **more)
        self.indicators = tuple(indicators)
        for one in self.indicators:
            self.fields[one.value] = forms.ChoiceField(
                label=one.label, choices=[("", _("不评")), *LEVELS], required=False
            )

    def sides(self) -> list[forms.BoundField]:
        return [self[one.value] for one in self.indicators]

    @property
    def details(self) -> dict[str, str]:
        said = {one.value: self.cleaned_data.get(one.value, "") for one in self.indicators}
        return {name: level for name, level in said.items() if level}


class CallForm(RatingForm):
    """What somebody said on the telephone, typed by a clerk of another unit."""

    number = forms.CharField(label=_("办件编号"), max_length=50)
    field_order = ("number", "level", "text")


class TicketForm(CommandForm):
    """A step with a bad rating: what is noted, and how hard it is to set right where that asks."""

    note = forms.CharField(
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明。")},
    )

    def __init__(self, *args: Any, label: str, help_text: str, asks_kind: bool, **more: Any):
        super().__init__(*args, **more)
        self.fields["note"].label = label
        self.fields["note"].help_text = help_text
        if asks_kind:
            self.fields["kind"] = forms.ChoiceField(
                label=_("整改难易"),
                choices=[("simple", _("简单事项")), ("complex", _("复杂事项"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("请选一项。")},
            )
