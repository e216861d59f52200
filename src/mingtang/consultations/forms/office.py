"""Forms for those who prepare and answer: a plan of each kind, what becomes of each word."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.consultations.forms import area
from mingtang.consultations.rules.life import (
    LONGEST_ANSWER,
    LONGEST_COMMENT,
    LONGEST_TEXT,
    MOST_DAYS,
    VERDICTS_OF,
    Kind,
    Plan,
)
from mingtang.consultations.rules.survey import read_questions
from mingtang.messages.forms import CommandForm


def _moment(label: Any, missing: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"required": missing, "invalid": missing},
    )


class PlanForm(CommandForm):
    """What every kind asks for; each kind adds its own."""

    kind: Kind
    organisation = forms.ChoiceField(label=_("单位"))
    title = forms.CharField(
        label=_("标题"), max_length=100, error_messages={"required": _("请写标题。")}
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = list(units)  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """Raises DomainError."""
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"command_id", "organisation", "questions"}
        }
        return Plan(kind=self.kind, **told)


def _days(initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("征集多少天"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=initial,
        help_text=_("从公开的第二天算起。"),
        error_messages={"required": _("请填天数。"), "invalid": _("请填整数。")},
    )


class OpinionsForm(PlanForm):
    kind = Kind.OPINIONS
    text = area(
        _("征求意见稿"), 14, LONGEST_TEXT, error_messages={"required": _("请写征求意见稿。")}
    )
    explanation = area(
        _("起草说明"),
        7,
        LONGEST_TEXT,
        help_text=_("为什么起草、主要规定了什么。"),
        error_messages={"required": _("请写起草说明。")},
    )
    days = _days(30)
    short_reason = forms.CharField(
        label=_("缩短期限的理由"),
        max_length=200,
        required=False,
        help_text=_("少于规定天数时要写，会一起公开。"),
    )


class InterviewForm(PlanForm):
    kind = Kind.INTERVIEW
    text = area(_("访谈主题"), 5, LONGEST_TEXT, error_messages={"required": _("请写访谈主题。")})
    guests = forms.CharField(
        label=_("嘉宾"),
        max_length=200,
        help_text=_("单位、职务和姓名。"),
        error_messages={"required": _("请填嘉宾。")},
    )
    held_at = _moment(_("开始时间"), _("请填开始时间。"))
    held_until = _moment(_("结束时间"), _("请填结束时间。"))


class SurveyForm(PlanForm):
    kind = Kind.SURVEY
    text = area(_("调查说明"), 4, LONGEST_TEXT, error_messages={"required": _("请写调查说明。")})
    questions = area(
        _("题目"),
        14,
        10_000,
        help_text=_(
            "一行题目，下面每行一个选项，选项前写“- ”。"
            "可以选几项的，题目前写“多选：”；写文字的，题目前写“文字：”。"
        ),
        error_messages={"required": _("请写题目。")},
    )
    days = _days(15)

    def clean_questions(self) -> str:
        typed = str(self.cleaned_data["questions"])
        try:
            self.read = read_questions(typed)
        except DomainError as error:
            raise forms.ValidationError(error.message) from None
        return typed

    def plan(self) -> Plan:
        return replace(super().plan(), questions=self.read)


PLAN_FORMS: dict[str, type[PlanForm]] = {
    form.kind.value: form for form in (OpinionsForm, InterviewForm, SurveyForm)
}


class KeepForm(CommandForm):
    public_text = area(
        _("公开用的文字"),
        5,
        LONGEST_COMMENT,
        help_text=_("结果里公布的就是这一段。请再看一遍，不要有姓名、电话、住址。"),
        error_messages={"required": _("请写公开用的文字。")},
    )


class SetAsideForm(CommandForm):
    set_aside_reason = forms.CharField(
        label=_("不列入的理由"),
        max_length=200,
        help_text=_("如：与本次征集无关；广告；重复提交。"),
        error_messages={"required": _("请写明理由。")},
    )


class AnswerForm(CommandForm):
    verdict = forms.ChoiceField(
        label=_("采纳情况"), widget=forms.RadioSelect, error_messages={"required": _("请选一项。")}
    )

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        listed = VERDICTS_OF[kind]
        is_question = kind is Kind.INTERVIEW
        field = self.fields["verdict"]
        field.choices = [(one.value, one.label) for one in listed]  # type: ignore[attr-defined]
        if is_question:
            field.widget, field.initial = forms.HiddenInput(), listed[0].value
        self.fields["text"] = area(
            _("回答") if is_question else _("理由"),
            5,
            LONGEST_ANSWER,
            error_messages={"required": _("请写明。")},
        )


class ResultForm(CommandForm):
    words = area(
        _("前言"),
        5,
        10_000,
        required=False,
        help_text=_("可以不写。下面的采纳情况表、问答或者统计由系统接上。"),
    )


class TokensForm(CommandForm):
    count = forms.IntegerField(
        label=_("要几个答题码"),
        min_value=1,
        max_value=500,
        initial=20,
        error_messages={"required": _("请填个数。"), "invalid": _("请填整数。")},
    )
