"""The form of what a draft says outside its tables."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mingtang.catalogue.editor.forms.commands import CommandForm
from mingtang.catalogue.editor.forms.fields import FlagField, SeveralField, TextField, field_for
from mingtang.catalogue.editor.forms.rows import LOCKED_HELP
from mingtang.catalogue.rules import KINDS, PROFILES
from mingtang.catalogue.rules.compare import SERVED_LABELS
from mingtang.catalogue.rules.details import DETAILS
from mingtang.catalogue.rules.drafts import MOST_AMOUNT, SERVED, TEXTS
from mingtang.catalogue.rules.fields import Asks, Flag, Table, Text
from mingtang.timing.rules import UNIT_LABELS

UNITS = [("", "—"), *((unit.value, label) for unit, label in UNIT_LABELS.items())]
LIMITS = {"promised": _("承诺时限"), "statutory": _("法定时限")}
HIDDEN = ("command_id", "revision", "base_number")
HELPS = {
    "channels": _("申请人可以从哪里申请。"),
    "towns": _("在乡镇街道也能办的，写它们的区划代码，用逗号隔开。"),
    "villages": _("在村居社区也能办的，写它们的区划代码，用逗号隔开。"),
    "visits": _("从申请到拿到结果，申请人最少要到现场几次；不用到现场的填 0。"),
    "fee_basis": _("各收费项目共同的依据，写文件名称或文号。"),
    "joint_bodies": _("几个部门一起办的，写其他部门的名称。"),
    "pre_examined_by": _("下级先初审、报上来再决定的（上报件）才选；一级办完的留空。"),
    "pre_examination_days": _("自受理起几个工作日内初审完毕并上报；不填按二十个工作日。"),
    "decided_by": _("不由本部门决定的，写决定的机关，例如市人民政府；本部门决定的留空。"),
    "intermediary": _("办理前须由中介机构提供的服务，没有的留空。"),
}


def _text(key: str, label: Any, **more: Any) -> TextField:
    return TextField(Text(key, str(key), TEXTS[key]), label=label, **more)


def _long(key: str, label: Any, help_text: Any = "", rows: int = 5) -> TextField:
    return _text(key, label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


def _amount(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_AMOUNT,
        required=False,
        error_messages={"invalid": _("请填整数；当场办结填 0。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


def _unit(label: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"aria-label": label})
    return forms.ChoiceField(label=_("单位"), choices=UNITS, required=False, widget=widget)


class ContentForm(CommandForm):
    """All fields of a draft that are not tables. Blanks may stay while drafting.

    `locked` fields are shown and not changed, whatever is sent.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    base_number = forms.IntegerField(widget=forms.HiddenInput)
    name = _text(
        "name", _("名称"), required=True, error_messages={"required": _("请填写项目名称。")}
    )
    main_item = _text(
        "main_item", _("主项"), help_text=_("这一事项是某个大项的子项时，写大项的名称。")
    )
    kind = forms.ChoiceField(
        label=_("类型"), choices=[(kind.value, row.label) for kind, row in KINDS.items()]
    )
    profile = forms.ChoiceField(
        label=_("办理程序类别"),
        choices=[(key, profile.label) for key, profile in PROFILES.items()],
        help_text=_("决定补正、送达的期限和救济途径。只有行政许可适用许可法的期限。"),
    )
    body_code = _text("body_code", _("实施主体编码"))
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
    promised_unit = _unit(_("承诺时限的单位"))
    statutory_amount = _amount(_("法定时限"))
    statutory_unit = _unit(_("法定时限的单位"))
    statutory_basis = _text(
        "statutory_basis",
        _("法定时限依据"),
        help_text=_("写到条款，如《取水许可和水资源费征收管理条例》第几条。"),
    )
    is_free = FlagField(Flag("is_free", "是否收费"), (_("不收费"), _("收费")))
    fee = _long("fee", _("标准和依据"), _("收费的，写明标准、依据文件和减免。不收费的留空。"), 3)

    def __init__(
        self,
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        locked: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(data, initial=initial)
        for rule in DETAILS:
            if not isinstance(rule, Table | Asks):
                more = {"help_text": HELPS[rule.key]} if rule.key in HELPS else {}
                self.fields[rule.key] = field_for(rule, **more)
        for key in locked & self.fields.keys():
            self.fields[key].disabled = True
            self.fields[key].help_text = LOCKED_HELP
        words = [word for offered in settings.MINGTANG_THEMES.values() for word in offered]
        themes = self.fields["themes"]
        assert isinstance(themes, SeveralField)
        themes.offer(dict(zip(words, words, strict=True)), self["themes"].value())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name, label in LIMITS.items():
            if f"{name}_amount" not in data:
                continue
            if (data[f"{name}_amount"] is None) is not (not data.get(f"{name}_unit")):
                text = _("%(label)s的数字和单位要一起填，或都留空。") % {"label": label}
                self.add_error(f"{name}_amount", text)
        return data

    @property
    def typed(self) -> dict[str, Any]:
        """The values of the fields that may be changed, as a content holds them."""
        found = {
            key: self.cleaned_data[key]
            for key, form_field in self.fields.items()
            if key not in HIDDEN and not form_field.disabled
        }
        units = ("promised_unit", "statutory_unit")
        return {k: None if k in units and value == "" else value for k, value in found.items()}

    def theme_groups(self) -> Iterator[tuple[Any, list[Any]]]:
        """The boxes of the themes: for citizens, for firms, for both, and others ticked before."""
        people, firms = (set(settings.MINGTANG_THEMES[key]) for key in ("natural", "legal"))
        boxes = {str(box.data["value"]): box for box in self["themes"]}
        for label, words in (
            (_("面向个人"), people - firms),
            (_("面向单位"), firms - people),
            (_("个人和单位都用"), people & firms),
            (_("已经写上的其他分类"), boxes.keys() - people - firms),
        ):
            group = [box for word, box in boxes.items() if word in words]
            if group:
                yield label, group
