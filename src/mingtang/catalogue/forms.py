"""Forms of the catalogue: enquiries, clean-up campaigns, lists, printed copies, the shelf."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id, printable
from mingtang.catalogue.rules import KINDS, kinds
from mingtang.catalogue.rules.campaign_rows import MOST_TEXT
from mingtang.catalogue.rules.campaigns import Decision
from mingtang.catalogue.rules.columns import Sheet
from mingtang.catalogue.rules.details import LEVELS
from mingtang.catalogue.rules.lists import ListKind
from mingtang.catalogue.rules.shelf import LONGEST_PLACE, MOST_COPIES

MOST_BYTES = 2_000_000
Choices = Sequence[tuple[str, Any]]


class EnquiryForm(forms.Form):
    """A sheet asked for at the counter: the id makes a second click harmless."""

    item = forms.CharField(max_length=64)
    command_id = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


def _text(label: Any, missing: Any = "", *, most: int, rows: int = 0, **more: Any) -> Any:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        max_length=most,
        widget=widget,
        required=bool(missing),
        error_messages={"required": missing},
        **more,
    )


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def kind_choices(on: date) -> Choices:
    """The kinds that items may have on a day."""
    return [(kind.value, row.label) for kind, row in KINDS.items() if kinds.holds_on(kind, on)]


class StartForm(CommandForm):
    title = _text(_("清理的名称"), _("请填写清理的名称。"), most=60)
    scope_kind = forms.ChoiceField(label=_("清理哪一类事项"))
    document_number = _text(
        _("通知的文号"), most=60, help_text=_("已有文号的照填；没有的由系统编号。")
    )
    basis = _text(_("依据"), most=MOST_TEXT, rows=2)
    report_due_date = _day(_("上报截止"))
    units = forms.MultipleChoiceField(
        label=_("要上报的部门"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个部门。")},
    )

    def __init__(self, *args: Any, units: Choices, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = units  # type: ignore[attr-defined]
        self.fields["units"].initial = [key for key, _label in units]
        self.fields["scope_kind"].choices = kind_choices(on)  # type: ignore[attr-defined]


class TableForm(CommandForm):
    """Rows as a file or as lines of text; `check` tries them and writes nothing."""

    file = forms.FileField(
        label=_("表格文件"),
        required=False,
        help_text=_("CSV 或 XLSX，第一行是列名。"),
        error_messages={"empty": _("文件是空的，请重新选择。")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls"}),
    )
    lines = _text(
        _("或者逐行填写"),
        most=60_000,
        rows=4,
        help_text=_("一行一项，用竖线隔开：事项名称|清理建议|理由和依据"),
    )

    def __init__(self, *args: Any, sheet: Sheet, has_lines: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sheet = sheet
        if not has_lines:
            del self.fields["lines"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 2 MB，请分成几个文件。"))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in ("file", "lines") if data.get(name)]
        if not self.errors and len(given) != 1:
            raise ValidationError(_("请选一个文件，或者逐行填写，两样选一样。"))
        return data

    def typed(self) -> list[dict[str, str]]:
        """The lines as rows, each with its number."""
        names = ("name", "proposal", "note")
        rows = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            cells = [printable(cell) for cell in line.replace("｜", "|").split("|")]
            if any(cells):
                rows.append({"row": str(number), **dict(zip(names, cells, strict=False))})
        return rows


class ReasonForm(CommandForm):
    reason = _text(_("退回的原因"), _("请写明退回的原因。"), most=MOST_TEXT, rows=2)


class UnitsForm(CommandForm):
    units = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("请先勾选要审定的部门。")}
    )

    def __init__(self, *args: Any, units: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = [(str(one), "") for one in units]  # type: ignore[attr-defined]


class DecideForm(CommandForm):
    """One decision for all entries that are ticked."""

    decision = forms.ChoiceField(
        label=_("决定"), choices=[("", _("请选择")), *((one.value, one.label) for one in Decision)]
    )
    after_kind = forms.ChoiceField(label=_("调整为（调整时填）"), required=False)
    target_level = forms.ChoiceField(
        label=_("下放到（下放时填）"),
        required=False,
        choices=[("", _("不是下放")), *((key, row.label) for key, row in LEVELS.items())],
    )
    target = forms.ChoiceField(label=_("承接单位（下放时填）"), required=False)
    merged_into = _text(_("并入序号（合并时填）"), most=200, help_text=_("几个之间用顿号隔开。"))
    basis = _text(_("决定的依据"), _("请写明依据。"), most=MOST_TEXT, rows=2)
    effective_date = _day(_("生效日期"), required=False)

    def __init__(self, *args: Any, targets: Choices, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["after_kind"].choices = [("", _("不是调整")), *kind_choices(on)]  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", _("没有指定")), *targets]  # type: ignore[attr-defined]

    def rows(self, numbers: Sequence[str]) -> list[dict[str, str]]:
        """The decision once for each number."""
        said = {
            name: str(self.cleaned_data[name] or "") for name in self.fields if name != "command_id"
        }
        return [{"row": number, "number": number, **said} for number in numbers]


class SealForm(CommandForm):
    seal_name = _text(_("印章名称"), _("请填写印章名称。"), most=60)


class ListForm(CommandForm):
    """Lists to be made: of one unit or of all; or the hall's handbook."""

    kind = forms.ChoiceField(
        label=_("哪一种"), choices=[(one.value, one.label) for one in ListKind]
    )
    organisation = forms.ChoiceField(
        label=_("单位"), required=False, help_text=_("汇编只有中心一份，不用选单位。")
    )
    as_of_date = _day(_("截至哪一天"))

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.units = [int(key) for key, _label in units]
        self.fields["organisation"].choices = [("", _("全部单位，各一份")), *units]  # type: ignore[attr-defined]

    def chosen(self) -> list[int]:
        one = self.cleaned_data["organisation"]
        return [int(one)] if one else self.units


class FreezeForm(CommandForm):
    lists = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("请先勾选要定稿的清单。")}
    )

    def __init__(self, *args: Any, lists: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["lists"].choices = [(str(one), "") for one in lists]  # type: ignore[attr-defined]


class PrintingForm(CommandForm):
    title = _text(_("印的是什么"), _("请填写印刷品的名称。"), most=120)
    copies_count = forms.IntegerField(
        label=_("印了多少份"),
        min_value=1,
        max_value=10_000_000,
        error_messages={"required": _("请填写份数。"), "invalid": _("份数请填整数。")},
    )
    printed_date = _day(_("印刷日期"))
    shares = _text(
        _("发放名单"),
        _("请填写发放名单。"),
        most=20_000,
        rows=5,
        help_text=_("一行一个，用竖线隔开：发给谁|份数。没有发完的写一行“留存”。"),
    )
    note = _text(_("说明"), most=300)

    def clean_shares(self) -> list[dict[str, Any]]:
        found = []
        for number, line in enumerate(self.cleaned_data["shares"].splitlines(), 1):
            name, _bar, count = line.replace("｜", "|").partition("|")
            if not line.strip():
                continue
            if not printable(name) or not count.strip().isdecimal() or len(count.strip()) > 8:
                raise ValidationError(
                    _("第 %(number)d 行应是“发给谁|份数”，例如“综合窗口|200”。"),
                    params={"number": number},
                )
            found.append({"recipient": printable(name)[:100], "copies_count": int(count)})
        return found


def _copies(label: Any, *, least: int = 0, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MOST_COPIES,
        error_messages={"required": _("请填写份数。"), "invalid": _("份数请填整数。")},
        **more,
    )


class ShelveForm(CommandForm):
    """A printed guide that is laid out."""

    place = _text(
        _("放在哪里"),
        _("请写明放在哪里。"),
        most=LONGEST_PLACE,
        help_text=_("例如 一楼服务台。同一个地方每次写成一样的。"),
    )
    copies = _copies(_("放了多少份"))
    least = _copies(_("少于几份提醒补印"), initial=10)


class CopiesForm(CommandForm):
    """So many copies, for one of the acts on the shelf."""

    copies = _copies(_("份数"))
