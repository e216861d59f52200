"""Forms of joint matters: who applies for what, the materials of the whole, each act."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.clock import today
from mingtang.cases.forms import FilingForm
from mingtang.cases.forms.base import SeveralFiles
from mingtang.cases.rules import GivenWay
from mingtang.files.rules import ACCEPT
from mingtang.joint import queries, services
from mingtang.joint.rules.moves import Verb
from mingtang.joint.rules.union import Wanted
from mingtang.messages.forms import CommandForm

LONGEST = 2000


class JointFilingForm(FilingForm):
    """Who applies, and what the matter is called."""

    title = forms.CharField(
        label=_("申报名称"),
        max_length=200,
        help_text=_("一般写项目名称，例如：年产十万吨茶油加工项目。"),
        error_messages={"required": _("请填写申报名称。")},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("renews_number", "renews_until"):
            self.fields.pop(name, None)


class JointMaterialsForm(forms.Form):
    """How each material of the whole comes: uploaded now, or brought to the window. At a counter
    it is there already, or will be brought."""

    def __init__(self, wanted: Sequence[Wanted], data: Any) -> None:
        super().__init__(data)
        self.wanted = wanted
        for one in wanted:
            self._add(one)

    def _add(self, one: Wanted) -> None:
        ways = [GivenWay.UPLOADED, GivenWay.TO_BRING]
        ways += [] if one.is_required else [GivenWay.NOT_NEEDED]
        self.fields[f"way-{one.key}"] = forms.ChoiceField(
            label=_("怎么交"),
            choices=[(way.value, _(way.label)) for way in ways],
            initial=GivenWay.TO_BRING.value,
            widget=forms.RadioSelect,
            error_messages={"required": _("请选择这份材料怎么交。")},
        )
        self.fields[f"files-{one.key}"] = forms.Field(  # the view takes the files themselves
            label=_("选照片或文件，可以一次选几张"),
            required=False,
            widget=SeveralFiles(attrs={"accept": ACCEPT}),
        )
        for name in ("way", "files"):  # in the list of errors, where all look alike
            self.fields[f"{name}-{one.key}"].told = one.name  # type: ignore[attr-defined]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number,
                "name": one.name,
                "note": one.note,
                "is_required": one.is_required,
                "count": len(one.by),
                "way": self[f"way-{one.key}"],
                "files": self[f"files-{one.key}"],
            }
            for number, one in enumerate(self.wanted, 1)
        ]


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


class ActForm(CommandForm):
    """The form of an act. Fields bear the names of what its command takes."""

    def __init__(
        self,
        *args: Any,
        joint: queries.JointCase,
        part: queries.JointPart | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.offer(joint, part)

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        """Fill in what may be chosen here."""

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


def _text(label: Any, missing: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
        **more,
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        initial=today,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AcceptForm(ActForm):
    brought = forms.MultipleChoiceField(
        label=_("已经收到的材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("每份材料只收一次，各部门共用。"),
    )
    is_mandate_seen = forms.BooleanField(label=_("已核对代理人的委托书"), required=False)

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        choices = queries.to_bring(joint)
        if choices:
            self.fields["brought"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["brought"]
        if not joint.applicant["proxy"]:
            del self.fields["is_mandate_seen"]


class ReasonForm(ActForm):
    reason = _text(_("理由"), _("请写明理由。"))


class BeginForm(ActForm):
    on = _day(_("开始的日期"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class EndForm(ActForm):
    on = _day(_("结束的日期"))
    result = _text(_("结果"), _("请写明结果。"))
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
    opinion = _text(
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
            self.fields[f"note-{number}"] = forms.CharField(
                label=_("变化和新的材料"), max_length=300, required=False
            )

    def content(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = [
            services.Rechecked(what, data[f"same-{number}"], data[f"note-{number}"])
            for number, what in enumerate(self.lines)
        ]
        return {"rechecked": found}


class ExtensionForm(ActForm):
    days = forms.IntegerField(label=_("延长几个工作日"), initial=15, min_value=1)
    note = _text(_("延期的理由"), _("请写明延期的理由。"))


FORMS: Mapping[Verb, type[ActForm]] = {
    Verb.ACCEPT: AcceptForm,
    Verb.SEND_BACK: ReasonForm,
    Verb.WITHDRAW: ReasonForm,
    Verb.WITHDRAW_PART: ReasonForm,
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


def chosen(data: Any, known: Iterable[str]) -> list[str]:
    """The nodes that a page chose; all of them before anything was chosen."""
    keys = [key for key in known if key in set(data.getlist("node"))]
    return keys if "node" in data else list(known)
