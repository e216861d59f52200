"""Forms of filing: who applies for what, and the materials of the whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms import FilingForm
from mingtang.cases.forms.base import SeveralFiles
from mingtang.cases.rules import GivenWay
from mingtang.files.rules import ACCEPT
from mingtang.joint import services
from mingtang.joint.rules.union import Wanted


class JointFilingForm(FilingForm):
    """Who applies, and what the matter is called."""

    title = forms.CharField(
        label=_("申报名称"),
        max_length=200,
        help_text=_("一般写项目名称，例如：年产十万吨茶油加工项目。"),
        error_messages={"required": _("请填写申报名称。")},
    )

    project = forms.CharField(
        label=_("重大项目"),
        required=False,
        max_length=200,
        help_text=_("是重大项目库里的，填项目代码或项目名称；不是的不用填。"),
    )

    def __init__(self, *args: Any, is_counter: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        left_out = ("renews_number", "renews_until", *(() if is_counter else ("project",)))
        for name in left_out:
            self.fields.pop(name, None)

    def clean_project(self) -> services.Undertaking | None:
        typed: str = self.cleaned_data["project"].strip()
        found = services.undertaking(typed) if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("重大项目库里没有这个项目，请核对项目代码或名称。"))
        return found


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


def chosen(data: Any, known: Iterable[str]) -> list[str]:
    """The nodes that a page chose, in the order of the route."""
    wanted = set(data.getlist("node"))
    return [key for key in known if key in wanted]
