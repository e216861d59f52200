"""Forms for everyone: an opinion or a question, a sheet of a survey."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.consultations.forms import area
from mingtang.consultations.rules.life import LONGEST_COMMENT, Kind
from mingtang.consultations.rules.survey import LONGEST_WORDS, Question, QuestionKind, Said
from mingtang.messages.forms import CommandForm

PHONE = r"^\s*(1\d{10}|0\d{2,3}-?\d{7,8})?\s*$"


class SayForm(CommandForm):
    """An opinion or a question. A name and a number are nobody's duty to give."""

    name = forms.CharField(
        label=_("称呼"), max_length=40, required=False, help_text=_("可以不填。不会公开。")
    )
    phone = forms.RegexField(
        PHONE,
        label=_("联系电话"),
        required=False,
        help_text=_("可以不填。填手机号，结果公布时发短信告诉您。不会公开。"),
        error_messages={"invalid": _("电话号码不对，请核对；也可以不填。")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    may_publish = forms.BooleanField(
        label=_("同意公布时引用我的原话（隐去个人信息）。不勾选的，只公布意见的大意。"),
        required=False,
    )

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        is_question = kind is Kind.INTERVIEW
        self.fields["text"] = area(
            _("您的问题") if is_question else _("您的意见"),
            7,
            LONGEST_COMMENT,
            help_text=_("请不要写身份证号、电话、住址。"),
            error_messages={
                "required": _("请写您的问题。") if is_question else _("请写您的意见。")
            },
        )
        self.order_fields(["text", "name", "phone", "may_publish"])

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "name", "phone", "may_publish")}


class SheetForm(CommandForm):
    """A sheet: one field a question; the code where nobody has signed in."""

    token = forms.CharField(
        label=_("答题码"),
        max_length=20,
        help_text=_("纸条上的 10 位字母和数字，大小写、横线都可以不管。"),
        error_messages={"required": _("请填答题码，或者先登录。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, questions: Sequence[Question], needs_token: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        if not needs_token:
            del self.fields["token"]
        self.questions = questions
        for number, one in enumerate(questions, 1):
            self.fields[f"q{number}"] = _question_field(number, one)

    def answers(self) -> dict[str, Said]:
        return {
            str(number): _said(one, self.cleaned_data[f"q{number}"])
            for number, one in enumerate(self.questions, 1)
        }


def _question_field(number: int, one: Question) -> forms.Field:
    label = f"{number}. {one.text}"
    if one.kind is QuestionKind.TEXT:
        return area(label, 4, LONGEST_WORDS, required=False)
    choices = [(str(at), option) for at, option in enumerate(one.options)]
    missing = {"required": _("这一题还没有选。"), "invalid_choice": _("请在列出的选项里选。")}
    if one.kind is QuestionKind.MULTIPLE:
        return forms.MultipleChoiceField(
            label=label,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("可以选几项。"),
            error_messages=missing,
        )
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=missing
    )


def _said(one: Question, value: Any) -> Said:
    if one.kind is QuestionKind.TEXT:
        return Said(text=value)
    chosen = value if isinstance(value, list) else [value]
    return Said(choices=tuple(sorted(int(at) for at in chosen)))
