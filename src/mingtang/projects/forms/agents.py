"""Forms of agents: the letter, plan, acts, hand-over, rating. Fields bear the names of what their
command takes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.ids import parse_id
from mingtang.cases.rules.satisfaction import Level
from mingtang.messages.forms import CommandForm
from mingtang.projects.rules.agency import ActKind, Service

WHOLE, PART = "whole", "part"
Choices = Sequence[tuple[Any, Any]]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day(label: Any, **more: Any) -> forms.DateField:
    wrong = {"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")}
    return forms.DateField(label=label, error_messages=wrong, widget=DATE, **more)


def line(label: Any, missing: Any = "", *, most: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, error_messages={"required": missing}, **more
    )


def area(label: Any, missing: Any = "", *, most: int = 500, **more: Any) -> forms.CharField:
    return line(label, missing, most=most, widget=forms.Textarea(attrs={"rows": 3}), **more)


def labelled(kinds: Iterable[Any]) -> Choices:
    """The members of an enumeration with their words in the language of the page."""
    return [(one.value, _(one.label)) for one in kinds]


class DeedForm(CommandForm):
    """A deed's form. `choices`: what its lists offer, by field."""

    def __init__(self, *args: Any, choices: dict[str, Choices] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, offered in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = offered  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class DrawLetterForm(DeedForm):
    agent_id = forms.TypedChoiceField(
        label=_("代办员"), coerce=int, error_messages={"required": _("请选代办员。")}
    )
    services = forms.MultipleChoiceField(
        label=_("委托哪些服务"),
        choices=labelled(Service),
        initial=[one.value for one in Service],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一项服务。")},
    )
    reach = forms.ChoiceField(
        label=_("委托范围"),
        choices=[(WHOLE, _("项目全程")), (PART, _("只委托下面勾选的环节"))],
        initial=WHOLE,
        widget=forms.RadioSelect,
    )
    node_keys = forms.MultipleChoiceField(
        label=_("委托的环节"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_from = day(_("从哪天起"))
    valid_to = day(_("到哪天止"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reach") == PART and not data.get("node_keys"):
            self.add_error("node_keys", _("请勾选委托的环节，或者选“项目全程”。"))
        return data

    def content(self) -> dict[str, Any]:
        found = super().content()
        is_part = found.pop("reach") == PART
        return found | {"node_keys": found["node_keys"] if is_part else None}


class SignForm(DeedForm):
    owner_signer = line(_("业主方签字的人"), _("请填业主方签字的人。"), most=60)
    owner_signed_date = day(_("业主签字的日期"))
    agent_signed_date = day(_("代办员签字的日期"))


class RevokeForm(DeedForm):
    reason = area(
        _("撤销的原因或者来文"),
        _("请写明原因或者来文。"),
        most=300,
        help_text=_("业主可以随时撤销委托。"),
    )


class PlanForm(DeedForm):
    node = forms.ChoiceField(label=_("项目的环节"), required=False)
    name = line(_("或者自己写一步"), most=100, required=False)
    service = forms.ChoiceField(label=_("自己写的属于哪类服务"), required=False)
    planned_date = day(_("计划哪天办完"))


def _number(text: str) -> int | None:
    return parse_id(text) if text else None


class ActForm(DeedForm):
    """A line of the ledger of acts: few keys, today unless another day is typed."""

    action = line(_("办了什么"), _("请写一句办了什么。"), most=500)
    kind = forms.ChoiceField(label=_("哪一类"), choices=labelled(ActKind))
    step_id = forms.TypedChoiceField(
        label=_("计划里的哪一步"), coerce=_number, empty_value=None, required=False
    )
    service = forms.ChoiceField(label=_("不在计划里的，属于哪类服务"), required=False)
    acted_date = day(_("哪天办的"))
    result = line(_("结果"), most=500, required=False, help_text=_("还没有结果的留空，以后补登。"))
    problem = line(_("遇到的问题"), most=500, required=False)
    is_step_done = forms.BooleanField(label=_("这一步办完了"), required=False)


class SettleForm(DeedForm):
    act_id = forms.TypedChoiceField(
        label=_("台账里的哪一条"), coerce=int, error_messages={"required": _("请选一条。")}
    )
    result = line(_("结果"), _("请写明结果。"), most=500)


class DropForm(DeedForm):
    step_id = forms.TypedChoiceField(
        label=_("移出哪一步"), coerce=int, error_messages={"required": _("请选一步。")}
    )


class HandOverForm(DeedForm):
    to_agent_id = forms.TypedChoiceField(
        label=_("移交给谁"), coerce=int, error_messages={"required": _("请选接手的代办员。")}
    )
    note = area(_("交代的话"), required=False)


class LevelForm(DeedForm):
    """Five levels. Nothing is chosen beforehand: who says nothing has said nothing."""

    level = forms.ChoiceField(
        label=_("满意吗？"),
        choices=labelled(Level),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请在五项里选一项。")},
    )
    text = area(_("还有什么想说的"), required=False, help_text=_("请不要写身份证号、电话。"))
