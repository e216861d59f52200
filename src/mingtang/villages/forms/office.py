"""Forms of a village's clerk, committee and township. Fields bear the names of what their command
takes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm
from mingtang.villages.rules.kinds import LINES_OF, Area, Layout, LineKind, NoticeKind
from mingtang.villages.rules.money import cents_of, yuan
from mingtang.villages.rules.moves import Deed, Verdict
from mingtang.villages.rules.sheets import NewLine, line_of

Choice = tuple[str, Any]
SHEETS = ".xlsx,.xls,.csv"


def labelled(kinds: Iterable[Any]) -> list[Choice]:
    return [(one.value, one.label) for one in kinds]


def a_day(label: Any, **more: Any) -> forms.DateField:
    wrong = {"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, error_messages=wrong, widget=widget, **more)


def words(label: Any, missing: Any = "", *, most: int, rows: int = 3, **more: Any) -> Any:
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


class YuanField(forms.CharField):
    """A sum in 元; cleaned, it is cents."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return cents_of(text) if text else None
        except DomainError as error:
            raise ValidationError(error.message) from None

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value


class DeedForm(CommandForm):
    """A deed's form: all but the command's id goes to its command."""

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


class BeginForm(DeedForm):
    section_code = forms.ChoiceField(
        label=_("公开到哪个栏目"), error_messages={"required": _("请选栏目。")}
    )
    title = forms.CharField(
        label=_("标题"), max_length=100, error_messages={"required": _("请写标题。")}
    )
    happened_date = a_day(
        _("重大事项：哪天发生"),
        required=False,
        help_text=_("大额开支、工程合同等要及时公开的事才填；从这一天起算期限。"),
    )

    def __init__(self, *args: Any, sections: Sequence[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["section_code"]
        field.choices = [("", _("请选择")), *sections]  # type: ignore[attr-defined]


class TextForm(DeedForm):
    title = forms.CharField(
        label=_("标题"), max_length=100, error_messages={"required": _("请写标题。")}
    )
    body = words(_("说明"), most=5000, rows=5, required=False)


class AccountForm(TextForm):
    opening_cents = YuanField(
        label=_("期初余额（元）"), required=False, help_text=_("上一期的期末余额。")
    )
    closing_cents = YuanField(
        label=_("期末余额（元）"), required=False, help_text=_("账上实有的数，用来核对有没有漏记。")
    )


class LineForm(CommandForm):
    """One line: what for, how much, when, with which receipt."""

    kind = forms.ChoiceField(label=_("收还是支"))
    text = forms.CharField(
        label=_("摘要"), max_length=100, error_messages={"required": _("请写摘要。")}
    )
    amount = forms.CharField(
        label=_("金额（元）"),
        max_length=20,
        error_messages={"required": _("请填金额。")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    day = a_day(_("日期"), required=False)
    voucher = forms.CharField(label=_("凭证号"), max_length=30, required=False)
    receipt = forms.FileField(
        label=_("票据照片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("给村务监督委员会和乡镇看，不上网。"),
    )

    def __init__(self, *args: Any, layout: Layout, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = LINES_OF[layout]
        self.fields["kind"].choices = labelled(kinds)  # type: ignore[attr-defined]
        if layout is not Layout.ACCOUNTS:
            self.fields["kind"].label = _("类别")
        if layout is Layout.BENEFITS:
            del self.fields["kind"], self.fields["day"], self.fields["voucher"]
            del self.fields["receipt"]
            self.fields["text"].label = _("姓名")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                data["line"] = self._line(data)
            except DomainError as error:
                self.add_error(None, error.message)
        return data

    def _line(self, data: Mapping[str, Any]) -> NewLine:
        kind = LineKind(data.get("kind") or LineKind.BENEFIT)
        day = data["day"].isoformat() if data.get("day") else ""
        more = {"day": day, "voucher": data.get("voucher", "")}
        return line_of(kind, data["text"], data["amount"], more)


class ImportForm(CommandForm):
    table = forms.FileField(
        label=_("表格文件"),
        error_messages={"required": _("请选 XLSX 或 CSV 表格。")},
        widget=forms.FileInput(attrs={"accept": SHEETS}),
        help_text=_("要有这些列：日期、摘要、收入、支出；或者日期、收支、摘要、金额。"),
    )


class VerdictForm(DeedForm):
    """Agree or give back what was read. The hash says what that was."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        label=_("意见"),
        choices=labelled(Verdict),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选同意或者退回。")},
    )
    opinion = words(
        _("说明"), most=300, rows=2, required=False, help_text=_("退回的要写明改什么。")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.RETURN and not data.get("opinion"):
            self.add_error("opinion", _("退回请写明要改什么。"))
        return data


class TakeDownForm(DeedForm):
    reason = words(_("撤下的原因"), _("请写明撤下的原因。"), most=200, rows=2)


class ReplyForm(DeedForm):
    public_text = words(
        _("异议的公开摘要"),
        _("请写公开摘要。"),
        most=500,
        help_text=_("大家看到的就是这几句：不写姓名、电话、住址。"),
    )
    answer = words(_("答复"), _("请写答复。"), most=1000, rows=5)


class PaperForm(DeedForm):
    name = forms.CharField(
        label=_("村民姓名"), max_length=40, error_messages={"required": _("请填写姓名。")}
    )
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    text = words(_("书面异议的内容"), _("请照书面抄录。"), most=1000, rows=4)


FORM_OF: dict[Deed, type[DeedForm]] = {
    Deed.HAND_IN: DeedForm,
    Deed.EXAMINE: VerdictForm,
    Deed.APPROVE: VerdictForm,
    Deed.RELEASE: DeedForm,
    Deed.TAKE_DOWN: TakeDownForm,
    Deed.ARCHIVE: DeedForm,
}


# ── what the city sets, who acts for a village ────────────────────────────────────────────────


class NoticeForm(DeedForm):
    kind = forms.ChoiceField(label=_("种类"), choices=labelled(NoticeKind))
    title = forms.CharField(
        label=_("标题"), max_length=100, error_messages={"required": _("请写标题。")}
    )
    body = words(_("正文"), _("请写正文。"), most=3000, rows=5)
    valid_from = a_day(_("从哪天起"))
    valid_to = a_day(_("到哪天止"), required=False)


class LimitForm(DeedForm):
    valid_from = a_day(_("从哪天起"))
    finance_months = forms.TypedChoiceField(
        label=_("财务多久公开一次"),
        choices=[(3, _("每季度")), (1, _("每月"))],
        coerce=int,
    )
    due_day = forms.IntegerField(label=_("下月几日以前"), min_value=1, max_value=31)
    major_cents = YuanField(label=_("大额的标准（元）"))
    major_days = forms.IntegerField(label=_("重大事项几天内公开"), min_value=0, max_value=60)
    objection_days = forms.IntegerField(label=_("异议期几天"), min_value=1, max_value=90)
    reply_days = forms.IntegerField(label=_("异议几天内答复"), min_value=1, max_value=90)
    basis = forms.CharField(label=_("依据"), max_length=120, required=False)


class SectionForm(DeedForm):
    name = forms.CharField(
        label=_("栏目名称"), max_length=40, error_messages={"required": _("请写栏目名称。")}
    )
    code = forms.SlugField(
        label=_("栏目代码"),
        max_length=40,
        help_text=_("小写英文，定了不改，如 road-works。"),
        error_messages={"required": _("请写代码。"), "invalid": _("只用字母、数字和短横。")},
    )
    area = forms.ChoiceField(
        label=_("属于"), choices=labelled(one for one in Area if one is not Area.FEEDBACK)
    )
    parent = forms.ChoiceField(label=_("上级栏目"), required=False)
    layout = forms.ChoiceField(label=_("写什么"), choices=labelled(Layout))
    is_periodic = forms.BooleanField(label=_("每期都要公开"), required=False)
    guide = forms.CharField(label=_("写法提示"), max_length=300, required=False)
    valid_from = a_day(_("从哪天起"))

    def __init__(self, *args: Any, parents: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["parent"]
        field.choices = [("", _("没有，直接列在上面")), *parents]  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        data = super().content()
        return {"valid_from": data.pop("valid_from"), "content": data}


class KinshipForm(DeedForm):
    person_id = forms.TypedChoiceField(label=_("村务监督委员会成员"), coerce=int)
    relative_name = forms.CharField(label=_("是哪位村干部的近亲属"), max_length=40)
    relation = forms.CharField(label=_("什么关系"), max_length=40, help_text=_("如配偶、兄弟。"))

    def __init__(self, *args: Any, people: Sequence[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]


class SeatForm(DeedForm):
    """Who takes an office of a village: whoever has the post at the township."""

    seat = forms.ChoiceField(
        label=_("谁任什么"),
        error_messages={"required": _("请选一位。"), "invalid_choice": _("请重选。")},
    )
    valid_from = a_day(_("从哪天起"))

    def __init__(self, *args: Any, people: Sequence[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["seat"].choices = people  # type: ignore[attr-defined]

    def content(self) -> dict[str, Any]:
        data = super().content()
        office, _slash, person = data.pop("seat").partition("/")
        return {**data, "office": office, "person_id": int(person)}


class UnseatForm(DeedForm):
    valid_to = a_day(_("到哪天止"))
