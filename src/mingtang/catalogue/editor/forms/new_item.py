"""The form by which an item begins."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.editor.forms.commands import CommandForm
from mingtang.catalogue.rules import KINDS
from mingtang.catalogue.rules.codes import MAX_LENGTH
from mingtang.catalogue.rules.drafts import TEXTS
from mingtang.regions.queries import OrganisationCard


class NewItemForm(CommandForm):
    """What an item needs before anything else can be written about it."""

    department = forms.ChoiceField(
        label=_("实施部门"), error_messages={"required": _("请选择实施部门。")}
    )
    name = forms.CharField(
        label=_("名称"),
        max_length=TEXTS["name"],
        error_messages={"required": _("请填写事项名称。")},
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[(kind.value, row.label) for kind, row in KINDS.items() if not row.is_retired],
    )
    code = forms.CharField(
        label=_("编码"),
        max_length=MAX_LENGTH,
        required=False,
        help_text=_("有实施编码的照填；没有的留空，由系统编本地编码。定了就不再改。"),
    )

    def __init__(self, data: Any, *, departments: Iterable[OrganisationCard]) -> None:
        super().__init__(data)
        self.units = {str(unit.id): unit for unit in departments}
        choices = [(key, unit.name) for key, unit in self.units.items()]
        blank = [("", _("请选择"))] if len(choices) != 1 else []
        self.fields["department"].choices = [*blank, *choices]  # type: ignore[attr-defined]

    def clean_department(self) -> OrganisationCard:
        return self.units[self.cleaned_data["department"]]
