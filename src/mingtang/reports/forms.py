"""Forms of reports: opening, texts, numbers, problems."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.messages.forms import CommandForm
from mingtang.reports.rules.figures import CELLS, LONGEST_TEXT, TEXTS, Style

_WHOLE = _("请填数字。")


class OpenForm(CommandForm):
    organisation = forms.ChoiceField(label=_("单位"))
    year = forms.IntegerField(
        label=_("年度"), min_value=2008, max_value=2100, error_messages={"required": _WHOLE}
    )
    style = forms.ChoiceField(label=_("体例"), choices=[(one.value, one.label) for one in Style])

    def __init__(self, *args: object, organs: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = organs


class TextForm(CommandForm):
    key = forms.ChoiceField(label=_("部分"), choices=list(TEXTS.items()))
    text = forms.CharField(
        label=_("文字"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CellForm(CommandForm):
    key = forms.ChoiceField(
        label=_("指标"),
        choices=[(key, f"{label}（{unit}）") for key, (label, unit) in CELLS.items()],
    )
    value = forms.DecimalField(
        label=_("数值"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        error_messages={"required": _WHOLE, "invalid": _WHOLE, "min_value": _WHOLE},
    )


class ProblemForm(CommandForm):
    text = forms.CharField(label=_("存在的问题"), max_length=300)
    measure = forms.CharField(label=_("改进措施"), max_length=300)
    owner = forms.CharField(label=_("责任科室"), max_length=60, required=False)


class ReopenForm(CommandForm):
    reason = forms.CharField(
        label=_("重新打开的理由"),
        max_length=300,
        error_messages={"required": _("请写明为什么要重新打开，例如哪个数字错了、怎么发现的。")},
    )


class SettleForm(CommandForm):
    problem = forms.ChoiceField(label=_("问题"))
    outcome = forms.CharField(label=_("改进结果"), max_length=300)

    def __init__(self, *args: object, problems: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["problem"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(problems.items())
