"""Forms of the editor of routes: a new one, a BPMN file, and a draft in rows."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.editor.forms import CommandForm, DiscardForm, ReasonForm
from mingtang.catalogue.editor.forms.commands import SaveForm
from mingtang.catalogue.editor.forms.page import row_errors, told
from mingtang.catalogue.editor.forms.rows import Grid, formset_of, rows_in
from mingtang.joint.rules.bpmn.parsing import MOST_BYTES
from mingtang.joint.rules.checks import KEY
from mingtang.joint.rules.route import Content, content_of, route_of
from mingtang.joint.rules.rows import NODES, STAGES, node_rows, route_of_rows, stage_rows

__all__ = ["CommandForm", "DiscardForm", "ReasonForm"]

STAGE_ROWS = formset_of(Grid(STAGES, _("一个阶段一行，先后就是行的先后。"), "key", blank_rows=1))
NODE_ROWS = formset_of(
    Grid(
        NODES,
        _("一个环节一行；同一阶段的环节同时办，除非写了前置。新写的环节保存一次后，就能选作前置。"),
        "key",
        main=5,
        blank_rows=2,
        listed={"stage": "stage-names", "item": "items"},
    )
)


class NewRouteForm(CommandForm):
    name = forms.CharField(
        label=_("名称"), max_length=100, error_messages={"required": _("请填写路线的名称。")}
    )
    code = forms.RegexField(
        KEY,
        label=_("代码"),
        help_text=_("小写字母、数字和“-”，如 enterprise-plant。定了就不再改。"),
        error_messages={
            "required": _("请填写代码。"),
            "invalid": _("代码只能用小写字母、数字、“-”和“_”，以字母或数字开头。"),
        },
    )


class ImportForm(CommandForm):
    """A file of BPMN 2.0. What it holds is looked at by the rules."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("BPMN 2.0 文件"),
        help_text=_("由建模软件导出的 .bpmn 或 .xml，1 兆字节以内。"),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的，请重新选择。")},
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml"}),
    )

    def clean_file(self) -> str:
        """The text of the file. What is no UTF-8 is refused here: our commands keep text."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 1 兆字节，请只导出一条流程。"))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("文件不是 UTF-8 编码，请由建模软件重新导出。")) from None


class HeadForm(SaveForm):
    """What a draft says besides its rows."""

    name = forms.CharField(
        label=_("名称"), max_length=100, error_messages={"required": _("请填写路线的名称。")}
    )
    note = forms.CharField(
        label=_("修改的缘由和依据"),
        max_length=300,
        required=False,
        help_text=_("依据哪个文件、为什么改；发布后和版本一起保存。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


HIDDEN = ("command_id", "revision", "base_number")


class RouteForms:
    """The head of a draft and its two tables, all sent together. `units`: code and name of those
    that a stage or node may be given to; `more`: the table that is to have room for more rows."""

    def __init__(
        self,
        draft: Any,
        data: Any = None,
        *,
        stands: Mapping[str, Any],
        units: Mapping[str, str],
        more: str = "",
    ) -> None:
        self.before = route_of(draft.content)
        initial = {"name": draft.name, "note": draft.note, **stands}
        self.form = HeadForm(data, initial=initial)
        self.stages_before, self.nodes_before = stage_rows(self.before), node_rows(self.before)
        names = {node.key: node.name or node.key for _stage, node in self.before.nodes()}
        self.stages = rows_in(
            STAGE_ROWS, data, self.stages_before, has_more=more == "stages", offered={"lead": units}
        )
        self.nodes = rows_in(
            NODE_ROWS,
            data,
            self.nodes_before,
            has_more=more == "nodes",
            offered={"organisation": units, "needs": names, "simulates": names},
        )

    def is_valid(self) -> bool:
        parts = [part.is_valid() for part in (self.form, self.stages, self.nodes)]
        return all(parts)  # each part is asked: all errors are told at once

    def content(self) -> Content:
        stages, nodes = self.stages.rows(self.stages_before), self.nodes.rows(self.nodes_before)
        return content_of(route_of_rows(stages, nodes, self.before))

    def refuse(self, sentence: str) -> None:
        self.form.add_error(None, sentence)

    def retell(self, stands: Mapping[str, Any]) -> None:
        """After a refusal the hidden fields say how things stand: pressing again may work."""
        data: Any = self.form.data
        self.form.data = data = data.copy()
        for key, value in stands.items():
            data[key] = str(value)

    def errors(self) -> dict[str, list[Any]]:
        """What the summary at the top lists: sentences, and lines that lead to their places."""
        hidden = [str(e) for key in HIDDEN for e in self.form.errors.get(key, [])]
        lines = [
            one for key in ("name", "note") for one in told(self.form[key], self.form[key].label)
        ]
        lines += [*row_errors(self.stages), *row_errors(self.nodes)]
        return {"general": [*self.form.non_field_errors(), *hidden], "lines": lines}
