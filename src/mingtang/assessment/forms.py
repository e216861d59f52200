"""Forms of assessment: periods, points by hand, objections, observations, schemes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mingtang.assessment.rules import phrases
from mingtang.assessment.rules.observations import LONGEST_NOTE, ObservationKind
from mingtang.assessment.rules.schemes import Indicator, Kind, Scheme
from mingtang.files.rules import ACCEPT
from mingtang.messages.forms import CommandForm

Choice = tuple[str, Any]
MOST_BYTES = 1_000_000


def _text(label: Any, missing: Any, *, most: int, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=most, widget=widget, error_messages={"required": missing}, **more
    )


def _number(label: Any, **more: Any) -> forms.DecimalField:
    wrong = _("请填数字，例如 5 或 0.5。")
    return forms.DecimalField(
        label=label,
        max_digits=8,
        decimal_places=4,
        error_messages={"required": wrong, "invalid": wrong},
        **more,
    )


class OpenForm(CommandForm):
    code = forms.ChoiceField(label=_("考核办法"))
    period = _text(
        _("期次"), _("请填写期次。"), most=7, help_text=_("月 2013-09，季 2013-Q3，年 2013。")
    )

    def __init__(self, *args: Any, schemes: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].choices = schemes  # type: ignore[attr-defined]


class EntryForm(CommandForm):
    key = forms.ChoiceField(label=_("指标"))
    points = _number(_("分数"), help_text=_("扣分写负数，例如 -0.5。"))
    reason = _text(_("理由"), _("请写明理由。"), most=300, rows=2)
    evidence = _text(
        _("依据"),
        _("请写明依据。"),
        most=300,
        help_text=_("在哪里可以查到：文号、投诉编号、巡查记录。"),
    )
    file = forms.FileField(
        label=_("证明文件"),
        required=False,
        help_text=_("照片、扫描件或者 PDF。没有可以不传。"),
        error_messages={"empty": _("文件是空的，请重新选择。")},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, lines: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].choices = lines  # type: ignore[attr-defined]


class ObjectionForm(CommandForm):
    key = forms.ChoiceField(label=_("对哪一项"), required=False)
    text = _text(_("异议和理由"), _("请写明异议和理由。"), most=1000, rows=4)

    def __init__(self, *args: Any, lines: Sequence[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].choices = [("", _now("整张考核表")), *lines]  # type: ignore[attr-defined]


class AnswerForm(CommandForm):
    is_upheld = forms.ChoiceField(
        label=_("异议是否成立"),
        choices=[("yes", _("成立")), ("no", _("不成立"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    answer = _text(_("答复"), _("请写明答复的理由。"), most=1000, rows=3)


class ObserveForm(CommandForm):
    kind = forms.ChoiceField(
        label=_("看到了什么"), choices=[(one.value, one.label) for one in ObservationKind]
    )
    on = forms.DateField(
        label=_("日期"),
        error_messages={"required": _("请填日期。"), "invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    who = forms.CharField(
        label=_("当事人的用户名"), max_length=60, required=False, help_text=_("巡查发现的必填。")
    )
    window = forms.CharField(label=_("窗口号"), max_length=10, required=False)
    unit = forms.CharField(label=_("单位"), max_length=100, required=False)
    place = forms.CharField(label=_("地点"), max_length=60, required=False)
    note = forms.CharField(label=_("说明"), max_length=LONGEST_NOTE, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("who") or data.get("window") or data.get("unit")):
            self.add_error("who", _now("用户名、窗口号、单位至少填一项。"))
        return data


def _decoded(upload: Any) -> str:
    """A text file as UTF-8, or as the GB18030 that spreadsheets save."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_now("文件超过 1 MB，请分开导入。"))
    content = upload.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise ValidationError(_now("文件不是 UTF-8 或 GB18030 文本。请另存为 CSV（UTF-8）后再试。"))


class ImportForm(CommandForm):
    what = forms.ChoiceField(
        label=_("导入什么"),
        choices=[
            ("observations", _("考勤、去向、巡查、值班、培训")),
            ("licences", _("已发证照（核对体外循环）")),
        ],
        widget=forms.RadioSelect,
        initial="observations",
    )
    file = forms.FileField(
        label=_("CSV 文件"),
        help_text=_(
            "考勤等：类别,日期,用户名,单位,窗口,地点,时间,说明；证照：单位,证照编号,日期,类别。"
        ),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        return _decoded(self.cleaned_data["file"])


class YamlForm(CommandForm):
    text = forms.CharField(
        label=_("YAML"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 16, "class": "code", "spellcheck": "false"}),
        error_messages={"required": _("请粘贴考核办法的 YAML。")},
    )


class PhraseField(forms.CharField):
    """Lines that the rules read: steps, stars, bands. Gives what was read."""

    def __init__(self, read: Callable[[str], Any], **more: Any) -> None:
        self.read = read
        super().__init__(max_length=2000, required=False, **more)

    def clean(self, value: Any) -> Any:
        try:
            return self.read(super().clean(value))
        except phrases.BadPhrase as error:
            raise forms.ValidationError(error.message) from None


def _lines(read: Callable[[str], Any], rows: int, **more: Any) -> PhraseField:
    return PhraseField(read, widget=forms.Textarea(attrs={"rows": rows}), **more)


class SchemeForm(CommandForm):
    """What an office worker changes in a scheme: names, weights, points each, steps, stars and
    bands. Lines are added to a scheme and taken from it by copying and importing."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    code = forms.RegexField(
        r"^[A-Za-z0-9-]{1,40}$",
        label=_("代码"),
        help_text=_("改成新的代码就是复制一份。"),
        error_messages={"required": _("请填代码。"), "invalid": _("代码由字母、数字和 - 组成。")},
    )
    name = _text(_("名称"), _("请填名称。"), most=80)
    base = _number(_("基础分"))
    full = _number(_("满分"))
    cap = _number(_("封顶分"))
    head_share = _number(_("负责人比例"), help_text=_("窗口的得失按多少计入负责人，0 至 1。"))
    stars = _lines(
        phrases.stars_read,
        4,
        label=_("星级"),
        help_text=_("一行一档：5星：98分；限名额的写：5星：98分，前3名。"),
    )
    bands = PhraseField(
        phrases.bands_read,
        label=_("办件量分组"),
        help_text=_("写每组的上限，只在一组里排名次：1、10、50。不分组就空着。"),
    )

    def __init__(self, data: Any = None, *, scheme: Scheme, version: int) -> None:
        self.scheme = scheme
        texts = {name: getattr(scheme, name) for name in ("code", "name", *_SCHEME_NUMBERS)}
        texts["stars"] = phrases.stars_written(scheme.stars)
        texts["bands"] = phrases.bands_written(scheme.bands)
        super().__init__(data, initial={**texts, "based_on": version})
        for one in scheme.indicators:
            for name in numbers_of(one):
                label = _now("%(field)s：%(name)s") % {
                    "field": FIELD_LABELS[name],
                    "name": one.name,
                }
                field = _number(label, initial=getattr(one, name))
                self.fields[field_name(one, name)] = field
            if one.steps:
                self.fields[field_name(one, "steps")] = _lines(
                    phrases.steps_read,
                    len(one.steps) + 1,
                    label=_now("档次：%s") % one.name,
                    initial=phrases.steps_written(one.steps),
                )

    def lines(self) -> Iterable[tuple[Indicator, list[Any]]]:
        """Each indicator with its fields, for a table."""
        for one in self.scheme.indicators:
            names = [*numbers_of(one), *(["steps"] if one.steps else [])]
            yield one, [(FIELD_LABELS[name], self[field_name(one, name)]) for name in names]

    def changed(self) -> Scheme:
        """The scheme as it was typed, once the form is valid."""
        data = self.cleaned_data
        numbers: dict[str, Any] = {name: _plain(data[name]) for name in _SCHEME_NUMBERS}
        indicators = tuple(self._changed(one) for one in self.scheme.indicators)
        return replace(
            self.scheme,
            code=data["code"],
            name=data["name"],
            indicators=indicators,
            stars=self._typed("stars", self.scheme.stars),
            bands=self._typed("bands", self.scheme.bands),
            **numbers,
        )

    def _typed(self, name: str, before: Any) -> Any:
        """What was typed into a field; as before where it was not sent at all."""
        return self.cleaned_data[name] if self.add_prefix(name) in self.data else before

    def _changed(self, one: Indicator) -> Indicator:
        data = self.cleaned_data
        numbers: dict[str, Any] = {
            name: _plain(data[field_name(one, name)]) for name in numbers_of(one)
        }
        steps = self._typed(field_name(one, "steps"), one.steps) if one.steps else ()
        return replace(one, steps=steps, **numbers)


_SCHEME_NUMBERS = ("base", "full", "cap", "head_share")
FIELD_LABELS = {"weight": _("权重"), "per": _("每次"), "steps": _("档次（如 20%至50%：5分）")}


def _plain(value: Decimal) -> Decimal:
    """5, not 5.0000."""
    return Decimal(f"{value.normalize():f}")


def field_name(one: Indicator, name: str) -> str:
    return f"{name}-{one.key}"


def numbers_of(one: Indicator) -> list[str]:
    """Which numbers of a line mean something."""
    found = [] if one.kind in {Kind.VETO, Kind.BONUS} else ["weight"]
    is_each = one.kind in {Kind.DEDUCT, Kind.VETO} or (one.kind == Kind.BONUS and not one.steps)
    return [*found, "per"] if is_each else found
