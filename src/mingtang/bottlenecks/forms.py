"""Forms of bottlenecks: what is looked at and with what it is compared, out of the address."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mingtang.bottlenecks.queries.times import Selection
from mingtang.bottlenecks.rules.board import By
from mingtang.bottlenecks.rules.whatif import Change
from mingtang.timing.rules import FIRST_DAY

Choice = tuple[str, Any]
YEAR = timedelta(days=364)
MOST_DAYS = 999
EVERY = ("", _("全部"))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        error_messages={"invalid": _("日期写成 2013-09-17 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SelectionForm(forms.Form):
    """A span and an office. Empty: the last year, all offices."""

    since = _day(_("办完日期从"))
    until = _day(_("到"))
    unit = forms.ChoiceField(label=_("部门"), required=False)

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[Choice], on: date) -> None:
        super().__init__(data)
        self.on = on
        self.fields["unit"].choices = [EVERY, *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        self._check_order(asked, "since", "until")
        return asked

    def _check_order(self, asked: Mapping[str, Any], first: str, last: str) -> None:
        since, until = asked.get(first), asked.get(last)
        if since and until and since > until:
            self.add_error(last, _now("结束日期早于开始日期，请改正其中一个。"))

    def selection(self) -> Selection:
        """Of a form that was found valid."""
        asked = self.cleaned_data
        until = asked["until"] or max(self.on, asked["since"] or FIRST_DAY)
        since = asked["since"] or max(FIRST_DAY, until - YEAR)
        return Selection(since, until, int(asked["unit"]) if asked["unit"] else None)


class BoardForm(SelectionForm):
    """What the board shows, and beside it another span or another office."""

    by = forms.ChoiceField(label=_("按什么列"), required=False)
    since_2 = _day(_("对比：办完日期从"))
    until_2 = _day(_("到"))
    unit_2 = forms.ChoiceField(label=_("对比的部门"), required=False)

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[Choice], on: date) -> None:
        super().__init__(data, units=units, on=on)
        self.fields["by"].choices = [(one.value, one.label) for one in By]  # type: ignore[attr-defined]
        self.fields["unit_2"].choices = [("", _("同上")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        self._check_order(asked, "since_2", "until_2")
        return asked

    @property
    def by_what(self) -> By:
        return By(self.cleaned_data["by"] or By.NODE)

    def other(self) -> Selection | None:
        """What it is compared with; None where nothing was asked for. What is left open is as in
        the first selection."""
        asked, first = self.cleaned_data, self.selection()
        if not (asked["since_2"] or asked["until_2"] or asked["unit_2"]):
            return None
        since, until = asked["since_2"], asked["until_2"]
        if since or until:
            length = first.until - first.since
            until = until or since + length
            since = since or until - length
        unit = int(asked["unit_2"]) if asked["unit_2"] else first.unit_id
        return Selection(since or first.since, until or first.until, unit)


class PickForm(forms.Form):
    """An item, and the year whose cases are taken."""

    year = forms.IntegerField(
        label=_("用哪一年办结的件"),
        error_messages={"invalid": _("年份写成 2013 这样。")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    item = forms.ChoiceField(
        label=_("事项"),
        error_messages={
            "required": _("这一年没有办结的件，请换一年。"),
            "invalid_choice": _("这一年没有办结过这个事项的件，请另选事项或者换一年。"),
        },
    )

    def __init__(self, data: Mapping[str, Any], *, items: Sequence[Choice], on: date) -> None:
        super().__init__(data)
        bounds = (MinValueValidator(FIRST_DAY.year), MaxValueValidator(on.year))
        self.fields["year"].validators += bounds
        self.fields["item"].choices = items  # type: ignore[attr-defined]
        self.fields["item"].required = bool(items)


class ChangeForm(forms.Form):
    """A step of the item, and what is tried with it."""

    step = forms.ChoiceField(
        label=_("改哪个环节"),
        error_messages={
            "required": _("请选一个环节。"),
            "invalid_choice": _("这个事项没有这个环节，请另选。"),
        },
    )
    is_parallel = forms.BooleanField(label=_("不再等前面的环节，和它们同时开始"), required=False)
    limit = forms.IntegerField(
        label=_("时限改为几个工作日"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("不改就空着。超过的件按新时限办完来算。"),
        error_messages={"invalid": _("请写整数，例如 3。")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, steps: Sequence[Choice]) -> None:
        super().__init__(data)
        self.fields["step"].choices = [("", _("请选择")), *steps]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        is_changed = asked.get("is_parallel") or asked.get("limit") is not None
        if not is_changed and "limit" not in self.errors:
            self.add_error("limit", _now("请说明怎么改：勾选同时开始，或者写上新的时限。"))
        return asked

    def change(self) -> Change:
        """Of a form that was found valid."""
        asked = self.cleaned_data
        return Change(asked["step"], asked["is_parallel"], asked["limit"])
