"""Forms of colleagues: each act on a joint matter or on one of its parts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.cases.forms.base import SeveralFiles
from mingtang.cases.rules import GivenWay
from mingtang.files.rules import ACCEPT
from mingtang.joint import queries, services
from mingtang.joint.forms.base import LONGEST, ActForm, Keep, ReasonForm, text
from mingtang.joint.rules.moves import Verb


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **{"initial": today, **more},
    )


class AcceptForm(ActForm):
    brought = forms.MultipleChoiceField(
        label=_("已经收到的材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("每份材料只收一次，各部门共用。"),
    )
    deferred = forms.MultipleChoiceField(
        label=_("容缺受理：哪些材料可以后补"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只列办事指南写明可以容缺的。一次承诺，各部门共用。"),
    )
    promise = forms.CharField(label=_("申请人的补交承诺"), max_length=300, required=False)
    due_date = _day(_("最迟补交日期"), required=False, initial=None)
    is_mandate_seen = forms.BooleanField(label=_("已核对代理人的委托书"), required=False)

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        choices, later = queries.to_bring(joint), services.deferrable(joint)
        self.fields["brought"].choices = choices  # type: ignore[attr-defined]
        self.fields["deferred"].choices = later  # type: ignore[attr-defined]
        if not choices:
            del self.fields["brought"]
        if not later:
            del self.fields["deferred"], self.fields["promise"], self.fields["due_date"]
        if not joint.applicant["proxy"]:
            del self.fields["is_mandate_seen"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deferred"):
            for name, text in (
                ("promise", _("容缺受理须写明申请人的补交承诺。")),
                ("due_date", _("容缺受理须写明最迟补交日期。")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return data


class AskCorrectionForm(ActForm):
    """Of each material whether it is missing, and what is to be mended: told once, for all."""

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        self.wanted = services.materials_for(joint)
        for number, one in enumerate(self.wanted):
            self.fields[f"lacks-{number}"] = forms.BooleanField(label=one.name, required=False)
            self.fields[f"text-{number}"] = forms.CharField(
                label=_("要补正什么"), max_length=300, required=False
            )
        self.fields["note"] = forms.CharField(
            label=_("其他要补正的内容"),
            max_length=LONGEST,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("各部门要补的一次写全，以后不能再告知。"),
        )

    def content(self, kept: Keep) -> dict[str, Any]:
        data = self.cleaned_data
        missing = {
            one.key: data[f"text-{number}"]
            for number, one in enumerate(self.wanted)
            if data[f"lacks-{number}"] or data[f"text-{number}"].strip()
        }
        return {"missing": missing, "note": data["note"]}


class SupplyForm(ActForm):
    """At the window: what was brought of what was asked for."""

    brought = forms.MultipleChoiceField(
        label=_("送到的材料"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        self.fields["brought"].choices = self.awaited(joint)  # type: ignore[attr-defined]

    def awaited(self, joint: queries.JointCase) -> list[tuple[str, str]]:
        return [(one["key"], one["name"]) for one in queries.asked_of(joint)]


class SupplyDeferredForm(SupplyForm):
    """At the window: what was brought of what was promised for later."""

    def awaited(self, joint: queries.JointCase) -> list[tuple[str, str]]:
        return queries.owed_later(joint)


class OwnSupplyForm(ActForm):
    """The applicant's own: files of what was asked for, or was promised for later."""

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        self.missing = queries.awaited_of(joint)
        for number, (_key, told) in enumerate(self.missing):
            self.fields[f"files-{number}"] = forms.Field(  # the view takes the files themselves
                label=told, required=False, widget=SeveralFiles(attrs={"accept": ACCEPT})
            )
        self.fields["note"] = forms.CharField(
            label=_("说明"),
            max_length=LONGEST,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def content(self, kept: Keep) -> dict[str, Any]:
        files = [(key, kept(f"files-{n}")) for n, (key, _told) in enumerate(self.missing)]
        handed = [services.Handed(key, GivenWay.UPLOADED, found) for key, found in files if found]
        return {"handed": handed, "note": self.cleaned_data["note"]}


class WithdrawPartForm(ReasonForm):
    part = forms.ChoiceField(
        label=_("撤回哪一个"),
        error_messages={"required": _("请选择要撤回的部分。")},
    )
    field_order = ("part", "reason")

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        parts = queries.withdrawable(queries.parts_of(joint))
        self.fields["part"].choices = [(one.key, one.name) for one in parts]  # type: ignore[attr-defined]


class BeginForm(ActForm):
    on = _day(_("开始的日期"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class EndForm(ActForm):
    on = _day(_("结束的日期"))
    result = text(_("结果"), _("请写明结果。"))
    is_passed = forms.TypedChoiceField(
        label=_("是否通过"),
        choices=[("yes", _("通过")), ("no", _("没有通过"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )


class OpinionForm(ActForm):
    is_favourable = forms.TypedChoiceField(
        label=_("意见"),
        choices=[("yes", _("符合条件")), ("no", _("尚不符合条件"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择意见。")},
    )
    opinion = text(
        _("意见的内容"),
        _("请写明意见的内容。"),
        help_text=_("仅供内部使用：前置事项批准以后，逐项核对，再转为正式办件。"),
    )


class ConvertForm(ActForm):
    """Each material and condition: as it was, or what is new about it."""

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        assert part is not None
        self.lines = services.to_recheck(part)
        for number, what in enumerate(self.lines):
            self.fields[f"same-{number}"] = forms.TypedChoiceField(
                label=what,
                choices=[("yes", _("没有变化")), ("no", _("有变化"))],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
                error_messages={"required": _("请核对这一项。")},
            )
            is_material = what.startswith(services.MATERIAL)
            self.fields[f"note-{number}"] = forms.CharField(
                label=_("变化和新的材料") if is_material else _("变化"),
                max_length=300,
                required=False,
            )
            if is_material:
                self.fields[f"files-{number}"] = forms.Field(  # the view takes the files themselves
                    label=_("新材料的照片或文件"),
                    required=False,
                    widget=SeveralFiles(attrs={"accept": ACCEPT}),
                )

    def content(self, kept: Keep) -> dict[str, Any]:
        data = self.cleaned_data
        found = [
            services.Rechecked(
                what, data[f"same-{number}"], data[f"note-{number}"], kept(f"files-{number}")
            )
            for number, what in enumerate(self.lines)
        ]
        return {"rechecked": found}


class ExtensionForm(ActForm):
    days = forms.IntegerField(label=_("延长几个工作日"), initial=15, min_value=1)
    note = text(_("延期的理由"), _("请写明延期的理由。"))


FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.ACCEPT: AcceptForm,
    Verb.ASK_CORRECTION: AskCorrectionForm,
    Verb.SUPPLY: SupplyForm,
    Verb.SUPPLY_DEFERRED: SupplyDeferredForm,
    Verb.SEND_BACK: ReasonForm,
    Verb.WITHDRAW: ReasonForm,
    Verb.WITHDRAW_PART: WithdrawPartForm,
    Verb.BEGIN_PART: BeginForm,
    Verb.END_PART: EndForm,
    Verb.SIMULATE: ActForm,
    Verb.GIVE_OPINION: OpinionForm,
    Verb.CONVERT: ConvertForm,
    Verb.ASK_EXTENSION: ExtensionForm,
    Verb.EXTEND: ActForm,
    Verb.REJECT_EXTENSION: ReasonForm,
    Verb.GO_ON_WITHOUT: ReasonForm,
    Verb.TERMINATE: ReasonForm,
}
