"""Forms of personal data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id
from mingtang.persons.rules import Opened, Reason, RequestKind


class RevealForm(forms.Form):
    names = forms.MultipleChoiceField(
        label=_("要看哪几项"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项要查看的信息。")},
    )
    reason = forms.ChoiceField(
        label=_("为什么要看"),
        choices=[(one.value, _(one.label)) for one in Reason],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择原因。")},
    )
    words = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("选“其他”的必须写。只写原因，不要写证件号码和电话。"),
    )
    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )

    def __init__(self, opened: Opened, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["names"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.name, f"{one.label} {one.masked}") for one in opened.hidden]
        if len(opened.hidden) == 1:
            field.initial = [opened.hidden[0].name]


class _CommandForm(forms.Form):
    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


class TakeInForm(_CommandForm):
    """At a counter: somebody who stands there with their identity card."""

    found_by = forms.CharField(
        label=_("用户名或者证件号码"),
        max_length=60,
        help_text=_("当面核对身份证件；代人来办的，还要核对委托书。"),
        error_messages={"required": _("请填写用户名或者证件号码。")},
    )
    kind = forms.ChoiceField(
        label=_("要什么"),
        choices=[(one.value, _(one.label)) for one in RequestKind],
        error_messages={"required": _("请选择要复制还是删除。")},
    )
    words = forms.CharField(label=_("说明"), max_length=200, required=False)


class HoldForm(_CommandForm):
    found_by = forms.CharField(
        label=_("用户名或者证件号码"),
        max_length=60,
        error_messages={"required": _("请填写用户名或者证件号码。")},
    )
    reason = forms.CharField(
        label=_("为什么暂停删除"),
        max_length=200,
        help_text=_("例如：行政复议案号。"),
        error_messages={"required": _("请写明原因。")},
    )


class LiftForm(_CommandForm):
    hold_id = forms.IntegerField(widget=forms.HiddenInput)


class DecideForm(_CommandForm):
    is_agreed = forms.TypedChoiceField(
        label=_("怎么答复"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择同意还是不同意。")},
    )
    answer = forms.CharField(
        label=_("答复"),
        max_length=500,
        help_text=_("写给本人看：办了什么，什么没有删、为什么。不同意的写明理由和怎样申诉。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明答复。")},
    )


class CopyForm(_CommandForm):
    """Somebody wants the copy."""
