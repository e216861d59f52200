"""Forms of the editor: one for the disclosures, one a material, one for a reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id
from mingtang.catalogue.rules import KINDS, PROFILES
from mingtang.catalogue.rules.codes import MAX_LENGTH
from mingtang.catalogue.rules.compare import SERVED_LABELS
from mingtang.catalogue.rules.content import Content, material_id
from mingtang.catalogue.rules.details import MATERIALS
from mingtang.catalogue.rules.drafts import MOST_AMOUNT, SERVED, TEXTS
from mingtang.regions.queries import OrganisationCard
from mingtang.timing.rules import UNIT_LABELS

BLANK_ROWS = 3
UNITS = [("", "—"), *((unit.value, label) for unit, label in UNIT_LABELS.items())]


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )
    refusal: str | None = None  # why the command was refused, for the top of the page


class ReasonForm(CommandForm):
    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        error_messages={"required": _("请写明原因。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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


def _long(key: str, label: Any, help_text: Any = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXTS[key],
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _amount(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_AMOUNT,
        required=False,
        error_messages={"invalid": _("请填整数；当场办结填 0。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class ContentForm(CommandForm):
    """The seven disclosures in the order of the page. Blanks may stay while drafting."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    base_number = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("名称"),
        max_length=TEXTS["name"],
        error_messages={"required": _("请填写项目名称。")},
    )
    main_item = forms.CharField(label=_("主项"), max_length=TEXTS["main_item"], required=False)
    kind = forms.ChoiceField(
        label=_("类型"), choices=[(kind.value, row.label) for kind, row in KINDS.items()]
    )
    profile = forms.ChoiceField(
        label=_("办理程序类别"),
        choices=[(key, profile.label) for key, profile in PROFILES.items()],
        help_text=_("决定补正、送达的期限和救济途径。只有行政许可适用许可法的期限。"),
    )
    served = forms.ChoiceField(label=_("服务对象"), choices=[(k, SERVED_LABELS[k]) for k in SERVED])
    basis = _long(
        "basis",
        _("依据"),
        _("一行一条，写明文件名称、文号和第几条。条款还不清楚的，先留在草稿里，不能发布。"),
    )
    conditions = _long("conditions", _("条件"), _("申请人须先具备什么。"))
    procedure = _long("procedure", _("程序"), _("从收件到送达的每一步；有听证、检测等也写明。"))
    on_the_spot = forms.BooleanField(label=_("即办件（当场办结）"), required=False)
    promised_amount = _amount(_("承诺时限"))
    promised_unit = forms.ChoiceField(label=_("单位"), choices=UNITS, required=False)
    statutory_amount = _amount(_("法定时限"))
    statutory_unit = forms.ChoiceField(label=_("单位"), choices=UNITS, required=False)
    statutory_basis = forms.CharField(
        label=_("法定时限依据"),
        max_length=TEXTS["statutory_basis"],
        required=False,
        help_text=_("写到条款，如《取水许可和水资源费征收管理条例》第几条。"),
    )
    is_free = forms.ChoiceField(
        label=_("是否收费"),
        choices=[("yes", _("不收费")), ("no", _("收费"))],
        required=False,
        widget=forms.RadioSelect,
    )
    fee = _long("fee", _("标准和依据"), _("收费的，写明标准、依据文件和减免。不收费的留空。"), 3)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name, label in (("promised", _("承诺时限")), ("statutory", _("法定时限"))):
            if f"{name}_amount" not in data:
                continue
            if (data[f"{name}_amount"] is None) is not (not data.get(f"{name}_unit")):
                text = _("%(label)s的数字和单位要一起填，或都留空。") % {"label": label}
                self.add_error(f"{name}_amount", text)
        return data


class MaterialForm(forms.Form):
    id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("材料名称"), max_length=200, required=False)
    need = forms.CharField(label=_("必要性"), max_length=20, required=False)
    copies = forms.IntegerField(
        label=_("份数"),
        min_value=1,
        max_value=99,
        required=False,
        error_messages={"invalid": _("份数请填整数。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    form = forms.CharField(label=_("形式"), max_length=40, required=False)
    note = forms.CharField(label=_("说明"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        typed = any(data.get(key) for key in ("need", "copies", "form", "note"))
        if typed and not data.get("name") and not data.get("DELETE") and not self.errors:
            self.add_error("name", _("这一行写了内容，没有写材料名称。"))
        return data


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("删去这一行")


MaterialRows: Any = forms.formset_factory(
    MaterialForm,
    formset=_Rows,
    extra=BLANK_ROWS,
    can_delete=True,
    max_num=MATERIALS.most,
    absolute_max=MATERIALS.most + 20,
    validate_max=True,
)


def initial_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content as the form shows it."""
    free = {True: "yes", False: "no", None: ""}[content["is_free"]]
    return {**content, "is_free": free}


def content_from(form: ContentForm, rows: Any, before: Content) -> Content:
    """What was typed, over what the draft held: what the form does not show stays."""
    data = form.cleaned_data
    typed = {
        key: _joined(data[key]) if key in TEXTS else data[key]
        for key in before.keys() & form.fields.keys()
    }
    limits = {f"{name}_unit": data[f"{name}_unit"] or None for name in ("promised", "statutory")}
    free = {"is_free": {"yes": True, "no": False}.get(data["is_free"])}
    content = {**before, **typed, **limits, **free, "materials": _materials(rows, before)}
    promise = ("promised_amount", "promised_unit")
    kept = all(content[key] == before[key] for key in promise)
    content["promised_is_default"] = before["promised_is_default"] and kept
    return content


def _joined(text: str) -> str:
    """Lines end with one sign, whatever the browser sent."""
    return text.replace("\r\n", "\n").strip()


def _materials(rows: Any, before: Content) -> list[dict[str, Any]]:
    known = {line["id"]: line for line in before["materials"]}
    taken = set(known)
    found = []
    for form in rows:
        data = form.cleaned_data
        if not data.get("name") or data.get("DELETE"):
            continue
        key = data["id"] if data["id"] in known else material_id(data["name"], taken)
        taken.add(key)
        shown = {name: data[name] for name in ("name", "need", "copies", "form", "note")}
        found.append({**known.pop(key, {}), "id": key, **shown})
    return found


def row_errors(rows: Any) -> list[str]:
    """The sentences about rows, each with its number, for the top of the page."""
    found = [
        f"“申报材料”第{number}行：{error}"
        for number, form in enumerate(rows, 1)
        for errors in form.errors.values()
        for error in errors
    ]
    return [*found, *(str(error) for error in rows.non_form_errors())]
