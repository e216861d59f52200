"""Forms of joint meetings: invitation, attendance, opinion, minutes. Fields bear the names of what
their command takes."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import LEGAL_ZONE
from mingtang.joint.rules.meetings import MeetingKind, Opinion
from mingtang.messages.forms import CommandForm

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _area(label: Any, missing: Any = "", *, most: int = 1000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
        **more,
    )


class MeetingForm(CommandForm):
    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class InviteForm(MeetingForm):
    kind = forms.ChoiceField(
        label=_("开会还是踏勘"),
        choices=[(one.value, _(one.label)) for one in MeetingKind],
        initial=MeetingKind.REVIEW.value,
        widget=forms.RadioSelect,
    )
    units = forms.TypedMultipleChoiceField(
        label=_("邀请哪些单位"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个单位。")},
    )
    part_key = forms.ChoiceField(label=_("关于哪个环节"), required=False)
    day = forms.DateField(
        label=_("哪天"), widget=DATE, error_messages={"required": _("请填日期。")}
    )
    hour = forms.TimeField(
        label=_("几点"), widget=TIME, initial=time(9), error_messages={"required": _("请填时间。")}
    )
    place = forms.CharField(
        label=_("地点"), max_length=200, error_messages={"required": _("请填地点。")}
    )
    agenda = _area(_("议题"), _("请写明议题。"))
    papers_sent = _area(_("随送的材料"), most=500, required=False)
    answer_by_date = forms.DateField(
        label=_("哪天以前提出意见"), widget=DATE, error_messages={"required": _("请填日期。")}
    )

    def __init__(
        self,
        *args: Any,
        units: Iterable[tuple[int, str]],
        parts: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = list(units)  # type: ignore[attr-defined]
        self.fields["part_key"].choices = [("", _("整个办件")), *parts]  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        found = super().content()
        day, hour = found.pop("day"), found.pop("hour")
        return found | {"held_at": datetime.combine(day, hour, tzinfo=LEGAL_ZONE)}


class OpineForm(MeetingForm):
    opinion = forms.ChoiceField(
        label=_("意见"),
        choices=[(one.value, _(one.label)) for one in Opinion],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项意见。")},
    )
    reason = _area(
        _("条件或者理由"), required=False, help_text=_("附条件同意、不同意的，一定要写。")
    )


class AttendForm(MeetingForm):
    """Names, one a line; nobody in either field: absent."""

    present = _area(_("按时到场的人"), required=False, help_text=_("一行一个名字。都不填是缺席。"))
    late = _area(_("迟到的人"), required=False)

    def content(self) -> dict[str, Any]:
        found = super().content()
        return {name: str(text).splitlines() for name, text in found.items()}


class MinuteForm(MeetingForm):
    summary = _area(_("讨论（踏勘）的情况和结论"), _("请写明情况和结论。"), most=2000)


class CancelForm(MeetingForm):
    reason = _area(_("取消的原因"), _("请写明取消的原因。"), most=300)
