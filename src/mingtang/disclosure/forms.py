"""Forms of disclosure: an item, opinions, releases, evidence, training."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.channels.rules import MOST_COPIES, Copies, read_distribution
from mingtang.disclosure.rules import index
from mingtang.disclosure.rules.items import (
    CATEGORIES,
    LONGEST_BODY,
    LONGEST_TITLE,
    Attribute,
    Column,
    Content,
    Genre,
    Validity,
)
from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm

Choice = tuple[str, Any]
MOST_ATTENDEES = 32_767


def pairs(kinds: Any) -> list[Choice]:
    return [(one.value, one.label) for one in kinds]


def _text(
    label: Any, most: int, *, rows: int = 0, missing: Any = "", **more: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    if missing:
        more["error_messages"] = {"required": missing}
    return forms.CharField(
        label=label, max_length=most, widget=widget, required=bool(missing), **more
    )


def _day(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def _count(label: Any, most: int = MOST_COPIES, **more: Any) -> forms.IntegerField:
    wrong = _("请填整数，至少是 1。")
    errors = {"required": wrong, "invalid": wrong, "min_value": wrong}
    errors["max_value"] = _("请填整数，最多是 %(limit_value)s。")
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, error_messages=errors, **more
    )


def _choice(label: Any, kinds: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=kinds, **more)


class _ManyFiles(forms.FileInput):
    """Several files in one input. The form sees the last; the view takes them all."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name)


class ItemForm(CommandForm):
    """All that an item says. Files are taken beside the form."""

    content_hash = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    organisation = _choice(_("发布单位"), [])
    column = _choice(_("栏目"), pairs(Column))
    title = _text(_("标题"), LONGEST_TITLE, missing=_("请填写标题。"))
    body = _text(
        _("正文"),
        LONGEST_BODY,
        rows=14,
        help_text=_("空一行分段；“## ”开头是小标题，“- ”开头是列表，“|”开头是表格的一行。"),
    )
    new_files = forms.FileField(
        label=_("附件"),
        required=False,
        help_text=_("可以选几个。文件名会一起公开。"),
        error_messages={"empty": _("文件是空的，请重新选择。")},
        widget=_ManyFiles(attrs={"accept": ACCEPT}),
    )
    kept = forms.MultipleChoiceField(
        label=_("保留的附件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    formed_date = _day(_("成文日期"), help_text=_("文件形成的日子，不是录入的日子。"))
    category = _choice(_("法定公开类别"), [("", _("请选择")), *CATEGORIES.items()], required=False)
    genre = _choice(_("体裁"), pairs(Genre))
    theme = _text(_("主题分类"), 60, help_text=_("例如：综合政务\\政务公开"))
    document_number = _text(_("文号"), 60)
    keywords = _text(_("关键词"), 100)
    basis = _text(_("公开依据"), 300, rows=2)
    attribute = _choice(_("公开属性"), pairs(Attribute), widget=forms.RadioSelect)
    withheld_reason = _text(
        _("不主动公开的理由"), 300, rows=2, help_text=_("依申请公开、不予公开的必填，写明依据。")
    )
    target_group = _text(_("公开对象"), 60)
    validity = _choice(_("有效性"), pairs(Validity))
    valid_until = _day(_("有效期至"), required=False)
    source = _text(_("信息来源"), 60)
    asks_secrecy = forms.BooleanField(label=_("请保密审查员审查"), required=False)
    note = _text(_("改了什么、为什么"), 200)

    def __init__(
        self,
        *args: Any,
        organs: Sequence[Choice],
        attached: Sequence[Choice] = (),
        is_new: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = organs  # type: ignore[attr-defined]
        self.fields["kept"].choices = attached  # type: ignore[attr-defined]
        if not attached:
            del self.fields["kept"]
        if is_new:
            del self.fields["note"]

    def content(self, kept: Sequence[Any] = ()) -> Content:
        """What was typed, once the form is valid."""
        names = Content.__dataclass_fields__.keys() - {"attachments"}
        data = {name: self.cleaned_data[name] for name in names}
        data["body"] = data["body"].replace("\r\n", "\n")
        return Content(**data, attachments=tuple(kept))


class ReadForm(CommandForm):
    """An act on the version that was read."""

    content_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReviewForm(ReadForm):
    opinion = _text(_("审核意见"), 500, rows=2)
    justification = _text(
        _("检查发现的内容为什么可以公开"),
        500,
        rows=2,
        help_text=_("有“必须处理”的发现而依法应当公开时才填；否则请退回清理。"),
    )
    asks_secrecy = forms.BooleanField(label=_("请保密审查员再审查"), required=False)


class ClearForm(ReadForm):
    opinion = _text(_("保密审查意见"), 500, rows=2)


class ReturnForm(ReadForm):
    opinion = _text(_("退回的理由"), 500, rows=2, missing=_("请写明退回的理由。"))


class TakeDownForm(CommandForm):
    reason = _text(_("撤下的原因"), 200, missing=_("请写明撤下的原因。"))


class OldNumberForm(CommandForm):
    number = _text(_("以前的索引号"), index.LONGEST, missing=_("请填写索引号。"))
    organ_name = _text(_("当时的单位名称"), 100)


class ChannelsForm(ReadForm):
    """Several channels at once: which, how many there, to whom copies went. Proofs come after."""

    channels = forms.MultipleChoiceField(
        label=_("发布渠道"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("本系统的公开专栏自动发布、自动计数，不用选。凭证发布以后在发布记录里补。"),
    )

    def __init__(self, *args: Any, channels: Sequence[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        listed = [one for one in channels if not one.is_automatic]
        self.fields["channels"].choices = [(one.code, one.name) for one in listed]  # type: ignore[attr-defined]
        for one in listed:
            if one.measure != "item":
                unit = one.get_measure_display()
                self.fields[f"quantity_{one.code}"] = _count(
                    _("“%(name)s”数量（%(unit)s）") % {"name": one.name, "unit": unit},
                    required=False,
                )
            if one.proof == "list":
                self.fields[f"copies_{one.code}"] = _text(
                    _("“%(name)s”分发清单") % {"name": one.name},
                    4000,
                    rows=3,
                    help_text=_("一行一处：发给谁，空格，份数。合计要等于数量。"),
                )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.listed: dict[str, tuple[Copies, ...]] = {}
        for code in data.get("channels", []):
            name = f"copies_{code}"
            try:
                self.listed[code] = read_distribution(data.get(name, ""))
            except DomainError as error:
                self.add_error(name, error.message)
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Channel, quantity and distribution of each that was chosen."""
        data = self.cleaned_data
        return [
            {
                "channel": code,
                "quantity": data.get(f"quantity_{code}")
                or sum(one.copies for one in self.listed[code])
                or 1,
                "distribution": self.listed[code],
            }
            for code in data["channels"]
        ]


class ReleaseForm(CommandForm):
    """A release by hand of what has no item here, or of many at once."""

    organisation = _choice(_("发布单位"), [])
    channel = _choice(_("渠道"), [])
    title = _text(_("发布了什么"), 200, missing=_("请写明发布了什么。"))
    released_date = _day(_("发布日期"))
    quantity = _count(_("数量"), initial=1, help_text=_("按渠道的单位：条、份、次、时。"))
    item_count = _count(
        _("其中不同的信息"), required=False, help_text=_("有几条不同的信息；说不清时留空。")
    )
    evidence = _text(_("凭证"), 300, help_text=_("网址、期号、日期、照片说明。"))
    distribution = _text(
        _("分发清单"), 4000, rows=3, help_text=_("印刷品：一行一处，发给谁，空格，份数。")
    )
    file = forms.FileField(
        label=_("照片或扫描件"),
        required=False,
        error_messages={"empty": _("文件是空的，请重新选择。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(
        self, *args: Any, organs: Sequence[Choice], channels: Sequence[Choice], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = organs  # type: ignore[attr-defined]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def clean_distribution(self) -> tuple[Copies, ...]:
        try:
            return read_distribution(self.cleaned_data["distribution"])
        except DomainError as error:
            raise ValidationError(error.message) from None


class EvidenceForm(CommandForm):
    text = _text(_("凭证"), 300, help_text=_("网址、期号、播出日期，或者照片上是什么。"))
    file = forms.FileField(
        label=_("照片或扫描件"),
        required=False,
        error_messages={"empty": _("文件是空的，请重新选择。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class SchemeForm(CommandForm):
    """How a unit's index numbers are made."""

    organisation = _choice(_("单位"), [])
    template = _text(
        _("编号模板"),
        index.LONGEST,
        missing=_("请填写编号模板。"),
        help_text=_(
            "花括号里是要素：{uscc} 统一社会信用代码，{orgcode} 组织机构代码，{region} 区划，"
            "{unit} 单位，{year} 年，{yyyymm} 年月，{serial:5} 五位流水号。"
            "例如 {uscc}/{year}-{serial:5}。"
        ),
    )
    scope = _choice(_("流水号"), pairs(index.SerialScope))

    def __init__(self, *args: Any, organs: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = organs  # type: ignore[attr-defined]


class TrainingForm(CommandForm):
    organisation = _choice(_("单位"), [])
    held_date = _day(_("培训日期"))
    topic = _text(_("内容"), 100, missing=_("请写明培训内容。"))
    attendees = _text(_("参加人员"), 500, rows=2)
    attendee_count = _count(_("人数"), most=MOST_ATTENDEES)
    hours = forms.DecimalField(
        label=_("时数"),
        min_value=Decimal("0.1"),
        max_digits=5,
        decimal_places=1,
        error_messages={
            name: _("请填数字，例如 2 或 1.5。")
            for name in ("required", "invalid", "min_value", "max_decimal_places")
        },
    )

    def __init__(self, *args: Any, organs: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organisation"].choices = organs  # type: ignore[attr-defined]


class TableForm(CommandForm):
    """A table of the standard catalogue."""

    file = forms.FileField(
        label=_("目录表格"),
        help_text=_("CSV 或 XLSX，列名与公布的一致。一张表就是整份目录，表里没有的条目会结束。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.xls"}),
        error_messages={"required": _("请选择表格文件。")},
    )


class EntryForm(CommandForm):
    """What belongs to a line of the catalogue."""

    number = forms.CharField(label=_("索引号"), max_length=60)
