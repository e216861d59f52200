"""Forms: the library narrowed, a project written down, what is done with one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm
from mingtang.projects.rules.fields import FIELDS
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.progress import cents_of_wan, wan
from mingtang.projects.rules.states import CodeScheme, ProblemCategory, ProjectState, ProjectType

Choice = tuple[str, Any]
EVERY = ("", _("全部"))
NONE = ("", _("请选择"))


def choices_of(kinds: Any) -> list[Choice]:
    return [(one.value, one.label) for one in kinds]


def words(label: Any, missing: Any, **more: Any) -> forms.CharField:
    rows = more.pop("rows", 3)
    return forms.CharField(
        label=label,
        max_length=more.pop("most", 500),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
        **more,
    )


def a_day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


class WanField(forms.CharField):
    """A sum in 万元; cleaned, it is cents."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={"required": _("请填写金额，没有的写 0。")},
            **more,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return cents_of_wan(text, str(self.label)) if text else None
        except DomainError as error:
            raise ValidationError(error.message) from None


class Several(forms.ClearableFileInput):
    """An input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class LibraryForm(forms.Form):
    """What the library is narrowed to, out of its address. What makes no sense is left out."""

    text = forms.CharField(label=_("项目、业主或代码"), max_length=60, required=False)
    programme = forms.ChoiceField(label=_("所属计划"), required=False)
    stage = forms.ChoiceField(label=_("阶段"), required=False)
    place = forms.ChoiceField(label=_("地点"), required=False)
    type = forms.ChoiceField(
        label=_("项目性质"), required=False, choices=[EVERY, *choices_of(ProjectType)]
    )
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    tag = forms.ChoiceField(label=_("标签"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("未归档的")), *choices_of(ProjectState)],
    )
    light = forms.ChoiceField(
        label=_("亮灯"),
        required=False,
        choices=[
            EVERY,
            ("red", _("红灯：有事项超期")),
            ("yellow", _("黄灯：即将到期")),
            ("green", _("绿灯")),
        ],
    )

    def __init__(self, data: Any, *, offers: Mapping[str, Sequence[Choice]]) -> None:
        super().__init__(data)
        for name, choices in offers.items():
            self.fields[name].choices = [EVERY, *choices]  # type: ignore[attr-defined]


class ProjectForm(CommandForm):
    """All that is written of a project. `offers`: choices by field."""

    name = forms.CharField(
        label=FIELDS["name"], max_length=200, error_messages={"required": _("请填写项目名称。")}
    )
    code_scheme = forms.ChoiceField(
        label=FIELDS["code_scheme"],
        required=False,
        choices=[("", _("还没有代码")), *choices_of(CodeScheme)],
    )
    code = forms.CharField(
        label=FIELDS["code"],
        max_length=24,
        required=False,
        help_text=_("最多 24 位数字、字母和短横线。"),
    )
    type = forms.ChoiceField(
        label=FIELDS["type"],
        choices=[NONE, *choices_of(ProjectType)],
        error_messages={"required": _("请选择项目性质。")},
    )
    industry = forms.CharField(label=FIELDS["industry"], max_length=60, required=False)
    place_id = forms.TypedChoiceField(
        label=FIELDS["place_id"], coerce=int, error_messages={"required": _("请选择建设地点。")}
    )
    land_square_metres = forms.IntegerField(
        label=_("用地面积（平方米）"), required=False, min_value=0, max_value=10**12
    )
    scale = words(FIELDS["scale"], "", required=False, most=2000)
    investment_cents = WanField(label=_("总投资（万元）"))
    funds = forms.CharField(label=FIELDS["funds"], max_length=200, required=False)
    start_year = forms.IntegerField(
        label=FIELDS["start_year"], error_messages={"required": _("请填写年份。")}
    )
    end_year = forms.IntegerField(
        label=FIELDS["end_year"], error_messages={"required": _("请填写年份。")}
    )
    owner_name = forms.CharField(
        label=FIELDS["owner_name"],
        max_length=120,
        error_messages={"required": _("请填写项目业主。")},
    )
    owner_credit_code = forms.CharField(
        label=FIELDS["owner_credit_code"], max_length=30, required=False
    )
    owner_contact = forms.CharField(
        label=FIELDS["owner_contact"],
        max_length=60,
        required=False,
        help_text=_("联系人和电话加密保存，不公开，不进变更记录。"),
    )
    owner_phone = forms.CharField(label=FIELDS["owner_phone"], max_length=40, required=False)
    responsible_id = forms.TypedChoiceField(
        label=FIELDS["responsible_id"],
        coerce=int,
        error_messages={"required": _("请选择责任单位。")},
    )
    responsible_person = forms.CharField(
        label=FIELDS["responsible_person"], max_length=40, required=False
    )
    liaison_leader = forms.CharField(label=FIELDS["liaison_leader"], max_length=40, required=False)
    programmes = forms.MultipleChoiceField(
        label=_("所属计划"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.CharField(
        label=_("标签"),
        max_length=200,
        required=False,
        help_text=_("用顿号分开，如：招商引资、重大前期。"),
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[Choice],
        units: Sequence[Choice],
        programmes: Sequence[Choice],
        asks_reason: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["place_id"].choices = [NONE, *places]
        fields["responsible_id"].choices = [NONE, *units]
        fields["programmes"].choices = list(programmes)
        if not programmes:
            del fields["programmes"]
        if asks_reason:
            fields["reason"] = words(_("变更的原因"), _("请写明变更的原因。"), most=300)

    @property
    def content(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {name: said[name] for name in FIELDS}

    @property
    def marks(self) -> dict[str, Any]:
        typed = self.cleaned_data["tags"].replace("，", "、").replace(",", "、")
        tags = [tag.strip()[:40] for tag in typed.split("、") if tag.strip()]
        return {"programmes": list(self.cleaned_data.get("programmes", [])), "tags": tags}


def initial_of(project: Any) -> dict[str, Any]:
    """What stands in the form of a project that is changed."""
    return {
        **{name: getattr(project, name) for name in FIELDS},
        "investment_cents": wan(project.investment_cents),
        "programmes": [one.programme.code for one in project.programmes.all()],
        "tags": "、".join(tag.text for tag in project.tags.all()),
    }


# ── what is done with a project ───────────────────────────────────────────────────────────────


class DeedForm(CommandForm):
    """The form of a deed. `offers`: choices by field; `hints`: what stands in it at first."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        offers: Mapping[str, Sequence[Choice]] | None = None,
        hints: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=hints)
        for name, choices in (offers or {}).items():
            if name in self.fields:
                self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def content(self) -> dict[str, Any]:
        """What the command takes beside the usual."""
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class AdmitForm(DeedForm):
    approval_number = forms.CharField(
        label=_("审议同意文件的文号"),
        max_length=100,
        error_messages={"required": _("请填写文号。")},
    )
    approval_date = a_day(_("文件日期"))
    file = forms.FileField(
        label=_("文件扫描件"),
        error_messages={"required": _("请选择文件。没有审议同意文件的，项目只能是草稿。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class PlanYearForm(DeedForm):
    year = forms.IntegerField(label=_("年份"), error_messages={"required": _("请填写年份。")})
    investment_cents = WanField(label=_("计划投资（万元）"))
    goal = words(_("年底要达到的形象进度"), "", required=False)


class ReportForm(DeedForm):
    done_cents = WanField(label=_("本月完成投资（万元）"))
    year_cents = WanField(label=_("本年累计完成（万元）"))
    progress = words(_("形象进度"), _("请写明形象进度。"))
    pictures = forms.Field(
        label=_("现场照片"),
        required=False,
        help_text=_("可以一次选几张；照片里的拍摄地点等信息会去掉。"),
        widget=Several(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    year = forms.IntegerField(widget=forms.HiddenInput)
    month = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=12)


class AmendForm(DeedForm):
    done_cents = WanField(label=_("本月完成投资（万元）"))
    year_cents = WanField(label=_("本年累计完成（万元）"))
    progress = words(_("形象进度"), _("请写明形象进度。"))
    reason = words(_("更正的原因"), _("请写明更正的原因。"), rows=2, most=300)
    report_id = forms.TypedChoiceField(  # the last one of this project, and no other
        coerce=int,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("又有了新的月报，请刷新页面再更正。")},
    )


class ProblemForm(DeedForm):
    category = forms.ChoiceField(label=_("类别"), choices=choices_of(ProblemCategory))
    text = words(_("存在什么问题"), _("请写明问题。"))
    owner_id = forms.TypedChoiceField(
        label=_("由哪个单位解决"), coerce=int, error_messages={"required": _("请选择单位。")}
    )
    due_date = a_day(_("解决期限"))


class SolveForm(DeedForm):
    problem_id = forms.TypedChoiceField(label=_("哪个问题"), coerce=int)
    solution = words(_("怎样解决的"), _("请写明怎样解决的。"))


class PaperForm(DeedForm):
    title = forms.CharField(
        label=_("材料名称"), max_length=120, error_messages={"required": _("请填写材料名称。")}
    )
    file = forms.FileField(
        label=_("文件"),
        error_messages={"required": _("请选择文件。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class RouteForm(DeedForm):
    route_edition_id = forms.TypedChoiceField(
        label=_("流程"), coerce=int, error_messages={"required": _("请选择流程。")}
    )


class MilestoneForm(DeedForm):
    name = forms.CharField(
        label=_("节点名称"), max_length=100, error_messages={"required": _("请填写节点名称。")}
    )
    stage = forms.CharField(label=_("阶段"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("由谁办"))
    unit_id = forms.TypedChoiceField(label=_("单位"), coerce=int, empty_value=None, required=False)
    planned_start_date = a_day(_("计划开始"), required=False)
    planned_end_date = a_day(_("计划完成"), required=False)


class NodeForm(DeedForm):
    planned_start_date = a_day(_("计划开始"), required=False)
    planned_end_date = a_day(_("计划完成"), required=False)
    started_date = a_day(_("实际开始"), required=False)
    ended_date = a_day(_("实际完成"), required=False)
    delay_reason = words(
        _("拖期原因"), "", required=False, most=300, help_text=_("比计划晚完成的，必须写明。")
    )


class SuspendForm(DeedForm):
    reason = words(_("暂停的原因"), _("请写明原因。"), most=300)
    from_date = a_day(
        _("从哪天起"), help_text=_("写过去的日子也可以，但占用时间从今天起才算暂停。")
    )


class ResumeForm(DeedForm):
    resumed_date = a_day(_("从哪天起恢复"))


class CompleteForm(DeedForm):
    completed_date = a_day(_("完成日期"))
    note = words(_("说明"), "", required=False, most=300)


FORM_OF: dict[Deed, type[DeedForm]] = {
    Deed.ADMIT: AdmitForm,
    Deed.PLAN_YEAR: PlanYearForm,
    Deed.REPORT: ReportForm,
    Deed.AMEND: AmendForm,
    Deed.RAISE_PROBLEM: ProblemForm,
    Deed.SOLVE_PROBLEM: SolveForm,
    Deed.ADD_PAPER: PaperForm,
    Deed.CHOOSE_ROUTE: RouteForm,
    Deed.ADD_MILESTONE: MilestoneForm,
    Deed.PUBLISH: DeedForm,
    Deed.UNPUBLISH: DeedForm,
    Deed.SUSPEND: SuspendForm,
    Deed.RESUME: ResumeForm,
    Deed.COMPLETE: CompleteForm,
    Deed.ARCHIVE: DeedForm,
}
