"""Forms: a programme and the elements that the city names."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.messages.forms import CommandForm
from mingtang.projects.forms.projects import a_day, words

LONGEST_DAYS = 4  # digits
SPARE = 2  # empty lines for elements that are added


class ProgrammeForm(CommandForm):
    """A programme. `elements`: those it has; each gets a line, and there are lines to spare."""

    name = forms.CharField(
        label=_("名称"), max_length=100, error_messages={"required": _("请填写名称。")}
    )
    year = forms.IntegerField(
        label=_("年份"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=_("不清楚的留空。"),
    )
    is_confirmed = forms.BooleanField(label=_("名称和要素已经核实，不再标“待确认”"), required=False)
    stages = words(_("阶段"), "", required=False, help_text=_("一行一个。"))
    limits = words(
        _("时限"), "", required=False, help_text=_("一行一个：名称，空格，工作日数。如：规划选址 7")
    )
    entry_rule = words(_("入库条件"), "", required=False)
    note = words(_("说明"), "", required=False)
    absence_is_consent = forms.BooleanField(
        label=_("缺席默认：不参加联审会议的，视为同意"), required=False
    )
    silence_is_consent = forms.BooleanField(
        label=_("超时默许：到期不答复的，视为同意"),
        required=False,
        help_text=_("两项都默认关闭，须有文件依据，而且都不产生许可证照。"),
    )
    consent_basis = forms.CharField(label=_("依据的文号"), max_length=100, required=False)
    consent_basis_date = a_day(_("依据的日期"), required=False)
    reason = words(_("改动的原因"), _("请写明改动的原因。"), rows=2, most=300)

    def __init__(self, *args: Any, elements: list[dict[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        blank = {"name": "", "suggestion": "", "is_confirmed": False}
        self.elements = [*elements, *(blank for _line in range(SPARE))]
        for at, element in enumerate(self.elements):
            suggestion = element["suggestion"]
            self.fields[f"element_{at}"] = forms.CharField(
                label=_("要素 %(number)d") % {"number": at + 1},
                max_length=60,
                required=False,
                initial=element["name"],
                help_text=_("建议名称（待确认）：%s") % suggestion if suggestion else "",
            )

    def element_lines(self) -> list[forms.BoundField]:
        return [self[f"element_{at}"] for at in range(len(self.elements))]

    def other_lines(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if not one.name.startswith("element_")]

    def clean_limits(self) -> list[dict[str, Any]]:
        rows = []
        for line in self.cleaned_data["limits"].splitlines():
            name, _space, days = line.strip().rpartition(" ")
            if not line.strip():
                continue
            if not name or not days.isdecimal() or len(days) > LONGEST_DAYS:
                raise ValidationError(_("“%s”请写成：名称，空格，工作日数。") % line.strip())
            rows.append({"name": name.strip(), "days": int(days)})
        return rows

    def clean_stages(self) -> list[str]:
        lines = self.cleaned_data["stages"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def content(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = (
            *("name", "year", "is_confirmed", "stages", "limits", "entry_rule", "note"),
            *("absence_is_consent", "silence_is_consent", "consent_basis", "consent_basis_date"),
        )
        return {name: said[name] for name in names} | {"elements": self._elements()}

    def _elements(self) -> list[dict[str, Any]]:
        """Named ones are confirmed by who named them; shipped places stay, empty or not."""
        typed = [
            {
                "name": self.cleaned_data[f"element_{at}"].strip(),
                "suggestion": element["suggestion"],
                "is_confirmed": bool(self.cleaned_data[f"element_{at}"].strip()),
            }
            for at, element in enumerate(self.elements)
        ]
        kept = len(typed) - SPARE
        return typed[:kept] + [one for one in typed[kept:] if one["name"]]


def initial_of(programme: Any) -> dict[str, Any]:
    names = (
        *("name", "year", "is_confirmed", "entry_rule", "note", "absence_is_consent"),
        *("silence_is_consent", "consent_basis", "consent_basis_date"),
    )
    return {
        **{name: getattr(programme, name) for name in names},
        "stages": "\n".join(programme.stages),
        "limits": "\n".join(f"{one['name']} {one['days']}" for one in programme.limits),
    }
