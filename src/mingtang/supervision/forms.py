"""Forms of supervision: lists narrowed, words about a card, spans, rules."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm
from mingtang.supervision.rules import (
    CancelReason,
    Colour,
    Deed,
    State,
    TaskDeed,
    TaskSource,
    TaskState,
)

Choice = tuple[str, Any]
LONGEST = 2000
WRONG_DAY = _("日期写成 2013-09-17 这样。")


def _text(label: Any, missing: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
        **more,
    )


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": _("请填日期。"), "invalid": WRONG_DAY},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


class CardsForm(forms.Form):
    """What a list of cards is narrowed to, out of its address. What makes no sense is left out."""

    colour = forms.ChoiceField(label=_("颜色"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    rule = forms.ChoiceField(label=_("规则"), required=False)
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    show = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[
            ("", _("全部")),
            ("open", _("未了结")),
            ("counts", _("计分的")),
            ("proposed", _("等待批准核销")),
        ],
    )
    since = _day(_("发出日期从"), required=False)
    until = _day(_("到"), required=False)
    subject = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, units: Sequence[Choice], rules: Sequence[Choice], **more: Any
    ) -> None:
        super().__init__(data, **more)
        every = ("", _("全部"))
        self._offer("colour", [every, *((one.value, one.label) for one in Colour)])
        self._offer("state", [every, *((one.value, one.label) for one in State)])
        self._offer("rule", [every, *rules])
        self._offer("unit", [every, ("0", _("没有责任单位的")), *units])

    def _offer(self, name: str, choices: Sequence[Choice]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class SpanForm(forms.Form):
    """From a day to another."""

    since = _day(_("从"), required=False)
    until = _day(_("到"), required=False)


# ── a card ────────────────────────────────────────────────────────────────────────────────────


class SeveralFiles(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ExplainForm(CommandForm):
    text = _text(
        _("情况说明"),
        _("请写明情况。"),
        help_text=_("为什么会这样、怎么处理了。提交以后不能改。"),
    )


class AppealForm(CommandForm):
    text = _text(
        _("申诉的理由和证据"),
        _("请写明申诉的理由和证据。"),
        help_text=_("哪里不对、有什么依据。提交以后不能改。"),
    )
    uploads = forms.Field(
        label=_("证据文件"),
        required=False,
        help_text=_("可以一次选几个：通知、截图、照片。"),
        widget=SeveralFiles(attrs={"accept": ACCEPT}),
    )


class AnswerForm(CommandForm):
    answer = _text(_("办理的结果"), _("请写明办理的结果。"))


class UpholdForm(CommandForm):
    finding = _text(_("维持的理由"), _("请写明维持的理由。"), rows=3)


class ProposeForm(CommandForm):
    reason = forms.ChoiceField(
        label=_("核销的原因"),
        choices=[(one.value, one.label) for one in CancelReason],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项原因；别的都不能核销。")},
    )
    note = _text(
        _("核销的依据"),
        _("请写明核销的依据。"),
        rows=3,
        help_text=_("另一位监察人员批准以后才核销，在此以前照常计分。"),
    )


class RejectForm(CommandForm):
    reason = _text(_("不批准的理由"), _("请写明不批准的理由。"), rows=3)


class OrderForm(CommandForm):
    detail = _text(_("督办的内容"), _("请写明要单位做什么。"), rows=3)
    suggestion = _text(_("监察建议"), "", rows=2, required=False)
    due_date = _day(_("反馈的期限"), help_text=_("到期没有反馈的，发红牌。"))


class CloseForm(CommandForm):
    note = _text(_("备注"), "", rows=2, required=False)


FORMS: dict[Deed, type[CommandForm]] = {
    Deed.EXPLAIN: ExplainForm,
    Deed.APPEAL: AppealForm,
    Deed.ANSWER: AnswerForm,
    Deed.APPROVE: CommandForm,
    Deed.REJECT: RejectForm,
    Deed.UPHOLD: UpholdForm,
    Deed.PROPOSE: ProposeForm,
    Deed.ORDER: OrderForm,
    Deed.CLOSE: CloseForm,
}


# ── inspection tasks ──────────────────────────────────────────────────────────────────────────


class TasksForm(forms.Form):
    """What the list of tasks is narrowed to, out of its address."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("未了结")), *((one.value, one.label) for one in TaskState)],
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=[("", _("全部")), *((one.value, one.label) for one in TaskSource)],
    )


class TaskForm(CommandForm):
    """A task to be given to an office."""

    source = forms.ChoiceField(
        label=_("来源"),
        choices=[(one.value, one.label) for one in TaskSource],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选来源。")},
    )
    title = forms.CharField(
        label=_("督查的事项"),
        max_length=100,
        help_text=_("一句话说清楚，例如：窗口授权是否到位。"),
        error_messages={"required": _("请写明督查的事项。")},
    )
    detail = _text(
        _("督查的要求"),
        _("请写明查什么、要什么结果。"),
        help_text=_("领导批示的，请照录批示原文、批示人和日期。"),
    )
    unit = forms.ChoiceField(
        label=_("承办单位"),
        error_messages={"required": _("请选承办单位。"), "invalid_choice": _("请选承办单位。")},
    )
    due_date = _day(_("报告的期限"), help_text=_("须晚于今天。"))

    def __init__(self, *args: Any, units: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]


class ReportForm(CommandForm):
    report = _text(
        _("办理情况"),
        _("请写明办理情况。"),
        rows=6,
        help_text=_("查到什么、怎么处理了。提交以后不能改。"),
    )


class ConcludeForm(CommandForm):
    conclusion = _text(_("结论"), _("请写明结论。"), rows=3)


TASK_FORMS: dict[TaskDeed, type[CommandForm]] = {
    TaskDeed.REPORT: ReportForm,
    TaskDeed.CLOSE: ConcludeForm,
}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────

NUMBER_LABELS = {
    "within_days": _("剩几个工作日以内"),
    "over_days": _("超过几个工作日"),
    "least": _("至少（次数或字数）"),
    "percent": _("相差百分之几"),
}


class SwitchForm(CommandForm):
    profile = forms.ChoiceField(label=_("换用的方案"))
    since = _day(_("从哪天起"), help_text=_("最早明天：今天已经按现行方案判过了。"))

    def __init__(self, *args: Any, profiles: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["profile"].choices = profiles  # type: ignore[attr-defined]


class RuleForm(CommandForm):
    """The next version of a rule: its thresholds are fields of their own."""

    colour = forms.ChoiceField(label=_("颜色"), choices=[(one.value, one.label) for one in Colour])
    score = forms.DecimalField(
        label=_("扣分"),
        min_value=0,
        max_digits=5,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_digits", "max_decimal_places"),
            _("请填 0 以上的数，最多两位小数。"),
        ),
    )
    valid_from = _day(_("从哪天起"), help_text=_("最早明天。"))
    is_on = forms.BooleanField(label=_("启用"), required=False)
    off_reason = forms.CharField(
        label=_("停用的原因"), max_length=200, required=False, help_text=_("停用的必填。")
    )

    def __init__(self, *args: Any, numbers: dict[str, int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.numbers = numbers
        wrong = _("请填 0 至 366 的整数。")
        for name, value in numbers.items():
            self.fields[f"n-{name}"] = forms.IntegerField(
                label=NUMBER_LABELS.get(name, name),
                initial=value,
                min_value=0,
                max_value=366,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), wrong
                ),
            )
        self.order_fields([f"n-{name}" for name in numbers])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("is_on") and not data.get("off_reason", "").strip():
            self.add_error("off_reason", _now("请写明停用的原因。"))
        return data

    def params(self, before: dict[str, Any]) -> dict[str, Any]:
        """The parameters with the thresholds that were typed, once the form is valid."""
        return before | {name: self.cleaned_data[f"n-{name}"] for name in self.numbers}


def spread(
    since: date | None, until: date | None, otherwise: tuple[date, date]
) -> tuple[date, date]:
    """A span as asked for, in order; the other one where a day is missing."""
    first, last = since or otherwise[0], until or otherwise[1]
    return (first, last) if first <= last else (last, first)
